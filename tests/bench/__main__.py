"""The benchmarks: ``./dev bench`` runs both; ``--orders 20000`` makes the first one shorter.

Figures are ratios to a plain function measured in the same run, so that they mean the same on every machine. Exit 1
where a single fen of a single order does not add up.
"""

import argparse
import sys
import time

import decisions
import money


def main() -> int:
    """Run the benchmarks and print their figures; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="tests/bench", description="Money at volume, and decisions per second.")
    parser.add_argument("--orders", type=int, default=1_000_000, help="random orders to take apart")
    parser.add_argument("--processes", type=int, default=2, help="processes to share them over")
    parser.add_argument("--seed", type=int, default=0, help="where the random orders begin")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long to decide worked cases")
    options = parser.parse_args()
    started = time.perf_counter()
    failures = money.run(options.orders, options.processes, options.seed)
    decisions.run(options.seconds)
    sys.stdout.write(f"took {time.perf_counter() - started:.0f} s\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
