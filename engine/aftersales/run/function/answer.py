"""What every fast engine answers about one row of scalar facts: no texts, no events, no outlook."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from aftersales.run.function.reached import NO_FEN, NOTHING


class Answer(Struct, frozen=True, gc=False):
    """Where a case stands and what it comes to; money in fen.

    ``state`` is the state's key (``flow.name``), ``liable`` a party, ``shared`` or ``undecided``. ``borne`` has the
    bearer of every leg that a state named (a party, ``shared`` or ``undecided``); a leg that is not travelled is not
    in it. ``fen`` has the lines by their flat names (``refund_goods``, ``deduction_…``, ``charge_…``, ``recover_…``)
    and what the insurer pays for a leg (``insured_…``): every line that a state laid down, and every leg that moves
    money; ``None`` while a line waits for a fact. ``need`` is the first fact to ask for, ``None`` where none is.

    Where the case is at fault, ``error`` is the code of the first fault and all else is empty.
    """

    state: str
    outcome: str | None
    liable: str
    borne: Mapping[str, str]
    fen: Mapping[str, int | None]
    need: str | None
    error: str | None

    def asking(self, need: str | None) -> Answer:
        """Return the same with another question."""
        return Answer(self.state, self.outcome, self.liable, self.borne, self.fen, need, self.error)

    @property
    def refund_total(self) -> int | None:
        """Return what the seller pays the buyer in all, in fen; ``None`` while one of its lines waits."""
        total = 0
        for name, amount in self.fen.items():
            if name.startswith("refund_"):
                if amount is None:
                    return None
                total += amount
        return total


def at_fault(code: str) -> Answer:
    """Return the answer about a case at fault."""
    return Answer("", None, "undecided", NOTHING, NO_FEN, None, code)
