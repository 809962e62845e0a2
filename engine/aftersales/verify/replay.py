"""Deciding a found case in the machine itself: a law counts as refuted only after that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from aftersales.case.read import read_case
from aftersales.errors import CaseError
from aftersales.policy.model import Policy
from aftersales.run.fold import fold
from aftersales.run.machine import PolicyMachine
from aftersales.run.standing import Standing
from aftersales.run.walk import Walk

#: What is told at one instant.
Told = tuple[dt.datetime, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Document:
    """A found case in the form of a case file: who complains of what, what is told when, when it is looked at.

    ``issues`` are those that a case may have.
    """

    issue: object
    opened_at: dt.datetime
    shop: str | None
    events: tuple[Told, ...]
    as_of: dt.datetime | None
    issues: tuple[str, ...] = ()

    @property
    def untimed(self) -> bool:
        """Return whether all that is told can be told at once, so that no instant matters."""
        names = [name for _, values in self.events for name in values]
        return (
            self.as_of is None and len(names) == len(set(names)) and all(at == self.opened_at for at, _ in self.events)
        )

    def to_dict(self) -> dict[str, object]:
        """Return the case as the documented mapping."""
        claim = {"issue": self.issue} if self.issue is not None else {}
        case: dict[str, object] = {"claim": {**claim, "opened_at": self.opened_at.isoformat()}}
        if self.shop is not None:
            case["order"] = {"shop": self.shop}
        if self.untimed:
            facts = {name: value for _, values in self.events for name, value in values.items()}
            return {**case, **({"facts": facts} if facts else {})}
        events = [{"at": at.isoformat(), "tell": dict(values)} for at, values in self.events]
        seen = {"as_of": self.as_of.isoformat()} if self.as_of is not None else {}
        return {**case, **({"events": events} if events else {}), **seen}

    def without(self, number: int, name: str) -> Document:
        """Return the case without one fact that is told at event ``number``."""
        at, values = self.events[number]
        left = {key: value for key, value in values.items() if key != name}
        return self._with(number, at, left)

    def telling(self, number: int, name: str, value: object) -> Document:
        """Return the case with another answer to one fact that is told at event ``number``."""
        at, values = self.events[number]
        return self._with(number, at, {**values, name: value})

    def with_value(self, old: object, new: object) -> Document:
        """Return the case with every answer that is ``old`` made ``new``."""

        def changed(value: object) -> object:
            return new if value == old and type(value) is type(old) else value

        events = tuple((at, {name: changed(value) for name, value in values.items()}) for at, values in self.events)
        return replace(self, events=events)

    def _with(self, number: int, at: dt.datetime, values: Mapping[str, object]) -> Document:
        events = list(self.events)
        events[number : number + 1] = [(at, values)] if values else []
        return replace(self, events=tuple(events))


@dataclass(slots=True)
class Replay:
    """The machine of one policy, to decide found cases in."""

    policy: Policy
    machine: PolicyMachine = field(init=False)

    def __post_init__(self) -> None:
        self.machine = PolicyMachine(self.policy)

    def walk(self, case: Document) -> Walk:
        """Return where ``case`` stands. Raises the CaseError that the machine stops with."""
        return fold(self.machine, self.policy, read_case(self.policy, case.to_dict()))

    def standing(self, case: Document) -> Standing | None:
        """Return how ``case`` stands in its state; ``None`` where the machine stops."""
        try:
            return self.walk(case).standing
        except CaseError:
            return None

    def due(self, case: Document) -> dt.datetime | None:
        """Return the deadline of the state that ``case`` stands in; ``None`` where none runs or the machine stops."""
        try:
            return self.walk(case).due
        except CaseError:
            return None
