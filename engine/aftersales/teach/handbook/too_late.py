"""What a case was told after its end, when the end could no longer be reopened for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from aftersales.expr.tree import FactRef
from aftersales.instants import parse_instant
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision
from aftersales.study.case_file import WrittenCase


def told_too_late(case: WrittenCase, decision: Decision, policy: Policy) -> Iterator[tuple[dt.datetime, str]]:
    """Yield when a case was told a fact that would have reopened its end in time, and the fact."""
    end = policy.states[f"{decision.flow}.{decision.state}"]
    reopening = {reopen.when.name for reopen in end.reopen if isinstance(reopen.when, FactRef)}
    since = decision.path[-1].at if decision.path else None
    for at, told in _told(case):
        late = since is not None and at > since
        yield from ((at, name) for name, value in told.items() if late and name in reopening and value == "true")


def _told(case: WrittenCase) -> Iterator[tuple[dt.datetime, Mapping[str, object]]]:
    events = case.data.get("events")
    for event in events if isinstance(events, list) else []:
        at, told = event.get("at"), event.get("tell")
        if isinstance(at, str) and isinstance(told, dict):
            yield parse_instant(at), told
