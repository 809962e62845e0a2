"""``aftersales decide-many``: every row of a table of cases decided, whatever the size of the file."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from aftersales.cli.misuse import cannot_write
from aftersales.cli.options import add_policy, lang_of, loaded
from aftersales.show.progress import progress_on
from aftersales.text import Lang

HELP = "decide every row of a table of facts, of any size 批量判定：一行一案，文件大小不限"
#: Loaded only where it is asked for: it needs the frame library.
_FILES = "aftersales.columns.files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add = parser.add_argument
    add(
        "cases",
        metavar="CASES",
        help="x.parquet or x.csv, a column a fact; money is text in yuan or whole fen 每列一个事实；金额为文字（元）或整数（分）",
    )
    add("-o", "--output", required=True, metavar="FILE", help="x.parquet or x.csv for the decisions 结果文件")
    add("--bad", metavar="FILE", help="CSV of the rows at fault, default: beside the output 有误的行写到这里")
    add("--keep", action="append", default=[], metavar="COLUMN", help="pass a column through 原样带出这一列")
    add(
        "--columns",
        type=_names,
        metavar="A,B",
        help="write these answers alone, default: all 只写出这些结果列，逗号分隔",
    )
    add("--rows", type=_count, default=1 << 17, metavar="N", help="hold so many rows in memory 每次处理的行数")
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Decide the rows, with a line that moves on a terminal; say how many were decided and how many were at fault.

    Raises PolicyError, MisuseError, MissingToolError, and UnknownNameError or CaseShapeError for a column.
    """
    policy, output = loaded(options), Path(options.output)
    files, bad = _files(), Path(options.bad or output.with_name(f"{output.stem}-bad.csv"))
    try:
        stream = bad.open("w", encoding="utf-8", newline="")
    except OSError as why:
        raise cannot_write(str(bad), why) from why
    manner = files.Manner(options.keep, options.columns, options.rows, lang_of(options))
    with stream, progress_on(sys.stderr) as line:
        tally = files.decide_file(policy.model, Path(options.cases), output, stream, manner, line.at)
    sys.stdout.write(_said(tally.rows, tally.bad, bad, manner.lang))
    return 0


def _files() -> Any:
    return import_module(_FILES)


def _said(rows: int, bad: int, path: Path, lang: Lang) -> str:
    if lang is Lang.EN:
        return f"{rows} rows decided, {bad} at fault: {path}\n" if bad else f"{rows} rows decided\n"
    return f"判定 {rows} 行，其中 {bad} 行有误：{path}\n" if bad else f"判定 {rows} 行\n"


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1 至少为 1")
    return number
