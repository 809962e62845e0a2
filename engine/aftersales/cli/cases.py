"""The case that a command is given: a file, one of its worked cases, or standard input."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aftersales import CaseShapeError, Diagnostic
from aftersales.cli.misuse import no_such
from aftersales.source import LARGEST_FILE
from aftersales.study.case_file import WrittenCase, read_case_file, read_case_text
from aftersales.text import Text

_STANDARD_INPUT = "-"


def add_name(parser: argparse.ArgumentParser) -> None:
    """Add ``--name``."""
    parser.add_argument("--name", metavar="NAME", help="the case of that name in a list of cases 列表中的案件名")


def named_cases(path: str, name: str | None) -> tuple[WrittenCase, ...]:
    """Return the cases of a file (``-``: standard input), only the one called ``name`` where that is given.

    Raises CaseShapeError where the file cannot be read as cases, MisuseError where none is called ``name``.
    """
    cases = _read(path)
    if name is None:
        return cases
    chosen = tuple(case for case in cases if case.name == name)
    if not chosen:
        raise no_such(Text("案件", "case"), name, [case.name for case in cases if case.name])
    return chosen


def _read(path: str) -> tuple[WrittenCase, ...]:
    if path == _STANDARD_INPUT:
        return read_case_text("<stdin>", sys.stdin.buffer.read(LARGEST_FILE + 1))
    file = Path(path)
    if file.is_dir() or not file.exists():
        message = Text(f"没有这个文件：{path}", f"there is no file {path}")
        raise CaseShapeError(Diagnostic("no_file", message))
    return read_case_file(file, path)
