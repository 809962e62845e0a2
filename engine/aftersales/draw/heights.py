"""About how high a card stands, in lines of text: before anything is laid out, to tell where a page gets too long."""

from __future__ import annotations

from typing import Final

from aftersales.draw.questions import Leaf, Step
from aftersales.draw.ways import Unit
from aftersales.policy.model import State

#: The strip and title of a card with the arrow and pill below it; a question asked after an answer, with its pill.
_CARD: Final = 4
_QUESTION: Final = 4
#: An amount and a list of what is done take two lines, a reason three.
_AMOUNT: Final = 2
_REASON: Final = 3


def height(unit: Unit) -> int:
    """Return about how many lines a card takes, with what is asked below it."""
    state = unit.state
    lines = len(state.do) + len(state.duties) + len(unit.late) + len(unit.taken)
    lines += sum(said is not None for said in (state.until, unit.step, state.within, state.no_deadline))
    return _CARD + lines + _money(state) + _QUESTION * _asked(unit.step)


def end_height(state: State) -> int:
    """Return about how many lines the card of an end takes."""
    reason = _REASON if state.end is not None and state.end.reason is not None else 0
    return _CARD + _money(state) + reason + _AMOUNT * (bool(state.do) + len(state.reopen))


def _money(state: State) -> int:
    terms = state.terms
    amounts = len(terms.refund) + len(terms.recover) + len(terms.charge) + len(terms.deductions)
    return len(terms.postage) + _AMOUNT * amounts + terms.says_liable


def _asked(step: Step | None) -> int:
    """Return how many questions are asked one after another, at most."""
    return 0 if step is None or isinstance(step, Leaf) else 1 + max(_asked(answer.then) for answer in step.answers)
