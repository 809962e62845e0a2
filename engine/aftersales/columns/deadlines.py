"""Deadlines over arrays: the last instant that is still in time for rows that came to rest."""

from __future__ import annotations

import datetime as dt

import numpy as np

from aftersales.columns import days
from aftersales.columns.rows import Rows, Whole
from aftersales.columns.symbols import Amount
from aftersales.policy.model import ByTime, Within, WithinDays, WithinDuration, WithinHours

#: Past every instant: a deadline that nobody knows never passes.
NEVER = np.iinfo(np.int64).max


def last_instants(within: Within, length: Amount, since: Whole, rows: Rows) -> Whole:
    """Return the last instant in time for every row, counted from ``since`` (seconds since 1970).

    ``NEVER`` where the figure that it rests on is not known for a row.
    """
    known = np.broadcast_to(rows.truth(length.known), since.shape)
    figure = np.broadcast_to(np.asarray(rows.term(length.term), np.int64), since.shape)
    return np.where(known, _last(within, figure, since, days.zone(rows.block.zone)), NEVER)


def _last(within: Within, figure: Whole, since: Whole, zone: days.Zone) -> Whole:
    match within:
        case WithinDuration():
            return since + figure
        case WithinDays(_, end_of_day):
            at = days.add_days(since, figure, zone)
            return days.end_of_day(at, zone) if end_of_day else at
        case WithinHours(_, opens, closes):
            return days.add_hours_within(since, figure, _seconds(opens), _seconds(closes), zone)
        case ByTime():
            return days.next_time_of_day(since, figure, zone)


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second
