"""The smallest case that still shows a fault: fewest facts, roundest amounts. What does not matter is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from aftersales.money import show_money
from aftersales.verify.replay import Document

#: Whether a case still shows what it is to show; it is decided in the machine.
Shows = Callable[[Document], bool]

#: Amounts that people choose for examples, in fen, the first that does is taken.
_ROUND: Final = (10_000, 0, 1_000, 100, 5_000, 20_000, 100_000, 1)
_MOST_ROUNDS: Final = 4


def smallest(case: Document, shows: Shows) -> Document:
    """Return the smallest case found that still ``shows``; ``case`` itself does."""
    for _ in range(_MOST_ROUNDS):
        smaller = _rounded(
            _elsewhere(_with_less(_at_once(_with_fewer_events(case, shows), shows), shows), shows), shows
        )
        if smaller == case:
            break
        case = smaller
    return case


def _at_once(case: Document, shows: Shows) -> Document:
    """Return the case with all answers given as it is opened, where it still shows the same and no time passes."""
    names = [name for _, values in case.events for name in values]
    if case.untimed or not names or len(names) != len(set(names)):
        return case
    together = {name: value for _, values in case.events for name, value in values.items()}
    plain = replace(case, events=((case.opened_at, together),), as_of=None)
    return plain if shows(plain) else case


def _with_fewer_events(case: Document, shows: Shows) -> Document:
    """Return the case without whole rounds of answers that it can do without."""
    number = 0
    while number < len(case.events):
        left = replace(case, events=(*case.events[:number], *case.events[number + 1 :]))
        if shows(left):
            case = left
        else:
            number += 1
    return case


def _with_less(case: Document, shows: Shows) -> Document:
    number = 0
    while number < len(case.events):
        before = len(case.events)
        for name in tuple(case.events[number][1]):
            without = case.without(number, name)
            if shows(without):
                case = without
                if len(case.events) < before:
                    break
        number += len(case.events) == before
    return case


def _elsewhere(case: Document, shows: Shows) -> Document:
    """Return the case of another issue that shows the same with fewer facts: a roundabout way there is left out."""
    for issue in case.issues:
        other = replace(case, issue=issue)
        if issue != case.issue and shows(other):
            less = _with_less(other, shows)
            if _size(less) < _size(case):
                case = less
    return case


def _size(case: Document) -> int:
    return sum(len(values) for _, values in case.events) + (case.as_of is not None)


def _rounded(case: Document, shows: Shows) -> Document:
    """Return the case with plainer values; amounts that are equal are changed together, for often they must be."""
    for value in dict.fromkeys(value for _, values in case.events for value in values.values()):
        plainer = next((other for plain in _rounder(value) if shows(other := case.with_value(value, plain))), None)
        case = plainer or case
    for number, (_, values) in enumerate(case.events):
        for name, value in values.items():
            changed = (case.telling(number, name, plain) for plain in _rounder(value))
            case = next((other for other in changed if shows(other)), case)
    return case


def _rounder(value: object) -> Iterator[object]:
    """Yield plainer values than ``value``, the plainest first."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield from range(min(value, 32))
    elif isinstance(value, str) and _is_money(value):
        fen = int(Decimal(value) * 100)
        if fen in _ROUND:
            yield from (show_money(plain) for plain in _ROUND[: _ROUND.index(fen)])
        else:
            yield from (show_money(plain) for plain in (*_ROUND, fen // 100 * 100) if plain != fen)


def _is_money(text: str) -> bool:
    whole, point, cents = text.partition(".")
    return bool(point) and whole.lstrip("-").isdigit() and len(cents) == 2 and cents.isdigit()
