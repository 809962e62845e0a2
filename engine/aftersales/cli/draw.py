"""``aftersales draw``: a flow, all flows, how they hang together, or the path of a case, as pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from aftersales import Decision, LoadedPolicy
from aftersales.cli.cases import add_name, named_cases
from aftersales.cli.misuse import MisuseError, cannot_write, no_such
from aftersales.cli.options import add_as_of, add_policy, loaded, output
from aftersales.draw import draw_all, draw_overview, draw_pages, draw_path_pages, drawable, paged
from aftersales.errors import Diagnostic
from aftersales.study.decide import decide_written
from aftersales.text import Text

HELP = "draw flows or a case's path as SVG, PNG, PDF, DOT or Mermaid 画出流程图或案件走过的路"

_FORMATS: Final = ("svg", "png", "pdf", "dot", "mmd")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments; ``--lang`` also takes ``both`` here."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("flow", nargs="?", metavar="FLOW", help="name of a flow or sub-flow 流程名，子流程也可以")
    what.add_argument("--all", action="store_true", help="every flow, sub-flow and the overview 全部流程")
    what.add_argument("--overview", action="store_true", help="how the flows connect 各流程的关系")
    what.add_argument(
        "--case", metavar="CASE", help="the path of a case: a case file, or a counterexample of verify 案件走过的路"
    )
    add_name(parser)
    parser.add_argument("--in", dest="inside", metavar="FLOW", help="with --case: a flow it came through 画哪个流程")
    add_as_of(parser, "with --case: see it at this instant 查看时刻")
    parser.add_argument("--sources", action="store_true", help="say which source stands behind each branch 标出依据")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="x.svg, x.png, x.pdf, x.dot or x.mmd; further pages are x-2.svg …; with --all a folder 输出文件",
    )
    parser.add_argument("--format", choices=_FORMATS, default="svg", help="with --all: the format 图片格式")
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Draw what was asked for into one file a page, and list the files where there are several.

    Raises PolicyError, CaseError, DrawingError, MisuseError.
    """
    written = _all(options) if options.all else _pages(options)
    for path, picture in written:
        try:
            path.write_bytes(picture)
        except OSError as why:
            raise cannot_write(str(path), why) from why
    if len(written) > 1:
        output().print("\n".join(str(path) for path, _ in written))
    return 0


def _all(options: argparse.Namespace) -> list[tuple[Path, bytes]]:
    folder = Path(options.output)
    policy = loaded(options)
    drawn = draw_all(policy.model, lang=options.lang, fmt=options.format, sources=options.sources)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise cannot_write(str(folder), why) from why
    return [(folder / f"{name}.{options.format}", picture) for name, picture in drawn.items()]


def _pages(options: argparse.Namespace) -> list[tuple[Path, bytes]]:
    fmt, path = picture_format(options.output), Path(options.output)
    pictures = _drawn(options, loaded(options), fmt)
    return [(path.with_stem(paged(path.stem, page)), one) for page, one in enumerate(pictures, start=1)]


def _drawn(options: argparse.Namespace, policy: LoadedPolicy, fmt: str) -> Sequence[bytes]:
    if options.overview:
        return (draw_overview(policy.model, lang=options.lang, fmt=fmt),)
    flow = options.inside if options.case else options.flow
    flows = drawable(policy.model)
    if flow is not None and flow not in flows:
        raise no_such(Text("流程", "flow"), flow, flows)
    if options.case:
        return [
            page
            for decision in _decisions(options, policy)
            for page in draw_path_pages(policy.model, decision, flow=flow, lang=options.lang, fmt=fmt)
        ]
    return draw_pages(policy.model, flows[flow], lang=options.lang, fmt=fmt, sources=options.sources)


def _decisions(options: argparse.Namespace, policy: LoadedPolicy) -> Iterator[Decision]:
    """Yield the decision of the one case that is meant, or of each of its parts."""
    cases = named_cases(options.case, options.name)
    if len(cases) > 1:
        names = "、".join(case.name for case in cases if case.name)
        message = Text(f"{options.case} 里有 {len(cases)} 个案件", f"{options.case} has {len(cases)} cases")
        raise MisuseError(
            Diagnostic("several_cases", message, hint=Text(f"用 --name 选一个：{names}", "choose one with --name"))
        )
    decision = decide_written(policy, cases[0], options.as_of)
    yield from decision.parts or (decision,)


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
