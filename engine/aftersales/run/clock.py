"""Deadlines: the stored instant by which a state wants its answers, from the instant the case came to rest there."""

from __future__ import annotations

import datetime as dt

from aftersales import instants
from aftersales.case.view import CaseView
from aftersales.expr.evaluate import blocker, evaluate
from aftersales.expr.types import Value
from aftersales.policy.model import ByTime, Within, WithinDays, WithinDuration, WithinHours
from aftersales.policy.reads import of_within


def deadline(within: Within, since: dt.datetime, view: CaseView) -> dt.datetime | None:
    """Return the last instant that is still in time for a state entered at ``since``.

    In the policy's timezone; ``None`` where the figure it rests on is not known for this case (a param whose platform
    nobody told).
    """
    return passes_at(within, since, evaluate(of_within(within), view), view.zone)


def passes_at(within: Within, since: dt.datetime, figure: Value, zone: dt.tzinfo) -> dt.datetime | None:
    """Return the deadline of a state entered at ``since`` whose length, count or time of day is ``figure``."""
    last = _last_instant(within, since, figure, zone)
    return None if last is None else last.astimezone(zone)


def clock_waits_for(within: Within, view: CaseView) -> tuple[str, ...]:
    """Return the facts to ask for so that the length of a deadline is known."""
    fact = blocker(of_within(within), view)
    return () if fact is None else view.base_needs(fact) or (fact,)


def _last_instant(within: Within, since: dt.datetime, figure: Value, zone: dt.tzinfo) -> dt.datetime | None:
    match within:
        case WithinDuration():
            return since + figure if isinstance(figure, dt.timedelta) else None
        case WithinDays(end_of_day=end_of_day):
            return _after_days(since, figure, zone, end_of_day=end_of_day) if isinstance(figure, int) else None
        case WithinHours(opens=opens, closes=closes):
            if not isinstance(figure, int):
                return None
            return instants.add_hours_within(since, figure, opens, closes, zone)
        case ByTime():
            return instants.next_time_of_day(since, figure, zone) if isinstance(figure, dt.time) else None


def _after_days(since: dt.datetime, days: int, zone: dt.tzinfo, *, end_of_day: bool) -> dt.datetime:
    at = instants.add_days(since, days, zone)
    return instants.end_of_day(at, zone) if end_of_day else at
