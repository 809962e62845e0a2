"""The benchmarks: ``./dev bench`` runs all of them and writes ``RESULTS.md``; ``--only single`` runs one and prints it.

Figures are ratios between neighbours of one run, so that they mean the same on every machine. Exit 1 where a single fen
of a single order does not add up; a target that is missed is told, and is no failure of the run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

import decisions
import money
from report import Section, write
from rounds import ROUNDS

#: The questions, each the module that answers it: loaded only when asked, as each needs other libraries.
_QUESTIONS: Final = ("single", "shipped", "steps", "growth", "cold", "columns")
#: What was there before there were peers: volume, on the shipped policy.
_VOLUMES: Final = ("money", "decisions")
_RESULTS: Final = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    """Run the benchmarks and tell their figures; 1 where money did not add up."""
    options = _options()
    started = time.perf_counter()
    sections: list[Section] = []
    for name in options.only or _QUESTIONS:
        if name in _QUESTIONS:
            sections += _asked(name, options.rounds)
    if not options.only:
        write(sections, _RESULTS, "./dev bench")
        sys.stdout.write(f"written: {_RESULTS.name}\n")
    failures = _volumes(options)
    sys.stdout.write(f"took {time.perf_counter() - started:.0f} s\n")
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/bench", description="How fast decisions are, beside hand and peers.")
    names = (*_QUESTIONS, *_VOLUMES)
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"one or more of {', '.join(names)}")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="how often every candidate has its turn; half as often over columns"
    )
    parser.add_argument("--orders", type=int, default=1_000_000, help="random orders to take apart")
    parser.add_argument("--processes", type=int, default=2, help="processes to share them over")
    parser.add_argument("--seed", type=int, default=0, help="where the random orders begin")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long to decide worked cases")
    return parser.parse_args()


def _asked(name: str, rounds: int) -> Sequence[Section]:
    """Run one question and print what it found."""
    sys.stdout.write(f"{name} …\n")
    sys.stdout.flush()
    run: Callable[[int], Section | tuple[Section, ...]] = import_module(name).run
    found = run(rounds)
    sections = found if isinstance(found, tuple) else (found,)
    sys.stdout.write("".join(f"{section.text()}\n\n" for section in sections))
    return sections


def _volumes(options: argparse.Namespace) -> int:
    """Take a million orders apart and decide worked cases, as far as that is asked for; return what did not add up."""
    runs: Mapping[str, Callable[[], int | None]] = {
        "money": lambda: money.run(options.orders, options.processes, options.seed),
        "decisions": lambda: decisions.run(options.seconds),
    }
    return sum(run() or 0 for name, run in runs.items() if not options.only or name in options.only)


if __name__ == "__main__":
    sys.exit(main())
