"""``aftersales draw``: a flow, or all flows together, as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from aftersales import LoadedPolicy
from aftersales.cli.misuse import MisuseError, cannot_write, no_such
from aftersales.cli.options import add_policy, loaded
from aftersales.draw import draw_flow, draw_overview, drawable
from aftersales.errors import Diagnostic
from aftersales.text import Text

NAME = "draw"
HELP = "draw a flow as SVG, PNG, PDF, DOT or Mermaid 画出流程图"

LANGS: Final = ("zh", "en", "both")
_FORMATS: Final = ("svg", "png", "pdf", "dot", "mmd")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments; ``--lang`` also takes ``both`` here."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("flow", nargs="?", metavar="FLOW", help="name of a flow or sub-flow 流程名，子流程也可以")
    what.add_argument("--overview", action="store_true", help="how the flows hang together 各流程的关系")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="x.svg, x.png, x.pdf, x.dot or x.mmd")
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Draw what was asked for into the file. Raises PolicyError, DrawingError, MisuseError."""
    fmt = picture_format(options.output)
    picture = _draw(options, loaded(options), fmt)
    try:
        Path(options.output).write_bytes(picture)
    except OSError as why:
        raise cannot_write(options.output, why) from why
    return 0


def _draw(options: argparse.Namespace, policy: LoadedPolicy, fmt: str) -> bytes:
    if options.overview:
        return draw_overview(policy.model, lang=options.lang, fmt=fmt)
    flows = drawable(policy.model)
    if options.flow not in flows:
        raise no_such(Text("流程", "flow"), options.flow, flows)
    return draw_flow(policy.model, flows[options.flow], lang=options.lang, fmt=fmt)


def picture_format(path: str) -> str:
    """Return the format that a file's ending asks for. Raises MisuseError for one that is not drawn."""
    ending = Path(path).suffix.removeprefix(".").lower()
    if ending in _FORMATS:
        return ending
    known = ", ".join(f".{one}" for one in _FORMATS)
    message = Text(f"不认识的图片格式：{path}", f"no picture format is known by the name {path}")
    raise MisuseError(
        Diagnostic("unknown_format", message, hint=Text(f"可用的后缀：{known}", f"it ends with one of {known}"))
    )
