"""What a person types in answer to a need, turned into a value that a case can be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from aftersales.expr.types import Kind
from aftersales.instants import TimeFormatError, parse_duration, parse_instant, parse_time_of_day, zone_named
from aftersales.money import MoneyFormatError, parse_money, parse_rate
from aftersales.policy.model import Policy
from aftersales.run.decision import Need
from aftersales.show import words
from aftersales.text import Lang, Text

#: An answer as an open case takes it: text as a case file writes it, or ``None`` for a known none.
Answer = str | None

#: What is typed where there is none.
_NONE: Final = frozenset({"-", "无", "没有", "none"})


class NoAnswerError(ValueError):
    """What was typed is no answer to the question; ``message`` says what belongs there."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def read_answer(typed: str, need: Need, policy: Policy) -> Answer:
    """Return what ``typed`` answers to ``need``: an option by number, word or title, else a value of the fact's type.

    An instant without an offset is on the policy's clock. Raises NoAnswerError.
    """
    if not typed:
        raise NoAnswerError(words.NO_ANSWER)
    fact = policy.facts[need.fact]
    if need.options:
        return _option(typed, need)
    if typed.casefold() in _NONE and fact.flag is not None:
        return None
    if fact.type.kind is Kind.COUNT:
        return _count(typed)
    text = with_offset(typed, policy) if fact.type.kind is Kind.INSTANT else typed
    return _checked(text, fact.type.kind)


def format_of(need: Need, policy: Policy) -> Text:
    """Return how a free value is typed, with an example."""
    fact = policy.facts[need.fact]
    text = words.FORMATS.get(fact.type.kind, fact.title)
    if fact.flag is None:
        return text
    return Text(words.OR_NONE.zh.format(text.zh), words.OR_NONE.en.format(text.en))


def with_offset(typed: str, policy: Policy) -> str:
    """Return an instant that was typed without an offset with the one of the policy's timezone; else as it is.

    Raises NoAnswerError where it is no instant at all.
    """
    try:
        at = dt.datetime.fromisoformat(typed)
    except ValueError as fault:
        raise NoAnswerError(_with(words.NO_INSTANT, typed)) from fault
    if at.tzinfo is not None:
        return typed
    return at.replace(tzinfo=zone_named(policy.timezone)).isoformat(timespec="seconds")


def _option(typed: str, need: Need) -> str:
    if typed.isascii() and typed.isdigit():
        number = int(typed[:4])
        if 0 < number <= len(need.options):
            return need.options[number - 1]
    wanted = typed.casefold()
    for option, title in zip(need.options, need.option_titles, strict=True):
        if wanted in {option, *(title.to(lang).casefold() for lang in Lang)}:
            return option
    raise NoAnswerError(_with(words.NO_OPTION, typed))


def _count(typed: str) -> str:
    if typed.isascii() and typed.isdigit() and len(typed) <= 9:
        return str(int(typed))
    raise NoAnswerError(_with(words.NO_COUNT, typed))


_READERS: Final[Mapping[Kind, Callable[[str], object]]] = {
    Kind.MONEY: parse_money,
    Kind.RATE: parse_rate,
    Kind.INSTANT: parse_instant,
    Kind.DURATION: parse_duration,
    Kind.TIME_OF_DAY: parse_time_of_day,
}


def _checked(text: str, kind: Kind) -> str:
    try:
        _READERS[kind](text)
    except (MoneyFormatError, TimeFormatError) as fault:
        raise NoAnswerError(fault.message) from fault
    return text


def _with(message: Text, typed: str) -> Text:
    shown = typed[:40]
    return Text(message.zh.format(shown), message.en.format(shown))
