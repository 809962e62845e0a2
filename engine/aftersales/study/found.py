"""The way of a found case through the machine: where it stands, or how far it came before the machine stopped."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.errors import CaseError, Diagnostic
from aftersales.run.decision import Decision
from aftersales.run.parts import decide_parts
from aftersales.verify.replay import Document, Replay


@dataclass(frozen=True, slots=True)
class Way:
    """What a found case comes to. Where the machine ``stopped``, the decision is the last one before it did."""

    decision: Decision
    stopped: Diagnostic | None = None


def way_of(case: Document, replay: Replay) -> Way | None:
    """Return the way of a found case; ``None`` where the machine stops even before anything is told."""
    try:
        return Way(_decided(case, replay))
    except CaseError as fault:
        before = _before(case, replay)
        return None if before is None else Way(before, fault.diagnostics[0])


def _decided(case: Document, replay: Replay) -> Decision:
    return decide_parts((replay.walk(case),))


def _before(case: Document, replay: Replay) -> Decision | None:
    """Return the furthest decision of the case with one answer fewer; with the last ones gone where one is not enough."""
    shorter = [case.without(number, name) for number, (_, values) in enumerate(case.events) for name in values]
    found = [decision for other in shorter if (decision := _tried(other, replay)) is not None]
    if found:
        return max(found, key=lambda decision: len(decision.path))
    return _before(shorter[-1], replay) if shorter else None


def _tried(case: Document, replay: Replay) -> Decision | None:
    try:
        return _decided(case, replay)
    except CaseError:
        return None
