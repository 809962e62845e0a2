"""An open case: events arrive one by one, every decision is folded anew from all of them.

Nothing is kept but the case and its events, so duplicates and reordering change nothing, and a snapshot taken after
any event goes on exactly where it stopped.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from aftersales.case.model import Case
from aftersales.case.read import read_case
from aftersales.errors import Diagnostic, PolicyChangedError, SnapshotError, TooLateError
from aftersales.instants import parse_instant, show_instant, zone_named
from aftersales.run.as_json import Json
from aftersales.run.decision import Decision
from aftersales.run.fold import fold
from aftersales.run.outlook import look_ahead
from aftersales.run.report import report
from aftersales.run.walk import Walk
from aftersales.text import Text

if TYPE_CHECKING:  # loaded.py opens cases, and so imports this file
    from aftersales.run.loaded import LoadedPolicy

#: The form of ``to_dict``; ``resume`` refuses others.
SNAPSHOT_FORM = 1


class OpenCase:
    """One case that is still being worked on.

    ``version`` counts the accepted events; a store that compares it before writing finds concurrent writers.
    """

    def __init__(self, policy: LoadedPolicy, data: Mapping[str, object], at: dt.datetime | None = None) -> None:
        self._policy = policy
        self._data: dict[str, object] = {**data, "events": list(cast("list[object]", data.get("events") or []))}
        self._at = at
        self._walk = self._fold(self._data, at)
        self.version = 0

    @property
    def decision(self) -> Decision:
        """Return the decision as of the last event, or of the last ``advance``."""
        return report(self._walk)

    def outlook(self) -> Decision:
        """Return the decision with the ends that are still reachable."""
        return replace(self.decision, outlook=look_ahead(self._walk))

    def tell(self, *, at: object = None, id: str | None = None, **facts: object) -> Decision:  # noqa: A002 (the event's own key)
        """Take in answers given at ``at`` (an aware datetime or ISO text) and return the decision.

        The same event twice changes nothing. Raises a CaseError where an answer is at fault, TooLateError where the
        event is from before a payment that was already made; the case is then as it was.
        """
        return self._take({"tell": dict(facts)}, at, id)

    def done(self, action: str, *, at: object = None, amount: object = None, id: str | None = None) -> Decision:  # noqa: A002 (likewise)
        """Take in that an action was done; a paying one names its ``amount`` (``"59.00"``).

        Raises NotOwedError where it is not owed, AmountError where it is more than is due.
        """
        paid = {} if amount is None else {"amount": amount}
        return self._take({"done": action, **paid}, at, id)

    def advance(self, *, as_of: dt.datetime | str) -> Decision:
        """See the case at ``as_of``: deadlines before it have passed. Time never runs backwards here."""
        seen = parse_instant(as_of) if isinstance(as_of, str) else as_of
        self._walk = self._fold(self._data, seen)
        self._at = seen
        return self.decision

    def to_dict(self) -> Json:
        """Return a snapshot for ``resume``: the case, its events, and what was decided, under which policy."""
        zone = zone_named(self._policy.model.timezone)
        return {
            "form": SNAPSHOT_FORM,
            "version": self.version,
            "policy": {"id": self._policy.model.id, "digest": self._policy.model.digest},
            "case": json.loads(json.dumps(self._data, default=_plain)),
            "as_of": None if self._at is None else show_instant(self._at, zone),
            "decided": decided(self._walk),
        }

    def _take(self, event: dict[str, object], at: object, name: str | None) -> Decision:
        stamped = event | ({} if at is None else {"at": at}) | ({} if name is None else {"id": name})
        data = {**self._data, "events": [*cast("list[object]", self._data["events"]), stamped]}
        before = self._walk
        walk = self._fold(data, None)
        if len(walk.case.events) == len(before.case.events):
            return self.decision
        _refuse_before_payment(before, walk)
        self._data, self._at, self._walk = data, None, walk
        self.version += 1
        return self.decision

    def _fold(self, data: Mapping[str, object], as_of: dt.datetime | None) -> Walk:
        case: Case = read_case(self._policy.model, data)
        return fold(self._policy.machine, self._policy.model, case, as_of)


def resume(policy: LoadedPolicy, snapshot: Mapping[str, object]) -> OpenCase:
    """Open a case again from its snapshot.

    Under another policy the case is folded again and accepted where path, owed money and done actions are equal.
    Raises SnapshotError where the snapshot cannot be read, PolicyChangedError with the first difference.
    """
    if snapshot.get("form") != SNAPSHOT_FORM:
        raise SnapshotError(
            Diagnostic("snapshot_form", Text("快照格式无法识别", "this is no snapshot of a form known here"))
        )
    data, as_of = snapshot.get("case"), snapshot.get("as_of")
    if not isinstance(data, Mapping) or not isinstance(as_of, str | None):
        raise SnapshotError(Diagnostic("snapshot_damaged", Text("快照内容不完整", "the snapshot has no case")))
    opened = OpenCase(policy, data, None if as_of is None else parse_instant(as_of))
    version = snapshot.get("version")
    opened.version = version if isinstance(version, int) else 0
    _compare(snapshot.get("decided"), decided(opened._walk))  # noqa: SLF001 (one module, two faces)
    return opened


def decided(walk: Walk) -> Json:
    """Return what must not change when a case is resumed under another policy: path, money and what was done."""
    made = report(walk)
    return {
        "path": [f"{step.flow}.{step.state}" for step in made.path],
        "refund": {line.for_: line.amount for line in made.refund.lines},
        "paid": dict(walk.ledger.paid),
        "done": sorted(walk.done_here | walk.duties_done),
    }


def _compare(before: object, now: Json) -> None:
    if not isinstance(before, Mapping):
        raise SnapshotError(Diagnostic("snapshot_damaged", Text("快照内容不完整", "the snapshot has no decision")))
    for part, value in now.items():
        if before.get(part) != value:
            raise PolicyChangedError(_changed(part, before.get(part), value))


def _changed(part: str, before: object, now: object) -> Diagnostic:
    return Diagnostic(
        "policy_changed",
        Text(
            f"现行政策下 {part} 不同：原为 {before}，现为 {now}",
            f"{part} differs under this policy: was {before}, is {now}",
        ),
    )


def _refuse_before_payment(before: Walk, after: Walk) -> None:
    """Refuse an event from before the last payment: what was paid for must stay on the path."""
    fresh = [event for event in after.case.events if event not in before.case.events]
    paid_at = before.paid_at
    early = [event for event in fresh if paid_at is not None and event.at is not None and event.at < paid_at]
    if early:
        raise TooLateError(
            Diagnostic(
                "too_late",
                Text("该事件早于已付款的时刻，不能再补记", "this event is from before a payment that was already made"),
            )
        )


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value)
