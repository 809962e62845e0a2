"""Whoever keeps an open case: what was accepted, what time it is, what was owed; the ground of the case machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from aftersales import AmountError, CaseError, Decision, LoadedPolicy, OpenCase
from strategies import OPENED, tellable, value_of

Event = dict[str, Any]


def deliver(opened: OpenCase, event: Event) -> Decision:
    """Hand one event to an open case, as whoever stored it would."""
    around: dict[str, Any] = {"at": event["at"], "id": event.get("id"), "part": event.get("part")}
    if "done" in event:
        return opened.done(event["done"], amount=event.get("amount"), **around)
    if "override" in event:
        return opened.override(event["override"]["to"], by=event["by"], because=event["because"], **around)
    if "correct" in event:
        return opened.correct(**around, **event["correct"])
    return opened.tell(**around, **event["tell"])


def refusal(opened: OpenCase, event: Event) -> CaseError | None:
    """Hand one event to an open case and return why it was refused; ``None`` where it was taken in."""
    try:
        deliver(opened, event)
    except CaseError as fault:
        return fault
    return None


def parts_of(decision: Decision) -> tuple[Decision, ...]:
    """Return the parts of a decision; a case without parts is its only one."""
    return decision.parts or (decision,)


def ways(decision: Decision) -> list[list[tuple[object, ...]]]:
    """Return the path of every part, without titles and sources."""
    return [
        [(step.flow, step.state, step.because, dict(step.read), step.at, step.edge) for step in part.path]
        for part in parts_of(decision)
    ]


def ledger(opened: OpenCase) -> list[dict[str, int]]:
    """Return what was paid of every line of every part, in fen, also of lines that are no longer owed."""
    return [dict(walk.ledger.paid) for walk in opened._walks]


def free_to_do(part: Decision) -> list[str]:
    """Return the actions that are owed and wait for no other."""
    waiting = {action.action for action in part.next_actions if action.after}
    owed = [action.action for action in part.next_actions] + [duty.action for duty in part.duties]
    return [action for action in dict.fromkeys(owed) if action not in waiting]


def in_fen(event: Event) -> int:
    """Return the amount that an event pays, in fen."""
    return int(event.get("amount", "0").replace(".", ""))


class CaseKeeper(RuleBasedStateMachine):
    """Keeps one open case, and beside it only what its keeper knows: the case as first told, and the accepted events."""

    policy: ClassVar[LoadedPolicy]

    case: dict[str, Any]
    opened: OpenCase
    decision: Decision

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.clock = OPENED
        self.version = 0
        self.splits = 0
        self.owed: list[dict[str, int]] = []
        self.paid_ids: set[str | None] = set()
        self._numbers = 0

    def look(self) -> None:
        """Look at the case where it stands, and remember the most that was ever owed of each line."""
        self.decision = self.opened.decision
        for i, part in enumerate(parts_of(self.decision)):
            if len(self.owed) == i:
                self.owed.append({})
            for line in part.refund.lines:
                self.owed[i][line.for_] = max(line.amount, self.owed[i].get(line.for_, 0))

    def wait(self, pause: dt.timedelta) -> bool:
        """Let time pass, and see the case then; false where its sums cannot be."""
        return self.see(self.clock + pause)

    def see(self, at: dt.datetime) -> bool:
        """See the case at an instant; the way so far stays. False where its sums cannot be."""
        before, kept = ways(self.decision), self.opened.to_dict()
        self.clock = max(self.clock, at)
        try:
            self.opened.advance(as_of=at)
        except AmountError:
            assert self.opened.to_dict() == kept
            return False
        self.look()
        assert grown(before, ways(self.decision))
        return True

    def happens(self, event: Event, part: int | None, pause: dt.timedelta) -> CaseError | None:
        """Let time pass, then an event happen; return why it was refused, if it was."""
        self.wait(pause)
        before, stamped = ways(self.decision), self.stamped(event, part, self.clock)
        last = all(each["at"] < stamped["at"] for each in self.events)
        refused = self.attempt(stamped)
        assert "correct" in event or not last or grown(before, ways(self.decision))
        return refused

    def attempt(self, event: Event) -> CaseError | None:
        """Deliver an event and keep it: refused it leaves the case as it was, known it changes nothing."""
        before, decided, books = self.opened.to_dict(), self.decision, ledger(self.opened)
        refused = refusal(self.opened, event)
        assert refused is None or all(diagnostic.code for diagnostic in refused.diagnostics)
        if refused is not None or self.knows(event):
            assert self.opened.to_dict() == before
            assert self.opened.decision == decided
            return refused
        self.events.append(event)
        self.version += 1
        self.look()
        assert self.decision == self.policy.decide(self.case | {"events": self.events})
        if "done" not in event and ledger(self.opened) != books:
            self.paid_ids.clear()  # told otherwise, the same payment counts on another line, under that line's id
        return None

    def stamped(self, event: Event, part: int | None, at: dt.datetime) -> Event:
        """Return an event with its instant and part; every other one has an id."""
        self._numbers += 1
        named = {"id": f"e{self._numbers}"} if self._numbers % 2 else {}
        return {**event, "at": at.isoformat(), **named, **({} if part is None else {"part": part})}

    def knows(self, event: Event) -> bool:
        """Return whether the same was already said at the same instant, of this part or of all."""
        same = (known for known in self.events if said(known) == said(event))
        return any(known.get("part") in (None, event.get("part")) for known in same)

    def part(self, number: int | None) -> Decision:
        """Return the decision of one part."""
        return parts_of(self.decision)[(number or 1) - 1]

    def draw_part(self, data: st.DataObject, wanted: Callable[[Decision], object] = bool) -> int | None:
        """Draw a part of the case that is wanted; ``None`` where it has no parts."""
        parts = self.decision.parts or ()
        numbers = [number for number, part in enumerate(parts, start=1) if wanted(part)]
        return data.draw(st.sampled_from(numbers)) if numbers else None

    def draw_fact(self, data: st.DataObject) -> dict[str, object]:
        """Draw a fact and a value of its type."""
        name = data.draw(st.sampled_from([fact.name for fact in tellable(self.policy.model)]))
        return {name: data.draw(value_of(self.policy.model.facts[name]))}


def said(event: Event) -> Event:
    """Return what makes two events the same: all but their names and their part."""
    return {key: value for key, value in event.items() if key not in ("id", "part")}


def grown(before: list[list[tuple[object, ...]]], after: list[list[tuple[object, ...]]]) -> bool:
    """Return whether every way goes on where it was."""
    return all(way[: len(past)] == past for past, way in zip(before, after, strict=True))
