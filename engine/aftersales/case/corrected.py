"""Corrections: what was told before is replaced as if it had been told right, and the case is folded anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from aftersales.case.model import Case, Correct, Event, Tell
from aftersales.dataclass import replace
from aftersales.errors import ConflictError, Diagnostic
from aftersales.expr.types import Value
from aftersales.text import Text


def corrected(case: Case, until: dt.datetime | None = None) -> Case:
    """Return ``case`` with its corrections up to ``until`` taken in, and without them as events.

    A correction replaces the latest answer to its fact from before it. Raises ConflictError where nobody had told the
    fact by then: there is nothing to correct.
    """
    corrections = [event for event in case.events if isinstance(event, Correct) and _by(event, until)]
    events: tuple[Event, ...] = tuple(event for event in case.events if not isinstance(event, Correct))
    told = dict(case.told)
    for correction in corrections:
        for name, value in correction.values.items():
            events = _replaced(events, told, correction, name, value)
    return replace(case, told=told, events=events)


def _by(event: Event, until: dt.datetime | None) -> bool:
    return until is None or event.at is None or event.at <= until


def _replaced(
    events: tuple[Event, ...], told: dict[str, Value], correction: Correct, name: str, value: Value
) -> tuple[Event, ...]:
    """Put ``value`` where ``name`` was told last before the correction: in an event, else at the opening (``told``)."""
    for i in range(len(events) - 1, -1, -1):
        event = events[i]
        if isinstance(event, Tell) and name in event.values and _by(event, correction.at):
            right: Mapping[str, Value] = {**event.values, name: value}
            return (*events[:i], replace(event, values=right), *events[i + 1 :])
    if name not in told:
        raise ConflictError(_nothing_to_correct(name))
    told[name] = value
    return events


def _nothing_to_correct(name: str) -> Diagnostic:
    return Diagnostic(
        "nothing_to_correct",
        Text(f"此前没有人告知过 {name}，没有可更正的", f"nobody has told {name} before: there is nothing to correct"),
        hint=Text("第一次告知用 tell", "use tell to tell it for the first time"),
    )
