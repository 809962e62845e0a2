"""The answer as the machine gives it: what every fast engine must equal, and what it falls back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from aftersales.case.model import Case, Claim
from aftersales.errors import CaseError
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Policy
from aftersales.run.decision import Need
from aftersales.run.fold import fold
from aftersales.run.function.answer import Answer, at_fault
from aftersales.run.function.quick import OPENED_AT
from aftersales.run.machine import PolicyMachine
from aftersales.run.report import open_needs
from aftersales.run.settlement import Settlement, settle_money
from aftersales.run.walk import Walk


def case_of(policy: Policy, facts: Mapping[str, Value], elapsed: dt.timedelta | None = None) -> Case:
    """Return the case of one row of facts, told at ``opened_at`` and seen ``elapsed`` later.

    Without ``elapsed``, or without the instant, no clock runs on: no deadline passes. ``opened_at`` may stand in the
    row where the policy has no such fact.
    """
    told = {name: value for name, value in facts.items() if value is not UNKNOWN and name in policy.facts}
    opened_at = facts.get(OPENED_AT)
    opened = opened_at if isinstance(opened_at, dt.datetime) else None
    seen = None if opened is None or elapsed is None else opened + elapsed
    return Case(None, None, Claim(opened, None), told, (), seen)


class OnlyFacts:
    """A case of which there is nothing but a row of facts (see ``Behind``)."""

    has_lines = False

    def __init__(self, policy: Policy, facts: Mapping[str, Value]) -> None:
        self._policy = policy
        self._facts = facts

    def whole(self) -> Case:
        """Return the case of the row."""
        return case_of(self._policy, self._facts)


def by_machine(
    machine: PolicyMachine, policy: Policy, facts: Mapping[str, Value], elapsed: dt.timedelta | None = None
) -> Answer:
    """Return the answer about one row of facts, folded by the machine."""
    try:
        return answer_of(fold(machine, policy, case_of(policy, facts, elapsed)))
    except CaseError as fault:
        return at_fault(fault.diagnostics[0].code)


def raise_fault(
    machine: PolicyMachine, policy: Policy, facts: Mapping[str, Value], elapsed: dt.timedelta | None = None
) -> None:
    """Raise the CaseError of a row of facts at fault, with all that it says; return where there is none."""
    answer_of(fold(machine, policy, case_of(policy, facts, elapsed)))


def answer_of(walk: Walk) -> Answer:
    """Return what is decided where a walk stands. Raises AmountError where its money cannot be settled."""
    money, state = settle_money(walk), walk.at_state
    asked: tuple[Need, ...] = open_needs(walk, money)
    return Answer(
        state=state.key,
        outcome=state.end.outcome if state.end is not None else None,
        liable=money.liable,
        borne={name: leg.borne_by for name, leg in money.postage.items() if leg is not None},
        fen=dict(_fen(walk, money)),
        need=asked[0].fact if asked else None,
        error=None,
    )


def _fen(walk: Walk, money: Settlement) -> Iterator[tuple[str, int | None]]:
    """Yield every line by its flat name, those that wait behind those that are known."""
    yield from ((f"refund_{line.for_}", line.amount) for line in money.lines)
    yield from ((f"deduction_{line.for_}", line.amount) for line in money.deductions)
    yield from ((f"charge_{line.for_}", line.amount) for line in money.charges)
    recovered: dict[str, int] = {}
    for line in money.recover:
        recovered[line.for_] = recovered.get(line.for_, 0) + line.amount
    yield from ((f"recover_{name}", amount) for name, amount in recovered.items())
    yield from (
        (f"insured_{name}", leg.insurer_pays) for name, leg in money.postage.items() if leg and leg.insurer_pays
    )
    for name in dict.fromkeys(waiting.for_ for waiting in money.waiting):
        yield from ((f"{book}_{name}", None) for book in _books_waiting(walk, money, name))


def _books_waiting(walk: Walk, money: Settlement, name: str) -> Iterator[str]:
    """Yield the books in which a line or a leg of this name waits."""
    laid = walk.laid
    books = {"refund": laid.refund, "charge": laid.charge, "recover": laid.recover}
    known = {"refund": money.lines, "charge": money.charges, "recover": money.recover}
    for book, lines in books.items():
        if name in lines and all(line.for_ != name for line in known[book]):
            yield book
    leg = money.postage.get(name)
    if leg is not None and not leg.shares and not any(name in lines for lines in books.values()):
        if leg.advanced_by in (None, "buyer"):
            yield "refund"
        if leg.advanced_by != "buyer":
            yield "charge"
