"""Deciding a case as written in a file, so that its faults carry their places."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from aftersales.case.read import read_case
from aftersales.run.decision import Decision
from aftersales.run.fold import fold
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.outlook import look_ahead
from aftersales.run.report import report
from aftersales.study.case_file import WrittenCase


def decide_written(
    policy: LoadedPolicy, case: WrittenCase, as_of: dt.datetime | None = None, *, outlook: bool = False
) -> Decision:
    """Decide a case from a file as of an instant, by default its own ``as_of``, else its last event.

    With ``outlook`` the ends still reachable are looked for as well. Raises a CaseError with places in the file.
    """
    walk = fold(policy.machine, policy.model, read_case(policy.model, case.data, where=case.where), as_of)
    decision = report(walk)
    return replace(decision, outlook=look_ahead(walk)) if outlook else decision


def last_instant(policy: LoadedPolicy, case: WrittenCase) -> dt.datetime | None:
    """Return the latest instant that a case speaks of; ``None`` where it names none. Raises a CaseError with places."""
    read = read_case(policy.model, case.data, where=case.where)
    named = (read.as_of, read.claim.opened_at, *(event.at for event in read.events))
    return max((at for at in named if at is not None), default=None)
