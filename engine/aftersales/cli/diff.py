"""``aftersales diff``: what a change between two policies means, case by case, and for a file of past cases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aftersales import CaseShapeError, Diagnostic, LoadedPolicy, load
from aftersales.cli.options import add_json, lang_of, output, print_json
from aftersales.show.diff import show_diff
from aftersales.show.diff_json import diff_json
from aftersales.show.progress import progress_on
from aftersales.study.case_file import WrittenCase
from aftersales.study.diff import Comparison, diff
from aftersales.study.past_cases import decide_past, read_past
from aftersales.study.two_decisions import TwoPolicies
from aftersales.text import Text

HELP = "what a change between two policies means, case by case 两份规则有什么不同：哪些案件判定改变"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("old", metavar="OLD", help="policy folder before the change 原规则文件夹")
    parser.add_argument("new", metavar="NEW", help="policy folder after it 新规则文件夹")
    parser.add_argument(
        "--cases", metavar="PLACE", help="past cases, a file or a folder: how many, how much money 过去的案件"
    )
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 1 where a case is decided differently 判定有不同时退出码为 1"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Compare two policies; 1 only where ``--exit-code`` asks for it and a case is decided differently.

    Raises PolicyError of either folder, CaseShapeError of the past cases' files.
    """
    old, new = (load(folder) for folder in (options.old, options.new))
    past = () if options.cases is None else _past(options.cases)
    comparison = _compared(old, new, options)
    decided = decide_past(TwoPolicies(old, new), past) if options.cases is not None else None
    if options.json:
        print_json(diff_json(comparison, decided))
    else:
        show_diff(comparison, decided, lang_of(options), output())
    differs = comparison.differs or (decided is not None and bool(decided.changed))
    return 1 if options.exit_code and differs else 0


def _compared(old: LoadedPolicy, new: LoadedPolicy, options: argparse.Namespace) -> Comparison:
    worked = (*_worked(options.old), *_worked(options.new))
    with progress_on(sys.stderr) as line:
        return diff(old, new, worked, line.at)


def _past(place: str) -> tuple[WrittenCase, ...]:
    cases = read_past(Path(place))
    if not cases:
        message = Text(f"这里没有案件文件：{place}", f"there is no case file here: {place}")
        raise CaseShapeError(Diagnostic("no_file", message))
    return cases


def _worked(folder: str) -> tuple[WrittenCase, ...]:
    cases = Path(folder) / "cases"
    return read_past(cases) if cases.is_dir() else ()
