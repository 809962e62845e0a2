"""The lines of money that an answer has, by book and as payments, laid out once for all answers alike in that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from aftersales.run.function.changes import Beyond
from aftersales.run.function.nodes import Node

#: Which record of a decision: its book, and its number or name there.
Mark = tuple[str, int | str]
#: A name of a line or a leg, and where an answer has its amount.
Named = tuple[str, str]
#: A line in a book of a decision: its mark, its name, and where an answer has its amount.
Line = tuple[Mark, str, str]
#: Who pays whom for what, and where an answer has the amount.
Move = tuple[str, str, str, str]


class Layout(NamedTuple):
    """The lines of an answer by book, each in its order, the state's own lines before the legs.

    ``recover`` and ``moves`` are ``None`` where several parties share a leg: then the settlement says who pays what.
    ``legs`` are those that are travelled, each with its mark and its bearer.
    """

    refund: Sequence[Line]
    deductions: Sequence[Line]
    charges: Sequence[Line]
    recover: Sequence[Line] | None
    moves: Sequence[Move] | None
    legs: Sequence[tuple[Mark, str, str]]


#: The layout of an answer without a line or a leg.
NOTHING_LAID: Final = Layout((), (), (), (), (), ())


def laid_out(node: Node, fen: Mapping[str, int | None], borne: Mapping[str, str]) -> Layout:
    """Return the layout of an answer at a node, whose lines are all known.

    It is decided by which lines are there, and who bears each leg. Raises ``Beyond`` where one name stands for a line
    and for a leg.
    """
    laid, legs = node.laid, node.laid.postage
    if any(not legs.keys().isdisjoint(lines) for lines in (laid.refund, laid.charge, laid.recover)):
        raise Beyond
    refund, charge, recover, insured, deducted = (
        [named for name in names if (named := (name, f"{book}_{name}"))[1] in fen]
        for book, names in (
            ("refund", (*laid.refund, *legs)),
            ("charge", (*laid.charge, *legs)),
            ("recover", (*laid.recover, *legs)),
            ("insured", legs),
            ("deduction", laid.deductions),
        )
    )
    parties = {name: _third_party(node, name, borne) for name, _ in recover}
    moves = (
        *(("seller", "buyer", *line) for line in refund),
        *(("insurer", "buyer", *leg) for leg in insured if borne[leg[0]] != "undecided"),
        *(("buyer", "seller", *line) for line in charge),
        *((parties[line[0]], "seller", *line) for line in recover),
    )
    shared = "shared" in parties.values()
    return Layout(
        _lines("lines", refund),
        _lines("deductions", deducted),
        _lines("charges", charge),
        None if shared else _lines("recover", recover),
        None if shared else moves,
        tuple((("postage", leg), leg, party) for leg, party in borne.items()),
    )


def _lines(book: str, lines: Iterable[Named]) -> Sequence[Line]:
    return tuple(((book, number), name, flat) for number, (name, flat) in enumerate(lines))


def _third_party(node: Node, name: str, borne: Mapping[str, str]) -> str:
    line = node.laid.recover.get(name)
    return borne[name] if line is None else line.party or "carrier"
