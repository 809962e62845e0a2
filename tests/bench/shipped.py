"""The shipped policy: one decision from a full case, and where its time goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import aftersales
from aftersales.case.parts import read_parts
from aftersales.errors import CaseError
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file
from report import Section, Target
from rounds import measure, over_all, seconds

#: Every so many-th worked case is timed.
_EVERY: Final = 7
Data = Mapping[str, object]
_MADE: Final = "policy.decide: where the case stands, outcome, liability"
_MONEY: Final = "the same with money, bearers, what to do and whom to ask read"
_JSON: Final = "the same as its documented JSON, derivations and all"
_READ: Final = "reading and normalising the case alone"
_EVENTS: Final = "a case with events: the first row for those"


def run(rounds: int) -> Section:
    """Measure decisions of worked cases by how much of the decision is looked at."""
    policy = aftersales.load()
    every = _worked()
    full = [case for case in every if case.get("order") and not case.get("events") and _can_be_decided(policy, case)]
    told = [case for case in every if case.get("events") and _can_be_decided(policy, case)]
    cases, with_events = full[::_EVERY], told[::_EVERY]
    candidates: dict[str, Callable[[], int]] = {
        _MADE: over_all(lambda case: _standing(policy, case), cases),
        _MONEY: over_all(lambda case: _figures(policy, case), cases),
        _JSON: over_all(lambda case: policy.to_dict(policy.decide(case)), cases),
        _READ: over_all(lambda case: read_parts(policy.model, case), cases),
        _EVENTS: over_all(lambda case: _standing(policy, case), with_events),
    }
    measured = measure(candidates, rounds)
    whole = measured[_MONEY]
    return Section(
        "One decision on the shipped policy, from a full case",
        f"{len(cases)} worked cases of the shipped policy with their order, claim and facts, and {len(with_events)} that"
        " have events as well. What of a decision is not looked at may never be worked out.",
        ("what", "a case", "to the second row"),
        [(name, seconds(found.middle), f"{found.over(whole)}×") for name, found in measured.items()],
        (
            Target("where a full case stands, on this machine", measured[_MADE].middle * 1e6, 40, unit=" µs"),
            Target("the same with money and what to do, on this machine", whole.middle * 1e6, 40, unit=" µs"),
        ),
        (_spread(policy, full),),
    )


def _standing(policy: aftersales.LoadedPolicy, case: Data) -> object:
    made = policy.decide(case)
    return made.state, made.outcome, made.liable


def _figures(policy: aftersales.LoadedPolicy, case: Data) -> object:
    """Return everything that decides what happens next, without the words that derive it."""
    made = policy.decide(case)
    bearers = [leg and leg.borne_by for leg in made.postage.values()]
    return made.state, made.liable, made.refund.total, bearers, made.charges, made.next_actions, made.needs


def _spread(policy: aftersales.LoadedPolicy, cases: Sequence[Data]) -> str:
    """Say how far the cases lie apart: some are decided by the function, others by the machine."""
    spent = sorted(min(_once(policy, case) for _ in range(5)) for case in cases)
    quarter, half, three = (seconds(spent[len(spent) * part // 4]) for part in (1, 2, 3))
    return (
        f"Over all {len(cases)} full worked cases, where the case stands takes {quarter} or less for a quarter of them,"
        f" {half} for half, {three} for three quarters."
    )


def _once(policy: aftersales.LoadedPolicy, case: Data) -> float:
    started = time.process_time()
    _standing(policy, case)
    return time.process_time() - started


def _worked() -> list[Data]:
    files = sorted((shipped_folder() / "cases").glob("*.yaml"))
    return [case.data for path in files for case in read_case_file(path, path.name)]


def _can_be_decided(policy: aftersales.LoadedPolicy, case: Data) -> bool:
    with suppress(CaseError):
        policy.decide(case)
        return True
    return False
