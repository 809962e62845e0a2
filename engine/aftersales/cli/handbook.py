"""``aftersales handbook``: the policy as a book to learn from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from aftersales.cli.misuse import MisuseError, cannot_write
from aftersales.cli.options import add_policy, loaded
from aftersales.errors import Diagnostic
from aftersales.teach.handbook import handbook_html, handbook_pdf
from aftersales.text import Text

HELP = "make the handbook as PDF or HTML: pictures, questions, decision tables, scripts, cases 生成培训手册"

_MAKERS: Final = {".pdf": handbook_pdf, ".html": handbook_html}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments; ``--lang`` also takes ``both`` here."""
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="x.pdf or x.html")
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Make the handbook and write it to the file. Raises PolicyError, DrawingError, MisuseError."""
    make = _MAKERS.get(Path(options.output).suffix.lower())
    if make is None:
        message = Text(f"手册只能写成 .pdf 或 .html：{options.output}", f"a handbook is no {options.output}")
        hint = Text("-o handbook.pdf 或 -o handbook.html", "-o handbook.pdf or -o handbook.html")
        raise MisuseError(Diagnostic("unknown_format", message, hint=hint))
    made = make(loaded(options), options.lang)
    try:
        Path(options.output).write_bytes(made)
    except OSError as why:
        raise cannot_write(options.output, why) from why
    return 0
