"""The language reference (flows/README.md) as its tests read it: sections, tables, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOWS = ROOT / "flows"
REFERENCE = (FLOWS / "README.md").read_text(encoding="utf-8")
#: A name between backticks.
WORD = re.compile(r"`([^`\n]+)`")


def tables(text: str = REFERENCE) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield the head and the rows of every table."""
    for match in re.finditer(r"^(\|.*\|)\n\|[-|]+\|\n((?:\|.*\|\n)*)", text, re.MULTILINE):
        yield cells(match[1]), [cells(row) for row in match[2].splitlines()]


def cells(row: str) -> list[str]:
    """Return the cells of a table's row."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def headed(first: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the first head and the rows of every table whose first head begins with ``first``."""
    return ((head[0], rows) for head, rows in tables() if head[0].startswith(first))


def section(title: str) -> str:
    """Return one section of the reference, its sub-sections included."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", REFERENCE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]
