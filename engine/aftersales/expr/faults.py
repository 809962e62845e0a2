"""Collects the faults of one expression, each at its place in the author's file."""

from __future__ import annotations

from aftersales.errors import Diagnostic
from aftersales.expr.scope import Place
from aftersales.text import Text


class Faults:
    """All faults of one expression, in the order found; the same fault at the same place is kept once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._found: dict[tuple[str, int, int], Diagnostic] = {}

    def add(self, code: str, where: tuple[int, int], message: Text, hint: Text | None = None) -> None:
        """Note a fault at the characters ``where`` (start, end exclusive)."""
        self._found.setdefault((code, *where), Diagnostic(code, message, self._place(*where), hint))

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        """Return what was found so far."""
        return tuple(self._found.values())

    def __bool__(self) -> bool:
        return bool(self._found)
