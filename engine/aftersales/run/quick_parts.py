"""The parts of a decision of an everyday case, from the policy's functions: no walk, no expression looked at again.

What is not for the functions (a line that waits, a state that cannot be written out, words and derivations) is worked
out as the machine's report does, on the walk along the edges that were taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from aftersales.errors import CaseError
from aftersales.run.decision import Decision, NextAction
from aftersales.run.function.changes import Beyond
from aftersales.run.lazy_record import PARTS_OF, WITH_FIGURES, lazy_action

if TYPE_CHECKING:  # brought in for the parts of a decision, where they are looked at: a cold start is short
    from aftersales.case.quick_case import QuickCase
    from aftersales.run.function.books import Mark
    from aftersales.run.function.places import AllOwed, Place
    from aftersales.run.function.written import Trail
    from aftersales.run.lazy_record import Silence
    from aftersales.run.quick_spots import Books, Spot
    from aftersales.run.report import Made

#: Makes a record one of another class.
_become: Final = object.__dict__["__class__"].__set__
#: Where silence leads while no deadline runs: nowhere.
_NO_SILENCE: Final = (None, ())
_put_status, _put_due = PARTS_OF["status"], PARTS_OF["due"]
_put_next_actions, _put_needs = PARTS_OF["next_actions"], PARTS_OF["needs"]


class QuickParts:
    """Works out the parts of one decision when they are first asked for, those together that rest on the same.

    Whoever makes one fills it in, which takes less than half of the time of a call.
    """

    __slots__ = ("amounts", "begun", "case", "due", "long_way", "since", "spot", "trail")

    case: QuickCase
    #: Where the case rests, how it came there, since when, and until when it waits, where that was worked out.
    spot: Spot
    trail: Trail
    since: dt.datetime | None
    due: dt.datetime | None
    #: The walk of the case, and its amounts, where they were worked out.
    long_way: Made | None
    amounts: Amounts | None
    #: Whether the figures were put in their places, as far as that can be.
    begun: bool

    def made(self) -> Made:
        """Return the walk of the case, with what is worked out of it."""
        if self.long_way is None:
            self.long_way = self.spot.of.decisions.made(self.case, self.trail[0])
        return self.long_way

    def fill(self, decision: Decision) -> None:
        """Put the figures in their places, as far as that can be; where not, the long way says them, or what is wrong."""
        self.begun = True
        try:
            fen, books, _, waits = self.amounts or self._known()
            whole = books.put(decision, self, fen, waits)
        except (Beyond, CaseError, RecursionError):
            whole = False
        try:
            if self._onward(decision) and whole:
                _become(decision, WITH_FIGURES)
        except (Beyond, CaseError, RecursionError):
            return

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

    def _known(self) -> Amounts:
        """Work out the amounts that are known, their layout, what the seller pays in all, and whether any line waits.

        Nothing of it is paid, so what the seller pays in all is what is due as well.
        """
        fen: Any
        _, _, _, borne, fen, _, _ = self.trail[3]
        if not fen and not borne:
            self.amounts = nothing = fen, self.spot.of.nothing, 0, False
            return nothing
        waits = None in fen.values()
        if waits:
            fen = {name: amount for name, amount in fen.items() if amount is not None}
        books = self.spot.books(fen, borne)
        total = 0
        for flat in books.refund:
            total += fen[flat]
        self.amounts = known = fen, books, total, waits
        return known

    def named(self) -> str:
        """Return what payments of the case are named after."""
        return self.case.named

    # ── what comes next ─────────────────────────────────────────────────────────────────────────────────────────

    def _onward(self, decision: Decision) -> bool:
        """Put what is to be done and answered, and until when, in its place; return whether that is all of it."""
        spot = self.spot
        place = spot.place()
        if spot.has_ended:
            return self._ended(decision, place)
        told, since, due = self.trail[2], self.since, self.due
        _put_status(decision, "open")
        if due is None and since is not None:
            due = place.due(told, since)
        _put_due(decision, due)
        asked = place.asked(told, self.case)
        _put_next_actions(decision, self._actions(place.owed(told), due, asked.silence))
        if due is None and since is not None and place.state.within is not None:
            return False
        _put_needs(decision, place.needs(asked, told))
        return True

    def _ended(self, decision: Decision, place: Place) -> bool:
        """Put what is still owed where the case has ended, and what its money waits for, in its place."""
        trail, places = self.trail, self.spot.of.trails.places
        _, _, total, waits = self.amounts or self._known()
        _put_due(decision, None)
        actions = self._actions(place.owed(trail[2]), None, _NO_SILENCE)
        _put_next_actions(decision, actions)
        _put_needs(decision, tuple(places.waiting(trail, self.case)) if waits else ())
        if waits or total > 0 or actions:
            _put_status(decision, "settled")
        elif places.duties_on(trail[0]):
            return False
        else:
            _put_status(decision, "closed")
        return True

    def _actions(self, owed: AllOwed, due: dt.datetime | None, silence: Silence) -> tuple[NextAction, ...]:
        every, unpaid, plain = owed
        if not every:
            return ()
        pays = (self.amounts or self._known())[2]
        if due is None:
            if plain is not None and not pays:
                return plain
            silence = _NO_SILENCE
        made: list[NextAction] = []
        for action in every if pays else unpaid:
            whole = action[7] if due is None else None
            made.append(whole or lazy_action(self, len(made), action, pays, due, silence))
        return tuple(made)


#: Amounts by their flat names in fen, how they are laid out, the refund lines' sum in fen, and whether a line waits.
Amounts = tuple[Mapping[str, int], "Books", int, bool]
