"""The parts of a decision of an everyday case, from the policy's functions: no walk, no expression looked at again.

What is not for the functions (a line that waits, a state that cannot be written out, words and derivations) is worked
out as the machine's report does, on the walk along the edges that were taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from aftersales.errors import CaseError
from aftersales.run.decision import Leg, MoneyItem, NextAction
from aftersales.run.function.changes import Beyond
from aftersales.run.lazy_record import lazy_action, lazy_item, lazy_leg, lazy_refund, transfer

if TYPE_CHECKING:  # brought in for the parts of a decision, where they are looked at: a cold start is short
    from aftersales.case.quick_case import QuickCase
    from aftersales.run.function.books import Layout, Line, Mark
    from aftersales.run.function.places import Asked, Owed, Place
    from aftersales.run.function.quick import Rest, Trails
    from aftersales.run.report import Made

#: Where silence leads while no deadline runs: nowhere.
_NO_SILENCE: Final = (None, ())


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
        self._begun: tuple[_Group, ...] = ()

    def made(self) -> Made:
        """Return the walk of the case, with what is worked out of it."""
        if self._made is None:
            self._made = self._make(self._case, self._rest.trail[0])
        return self._made

    def parts(self, name: str) -> Mapping[str, object]:
        """Return one part of the decision, with those that were worked out beside it."""
        found: dict[str, object] = {}
        group = _GROUP_OF.get(name)
        if group is not None and group not in self._begun:
            self._begun = (*self._begun, group)
            try:
                group(self, found)
            except (Beyond, CaseError, RecursionError):
                found.pop(name, None)  # the long way says it, or what is wrong
        if name not in found:
            from aftersales.run.report import PARTS  # noqa: PLC0415 (see the top)

            found[name] = PARTS[name](self.made())
        return found

    def of_record(self, mark: Mark, name: str) -> object:
        """Return a part of a record of the decision that is worked out the long way."""
        book, place = mark
        if book == "actions":
            return getattr(self.made().actions[int(place)], name)
        money = self.made().money
        return getattr(money if book == "refund" else getattr(money, book)[place], name)

    # ── money ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _known(self) -> _Amounts:
        """Return the amounts that are known, their layout, what the seller pays in all, and whether any line waits.

        Nothing of it is paid, so what the seller pays in all is what is due as well.
        """
        if self._amounts is not None:
            return self._amounts
        _, node, _, answer = self._rest.trail
        fen: Mapping[str, int] = cast("Mapping[str, int]", answer.fen)
        waits = None in answer.fen.values()
        if waits:
            fen = {name: amount for name, amount in answer.fen.items() if amount is not None}
        layout = self._trails.places.layouts.of(node, fen, answer.borne)
        total = 0
        for _, _, flat in layout.refund:
            total += fen[flat]
        self._amounts = known = fen, layout, total, waits
        return known

    def money(self, found: dict[str, object]) -> None:
        """Put what is paid by whom to whom, and who bears each leg, into ``found``."""
        fen, layout, total, waits = self._known()
        legs: dict[str, Leg | None] = self._trails.places.untravelled.copy()
        for mark, leg, borne in layout.legs:
            legs[leg] = lazy_leg(self, mark, borne)
        found["postage"] = legs
        found["charges"] = self._items(layout.charges, fen)
        deductions = self._items(layout.deductions, fen)
        found["refund"] = lazy_refund(self, self._refunded(layout.refund, fen), deductions, total, waits=waits)
        if layout.moves is not None and layout.recover is not None:
            found["recover"] = self._items(layout.recover, fen)
            moves = [(payer, payee, name, fen[flat]) for payer, payee, name, flat in layout.moves]
            found["transfers"] = tuple([transfer(*move) for move in moves if move[3]])

    def _refunded(self, lines: Sequence[Line], fen: Mapping[str, int]) -> tuple[MoneyItem, ...]:
        if not lines:
            return ()
        id_ = self._case.named
        return tuple(
            [lazy_item(self, mark, name, fen[flat], fen[flat], f"{id_}/{name}/1") for mark, name, flat in lines]
        )

    def _items(self, lines: Sequence[Line], fen: Mapping[str, int]) -> tuple[MoneyItem, ...]:
        """Return the lines of a book of which nothing is paid here."""
        return tuple([lazy_item(self, mark, name, fen[flat], 0, None) for mark, name, flat in lines]) if lines else ()

    # ── what comes next ─────────────────────────────────────────────────────────────────────────────────────────

    def onward(self, found: dict[str, object]) -> None:
        """Put into ``found`` what is to be done and answered in an open state, and until when."""
        rest = self._rest
        _, node, told, _ = rest.trail
        if node.state.end is not None:
            self._ended(found)
            return
        found["status"] = "open"
        place = self._trails.places.at(node.state)
        due = found["due"] = self._due(place)
        asked = place.asked(told, self._case.whole)
        found["next_actions"] = self._actions(place.owed(told), due, asked)
        if due is not None or node.state.within is None or rest.since is None:
            found["needs"] = place.needs(asked, told)

    def _due(self, place: Place) -> dt.datetime | None:
        rest = self._rest
        if rest.due is not None or rest.since is None:
            return rest.due
        return place.due(rest.trail[2], rest.since)

    def _ended(self, found: dict[str, object]) -> None:
        """Put into ``found`` what is still owed where the case has ended, and what its money waits for."""
        places, rest = self._trails.places, self._rest
        _, _, total, waits = self._known()
        found["due"] = None
        actions = found["next_actions"] = self._actions(places.at(rest.trail[1].state).owed(rest.trail[2]), None, None)
        found["needs"] = tuple(places.waiting(rest.trail, self._case.whole)) if waits else ()
        if waits or total > 0 or actions:
            found["status"] = "settled"
        elif not places.duties_on(rest.trail[0]):
            found["status"] = "closed"

    def _actions(self, owed: Sequence[Owed], due: dt.datetime | None, asked: Asked | None) -> tuple[NextAction, ...]:
        pays = self._known()[2]
        if not pays:
            owed = [action for action in owed if not action.pays]
        late = _NO_SILENCE if due is None or asked is None else asked.silence
        made = [
            action.plain
            if due is None and action.plain is not None
            else lazy_action(self, ("actions", number), action, pays if action.pays else None, due, late)
            for number, action in enumerate(owed)
        ]
        return tuple(made)


#: Amounts by their flat names in fen, their layout, the refund lines' sum in fen, and whether a line waits.
_Amounts = tuple[Mapping[str, int], "Layout", int, bool]

#: What works out a part of a decision, with those beside it.
_Group = Callable[[QuickParts, dict[str, object]], None]
_GROUP_OF: Final[Mapping[str, _Group]] = {
    **dict.fromkeys(("postage", "refund", "charges", "recover", "transfers"), QuickParts.money),
    **dict.fromkeys(("status", "due", "next_actions", "needs"), QuickParts.onward),
}
