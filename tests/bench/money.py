"""Random orders through allocation, partial returns, exchanges and compensation: to the fen nothing is lost or gained."""

import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pool
from random import Random

from orders_at_volume import draw_order, settle_many

#: Orders that one process settles at a time.
CHUNK = 5_000
#: Orders that the plain function, and the engine beside it, are measured on.
SAMPLE = 5_000
SHOWN = 20


def run(orders: int, processes: int, seed: int) -> int:
    """Settle ``orders`` random orders, print the figures, and return how many things did not add up."""
    started = time.perf_counter()
    with Pool(processes) as pool:
        wrong = [fault for found in pool.imap_unordered(_chunk, _chunks(orders, seed)) for fault in found]
    seconds = time.perf_counter() - started
    engine, plain = _speed(settle_many, seed), _speed(_plain_many, seed)
    for fault in wrong[:SHOWN]:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(
        f"money: {orders:,} orders, failures = {len(wrong)}\n"
        f"  {orders / seconds:,.0f} orders/s on {processes} processes, {engine:,.0f} on one\n"
        f"  a plain function without discounts, caps and checks: {plain:,.0f}; ratio {engine / plain:.3f}\n"
    )
    return len(wrong)


def _chunks(orders: int, seed: int) -> Iterator[tuple[int, int]]:
    for number, first in enumerate(range(0, orders, CHUNK)):
        yield seed * 1_000_003 + number, min(CHUNK, orders - first)


def _chunk(of: tuple[int, int]) -> list[str]:
    return settle_many(*of)


def _speed(settle: Callable[[int, int], object], seed: int) -> float:
    started = time.perf_counter()
    settle(seed, SAMPLE)
    return SAMPLE / (time.perf_counter() - started)


def _plain_many(seed: int, count: int) -> int:
    """Draw the same orders and refund their units one by one, each by its plain share of what was paid for its line."""
    dice = Random(seed)  # noqa: S311
    total = 0
    for _ in range(count):
        for line in draw_order(dice).lines:
            total += sum(round(line.paid / line.quantity) for _ in range(line.quantity))
    return total
