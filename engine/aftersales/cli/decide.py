"""``aftersales decide``: what is to be done about a case, who bears the postage, how much is refunded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from aftersales import CaseError, Decision, Diagnostic, Lang, LoadedPolicy
from aftersales.cli.cases import add_name, named_cases
from aftersales.cli.options import add_as_of, add_json, add_policy, lang_of, loaded, output, print_json
from aftersales.show.decision import show_decision, show_name
from aftersales.study.case_file import WrittenCase
from aftersales.study.decide import decide_written

#: A case with what was decided about it.
Decided = tuple[WrittenCase, Decision]

HELP = "decide a case: next actions, postage, refund, and why 判定案件：下一步、运费、退款与理由"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "case", metavar="CASE", help="YAML or JSON file with a case or a list of cases; - is stdin 案件文件"
    )
    add_name(parser)
    add_as_of(parser, "see the case at this instant, default: its last event 查看时刻，默认最后一个事件")
    parser.add_argument("--outlook", action="store_true", help="also show the ends still reachable 列出可能的结果")
    add_policy(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Decide every case that is named and print the decisions.

    Raises PolicyError, MisuseError, and, once the others are printed, the CaseError of the cases at fault.
    """
    policy, cases = loaded(options), named_cases(options.case, options.name)
    decided, faults = _decide(cases, policy, options)
    if options.json:
        _print_json(decided, policy, listed=cases[0].listed and options.name is None)
    else:
        _print(decided, policy, lang_of(options))
    if faults:
        raise CaseError(*faults)
    return 0


def _decide(
    cases: Sequence[WrittenCase], policy: LoadedPolicy, options: argparse.Namespace
) -> tuple[list[Decided], list[Diagnostic]]:
    decided: list[Decided] = []
    faults: list[Diagnostic] = []
    for case in cases:
        try:
            decided.append((case, decide_written(policy, case, options.as_of, outlook=options.outlook)))
        except CaseError as fault:
            faults += fault.diagnostics
    return decided, faults


def _print_json(decided: Sequence[Decided], policy: LoadedPolicy, *, listed: bool) -> None:
    made = [{"name": case.name, "decision": policy.to_dict(decision)} for case, decision in decided]
    if listed:
        print_json(made)
    for one in made if not listed else ():
        print_json(one["decision"])


def _print(decided: Sequence[Decided], policy: LoadedPolicy, lang: Lang) -> None:
    console = output()
    for number, (case, decision) in enumerate(decided):
        if number:
            console.print()
        if len(decided) > 1:
            show_name(case.name or "", console)
        show_decision(decision, policy.model, lang, console)
