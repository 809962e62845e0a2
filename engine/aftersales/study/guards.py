"""Why a branch was not taken: the first part of its condition that did not hold, or the branch above that did."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.case.view import CaseView
from aftersales.expr.build import negate
from aftersales.expr.evaluate import evaluate
from aftersales.expr.tree import All, Compare, Either, Expr, FactRef, Literal, Not
from aftersales.expr.types import UNKNOWN, Value
from aftersales.study.watched import Moment


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A branch of a state that was not taken, by its number (from 0).

    ``part`` is the first part of its condition that does not hold, as the author wrote it (or that ``until`` asks
    for), or that is not known yet (``unknown``). Where the answer that it wants is not offered in the state, ``answer``
    is the fact with that answer and ``part`` what its offer asks for, ``None`` where it is never offered. ``above`` is the number of
    the branch that came first, where its own condition holds too or was not looked at any more.
    """

    branch: int
    target: str
    part: Expr | None = None
    unknown: bool = False
    answer: tuple[str, str] | None = None
    above: int | None = None


def not_taken(moment: Moment, taken: int | None) -> tuple[NotTaken, ...]:
    """Return why each branch of the state but ``taken`` was not taken at a moment."""
    return tuple(_why(moment, i, taken) for i in range(len(moment.state.branches)) if i != taken)


def _why(moment: Moment, index: int, taken: int | None) -> NotTaken:
    state, view = moment.state, moment.standing.view
    branch = state.branches[index]
    target = branch.target.state
    conditions = (branch.when,) if state.until is None else (state.until, branch.when)
    worth = [evaluate(condition, view) for condition in conditions]
    if False in worth:
        return NotTaken(index, target, first_part(conditions[worth.index(False)], view, worth=False))
    if taken is not None and taken < index:
        return NotTaken(index, target, above=taken)
    if UNKNOWN in worth:
        part = first_part(conditions[worth.index(UNKNOWN)], view, worth=UNKNOWN)
        return _not_offered(moment, index, part) or NotTaken(index, target, part, unknown=True)
    above = (i for i in range(index) if evaluate(state.branches[i].when, view) is not False)
    return NotTaken(index, target, above=next(above, None))


def _not_offered(moment: Moment, index: int, part: Expr) -> NotTaken | None:
    """Return why the answer that ``part`` wants is not offered here; ``None`` where it is, or is still open."""
    match part:
        case Compare("==", FactRef(name=fact), Literal(value=str(answer))):
            offer = next((offer for offer in moment.state.offers if offer.fact == fact and offer.options), None)
        case _:
            offer = None
    if offer is None:
        return None
    view, target = moment.standing.view, moment.state.branches[index].target.state
    when = next((when for option, when in offer.options if option == answer), None)
    if when is None:
        return NotTaken(index, target, answer=(fact, answer))
    if evaluate(when, view) is not False:
        return None
    return NotTaken(index, target, first_part(when, view, worth=False), answer=(fact, answer))


def first_part(expr: Expr, view: CaseView, worth: Value) -> Expr:
    """Return the first part of ``expr``, in the author's order, that keeps it at ``worth``: false or unknown.

    What is denied is told as the denial of its part: of ``not (a or b)`` with ``b`` true it is ``not b``.
    """
    match expr:
        case All(operands=operands):
            return first_part(next(part for part in operands if evaluate(part, view) is worth), view, worth)
        case Not(operand=Not(operand=inner)):
            return first_part(inner, view, worth)
        case Not(operand=Either(operands=operands)):
            keeps = UNKNOWN if worth is UNKNOWN else True
            return first_part(negate(next(part for part in operands if evaluate(part, view) is keeps)), view, worth)
        case _:
            return expr
