"""``aftersales explain``: why a case stands where it does, and what would lead it to another end."""

from __future__ import annotations

import argparse

from aftersales import CaseError, Diagnostic, LoadedPolicy, UnknownNameError
from aftersales.cli.cases import add_name, named_cases
from aftersales.cli.misuse import MisuseError
from aftersales.cli.options import add_as_of, add_json, add_policy, lang_of, loaded, output, print_json
from aftersales.show.decision import show_name
from aftersales.show.explain import show_explanation
from aftersales.show.explain_json import explanation_json
from aftersales.study.case_file import WrittenCase
from aftersales.study.explain import Explanation, ask, explain_written
from aftersales.study.nearest import MOST_TRIED
from aftersales.text import clip

HELP = "explain a decision, and what would lead to another 讲清为什么这样判，怎样才会是另一个结果"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "case", metavar="CASE", help="YAML or JSON file with a case or a list of cases; - is stdin 案件文件"
    )
    add_name(parser)
    parser.add_argument(
        "--why-not",
        metavar="OUTCOME",
        help="an outcome, or a state: what stopped it, what to change 为什么不是这个结果",
    )
    parser.add_argument(
        "--limit",
        type=_limit,
        default=MOST_TRIED,
        metavar="N",
        help=f"changes to try, default {MOST_TRIED} 最多试多少种",
    )
    add_as_of(parser, "see the case at this instant, default: its last event 查看时刻，默认最后一个事件")
    add_policy(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Explain every case that is named.

    Raises PolicyError, MisuseError, and, once the others are printed, the CaseError of the cases at fault.
    """
    policy, cases = loaded(options), named_cases(options.case, options.name)
    faults: list[Diagnostic] = []
    made: list[tuple[WrittenCase, Explanation]] = []
    for case in cases:
        try:
            made.append((case, _explained(policy, case, options)))
        except CaseError as fault:
            faults += fault.diagnostics
    _print(made, policy, options, listed=cases[0].listed and options.name is None)
    if faults:
        raise CaseError(*faults)
    return 0


def _explained(policy: LoadedPolicy, case: WrittenCase, options: argparse.Namespace) -> Explanation:
    explanation = explain_written(policy, case, options.as_of)
    if options.why_not is None:
        return explanation
    try:
        return ask(policy, explanation, options.why_not, options.limit)
    except UnknownNameError as fault:
        raise MisuseError(*fault.diagnostics) from fault


def _print(
    made: list[tuple[WrittenCase, Explanation]], policy: LoadedPolicy, options: argparse.Namespace, *, listed: bool
) -> None:
    if options.json:
        told = [{"name": case.name, "explanation": explanation_json(one, policy.model)} for case, one in made]
        for one in [told] if listed else [one["explanation"] for one in told]:
            print_json(one)
        return
    console = output()
    for number, (case, explanation) in enumerate(made):
        if number:
            console.print()
        if len(made) > 1:
            show_name(case.name or "", console)
        show_explanation(explanation, policy.model, lang_of(options), console)


def _limit(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"a whole number from 1 on belongs here 应为 1 以上的整数: {clip(text)}")
