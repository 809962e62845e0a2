"""The shipped policy: one decision from a full case, and where its time goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import aftersales
from aftersales.case.parts import read_parts
from aftersales.case.quick_case import QuickCases
from aftersales.case.quick_values import Unread
from aftersales.errors import CaseError
from aftersales.run.decision import Decision
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file
from report import Section, Target
from rounds import Measured, measure, over_all, seconds

#: Every so many-th worked case is timed.
_EVERY: Final = 7
#: So often every case is decided before anything is timed: functions for orders that are written alike are made once
#: such orders have come a few times.
_BEFORE: Final = 20
Data = Mapping[str, object]
_READ: Final = "reading and normalising the case alone"
_MADE: Final = "policy.decide: where the case stands, outcome, liability"
_MONEY: Final = "the same with money, bearers, payments, what to do and whom to ask read"
_WORDS: Final = "the same with what to say and how each amount is derived"
_JSON: Final = "the same as its documented JSON, path and sources and all"
_LONG: Final = "reading the case the long way, where every fault would be named"
_EVENTS: Final = "a case with events: the third row for those"


def run(rounds: int) -> Section:
    """Measure decisions of worked cases by how much of the decision is looked at."""
    policy = aftersales.load()
    every = _worked()
    full = [case for case in every if case.get("order") and not case.get("events") and _can_be_decided(policy, case)]
    told = [case for case in every if case.get("events") and _can_be_decided(policy, case)]
    cases, with_events = full[::_EVERY], told[::_EVERY]
    quick = QuickCases(policy.model)
    for case in cases * _BEFORE:
        _figures(policy.decide(case))
        _read(quick, case)
    candidates: dict[str, Callable[[], int]] = {
        _READ: over_all(lambda case: _read(quick, case), cases),
        _MADE: over_all(lambda case: _standing(policy, case), cases),
        _MONEY: over_all(lambda case: _figures(policy.decide(case)), cases),
        _WORDS: over_all(lambda case: _words(policy.decide(case)), cases),
        _JSON: over_all(lambda case: policy.to_dict(policy.decide(case)), cases),
        _LONG: over_all(lambda case: read_parts(policy.model, case), cases),
        _EVENTS: over_all(lambda case: _figures(policy.decide(case)), with_events),
    }
    measured = measure(candidates, rounds)
    whole = measured[_MONEY]
    return Section(
        "One decision on the shipped policy, from a full case",
        f"{len(cases)} worked cases of the shipped policy with their order, claim and facts, and {len(with_events)} that"
        f" have events as well; the mean over the cases. Those of the first rows were decided {_BEFORE} times before. What of a decision is not looked at may never be worked out: in"
        " the third row every figure is, and no word.",
        ("what", "a case", "to the third row"),
        [(name, seconds(found.middle), f"{found.over(whole)}×") for name, found in measured.items()],
        (
            Target("where a full case stands, on this machine", measured[_MADE].middle * 1e6, 40, unit=" µs"),
            Target("the same with money and what to do, on this machine", whole.middle * 1e6, 40, unit=" µs"),
        ),
        (_shares(measured), _spread(policy, full)),
    )


def _shares(measured: Mapping[str, Measured]) -> str:
    """Say which part of a decision takes how much of its time."""
    read, made, whole = (measured[name].middle for name in (_READ, _MADE, _MONEY))
    parts = {
        "reading and normalising the case": read,
        "the way through the flows": made - read,
        "money, what to do and whom to ask": whole - made,
    }
    return "Of the third row: " + ", ".join(f"{name} {part / whole:.0%}" for name, part in parts.items()) + "."


def _read(quick: QuickCases, case: Data) -> object:
    try:
        return quick.read(case)
    except Unread:
        return quick.read_whole(case)


def _standing(policy: aftersales.LoadedPolicy, case: Data) -> object:
    made = policy.decide(case)
    return made.state, made.outcome, made.liable


def _figures(made: Decision) -> object:
    """Return everything that decides what happens next, without the words that derive it."""
    refund = made.refund
    return (
        (made.state, made.status, made.outcome, made.liable, made.due),
        (refund.total, refund.due, [(line.for_, line.amount, line.due) for line in refund.lines]),
        [(line.for_, line.amount) for line in refund.deductions],
        [leg and leg.borne_by for leg in made.postage.values()],
        [(line.for_, line.amount) for line in (*made.charges, *made.recover)],
        [(transfer.from_, transfer.to, transfer.for_, transfer.amount) for transfer in made.transfers],
        [(action.action, action.by, action.due, action.if_late, action.amount) for action in made.next_actions],
        [(need.fact, need.from_, need.options, need.at_most) for need in made.needs],
    )


def _words(made: Decision) -> object:
    """Return the figures, what is said with each action, and how each amount came about."""
    lines = (*made.refund.lines, *made.refund.deductions, *made.charges, *made.recover)
    said = [action.say for action in made.next_actions]
    return (
        _figures(made),
        said,
        [line.because for line in lines],
        [leg and leg.because for leg in made.postage.values()],
    )


def _spread(policy: aftersales.LoadedPolicy, cases: Sequence[Data]) -> str:
    """Say how far the cases lie apart: some are decided by the function, others by the machine."""
    spent = sorted(min(_once(policy, case) for _ in range(5)) for case in cases)
    quarter, half, three, most = (seconds(spent[len(spent) * part // 20]) for part in (5, 10, 15, 19))
    return (
        f"Over all {len(cases)} full worked cases, the figures of a decision (the third row) take {quarter} or less for a"
        f" quarter of them, {half} for half, {three} for three quarters, {most} for nineteen of twenty."
    )


def _once(policy: aftersales.LoadedPolicy, case: Data) -> float:
    started = time.perf_counter()
    _figures(policy.decide(case))
    return time.perf_counter() - started


def _worked() -> list[Data]:
    files = sorted((shipped_folder() / "cases").glob("*.yaml"))
    return [case.data for path in files for case in read_case_file(path, path.name)]


def _can_be_decided(policy: aftersales.LoadedPolicy, case: Data) -> bool:
    with suppress(CaseError):
        policy.decide(case)
        return True
    return False
