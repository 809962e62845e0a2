"""What a pill says: why one goes a way, and what happens to the answers on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import EdgeKind, Words
from aftersales.draw.ways import Reason, Way, asked_value, question_of
from aftersales.draw.wording import Wording
from aftersales.policy.model import State, Target
from aftersales.text import Text

_OTHERWISE: Final = Text("否则", "otherwise")
_LATE: Final = Text("逾期", "late")
_LATE_FOR: Final = Text("逾期未答：{}", "late, not answered: {}")
_NUMBERED: Final = Text("{0}. {1}", "{0}. {1}")
_AGAIN: Final = Text("重问：{}", "ask again: {}")
_TAKEN: Final = Text("记为：{}", "taken as: {}")
_IS: Final = Text("{0} {1}", "{0} {1}")
_MORE: Final = Text("…", "…")
#: A pill names at most so many of the conditions that lead the same way.
_MOST_REASONS: Final = 4


def said(state: State, way: Way, wording: Wording) -> tuple[Words, ...]:
    """Say why one goes this way, a line per reason; nothing where it is the only way and always open.

    Where the card asks one question, the pill gives the answers alone.
    """
    if way.kind is EdgeKind.LATE:
        return (_late(way, wording),)
    asked = question_of(state)
    if asked and not state.uses:
        return (wording.either(tuple(answer for reason in way.reasons for answer in _answers(reason, asked, wording))),)
    lines = tuple(dict.fromkeys(line for reason in way.reasons for line in _reason(reason, wording)))
    return (*lines[:_MOST_REASONS], wording.of(_MORE)) if len(lines) > _MOST_REASONS else lines


def notes(target: Target, wording: Wording) -> Iterator[Words]:
    """Say which answers are forgotten, and so asked again, and which are taken for given."""
    if target.forget:
        yield wording.filled(_AGAIN, wording.all(tuple(map(wording.fact, target.forget))))
    if target.take:
        taken = (wording.filled(_IS, wording.fact(name), wording.value(name, value)) for name, value in target.take)
        yield wording.filled(_TAKEN, wording.all(tuple(taken)))


def _late(way: Way, wording: Wording) -> Words:
    facts = tuple(wording.fact(reason.fact) for reason in way.reasons if reason.fact)
    return wording.filled(_LATE_FOR, wording.all(facts)) if facts else wording.of(_LATE)


def _answers(reason: Reason, asked: str, wording: Wording) -> tuple[Words, ...]:
    if reason.condition is None:
        return (wording.of(_OTHERWISE),)
    return tuple(wording.value(asked, value) for value in asked_value(reason.condition)[1])


def _reason(reason: Reason, wording: Wording) -> Iterator[Words]:
    if reason.condition is not None:
        condition = wording.expr(reason.condition)
        number = tuple(str(reason.number) for _ in wording.langs)
        yield wording.filled(_NUMBERED, number, condition) if reason.number else condition
    elif reason.inside is not None:
        yield wording.of(reason.inside.title)
    elif reason.otherwise:
        yield wording.of(_OTHERWISE)
