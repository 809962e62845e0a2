"""Registers from cases: who is entered on which list, by the day, week or month it goes out, and to whom.

An entry comes from what a case owes or has done: a duty, an action where the case rests, a payment. It stays on the
list once it is done; the list says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aftersales.case.model import Case, Done
from aftersales.case.parts import read_parts
from aftersales.case.units import claimed_units
from aftersales.errors import CaseError, Diagnostic
from aftersales.expr.types import UNKNOWN, Value
from aftersales.instants import zone_named
from aftersales.policy.model import Action, Policy
from aftersales.policy.registers import COLUMNS, Register
from aftersales.run.decision import Decision
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.parts import fold_parts
from aftersales.run.report import report, role_of
from aftersales.run.walk import Walk
from aftersales.study.case_file import WrittenCase

#: The period of entries of a case that tells no instants.
UNDATED = "undated"
_EXPECTS_ERROR = "error"


@dataclass(frozen=True, slots=True)
class Goods:
    """Units of an article: its title, or its sku where it has none."""

    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list: the case, what is entered, and since when; amounts in fen.

    ``amount`` is what a payment paid or has to pay, for other entries the case's whole refund; ``recover`` what third
    parties owe. ``facts`` are the facts that the list shows, as far as they are known.
    """

    list: str
    every: str
    to: str
    at: dt.datetime | None
    case: str
    action: str
    by: str
    is_open: bool
    order: str | None
    shop: str | None
    goods_in: tuple[Goods, ...]
    goods_out: tuple[Goods, ...]
    amount: int
    recover: int
    issue: Value
    flow: str
    liable: str | None
    outcome: str | None
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it goes out once: ``period`` is a day (2026-11-06), a week (2026-W45), a month (2026-11) or undated."""

    register: Register
    every: str
    to: str
    period: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """The sheets in the policy's order, and the faults of cases that could not be decided."""

    sheets: tuple[Sheet, ...]
    faults: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted: of one list, from and to a local day, both included; ``None`` leaves all.

    Entries without an instant are on no day.
    """

    name: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def has(self, entry: Entry, zone: dt.tzinfo) -> bool:
        """Return whether ``entry`` is wanted, its day taken in ``zone``."""
        if self.name is not None and entry.list != self.name:
            return False
        if self.since is None and self.until is None:
            return True
        day = entry.at.astimezone(zone).date() if entry.at is not None else None
        return day is not None and (self.since or day) <= day <= (self.until or day)


def make_lists(policy: LoadedPolicy, cases: Iterable[WrittenCase], wanted: Wanted) -> Lists:
    """Decide every case and gather its entries by list, cadence, receiver and period.

    A case at fault is left out and its faults are told; one that a worked case expects to be refused is left out alone.
    """
    zone = zone_named(policy.model.timezone)
    entries: list[Entry] = []
    faults: list[Diagnostic] = []
    for case in cases:
        try:
            entries += (entry for entry in _entries_of(policy, case) if wanted.has(entry, zone))
        except CaseError as fault:
            if case.expect is None or case.expect.get(_EXPECTS_ERROR) is None:
                faults += fault.diagnostics
    return Lists(tuple(_sheets(policy.model, entries, zone)), tuple(faults))


def _sheets(policy: Policy, entries: Iterable[Entry], zone: dt.tzinfo) -> Iterator[Sheet]:
    order = list(policy.lists)
    found: dict[tuple[int, str, str, str], list[Entry]] = {}
    for entry in entries:
        key = (order.index(entry.list), period_of(entry.at, entry.every, zone), entry.every, entry.to)
        found.setdefault(key, []).append(entry)
    for place, period, every, to in sorted(found):
        rows = sorted(found[place, period, every, to], key=_by_time)
        yield Sheet(policy.lists[order[place]], every, to, period, tuple(rows))


def _by_time(entry: Entry) -> tuple[float, str, str]:
    return (entry.at.timestamp() if entry.at is not None else 0.0, entry.case, entry.action)


def period_of(at: dt.datetime | None, every: str, zone: dt.tzinfo) -> str:
    """Return the period that ``at`` falls into on the clock of ``zone``; what goes out at once is kept by the day."""
    if at is None:
        return UNDATED
    day = at.astimezone(zone).date()
    if every == "month":
        return f"{day:%Y-%m}"
    if every == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat()


def _entries_of(policy: LoadedPolicy, written: WrittenCase) -> Iterator[Entry]:
    cases = read_parts(policy.model, written.data, where=written.where)
    for walk in fold_parts(policy.machine, policy.model, cases):
        rows = _Rows(walk, report(walk), written.name)
        yield from rows.duties()
        yield from rows.done()
        yield from rows.owed()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The entries of one case."""

    walk: Walk
    decision: Decision
    name: str | None

    def duties(self) -> Iterator[Entry]:
        """Yield every duty that the case came by, done or not."""
        for name, since in self.walk.duties.items():
            yield from self._entry(name, since, is_open=name not in self.walk.duties_done)

    def done(self) -> Iterator[Entry]:
        """Yield every payment and every action reported done; what was a duty is there already."""
        seen: set[str] = set()
        for event in self.walk.case.events:
            if not isinstance(event, Done) or not self._has_happened(event) or event.action in self.walk.duties:
                continue
            pays = self.walk.policy.actions[event.action].pays
            if pays or event.action not in seen:
                yield from self._entry(event.action, event.at, amount=event.amount if pays else None)
            seen.add(event.action)

    def owed(self) -> Iterator[Entry]:
        """Yield what is owed where the case rests; a payment with what is due now."""
        for todo in self.decision.next_actions:
            if todo.action not in self.walk.duties:
                yield from self._entry(todo.action, self.decision.path[-1].at, amount=todo.amount, is_open=True)

    def _has_happened(self, event: Done) -> bool:
        now = self.walk.now
        return event.at is None or now is None or event.at <= now

    def _entry(
        self, name: str, at: dt.datetime | None, *, amount: int | None = None, is_open: bool = False
    ) -> Iterator[Entry]:
        """Yield the entry of an action that is entered on a list."""
        action = self.walk.policy.actions[name]
        if action.list is not None:
            yield self._made(action, self.walk.policy.lists[action.list], at, amount=amount, is_open=is_open)

    def _made(
        self, action: Action, register: Register, at: dt.datetime | None, *, amount: int | None, is_open: bool
    ) -> Entry:
        case, view = self.walk.case, self.walk.view
        order = case.order
        facts = (column for column in register.columns if column not in COLUMNS and column in self.walk.policy.facts)
        return Entry(
            list=register.name,
            every=action.every or register.every,
            to=action.to or register.to,
            at=at,
            case=case.id or self.name or (order.id if order is not None and order.id else ""),
            action=action.name,
            by=role_of(self.walk, action),
            is_open=is_open,
            order=order.id if order is not None else None,
            shop=order.shop if order is not None else None,
            goods_in=tuple(_goods(case, replaced=False)),
            goods_out=tuple(_goods(case, replaced=True)),
            amount=self.decision.refund.total if amount is None else amount,
            recover=sum(item.amount for item in self.decision.recover),
            issue=view.fact("issue") if "issue" in self.walk.policy.facts else UNKNOWN,
            flow=self.decision.flow,
            liable=self.decision.liable,
            outcome=self.decision.outcome,
            facts={name: view.fact(name) for name in facts},
        )


def _goods(case: Case, *, replaced: bool) -> Iterator[Goods]:
    """Yield the claimed units, or what the buyer gets instead of them: the same, where no other article is wanted."""
    if case.order is None:
        return
    lines = {line.number: line for line in case.order.lines}
    for units in claimed_units(case.order, case.claim):
        line = lines[units.line]
        wanted = units.replacement if replaced else None
        yield Goods(wanted or line.title or line.sku, units.quantity)
