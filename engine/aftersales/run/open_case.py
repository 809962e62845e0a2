"""An open case: events arrive one by one, every decision is folded anew from all of them.

Nothing is kept but the case and its events, so duplicates and reordering change nothing, and a snapshot taken after
any event goes on exactly where it stopped.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from aftersales.case.model import Case, Event
from aftersales.case.parts import read_parts, split_part
from aftersales.case.read import read_as_of
from aftersales.dataclass import replace
from aftersales.errors import ConflictError, Diagnostic, PolicyChangedError, SnapshotError, TooLateError
from aftersales.instants import show_instant, zone_named
from aftersales.run.as_json import Json
from aftersales.run.decision import Decision
from aftersales.run.parts import decide_parts, fold_parts
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
        self._cases, self._walks = self._fold(self._data, at)
        self.version = 0

    @property
    def decision(self) -> Decision:
        """Return the decision as of the last event, or of the last ``advance``."""
        return decide_parts(self._walks)

    def outlook(self) -> Decision:
        """Return the decision with the ends that are still reachable."""
        return decide_parts(self._walks, outlook=True)

    def tell(self, *, at: object = None, id: str | None = None, part: int | None = None, **facts: object) -> Decision:
        """Take in answers given at ``at`` (an aware datetime or ISO text) and return the decision.

        The same event twice changes nothing. Raises a CaseError where an answer is at fault, TooLateError where the
        event is from before a payment that was already made; the case is then as it was.
        """
        return self._take({"tell": dict(facts)}, at, id, part)

    def done(
        self, action: str, *, at: object = None, amount: object = None, id: str | None = None, part: int | None = None
    ) -> Decision:
        """Take in that an action was done; a paying one names its ``amount`` (``"59.00"``).

        Raises NotOwedError where it is not owed, AmountError where the amount is missing, or more than is due.
        """
        paid = {} if amount is None else {"amount": amount}
        return self._take({"done": action, **paid}, at, id, part)

    def correct(
        self, *, at: object = None, id: str | None = None, part: int | None = None, **facts: object
    ) -> Decision:
        """Replace what was told of ``facts`` before ``at``, and decide as if it had been told right.

        Raises ConflictError where nobody had told it, or where an action already done would not be on the path.
        """
        return self._take({"correct": dict(facts)}, at, id, part)

    def override(
        self,
        to: str,
        *,
        by: str,
        because: str,
        at: object = None,
        id: str | None = None,
        part: int | None = None,
    ) -> Decision:
        """Go on at state ``to`` of the flow by the word of a role, for a reason; the caps on money hold all the same.

        Where a deadline later leads to no branch that fits, the case rests there with a warning, to be overridden again.
        Raises UnknownNameError for a state or a role that is not there, ConflictError where liability or a leg of
        postage would stay open.
        """
        return self._take({"override": {"to": to}, "by": by, "because": because}, at, id, part)

    def split(self, part: int = 1, *, quantity: int, **facts: object) -> Decision:
        """Make a part of its own of ``quantity`` units of ``part``, with ``facts`` of their own, and decide.

        What was told of the part holds for both. Raises ConflictError where the part has several lines, fewer units, or
        was already paid for.
        """
        if self._walks[part - 1 : part] and self._walks[part - 1].ledger.paid:
            raise ConflictError(_paid_already(part))
        data = split_part(self._data, part, quantity, facts)
        cases, walks = self._fold(data, self._at)
        decision = decide_parts(walks)
        self._data, self._cases, self._walks = dict(data), cases, walks
        self.version += 1
        return decision

    def advance(self, *, as_of: dt.datetime | str) -> Decision:
        """See the case at ``as_of``: deadlines before it have passed, and stay passed until another event comes in.

        Time never runs backwards: an instant before one that was seen since the last event changes nothing.
        """
        seen = read_as_of(as_of)
        if seen is not None and self._at is not None and seen < self._at:
            return self.decision
        cases, walks = self._fold(self._data, seen)
        decision = decide_parts(walks)
        self._at, self._cases, self._walks = seen, cases, walks
        return decision

    def to_dict(self) -> Json:
        """Return a snapshot for ``resume``: the case, its events, and what was decided, under which policy."""
        zone = zone_named(self._policy.model.timezone)
        return {
            "form": SNAPSHOT_FORM,
            "version": self.version,
            "policy": {"id": self._policy.model.id, "digest": self._policy.model.digest},
            "case": json.loads(json.dumps(self._data, default=_plain)),
            "as_of": None if self._at is None else show_instant(self._at, zone),
            "decided": decided(self._walks),
        }

    def _take(self, event: dict[str, object], at: object, name: str | None, part: int | None) -> Decision:
        stamped = event | ({} if at is None else {"at": at}) | ({} if name is None else {"id": name})
        stamped |= {} if part is None else {"part": part}
        data = {**self._data, "events": [*cast("list[object]", self._data["events"]), stamped]}
        cases, walks = self._fold(data, None)
        if _said(cases) == _said(self._cases):
            return self.decision
        for before, after, walk in zip(self._cases, cases, self._walks, strict=True):
            _refuse_before_payment(before, after, walk.paid_at)
        decision = decide_parts(walks)
        self._data, self._at, self._cases, self._walks = data, None, cases, walks
        self.version += 1
        return decision

    def _fold(self, data: Mapping[str, object], as_of: dt.datetime | None) -> tuple[tuple[Case, ...], tuple[Walk, ...]]:
        cases = read_parts(self._policy.model, data)
        return cases, fold_parts(self._policy.machine, self._policy.model, cases, as_of)


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
    opened = OpenCase(policy, data, read_as_of(as_of))
    version = snapshot.get("version")
    opened.version = version if isinstance(version, int) else 0
    _compare(snapshot.get("decided"), decided(opened._walks))  # noqa: SLF001 (one module, two faces)
    return opened


def decided(walks: Sequence[Walk]) -> Json:
    """Return what must not change when a case is resumed under another policy: path, money and what was done."""
    made = [report(walk) for walk in walks]
    return {
        "path": [f"{step.flow}.{step.state}" for part in made for step in part.path],
        "refund": [{line.for_: line.amount for line in part.refund.lines} for part in made],
        "paid": [dict(walk.ledger.paid) for walk in walks],
        "done": [sorted(walk.done_here | walk.duties_done) for walk in walks],
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


def _said(cases: Sequence[Case]) -> list[list[Event]]:
    """Return what happened, part by part, whatever id each event came under: known by another id it is still known."""
    return [[replace(event, id=None) for event in case.events] for case in cases]


def _refuse_before_payment(before: Case, after: Case, paid_at: dt.datetime | None) -> None:
    """Refuse an event from before the last payment: what was paid for must stay on the path."""
    fresh = [event for event in after.events if event not in before.events]
    if any(paid_at is not None and event.at is not None and event.at < paid_at for event in fresh):
        raise TooLateError(
            Diagnostic(
                "too_late",
                Text("该事件早于已付款的时刻，不能再补记", "this event is from before a payment that was already made"),
            )
        )


def _paid_already(part: int) -> Diagnostic:
    return Diagnostic(
        "paid_already",
        Text(f"第 {part} 项已经付过款，不能再拆", f"part {part} was already paid for and cannot be split"),
    )


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value)
