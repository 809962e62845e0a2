"""What a state reads: every expression of it with its place, and the facts that choose the value of a param."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.expr.tree import Expr
from aftersales.policy.model import Bearing, ByTime, Param, Policy, State, Terms, Within, WithinDays, WithinDuration
from aftersales.source import Span

#: The fact that chooses among the overlays of platforms.
PLATFORM: Final = "platform"


def asides_of(state: State) -> Iterator[tuple[Expr, Span]]:
    """Yield what a state reads besides its guards: offers, deadline, reopening, terms."""
    yield from of_offers(state)
    if state.within is not None:
        yield of_within(state.within), state.span
    for reopen in state.reopen:
        yield reopen.when, reopen.span
        yield of_within(reopen.within), reopen.span
    yield from of_terms(state.terms, state.span)


def of_offers(state: State) -> Iterator[tuple[Expr, Span]]:
    """Yield the conditions and bounds of a state's offers."""
    for offer in state.offers:
        yield from ((when, state.span) for _, when in offer.options)
        if offer.at_most is not None:
            yield offer.at_most, state.span


def choosing_facts(policy: Policy, param: Param) -> tuple[str, ...]:
    """Return the facts that decide which value of a param holds, and the one that its tiers are applied to."""
    found = []
    if len({(value.value, value.none_found) for value in param.values}) > 1:
        if PLATFORM in policy.facts and any(value.platform for value in param.values):
            found.append(PLATFORM)
        if param.dated_by is not None and any(value.valid_from or value.valid_until for value in param.values):
            found.append(param.dated_by)
    if param.on is not None and any(isinstance(value.value, tuple) for value in param.values):
        found.append(param.on)
    return tuple(found)


def of_within(within: Within) -> Expr:
    """Return the length, count or time of a deadline."""
    match within:
        case WithinDuration(length=expr) | WithinDays(days=expr) | ByTime(time=expr):
            return expr
        case _:
            return within.hours


def of_terms(terms: Terms, span: Span) -> Iterator[tuple[Expr, Span]]:
    """Yield who is liable (at ``span``), who bears and advances each leg, and every amount with its cap."""
    yield from ((expr, span) for expr in _of_bearing(terms.liable))
    for leg in terms.postage:
        yield from ((expr, leg.span) for expr in _of_bearing(leg.borne))
        if leg.advanced is not None:
            yield leg.advanced, leg.span
    for line in (*terms.refund, *terms.deductions, *terms.charge, *terms.recover):
        yield line.amount, line.span
        if line.cap is not None:
            yield line.cap, line.span


def _of_bearing(bearing: Bearing) -> Iterator[Expr]:
    if bearing is not None and not isinstance(bearing, tuple):
        yield bearing
