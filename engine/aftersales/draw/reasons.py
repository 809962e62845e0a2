"""What a pill or stub says besides an answer: deadlines, ways out of a sub-flow, and what happens to answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import Words
from aftersales.draw.questions import Answer, Leaf, Subject
from aftersales.draw.ways import Exit, LateWay, Said, Unit
from aftersales.draw.wording import Wording, is_figure
from aftersales.expr.types import Value
from aftersales.policy.model import Target
from aftersales.text import Text

_NO_CLOCK: Final = Text("逾期", "late")
_WANTING: Final = Text("没等到：{}", "missing: {}")
_UNCLEAR: Final = Text("没查清：{}", "not clear: {}")
#: Behind the deadline, in one line with it.
_AND_WANTING: Final = Text("没等到：{}", "and still missing: {}")
_AND_UNCLEAR: Final = Text("没查清：{}", "and still not clear: {}")
_IN: Final = Text("{0}（{1}）", "{0} ({1})")
_AGAIN: Final = Text("重问：{}", "ask again: {}")
_TAKEN: Final = Text("{}", "recorded: {}")
_IS: Final = Text("{0}记为“{1}”", "{0}: {1}")
_IS_FIGURE: Final = Text("{0}记为 {1}", "{0}: {1}")
_SIDE: Final = Text("记为“{}”", "{}")
_ANSWERED: Final = Text("{0}：{1}", "{0}: {1}")
_SEMICOLON: Final = Text("；", "; ")
#: What another flow is told where a case goes on there.
_CARRIED: Final = Text("带入：{}", "carried over: {}")
_WORD: Final = Text("{0}“{1}”", '{0} "{1}"')
_FIGURE: Final = Text("{0} {1}", "{0} {1}")
_TOLD_SIDE: Final = Text("“{}”", "{}")
_DONE: Final = Text("走完", "done")
#: Before every reason after the first.
_OR_ELSE: Final = Text("或{}", "or {}")
_NEEDED: Final = Text("还要查明：{}", "look up too: {}")
#: A pill names at most so many of the conditions that lead the same way.
_MOST_REASONS: Final = 4
_MORE: Final = Text("…", "…")


def late_text(late: LateWay, unit: Unit, wording: Wording) -> tuple[Words, ...]:
    """Say that a deadline passed, its length, in a box where, and for want of what where the state tells that apart."""
    within = late.state.within
    clock = wording.of(_NO_CLOCK) if within is None else wording.overdue(within)
    if late.state.key != unit.key:
        clock = wording.filled(_IN, clock, wording.of(late.state.title))
    return (clock, *_wanting(_WANTING, _UNCLEAR, late, unit, wording))


def _wanting(unanswered: Text, unclear: Text, late: LateWay, unit: Unit, wording: Wording) -> Iterator[Words]:
    """Say what was not answered, where it matters what: ``unclear`` is what nobody is asked, for records tell it."""
    if late.facts and len(unit.late) + len(unit.taken) > 1:
        pattern = unclear if all(map(wording.is_looked_up, late.facts)) else unanswered
        yield wording.filled(pattern, wording.all(tuple(map(wording.fact, late.facts))))


def docked_text(late: LateWay, unit: Unit, there: Words, wording: Wording) -> Words:
    """Say in one line where a passed deadline leads, on a card that says the deadline itself."""
    clock = late_text(late, unit, wording)[:1] if late.state.key != unit.key else ()
    told = wording.together((*clock, *_wanting(_AND_WANTING, _AND_UNCLEAR, late, unit, wording), there))
    besides = tuple(notes(late.target, wording))
    return wording.filled(_IN, told, wording.joined(_SEMICOLON, besides)) if besides else told


def exit_texts(way: Exit, wording: Wording) -> tuple[Words, ...]:
    """Say why one leaves a sub-flow, a line per reason."""
    first, *others = dict.fromkeys(_reason(said, way.leaf, wording) for said in way.reasons)
    lines = (first, *(wording.filled(_OR_ELSE, line) for line in others))
    return (*lines[:_MOST_REASONS], wording.of(_MORE)) if len(lines) > _MOST_REASONS else lines


def notes(target: Target, wording: Wording) -> Iterator[Words]:
    """Say which answers are forgotten, and so asked again, and which are taken for given: those are not asked again.

    On a way into another flow only what that takes over is said: what is asked there it says itself.
    """
    if target.hands_over:
        if target.take:
            yield wording.filled(_CARRIED, wording.all(tuple(_carried(*one, wording) for one in target.take)))
        return
    told: list[Words] = []
    if again := asked_again(target):
        told.append(wording.filled(_AGAIN, wording.all(tuple(map(wording.fact, again)))))
    if target.take:
        told.append(wording.filled(_TAKEN, wording.all(tuple(_recorded(*one, wording) for one in target.take))))
    if told:
        yield wording.joined(_SEMICOLON, tuple(told))


def asked_again(target: Target) -> tuple[str, ...]:
    """Return the facts that a way forgets and does not itself answer anew."""
    answered = {name for name, _ in target.take}
    return tuple(name for name in target.forget if name not in answered)


def _recorded(name: str, value: Value, wording: Wording) -> Words:
    said = wording.value(name, value)
    if wording.tells(name, value):
        return wording.filled(_SIDE, said)
    return wording.filled(_IS_FIGURE if is_figure(value) else _IS, wording.fact(name), said)


def _carried(name: str, value: Value, wording: Wording) -> Words:
    said = wording.value(name, value)
    if wording.tells(name, value):
        return wording.filled(_TOLD_SIDE, said)
    return wording.filled(_FIGURE if is_figure(value) else _WORD, wording.fact(name), said)


def needed(subjects: tuple[Subject, ...], wording: Wording) -> Iterator[Words]:
    """Say what must be known as well, whatever it is."""
    for subject in subjects:
        said = wording.fact(subject) if isinstance(subject, str) else wording.expr(subject)
        yield wording.filled(_NEEDED, said)


def _reason(said: Said, leaf: Leaf, wording: Wording) -> Words:
    if said.until is not None:
        return wording.expr(said.until)
    if not said.answers:
        return wording.of(_DONE)
    question, values = said.answers[-1]
    subject = question.subject
    answer = wording.answer(subject, Answer(values, leaf))
    if isinstance(subject, str) and all(wording.tells(subject, value) for value in values):
        return answer
    asked = wording.fact(subject) if isinstance(subject, str) else wording.expr(wording.put(subject)[0])
    return wording.filled(_ANSWERED, asked, answer)
