"""The parts of a decision of an everyday case, from the policy's functions: no walk, no expression looked at again.

What is not for the functions (a line that waits, a state that cannot be written out, words and derivations) is worked
out as the machine's report does, on the walk along the edges that were taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from aftersales.errors import CaseError
from aftersales.run.decision import Decision, Leg, MoneyItem, NextAction
from aftersales.run.function.books import NOTHING_LAID
from aftersales.run.function.changes import Beyond
from aftersales.run.lazy_record import PARTS_OF, lazy_action, lazy_item, lazy_leg, lazy_refund, transfer

if TYPE_CHECKING:  # brought in for the parts of a decision, where they are looked at: a cold start is short
    from aftersales.case.quick_case import QuickCase
    from aftersales.run.function.books import Layout, Line, Mark
    from aftersales.run.function.places import AllOwed
    from aftersales.run.function.quick import Rest, Trails
    from aftersales.run.lazy_record import Silence
    from aftersales.run.report import Made

#: Where silence leads while no deadline runs: nowhere.
_NO_SILENCE: Final = (None, ())
#: Parts that are worked out together.
_OF_MONEY: Final = frozenset({"postage", "refund", "charges", "recover", "transfers"})
_OF_WHAT_IS_NEXT: Final = frozenset({"status", "due", "next_actions", "needs"})
_set_postage, _set_refund, _set_charges = PARTS_OF["postage"], PARTS_OF["refund"], PARTS_OF["charges"]
_set_recover, _set_transfers = PARTS_OF["recover"], PARTS_OF["transfers"]
_set_status, _set_due = PARTS_OF["status"], PARTS_OF["due"]
_set_next_actions, _set_needs = PARTS_OF["next_actions"], PARTS_OF["needs"]


class QuickParts:
    """Works out the parts of one decision when they are first asked for, those together that rest on the same.

    ``make`` is the long way to all of them, from the case and the edges that it took.
    """

    __slots__ = ("_amounts", "_begun", "_case", "_made", "_make", "_rest", "_trails")

    def __init__(
        self, trails: Trails, rest: Rest, case: QuickCase, make: Callable[[QuickCase, tuple[str, ...]], Made]
    ) -> None:
        self._trails = trails
        self._rest = rest
        self._case = case
        self._make = make
        self._made: Made | None = None
        self._amounts: _Amounts | None = None
        #: Which groups of parts were worked out: money (1), what comes next (2).
        self._begun = 0

    def made(self) -> Made:
        """Return the walk of the case, with what is worked out of it."""
        if self._made is None:
            self._made = self._make(self._case, self._rest[0][0])
        return self._made

    def fill(self, decision: Decision, name: str) -> bool:
        """Put a part of the decision in its place, if it can be, with those that are worked out beside it.

        Return whether that went well; where it did not, the long way says it, or what is wrong.
        """
        begun = self._begun
        if name in _OF_MONEY and not begun & 1:
            self._begun, group = begun | 1, QuickParts.money
        elif name in _OF_WHAT_IS_NEXT and not begun & 2:
            self._begun, group = begun | 2, QuickParts.onward
        else:
            return False
        try:
            group(self, decision)
        except (Beyond, CaseError, RecursionError):
            return False
        return True

    def part(self, name: str) -> object:
        """Return one part of the decision, worked out the long way."""
        from aftersales.run.report import PARTS  # noqa: PLC0415 (see the top)

        return PARTS[name](self.made())

    def of_record(self, mark: Mark, name: str) -> object:
        """Return a part of a record of the decision that is worked out the long way."""
        book, place = mark
        if book == "actions":
            return getattr(self.made().actions[int(place)], name)
        money = self.made().money
        return getattr(money if book == "refund" else getattr(money, book)[place], name)

    # ── money ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _known(self) -> _Amounts:
        """Work out the amounts that are known, their layout, what the seller pays in all, and whether any line waits.

        Nothing of it is paid, so what the seller pays in all is what is due as well.
        """
        _, node, _, (_, _, _, borne, amounts, _, _) = self._rest[0]
        fen: Any = amounts
        if not fen and not borne:
            self._amounts = nothing = fen, NOTHING_LAID, 0, False
            return nothing
        waits = None in fen.values()
        if waits:
            fen = {name: amount for name, amount in fen.items() if amount is not None}
        layout = self._trails.places.layouts.of(node, fen, borne)
        total = 0
        for _, _, flat in layout[0]:
            total += fen[flat]
        self._amounts = known = fen, layout, total, waits
        return known

    def money(self, decision: Decision) -> None:
        """Put what is paid by whom to whom, and who bears each leg, in its place."""
        fen, layout, total, waits = self._amounts or self._known()
        refund, deductions, charges, recover, moves, travelled = layout
        legs: dict[str, Leg | None] = self._trails.places.untravelled.copy()
        for mark, leg, borne in travelled:
            legs[leg] = lazy_leg(self, mark, borne)
        _set_postage(decision, legs)
        _set_charges(decision, self._items(charges, fen) if charges else ())
        lines = self._refunded(refund, fen) if refund else ()
        taken_off = self._items(deductions, fen) if deductions else ()
        _set_refund(decision, lazy_refund(self, lines, taken_off, total, waits=waits))
        if moves is not None and recover is not None:
            _set_recover(decision, self._items(recover, fen) if recover else ())
            paid = [transfer(payer, payee, name, fen[flat]) for payer, payee, name, flat in moves if fen[flat]]
            _set_transfers(decision, tuple(paid))

    def _refunded(self, lines: Sequence[Line], fen: Mapping[str, int]) -> tuple[MoneyItem, ...]:
        id_ = self._case.named
        return tuple(
            [lazy_item(self, mark, name, fen[flat], fen[flat], f"{id_}/{name}/1") for mark, name, flat in lines]
        )

    def _items(self, lines: Sequence[Line], fen: Mapping[str, int]) -> tuple[MoneyItem, ...]:
        """Return the lines of a book of which nothing is paid here."""
        return tuple([lazy_item(self, mark, name, fen[flat], 0, None) for mark, name, flat in lines])

    # ── what comes next ─────────────────────────────────────────────────────────────────────────────────────────

    def onward(self, decision: Decision) -> None:
        """Put what is to be done and answered in an open state, and until when, in its place."""
        (_, node, told, _), since, due = self._rest
        state = node.state
        if state.end is not None:
            self._ended(decision)
            return
        _set_status(decision, "open")
        place = self._trails.places.at(state)
        if due is None and since is not None:
            due = place.due(told, since)
        _set_due(decision, due)
        asked = place.asked(told, self._case.whole)
        _set_next_actions(decision, self._actions(place.owed(told), due, asked.silence))
        if due is not None or since is None or state.within is None:
            _set_needs(decision, place.needs(asked, told))

    def _ended(self, decision: Decision) -> None:
        """Put what is still owed where the case has ended, and what its money waits for, in its place."""
        trail, places = self._rest[0], self._trails.places
        taken, node, told, _ = trail
        _, _, total, waits = self._amounts or self._known()
        _set_due(decision, None)
        actions = self._actions(places.at(node.state).owed(told), None, _NO_SILENCE)
        _set_next_actions(decision, actions)
        _set_needs(decision, tuple(places.waiting(trail, self._case.whole)) if waits else ())
        if waits or total > 0 or actions:
            _set_status(decision, "settled")
        elif not places.duties_on(taken):
            _set_status(decision, "closed")

    def _actions(self, owed: AllOwed, due: dt.datetime | None, silence: Silence) -> tuple[NextAction, ...]:
        every, unpaid, plain = owed
        if not every:
            return ()
        pays = (self._amounts or self._known())[2]
        if due is None:
            if plain is not None and not pays:
                return plain
            silence = _NO_SILENCE
        made = [
            action.plain
            if due is None and action.plain is not None
            else lazy_action(self, ("actions", number), action, pays if action.pays else None, due, silence)
            for number, action in enumerate(every if pays else unpaid)
        ]
        return tuple(made)


#: Amounts by their flat names in fen, their layout, the refund lines' sum in fen, and whether a line waits.
_Amounts = tuple[Mapping[str, int], "Layout", int, bool]
