"""What a pill says: why one goes a way, and what happens to the answers on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import EdgeKind, Words
from aftersales.draw.ways import Reason, Way, answer_of, question_of
from aftersales.draw.wording import Wording
from aftersales.expr.tree import Expr
from aftersales.policy.model import State, Target
from aftersales.text import Text

_OTHERWISE: Final = Text("否则", "otherwise")
_LATE: Final = Text("逾期", "late")
_LATE_FOR: Final = Text("逾期未答：{}", "late, not answered: {}")
_LATE_AT: Final = Text("逾期：{}", "late: {}")
_NUMBERED: Final = Text("{0}. {1}", "{0}. {1}")
_AND: Final = Text("{0}，{1}", "{0}, {1}")
_AGAIN: Final = Text("重问：{}", "ask again: {}")
_TAKEN: Final = Text("记为：{}", "taken as: {}")
_IS: Final = Text("{0} {1}", "{0} {1}")
_MORE: Final = Text("…", "…")
#: A pill names at most so many of the conditions that lead the same way.
_MOST_REASONS: Final = 5


def said(state: State, way: Way, wording: Wording) -> tuple[Words, ...]:
    """Say why one goes this way, a line per reason; nothing where it is the only way and always open.

    Where the card asks one question first, the pill gives the answers to it and what is asked besides.
    """
    if way.kind is EdgeKind.LATE:
        return (_late(way, wording),)
    asked = None if state.uses else question_of(state)
    lines = tuple(_answers(way, asked, wording) if asked else _conditions(way, wording))
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
    if facts:
        return wording.filled(_LATE_FOR, wording.all(facts))
    places = tuple(wording.of(reason.inside.title) for reason in way.reasons if reason.inside)
    return wording.filled(_LATE_AT, wording.either(places)) if places else wording.of(_LATE)


def _answers(way: Way, asked: str, wording: Wording) -> Iterator[Words]:
    """Say the answers that lead this way; those that need nothing else, or the same, in one line."""
    together: dict[tuple[int, Expr | None, bool], list[Words]] = {}
    for reason in way.reasons:
        if reason.condition is None:
            together.setdefault((reason.number, None, False), []).append(wording.of(_OTHERWISE))
            continue
        values, rest = answer_of(reason.condition)
        answers = together.setdefault((reason.number, rest, reason.otherwise), [])
        answers += [wording.value(asked, value) for value in values]
    for (number, rest, otherwise), answers in together.items():
        said = wording.either(tuple(answers))
        if rest is not None:
            said = wording.filled(_AND, said, wording.expr(rest))
        if otherwise:
            said = wording.filled(_AND, said, wording.of(_OTHERWISE))
        yield _numbered(number, said, wording)


def _conditions(way: Way, wording: Wording) -> Iterator[Words]:
    yield from dict.fromkeys(line for reason in way.reasons for line in _condition(reason, wording))


def _condition(reason: Reason, wording: Wording) -> Iterator[Words]:
    if reason.condition is not None:
        condition = wording.expr(reason.condition)
        if reason.otherwise:
            condition = wording.filled(_AND, condition, wording.of(_OTHERWISE))
        yield _numbered(reason.number, condition, wording)
    elif reason.inside is not None:
        yield wording.of(reason.inside.title)
    elif reason.otherwise:
        yield wording.of(_OTHERWISE)


def _numbered(number: int, said: Words, wording: Wording) -> Words:
    numbers = tuple(str(number) for _ in wording.langs)
    return wording.filled(_NUMBERED, numbers, said) if number else said
