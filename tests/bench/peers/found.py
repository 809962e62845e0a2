"""What a peer found about a case, read as the answer that the engine gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import asdict

from aftersales.run.function.answer import Answer
from peers.tree import Row, rows

#: Facts as every peer takes them: an insurance that is not there pays up to 0.
Facts = dict[str, Any]

ROWS: Final[Mapping[str, Row]] = {row.state: row for row in rows()}
#: The lines that an answer has even where nothing moves.
_ALWAYS: Final = frozenset(
    ("refund_goods", "refund_compensation", "deduction_threshold_postage", "charge_repair", "recover_goods")
)


@dataclass(frozen=True)
class Peer:
    """Something that decides the small policy: ``decide`` is what is measured, ``found`` reads what it gave."""

    name: str
    kind: str
    decide: Callable[[Facts], Any]
    found: Callable[[Any], Answer]


def answer(state: str, fen: Mapping[str, float], said: Mapping[str, Any]) -> Answer:
    """Return what a peer found; a line of 0 may be missing, and one that does not move is left out."""
    row = ROWS[state]
    lines = {name: int(amount) for name, amount in fen.items() if amount or (name in _ALWAYS and name in row.fen)}
    return Answer(state, said["outcome"], said["liable"], said["borne"], lines, None, None)


def of_answer(given: Answer) -> Answer:
    """Return what a peer gave that leaves the answer to Python."""
    return answer(given.state, {name: amount or 0 for name, amount in given.fen.items()}, asdict(given))


def plain(facts: Mapping[str, Any]) -> Facts:
    """Return facts as peers take them."""
    return {**facts, "insured_up_to": facts["insured_up_to"] or 0}
