"""Faults in how long a case waits and what for: offers, deadlines, silence, ``until``, reopening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from aftersales.expr.types import Kind
from aftersales.policy.frames import Frame
from aftersales.policy.model import Param
from aftersales.syntax.tree import (
    ByTimeSyntax,
    ExprText,
    LateSyntax,
    Name,
    OptionSyntax,
    TextSyntax,
    WithinDaysSyntax,
    WithinHoursSyntax,
    WithinLength,
    WithinParam,
    WithinSyntax,
)
from aftersales.verify.mutants.nodes import nodes_in
from aftersales.verify.mutants.workshop import Edit, Place

_HOUR = dt.timedelta(hours=1)


def dropped_offer(place: Place) -> Iterator[Edit]:
    """Leave out an option, its condition, or the bound of an amount."""
    for offer in place.written.offers:
        if offer.at_most is not None:
            left = tuple(other for other in place.written.offers if other is not offer)
            before = f"offer: {offer.fact} at_most: {offer.at_most.text}"
            yield Edit(place.written, replace(place.written, offers=left), offer.span, before, None)
        for option in offer.options:
            before = f"offer: {offer.fact}: {option.value.text}: {option.condition.text}"
            if len(offer.options) > 1:
                options = tuple(other for other in offer.options if other is not option)
                yield Edit(offer, replace(offer, options=options), option.value.span, before, None)
            yield from _unconditional(option, before)


def _unconditional(option: OptionSyntax, before: str) -> Iterator[Edit]:
    if option.condition.text != "true":
        always = replace(option, condition=replace(option.condition, text="true"))
        after = f"{option.value.text}: true"
        yield Edit(option, always, option.condition.span, before, after)


def moved_deadline(place: Place) -> Iterator[Edit]:
    """Give another length of time: a little longer, another day count, the next param with another value."""
    for node in nodes_in(place.written):
        if isinstance(node, WithinLength | WithinParam | WithinDaysSyntax | WithinHoursSyntax | ByTimeSyntax):
            for other in _other_lengths(node, place.frame):
                yield Edit(node, other, node.span, f"within: {_length(node)}", f"within: {_length(other)}")


def dropped_deadline(place: Place) -> Iterator[Edit]:
    """Wait without a deadline."""
    written = place.written
    if written.within is not None:
        span = written.within.span
        reason = written.title or _reason(span_of=written.name)
        endless = replace(written, within=None, late=(), no_deadline=reason)
        yield Edit(written, endless, span, f"within: {_length(written.within)}", None)


def dropped_late(place: Place) -> Iterator[Edit]:
    """Leave out what happens on silence about one fact, or let two facts change places in the order of silence."""
    late = place.written.late
    for i, edge in enumerate(late):
        left = (*late[:i], *late[i + 1 :])
        yield Edit(place.written, replace(place.written, late=left), edge.span, f"late: {_silent(edge)}", None)
    for i in range(len(late) - 1):
        turned = (*late[:i], late[i + 1], late[i], *late[i + 2 :])
        before, after = (f"late: {_silent(one)}, {_silent(two)}" for one, two in (late[i : i + 2], turned[i : i + 2]))
        yield Edit(place.written, replace(place.written, late=turned), late[i].span, before, after)


def dropped_until(place: Place) -> Iterator[Edit]:
    """Do not wait for anything."""
    until = place.written.until
    if until is not None:
        yield Edit(place.written, replace(place.written, until=None), until.span, f"until: {until.text}", None)


def dropped_reopen(place: Place) -> Iterator[Edit]:
    """Leave a settled case closed."""
    for way in place.written.reopen:
        left = tuple(other for other in place.written.reopen if other is not way)
        yield Edit(place.written, replace(place.written, reopen=left), way.span, f"reopen: {way.when.text}", None)


def _reason(span_of: Name) -> TextSyntax:
    text = ExprText(span_of.text, span_of.span)
    return TextSyntax(text, text, span_of.span)


def _silent(edge: LateSyntax) -> str:
    return "whatever is missing" if edge.fact is None else edge.fact.text


def _other_lengths(within: WithinSyntax, frame: Frame) -> Iterator[WithinSyntax]:
    match within:
        case WithinLength(length=length):
            yield replace(within, length=length + _HOUR)
        case WithinParam(param=param) | ByTimeSyntax(param=param):
            kind = Kind.DURATION if isinstance(within, WithinParam) else Kind.TIME_OF_DAY
            other = _next_param(param.text, kind, frame)
            if other is not None:
                yield replace(within, param=replace(param, text=other))
        case WithinDaysSyntax(days=days, end_of_day=end):
            yield replace(within, end_of_day=not end)
            if days.text.isdigit():
                yield replace(within, days=replace(days, text=str(int(days.text) + 1)))
        case WithinHoursSyntax(hours=hours, opens=opens):
            yield replace(within, opens=opens.replace(hour=opens.hour - 1 if opens.hour else 1))
            if hours.text.isdigit():
                yield replace(within, hours=replace(hours, text=str(int(hours.text) + 1)))


def _next_param(name: str, kind: Kind, frame: Frame) -> str | None:
    """Return the next param of a kind, in the author's order, that has another shipped value."""
    params = [param for param in frame.shelf.vocabulary.params.values() if param.type.kind is kind]
    here = next(i for i, param in enumerate(params) if param.name == name)
    turned = (*params[here + 1 :], *params[:here])
    return next((param.name for param in turned if _shipped(param) != _shipped(params[here])), None)


def _shipped(param: Param) -> object:
    return param.values[-1].value


def _length(within: WithinSyntax) -> str:
    match within:
        case WithinLength(length=length):
            return f"{length // _HOUR}h" if not length % _HOUR else f"{length // dt.timedelta(minutes=1)}m"
        case WithinParam(param=param):
            return param.text
        case WithinDaysSyntax(days=days, end_of_day=end):
            return f"{days.text} days{', end of day' if end else ''}"
        case WithinHoursSyntax(hours=hours, opens=opens, closes=closes):
            return f"{hours.text} hours between {opens:%H:%M}-{closes:%H:%M}"
        case ByTimeSyntax(param=param):
            return f"by {param}"
