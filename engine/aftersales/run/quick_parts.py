"""The parts of a decision of an everyday case, from the policy's functions: no walk, no expression looked at again.

What is not for the functions (a line that waits, a state that cannot be written out, words and derivations) is worked
out as the machine's report does, on the walk along the edges that were taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from aftersales.errors import CaseError
from aftersales.policy.edges import source_of
from aftersales.run.decision import Leg, MoneyItem, Need, NextAction, Refund, Status, Transfer
from aftersales.run.function.changes import Beyond
from aftersales.run.function.places import Asked, Owed, Place, Places
from aftersales.run.function.quick import Rest
from aftersales.run.lazy_record import LazyAction, LazyItem, LazyLeg, LazyRefund

if TYPE_CHECKING:  # brought in for the words of a decision, where they are looked at
    from aftersales.run.report import Made


class QuickParts:
    """Works out the parts of one decision, each when it is first asked for; ``made`` is the long way to all of them."""

    def __init__(self, places: Places, rest: Rest, case_id: str, made: Callable[[], Made]) -> None:
        self._policy = places.policy
        self._places = places
        self._trail, self._since = rest
        self.node, self._told, self._answer = self._trail[1:]
        self._fen = self._answer.fen
        self._case_id = case_id
        self._make = made

    @cached_property
    def made(self) -> Made:
        """Return the walk of the case, with what is worked out of it."""
        return self._make()

    def part(self, name: str) -> object:
        """Return one part of the decision."""
        work = _QUICK.get(name)
        if work is not None:
            try:
                return work(self)
            except (Beyond, CaseError, RecursionError):  # the long way says it, or what is wrong
                pass
        from aftersales.run.report import PARTS  # noqa: PLC0415 (see the top)

        return PARTS[name](self.made)

    # ── money ───────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _waits(self) -> bool:
        return None in self._fen.values()

    @cached_property
    def _refunded(self) -> Mapping[str, int]:
        """Return the refund lines in the order of the book: the state's own, then the legs."""
        laid = self.node.laid
        return dict(self._book("refund", laid.refund))

    def _book(self, book: str, lines: Mapping[str, object]) -> Iterator[tuple[str, int]]:
        """Yield the lines of a book that are known, then its legs. Raises ``Beyond`` where a name stands for both."""
        legs = self.node.laid.postage
        if not legs.keys().isdisjoint(lines):
            raise Beyond
        fen = self._fen
        for name in (*lines, *legs):
            amount = fen.get(f"{book}_{name}")
            if amount is not None:
                yield name, amount

    def refund(self) -> Refund:
        """Return what the seller pays the buyer."""
        lines = tuple(
            LazyItem.of(
                partial(self._of_item, "lines", number),
                {
                    "for_": name,
                    "amount": amount,
                    "due": amount,
                    "paid": 0,
                    "id": f"{self._case_id}/{name}/1",
                },
            )
            for number, (name, amount) in enumerate(self._refunded.items())
        )
        total = sum(self._refunded.values())
        known = {
            "total": total,
            "paid": 0,
            "due": total,
            "lines": lines,
            "deductions": self._items("deductions", self._deducted()),
        }
        return LazyRefund.of(self._of_refund, known if self._waits else {**known, "waiting": ()})

    def _deducted(self) -> Iterator[tuple[str, int]]:
        for name in self.node.laid.deductions:
            amount = self._fen.get(f"deduction_{name}")
            if amount is not None:
                yield name, amount

    def _items(self, book: str, amounts: Iterator[tuple[str, int]]) -> tuple[MoneyItem, ...]:
        """Return lines of which nothing is paid here."""
        return tuple(
            LazyItem.of(
                partial(self._of_item, book, number),
                {"for_": name, "amount": amount, "due": 0, "paid": 0, "id": None},
            )
            for number, (name, amount) in enumerate(amounts)
        )

    def _of_item(self, book: str, number: int, name: str) -> object:
        return getattr(getattr(self.made.money, book)[number], name)

    def _of_refund(self, name: str) -> object:
        return getattr(self.made.money, name)

    def charges(self) -> tuple[MoneyItem, ...]:
        """Return what the buyer pays."""
        return self._items("charges", self._book("charge", self.node.laid.charge))

    def recover(self) -> tuple[MoneyItem, ...]:
        """Return what third parties pay the seller."""
        return self._items("recover", ((name, amount) for name, amount, _ in self._recovered))

    @cached_property
    def _recovered(self) -> tuple[tuple[str, int, str], ...]:
        """Return each line with who pays it. Raises ``Beyond`` where several parties share a leg."""
        lines, borne = self.node.laid.recover, self._answer.borne
        found = []
        for name, amount in self._book("recover", lines):
            party = lines[name].party or "carrier" if name in lines else borne[name]
            if party == "shared":
                raise Beyond
            found.append((name, amount, party))
        return tuple(found)

    def transfers(self) -> tuple[Transfer, ...]:
        """Return every payment between two parties."""
        legs, fen = self.node.laid.postage, self._fen
        insured = ((leg, fen.get(f"insured_{leg}")) for leg in legs)
        moves = (
            *(("seller", "buyer", *line) for line in self._refunded.items()),
            *(("insurer", "buyer", *line) for line in insured),
            *(("buyer", "seller", *line) for line in self._book("charge", self.node.laid.charge)),
            *((party, "seller", name, amount) for name, amount, party in self._recovered),
        )
        return tuple(Transfer(payer, payee, name, amount) for payer, payee, name, amount in moves if amount)

    def postage(self) -> Mapping[str, Leg | None]:
        """Return who bears each leg, ``None`` for one that is not travelled."""
        borne = self._answer.borne
        return {
            leg: LazyLeg.of(partial(self._of_leg, leg), {"borne_by": borne[leg]}) if leg in borne else None
            for leg in self._policy.legs
        }

    def _of_leg(self, leg: str, name: str) -> object:
        return getattr(self.made.money.postage[leg], name)

    # ── what comes next ─────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _place(self) -> Place:
        return self._places.at(self.node.state)

    @cached_property
    def _asked(self) -> Asked:
        return self._place.asked(self._told)

    @cached_property
    def _owed(self) -> tuple[Owed, ...]:
        owed = self._place.owed(self._told)
        return owed if any(self._refunded.values()) else tuple(action for action in owed if not action.pays)

    @cached_property
    def _due(self) -> dt.datetime | None:
        return None if self._since is None else self._place.due(self._told, self._since)

    def due(self) -> dt.datetime | None:
        """Return until when the case waits for an answer."""
        return None if self.node.state.end is not None else self._due

    def next_actions(self) -> tuple[NextAction, ...]:
        """Return what is to be done, by whom and until when."""
        due, late = self.due(), self._late()
        after = {
            "due": due,
            "if_late": None if late is None else late[0],
            "if_late_takes": () if late is None else late[1],
        }
        pays = sum(self._refunded.values())
        return tuple(self._action(number, owed, pays, after) for number, owed in enumerate(self._owed))

    def _action(self, number: int, owed: Owed, pays: int, after: Mapping[str, object]) -> NextAction:
        known = {
            "action": owed.name,
            "by": owed.by,
            "title": owed.title,
            "after": owed.after,
            "amount": pays if owed.pays else None,
            **after,
        }
        if owed.is_said:
            known["say"] = owed.say
        return LazyAction.of(partial(self._of_action, number), known)

    def _of_action(self, number: int, name: str) -> object:
        return getattr(self.made.actions[number], name)

    def _late(self) -> tuple[str, tuple[tuple[str, object], ...]] | None:
        """Return where silence leads, and the answers that it records where the case then stays."""
        state = self.node.state
        if state.end is not None or self._due is None or self._asked.late is None:
            return None
        target = state.late[self._asked.late].target
        return target.state, target.take if target.state == state.key else ()

    def needs(self) -> tuple[Need, ...]:
        """Return the open questions. Raises ``Beyond`` where money, or a deadline, waits for answers."""
        state = self.node.state
        if state.end is not None:
            if self._waits:
                raise Beyond
            return ()
        if state.within is not None and self._since is not None and self._due is None:
            raise Beyond
        return self._place.needs(self._asked, self._told)

    def status(self) -> Status:
        """Return whether the case is open, or whether anything is still owed. Raises ``Beyond`` where duties say so."""
        if self.node.state.end is None:
            return "open"
        if self._owed or self._waits or any(self._refunded.values()):
            return "settled"
        states = self._policy.states
        if any(states[source_of(edge)].duties for edge in self._trail[0]) or self.node.state.duties:
            raise Beyond
        return "closed"


_QUICK: Final[Mapping[str, Callable[[QuickParts], object]]] = {
    "status": QuickParts.status,
    "next_actions": QuickParts.next_actions,
    "needs": QuickParts.needs,
    "due": QuickParts.due,
    "postage": QuickParts.postage,
    "refund": QuickParts.refund,
    "charges": QuickParts.charges,
    "recover": QuickParts.recover,
    "transfers": QuickParts.transfers,
}
