"""Faults outside the states: figures of params, what facts are derived from, interrupts, what actions tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Final

from aftersales.expr.shown import show
from aftersales.expr.tree import Expr
from aftersales.expr.types import Kind, Type, Value
from aftersales.expr.words import code
from aftersales.money import show_money
from aftersales.policy.model import Action, Fact, Param, ParamValue, Policy, Tier
from aftersales.verify.mutants.expressions import Rule, alternatives, next_word
from aftersales.verify.mutants.mutant import Change, Mutant

_MINUTE: Final = dt.timedelta(minutes=1)
_PERCENT: Final = Fraction(1, 100)
_MONEY: Final = Type(Kind.MONEY)


def derived_by(policy: Policy, operator: str, rule: Rule) -> Iterator[Mutant]:
    """Yield what ``rule`` makes of every derived fact."""
    for fact in policy.facts.values():
        for other in alternatives(fact.derived, rule) if fact.derived is not None else ():
            yield _of_fact(operator, fact, other)


def _of_fact(operator: str, fact: Fact, other: Expr) -> Mutant:
    before = code(fact.derived) if fact.derived is not None else ""
    changed = Change(facts={fact.name: replace(fact, derived=other)})
    return Mutant(operator, "facts", fact.name, fact.span, before, code(other), partial(_made, changed))


def moved_param(policy: Policy, operator: str) -> Iterator[Mutant]:
    """Set a figure one unit higher or lower (a fen, a day, a minute, a per cent), or another word, inside its bounds."""
    for param in policy.params.values():
        for entry in param.values:
            if not entry.none_found and not isinstance(entry.value, tuple):
                for other in _beside(param, entry.value):
                    before, after = (show(value, param.type) for value in (entry.value, other))
                    yield _of_param(operator, param, entry, (replace(entry, value=other),), (before, after))


def moved_tier(policy: Policy, operator: str) -> Iterator[Mutant]:
    """Move a row's bound or pay by a fen (a rate by a per cent), drop its least or most, or leave the row out."""
    for param in policy.params.values():
        for entry in param.values:
            if isinstance(entry.value, tuple):
                rows = entry.value
                for i, row in enumerate(rows):
                    for other in (*_rows_beside(row), None):
                        left = (*rows[:i], *(() if other is None else (other,)), *rows[i + 1 :])
                        said = (_tier(row), None if other is None else _tier(other))
                        yield _of_param(operator, param, entry, (replace(entry, value=left),), said)


def dropped_overlay(policy: Policy, operator: str) -> Iterator[Mutant]:
    """Leave out what one platform or shop, or one period, says of a figure."""
    for param in policy.params.values():
        for entry in param.values if len(param.values) > 1 else ():
            where = entry.shop or entry.platform
            if where is not None:
                yield _of_param(operator, param, entry, (), (f"{where}: {_entry(param, entry)}", None))


def _of_param(
    operator: str, param: Param, entry: ParamValue, others: tuple[ParamValue, ...], said: tuple[str, str | None]
) -> Mutant:
    values = tuple(value for each in param.values for value in (others if each is entry else (each,)))
    changed = Change(params={param.name: replace(param, values=values)})
    return Mutant(operator, "params", param.name, entry.span, *said, partial(_made, changed))


def _beside(param: Param, value: Value) -> Iterator[Value]:
    for other in _neighbours(param.type, value):
        if not (_below(other, param.floor) or _below(param.ceiling, other)):
            yield other


def _neighbours(kind: Type, value: Value) -> Iterator[Value]:
    match value:
        case bool():
            yield not value
        case str():
            yield next_word(kind.values, value)
        case int():
            yield from (other for other in (value - 1, value + 1) if other >= 0)
        case Fraction():
            yield from (other for other in (value - _PERCENT, value + _PERCENT) if other >= 0)
        case dt.timedelta():
            yield from (value - _MINUTE, value + _MINUTE)
        case dt.time():
            yield value.replace(minute=(value.minute + 1) % 60)
        case _:
            return


def _below(one: Value, other: Value) -> bool:
    """Return whether a figure is below another; words, flags and missing bounds never are."""
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if isinstance(one, int | Fraction) and isinstance(other, int | Fraction):
        return one < other
    return isinstance(one, dt.timedelta) and isinstance(other, dt.timedelta) and one < other


def _rows_beside(row: Tier) -> Iterator[Tier]:
    for name in ("up_to", "below", "least", "most"):
        bound = getattr(row, name)
        if bound is not None:
            yield replace(row, **{name: bound + 1})
    if isinstance(row.pay, int):
        yield replace(row, pay=row.pay + 1)
    else:
        yield replace(row, pay=row.pay + _PERCENT)
    if row.least is not None:
        yield replace(row, least=None)
    if row.most is not None:
        yield replace(row, most=None)


def _tier(row: Tier) -> str:
    pay = show_money(row.pay) if isinstance(row.pay, int) else f"{float(row.pay * 100):g}%"
    bounds = (
        f"{word}: {show_money(fen)}"
        for word, fen in (("up_to", row.up_to), ("below", row.below), ("min", row.least), ("max", row.most))
        if fen is not None
    )
    return "{" + ", ".join((*bounds, f"pay: {pay}")) + "}"


def _entry(param: Param, entry: ParamValue) -> str:
    if entry.none_found:
        return "none_found"
    return ", ".join(map(_tier, entry.value)) if isinstance(entry.value, tuple) else show(entry.value, param.type)


def dropped_anytime(policy: Policy, operator: str) -> Iterator[Mutant]:
    """Leave out an interrupt of a flow."""
    for flow in policy.flows.values():
        for way in flow.anytime:
            left = tuple(other for other in flow.anytime if other is not way)
            changed = Change(flows={flow.name: replace(flow, anytime=left)})
            before = f"anytime: {way.on} → {way.target.state}"
            yield Mutant(operator, flow.name, flow.name, way.span, before, None, partial(_made, changed))


def untold(policy: Policy, operator: str) -> Iterator[Mutant]:
    """Leave out what an action tells once it is done, or say that it pays no money (that it pays some)."""
    for action in policy.actions.values():
        for fact in action.gives:
            left = {name: value for name, value in action.gives.items() if name != fact}
            yield _of_action(operator, action, replace(action, gives=left), (f"gives: {fact}", None))
        if action.pays:
            yield _of_action(operator, action, replace(action, pays=False), ("pays: true", None))


def _of_action(operator: str, action: Action, other: Action, said: tuple[str, str | None]) -> Mutant:
    changed = Change(actions={action.name: other})
    return Mutant(operator, "actions", action.name, action.span, *said, partial(_made, changed))


def _made(change: Change) -> Change:
    return change
