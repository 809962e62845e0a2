"""``aftersales trainer``: one offline page to practise cases and be quizzed on them."""

from __future__ import annotations

import argparse
from pathlib import Path

from aftersales.cli.misuse import cannot_write
from aftersales.cli.options import add_policy, lang_of, loaded
from aftersales.teach.trainer import trainer_page

HELP = "make one offline page to practise cases and be quizzed 生成离线练习和测验页面"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="x.html, the page 页面文件")
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Write the page. Raises PolicyError, DrawingError, MisuseError."""
    page = trainer_page(loaded(options).model, lang_of(options))
    try:
        Path(options.output).write_text(page, encoding="utf-8")
    except OSError as why:
        raise cannot_write(options.output, why) from why
    return 0
