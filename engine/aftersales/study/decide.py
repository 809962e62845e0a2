"""Deciding a case as written in a file, so that its faults carry their places."""

from __future__ import annotations

import datetime as dt

from aftersales.case.parts import read_parts
from aftersales.run.decision import Decision
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.parts import decide_parts, fold_parts
from aftersales.run.walk import Walk
from aftersales.study.case_file import WrittenCase


def decide_written(
    policy: LoadedPolicy, case: WrittenCase, as_of: dt.datetime | None = None, *, outlook: bool = False
) -> Decision:
    """Decide a case from a file as of an instant, by default its own ``as_of``, else its last event.

    With ``outlook`` the ends still reachable are looked for as well. Raises a CaseError with places in the file.
    """
    return decide_parts(fold_written(policy, case, as_of), outlook=outlook)


def fold_written(policy: LoadedPolicy, case: WrittenCase, as_of: dt.datetime | None = None) -> tuple[Walk, ...]:
    """Walk every part of a case from a file, as ``decide_written`` does. Raises a CaseError with places in the file."""
    cases = read_parts(policy.model, case.data, where=case.where)
    return fold_parts(policy.machine, policy.model, cases, as_of)


def last_instant(policy: LoadedPolicy, case: WrittenCase) -> dt.datetime | None:
    """Return the latest instant that a case speaks of; ``None`` where it names none. Raises a CaseError with places."""
    parts = read_parts(policy.model, case.data, where=case.where)
    named = [parts[0].as_of, parts[0].claim.opened_at, *(event.at for part in parts for event in part.events)]
    return max((at for at in named if at is not None), default=None)
