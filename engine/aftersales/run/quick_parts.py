"""The parts of a decision of an everyday case, from the policy's functions: no walk, no expression looked at again.

What is not for the functions (a line that waits, a state that cannot be written out, words and derivations) is worked
out as the machine's report does, on the walk along the edges that were taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from aftersales.errors import CaseError
from aftersales.policy.edges import way_of
from aftersales.run.decision import Leg, MoneyItem, Need, NextAction, Refund, Status, Transfer
from aftersales.run.function.changes import Beyond
from aftersales.run.lazy_record import Silence, lazy_action, lazy_item, lazy_leg, lazy_refund

if TYPE_CHECKING:  # brought in for the parts of a decision, where they are looked at: a cold start is short
    from aftersales.run.function.books import Named
    from aftersales.run.function.places import Asked, Owed, Place, WholeCase
    from aftersales.run.function.quick import Rest, Trails
    from aftersales.run.report import Made


class QuickParts:
    """Works out the parts of one decision, each when it is first asked for; ``make`` is the long way to all of them.

    ``case`` reads the whole case.
    """

    __slots__ = ("_asked", "_case", "_case_id", "_due", "_made", "_make", "_place", "_refunded", "_rest", "_trails")

    def __init__(self, trails: Trails, rest: Rest, case_id: str, make: Callable[[], Made], case: WholeCase) -> None:
        self._trails = trails
        self._rest = rest
        self._case_id = case_id
        self._make = make
        self._case = case
        self._made: Made | None = None
        self._refunded: Sequence[tuple[str, int]] | None = None
        self._place: Place | None = None
        self._asked: Asked | None = None
        self._due: tuple[dt.datetime | None] | None = None

    def made(self) -> Made:
        """Return the walk of the case, with what is worked out of it."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def part(self, name: str) -> object:
        """Return one part of the decision."""
        work = _QUICK.get(name)
        if work is not None:
            try:
                return work(self)
            except (Beyond, CaseError, RecursionError):  # the long way says it, or what is wrong
                pass
        from aftersales.run.report import PARTS  # noqa: PLC0415 (see the top)

        return PARTS[name](self.made())

    # ── money ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _known(self, lines: Sequence[Named]) -> Iterator[tuple[str, int]]:
        """Yield the lines of a book that are there and do not wait."""
        fen = self._rest.trail[3].fen
        for name, flat in lines:
            amount = fen.get(flat)
            if amount is not None:
                yield name, amount

    def _lines(self) -> Sequence[tuple[str, int]]:
        """Return the refund lines."""
        if self._refunded is None:
            trail = self._rest.trail
            self._refunded = list(self._known(self._trails.places.books.of(trail[1]).refund)) if trail[3].fen else ()
        return self._refunded

    def _total(self) -> int:
        """Return what the seller pays the buyer; nothing of it is paid, so it is what is due as well."""
        total = 0
        for _, amount in self._lines():
            total += amount
        return total

    def _waits(self) -> bool:
        return None in self._rest.trail[3].fen.values()

    def refund(self) -> Refund:
        """Return what the seller pays the buyer."""
        of_item, id_ = self._of_item, self._case_id
        lines = tuple(
            lazy_item(partial(of_item, "lines", number), name, amount, amount, f"{id_}/{name}/1")
            for number, (name, amount) in enumerate(self._lines())
        )
        node = self._rest.trail[1]
        taken = self._items("deductions", self._trails.places.books.of(node).deductions) if node.laid.deductions else ()
        return lazy_refund(self._of_refund, lines, taken, self._total(), waits=self._waits())

    def _items(self, book: str, lines: Sequence[Named]) -> tuple[MoneyItem, ...]:
        """Return the lines of a book of which nothing is paid here."""
        found = enumerate(self._known(lines))
        return tuple(
            lazy_item(partial(self._of_item, book, number), name, amount, 0, None) for number, (name, amount) in found
        )

    def _of_item(self, book: str, number: int, name: str) -> object:
        return getattr(getattr(self.made().money, book)[number], name)

    def _of_refund(self, name: str) -> object:
        return getattr(self.made().money, name)

    def charges(self) -> tuple[MoneyItem, ...]:
        """Return what the buyer pays."""
        trail = self._rest.trail
        return self._items("charges", self._trails.places.books.of(trail[1]).charge) if trail[3].fen else ()

    def recover(self) -> tuple[MoneyItem, ...]:
        """Return what third parties pay the seller. Raises ``Beyond`` where several parties share a leg."""
        trail = self._rest.trail
        lines = self._trails.places.books.of(trail[1]).recover if trail[3].fen else ()
        if any(self._third_party(name) == "shared" for name, _ in self._known(lines)):
            raise Beyond
        return self._items("recover", lines)

    def _third_party(self, name: str) -> str:
        trail = self._rest.trail
        line = trail[1].laid.recover.get(name)
        return trail[3].borne[name] if line is None else line.party or "carrier"

    def transfers(self) -> tuple[Transfer, ...]:
        """Return every payment between two parties."""
        trail = self._rest.trail
        if not trail[3].fen:
            return ()
        books, borne = self._trails.places.books.of(trail[1]), trail[3].borne
        moves = (
            *(("seller", "buyer", *line) for line in self._lines()),
            *(("insurer", "buyer", *leg) for leg in self._known(books.insured) if borne[leg[0]] != "undecided"),
            *(("buyer", "seller", *line) for line in self._known(books.charge)),
            *((self._third_party(line[0]), "seller", *line) for line in self._known(books.recover)),
        )
        if any(payer == "shared" for payer, _, _, _ in moves):
            raise Beyond
        return tuple(Transfer(payer, payee, name, amount) for payer, payee, name, amount in moves if amount)

    def postage(self) -> Mapping[str, Leg | None]:
        """Return who bears each leg, ``None`` for one that is not travelled."""
        found: dict[str, Leg | None] = dict.fromkeys(self._trails.policy.legs)
        for leg, borne in self._rest.trail[3].borne.items():
            found[leg] = lazy_leg(partial(self._of_leg, leg), borne)
        return found

    def _of_leg(self, leg: str, name: str) -> object:
        return getattr(self.made().money.postage[leg], name)

    # ── what comes next ─────────────────────────────────────────────────────────────────────────────────────────

    def _at(self) -> Place:
        if self._place is None:
            self._place = self._trails.places.at(self._rest.trail[1].state)
        return self._place

    def _waits_for(self) -> Asked:
        if self._asked is None:
            self._asked = self._at().asked(self._rest.trail[2], self._case)
        return self._asked

    def _owed(self) -> Sequence[Owed]:
        owed = self._at().owed(self._rest.trail[2])
        return owed if self._total() > 0 else [action for action in owed if not action.pays]

    def due(self) -> dt.datetime | None:
        """Return until when the case waits for an answer."""
        if self._due is None:
            (_, node, told, _), since = self._rest
            runs = since is not None and node.state.end is None and node.state.within is not None
            self._due = (self._at().due(told, since) if runs and since is not None else None,)
        return self._due[0]

    def next_actions(self) -> tuple[NextAction, ...]:
        """Return what is to be done, by whom and until when."""
        due, pays, late, of_action = self.due(), self._total(), self._late(), self._of_action
        return tuple(
            lazy_action(partial(of_action, number), owed, pays if owed.pays else None, due, late)
            for number, owed in enumerate(self._owed())
        )

    def _of_action(self, number: int, name: str) -> object:
        return getattr(self.made().actions[number], name)

    def _late(self) -> Silence:
        """Return where silence leads, and the answers that it records where the case then stays."""
        if self.due() is None:
            return None, ()
        index, state = self._waits_for().late, self._rest.trail[1].state
        if index is None:
            return None, ()
        target = state.late[index].target
        return target.state, target.take if target.state == state.key else ()

    def needs(self) -> tuple[Need, ...]:
        """Return the open questions. Raises ``Beyond`` where a deadline waits for answers."""
        (_, node, told, _), since = self._rest
        if node.state.end is not None:
            return tuple(self._trails.places.waiting(self._rest.trail, self._case)) if self._waits() else ()
        if node.state.within is not None and since is not None and self.due() is None:
            raise Beyond
        return self._at().needs(self._waits_for(), told)

    def status(self) -> Status:
        """Return whether the case is open, or whether anything is still owed. Raises ``Beyond`` where duties say so."""
        taken, node, _, _ = self._rest.trail
        if node.state.end is None:
            return "open"
        if self._waits() or self._total() > 0 or self._owed():
            return "settled"
        policy = self._trails.policy
        passed = (policy.flows[policy.root].start, *(way_of(policy, edge).target.state for edge in taken))
        if any(policy.states[state].duties for state in passed):
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
