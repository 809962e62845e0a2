"""What a decision was read from: every value with who told it and when, down to what it follows from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from aftersales.case.model import Done, Tell
from aftersales.case.view import CaseView
from aftersales.expr.evaluate import facts_of, params_of
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Fact, PolicySource
from aftersales.run.reads import with_inputs
from aftersales.study.watched import Moment

#: How a value came to be known: told by somebody, by an action done, taken for want of an answer or on a way of the
#: policy, counted by it, following from other facts or from the order record, or not known at all.
Origin = Literal["told", "done", "silence", "taken", "counted", "derived", "computed", "unknown"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact as it was read: its value, how it was known, who answers it and when it was told.

    ``rests_on`` are the facts that a derived one follows from: told ones, and those computed from the order record.
    """

    fact: str
    value: Value
    origin: Origin
    by: str
    at: dt.datetime | None = None
    rests_on: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A param as it was read: its value for the case, and the source that this stands on."""

    param: str
    value: Value
    source: PolicySource | None


def readings(moment: Moment, names: Iterable[str], silent: Collection[str] = ()) -> tuple[Reading, ...]:
    """Return facts as they stood at a moment, in the order given.

    ``silent`` are those that were taken last because a deadline passed without an answer.
    """
    view = moment.standing.view
    made = (_reading(moment, view, name) for name in dict.fromkeys(names))
    return tuple(replace(one, origin="silence") if _is_silent(one, silent) else one for one in made)


def _is_silent(reading: Reading, silent: Collection[str]) -> bool:
    return reading.origin == "taken" and reading.fact in silent


def figures(moment: Moment, conditions: Iterable[Expr]) -> tuple[Figure, ...]:
    """Return the params that conditions read at a moment, those of derived facts among them."""
    view = moment.standing.view
    found = (name for condition in conditions for name in _params(moment, condition))
    return tuple(_figure(moment, view, name) for name in dict.fromkeys(found))


def _params(moment: Moment, condition: Expr) -> Iterator[str]:
    yield from params_of(condition)
    for name in with_inputs(moment.policy, facts_of(condition), moment.told):
        derived = moment.policy.facts[name].derived
        if derived is not None and name not in moment.told:
            yield from params_of(derived)


def _figure(moment: Moment, view: CaseView, name: str) -> Figure:
    value, entry = view.param(name), view.param_note(name)
    return Figure(name, value, None if entry is None else moment.policy.sources.get(entry.source))


def _reading(moment: Moment, view: CaseView, name: str) -> Reading:
    fact, value = moment.policy.facts[name], view.fact(name)
    if value is UNKNOWN:
        return Reading(name, value, "unknown", fact.answered_by)
    if name in moment.told:
        return _told(moment, fact, value)
    if fact.computed:
        return Reading(name, value, "computed", fact.answered_by)
    known = {*moment.told, *(other for other, made in moment.policy.facts.items() if made.computed)}
    inputs = (below for below in with_inputs(moment.policy, [name], known) if below in known)
    rests_on = tuple(_reading(moment, view, below) for below in _in_order(moment, inputs))
    return Reading(name, value, "derived", fact.answered_by, None, rests_on)


def _in_order(moment: Moment, names: Iterable[str]) -> list[str]:
    found = set(names)
    return [name for name in moment.policy.facts if name in found]


def _told(moment: Moment, fact: Fact, value: Value) -> Reading:
    """Return who told a fact and when: an event, an action done, the opening; else it was taken for want of an answer."""
    if fact.counter:
        return Reading(fact.name, value, "counted", fact.answered_by)
    until = moment.now
    for event in reversed(moment.case.events):
        if until is not None and event.at is not None and event.at > until:
            continue
        if isinstance(event, Tell) and event.values.get(fact.name, UNKNOWN) == value:
            return Reading(fact.name, value, "told", fact.answered_by, event.at)
        if isinstance(event, Done) and moment.policy.actions[event.action].gives.get(fact.name, UNKNOWN) == value:
            return Reading(fact.name, value, "done", moment.policy.actions[event.action].by, event.at)
    if moment.case.told.get(fact.name, UNKNOWN) == value:
        return Reading(fact.name, value, "told", fact.answered_by, moment.case.claim.opened_at)
    return Reading(fact.name, value, "taken", fact.answered_by)
