"""Numbers given on the command line."""

from __future__ import annotations

import argparse


def count(text: str) -> int:
    """Return a whole number from 1 on. Raises ArgumentTypeError for anything else."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 1_000_000:
        raise argparse.ArgumentTypeError(f"a number from 1 on is needed, not {text} 应为正整数")
    return int(text)


def milliseconds(text: str) -> int:
    """Return the milliseconds of a time in seconds, less than a day. Raises ArgumentTypeError for anything else."""
    try:
        found = int(float(text) * 1000)
    except (ValueError, OverflowError):
        found = 0
    if not 0 < found < 86_400_000:
        raise argparse.ArgumentTypeError(f"seconds are needed, not {text} 应为秒数")
    return found


def percentage(text: str) -> float:
    """Return a share from 0 to 1 of a percentage. Raises ArgumentTypeError for anything else."""
    try:
        found = float(text.removesuffix("%")) / 100
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError(f"a percentage from 0 to 100 is needed, not {text} 应为 0 到 100 的百分比")
    return found
