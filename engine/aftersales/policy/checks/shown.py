"""How the checks name states, answers and lists of names in their messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aftersales.expr.types import Value
from aftersales.policy.arrival import Known
from aftersales.text import Text


def word(value: Value) -> str:
    """Return a flag, choice or count as the author writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def listed(names: Iterable[str]) -> Text:
    """Return names in a row."""
    words = tuple(names)
    return Text("、".join(words), ", ".join(words))


def answers(known: Mapping[str, Known]) -> Text:
    """Return answers as ``severity = severe, evidence = none``."""
    return listed(f"{name} = {word(value)}" for name, entry in known.items() for value in entry.values or ())
