"""The lines of money that a node may have, by book, and where an answer has their amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aftersales.run.function.changes import Beyond
from aftersales.run.function.nodes import Node

#: A name of a line or a leg, and where an answer has its amount.
Named = tuple[str, str]


class Books(NamedTuple):
    """The lines that a node may have: each book in its order, the state's own lines before the legs."""

    refund: Sequence[Named]
    deductions: Sequence[Named]
    charge: Sequence[Named]
    recover: Sequence[Named]
    insured: Sequence[Named]


class KeptBooks:
    """The books of a policy's nodes, each written down once."""

    def __init__(self) -> None:
        self._kept: dict[int, Books] = {}

    def of(self, node: Node) -> Books:
        """Return the lines that a node may have. Raises ``Beyond`` where one name stands for a line and for a leg."""
        books = self._kept.get(node.number)
        if books is None:
            laid = node.laid
            legs = laid.postage
            if any(not legs.keys().isdisjoint(lines) for lines in (laid.refund, laid.charge, laid.recover)):
                raise Beyond
            books = self._kept[node.number] = Books(
                _named("refund", (*laid.refund, *legs)),
                _named("deduction", laid.deductions),
                _named("charge", (*laid.charge, *legs)),
                _named("recover", (*laid.recover, *legs)),
                _named("insured", legs),
            )
        return books


def _named(book: str, names: Iterable[str]) -> Sequence[Named]:
    return tuple((name, f"{book}_{name}") for name in names)
