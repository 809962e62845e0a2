"""``aftersales lists``: the registers that cases are entered on, by day, week or month, and for whom."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from aftersales import CaseError, Diagnostic, LoadedPolicy
from aftersales.cli.cases import named_cases
from aftersales.cli.misuse import MisuseError, cannot_write, no_such
from aftersales.cli.options import add_json, add_policy, lang_of, loaded, output, print_json
from aftersales.instants import TimeFormatError, parse_day
from aftersales.show.lists import as_csv, lists_json, show_lists
from aftersales.study.lists import Sheet, Wanted, make_lists
from aftersales.text import Text

HELP = "make the registers from cases: lost parcels, quality, refunds, returns, exchanges 由案件生成各种登记表"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("cases", nargs="+", metavar="CASES", help="files with a case or a list of cases 案件文件")
    parser.add_argument("--list", metavar="NAME", help="only this list, default: all 只要这张表")
    parser.add_argument("--since", type=_day, metavar="DAY", help="from this day on 从这天起（含）")
    parser.add_argument("--until", type=_day, metavar="DAY", help="up to and with this day 到这天止（含）")
    parser.add_argument("-o", "--output", metavar="FOLDER", help="write each sheet as a CSV file into it 写入文件夹")
    parser.add_argument("--csv", action="store_true", help="print one list as CSV 以 CSV 输出一张表")
    add_policy(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print or write the lists. Raises PolicyError, MisuseError, and, once all is out, the CaseError of cases at fault."""
    policy = loaded(options)
    if options.list is not None and options.list not in policy.model.lists:
        raise no_such(Text("登记表", "list"), options.list, policy.model.lists)
    cases = [case for path in options.cases for case in named_cases(path, None)]
    lists = make_lists(policy, cases, Wanted(options.list, options.since, options.until))
    if options.output is not None:
        _write(lists.sheets, policy, options)
    elif options.csv:
        _print_csv(lists.sheets, policy, options)
    elif options.json:
        print_json(lists_json(lists.sheets, policy.model, lang_of(options)))
    else:
        show_lists(lists.sheets, policy.model, lang_of(options), output())
    if lists.faults:
        raise CaseError(*lists.faults)
    return 0


def _write(sheets: Sequence[Sheet], policy: LoadedPolicy, options: argparse.Namespace) -> None:
    folder = Path(options.output)
    for sheet in sheets:
        at_once = "-at-once" if sheet.every == "at_once" else ""
        path = folder / f"{sheet.register.name}-{sheet.period}{at_once}-{sheet.to}.csv"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_csv([sheet], policy.model, lang_of(options)))
        except OSError as why:
            raise cannot_write(str(path), why) from why
        sys.stdout.write(f"{path}\n")


def _print_csv(sheets: Sequence[Sheet], policy: LoadedPolicy, options: argparse.Namespace) -> None:
    names = tuple(dict.fromkeys(sheet.register.name for sheet in sheets))
    if len(names) > 1:
        message = Text(
            f"--csv 一次只输出一张表，这里有 {len(names)} 张", f"--csv prints one list, here are {len(names)}"
        )
        listed = ", ".join(names)
        hint = Text(
            f"用 --list 选一张（{listed}），或用 -o 全部写入文件夹", f"choose one with --list ({listed}), or -o"
        )
        raise MisuseError(Diagnostic("several_lists", message, hint=hint))
    if sheets:
        sys.stdout.flush()
        sys.stdout.buffer.write(as_csv(sheets, policy.model, lang_of(options)))
        sys.stdout.buffer.flush()


def _day(text: str) -> dt.date:
    try:
        return parse_day(text)
    except TimeFormatError as fault:
        raise argparse.ArgumentTypeError(f"{fault.message.en} {fault.message.zh}") from fault
