"""``aftersales verify --mutants``: how many faults, put into a policy on purpose, its worked cases and laws notice."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from aftersales import LoadedPolicy
from aftersales.cli.misuse import MisuseError
from aftersales.cli.numbers import count, milliseconds, percentage
from aftersales.cli.options import lang_of, output, print_json
from aftersales.errors import Diagnostic
from aftersales.show.mutants import show_mutants
from aftersales.show.progress import progress_on
from aftersales.study.mutants import MutationReport
from aftersales.text import Text

#: The least share of faults put in on purpose that cases and laws are to notice.
ENOUGH: Final = 0.95
#: Loaded only where mutants are asked for: it needs the solver.
_MUTANTS: Final = "aftersales.study.try_mutants"


def add_mutants(parser: argparse.ArgumentParser) -> None:
    """Add ``--mutants`` and what goes with it."""
    group = parser.add_argument_group(
        "testing the tests 变异测试",
        "put small faults into the policy and see whether its worked cases and laws notice; "
        "--json, --processes and --timeout (here 3 seconds unless given) apply 有意写错规则，看案例和守则能不能发现",
    )
    group.add_argument(
        "--mutants",
        nargs="?",
        type=count,
        const=0,
        metavar="N",
        help="N faults, a fair choice of every kind and flow; without N every one 试 N 处，不写则全部",
    )
    group.add_argument("--seed", type=count, metavar="S", help="another choice of the N, default 1 换一批")
    group.add_argument(
        "--within",
        type=milliseconds,
        metavar="SECONDS",
        help="stop then; what is tried is a fair choice 最多用时（秒）",
    )
    group.add_argument(
        "--least",
        type=percentage,
        metavar="PERCENT",
        help=f"exit code 1 where fewer are noticed, default {100 * ENOUGH:.0f} 至少发现百分之几",
    )


def only_with_mutants(options: argparse.Namespace) -> None:
    """Raise MisuseError where an option of the mutation test stands without ``--mutants``."""
    named = {"--seed": options.seed, "--within": options.within, "--least": options.least}
    alone = next((name for name, value in named.items() if value is not None), None)
    if alone is not None:
        message = Text(f"{alone} 要和 --mutants 一起用", f"{alone} goes with --mutants")
        raise MisuseError(Diagnostic("without_mutants", message))


def run_mutants(policy: LoadedPolicy, folder: Path, options: argparse.Namespace) -> int:
    """Put faults into the policy and show how many its cases and laws notice; 1 where these are too few.

    Raises MisuseError beside an option that belongs to a proof.
    """
    _not_a_proof(options)
    testing = import_module(_MUTANTS)
    effort = testing.Effort(
        most=options.mutants or None,
        seed=options.seed or testing.Effort().seed,
        seconds=None if options.within is None else options.within / 1000,
        patience=options.timeout or testing.Effort().patience,
        processes=options.processes,
    )
    with progress_on(sys.stderr) as line:
        report: MutationReport = testing.try_mutants(policy, folder, effort, line.at)
    if options.json:
        print_json(report.to_dict())
    else:
        show_mutants(report, lang_of(options), output())
    return 0 if report.whole.share >= (ENOUGH if options.least is None else options.least) else 1


def _not_a_proof(options: argparse.Namespace) -> None:
    named = {"--law": options.law, "--allow": options.allow, "--draw": options.draw, "--write": options.write}
    beside = next((name for name, value in named.items() if value), None)
    if beside is not None:
        message = Text(f"--mutants 不能和 {beside} 一起用", f"--mutants does not go together with {beside}")
        raise MisuseError(Diagnostic("mutants_alone", message))
