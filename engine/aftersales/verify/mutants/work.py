"""Faults in what people owe: actions and duties left out, an order of work not kept, another outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aftersales.verify.mutants.expressions import next_word
from aftersales.verify.mutants.workshop import Edit, Place


def dropped_action(place: Place) -> Iterator[Edit]:
    """Leave out an action of a state."""
    written = place.written
    for todo in written.do:
        left = tuple(other for other in written.do if other is not todo)
        yield Edit(written, replace(written, do=left), todo.action.span, f"do: {todo.action}", None)


def dropped_duty(place: Place) -> Iterator[Edit]:
    """Leave out a duty of a state."""
    written = place.written
    for duty in written.duties:
        left = tuple(other for other in written.duties if other is not duty)
        yield Edit(written, replace(written, duties=left), duty.span, f"duties: {duty}", None)


def dropped_order(place: Place) -> Iterator[Edit]:
    """Let an action be done before the one it comes after."""
    for todo in place.written.do:
        for before in todo.after:
            left = tuple(name for name in todo.after if name is not before)
            yield Edit(todo, replace(todo, after=left), before.span, f"{todo.action} after: {before}", None)


def wrong_outcome(place: Place) -> Iterator[Edit]:
    """End with another outcome."""
    end = place.written.end
    if end is not None:
        outcomes = tuple(place.frame.shelf.vocabulary.words.outcomes)
        other = next_word(outcomes, end.outcome.text)
        before, after = f"outcome: {end.outcome}", f"outcome: {other}"
        yield Edit(end.outcome, replace(end.outcome, text=other), end.outcome.span, before, after)
