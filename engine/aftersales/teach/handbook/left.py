"""What is left to the last row of a table by the rows above it, fact by fact, where that can be said so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.expr.compared import never_negative
from aftersales.expr.tree import Compare, Comparison, Expr, FactRef, Literal, Not
from aftersales.expr.types import Value
from aftersales.policy.model import Policy
from aftersales.teach.handbook.decisions import Answers, Way

#: How the left side may stand to the right one, for each comparison: below, alike, above.
_STANDING: Final[Mapping[Comparison, frozenset[int]]] = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    "==": frozenset({0}),
    "!=": frozenset({-1, 1}),
    ">=": frozenset({0, 1}),
    ">": frozenset({1}),
}
_SIGNS: Final = {standing: sign for sign, standing in _STANDING.items()}
_EVERY: Final = frozenset({-1, 0, 1})


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that a row asks of a fact: one of ``values``, or ``condition``."""

    fact: str
    values: tuple[Value, ...] = ()
    condition: Expr | None = None


@dataclass(slots=True)
class _Left:
    """What no row looked at so far has taken."""

    answers_to: Callable[[str], tuple[Value, ...]]
    values: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    standing: dict[str, dict[tuple[Expr, Expr], frozenset[int]]] = field(default_factory=dict)
    denied: dict[str, list[Expr]] = field(default_factory=dict)

    def of(self, fact: str) -> tuple[Value, ...]:
        return self.values.get(fact, self.answers_to(fact))

    def stands(self, fact: str, one: Compare) -> frozenset[int]:
        return self.standing.get(fact, {}).get((one.left, one.right), _EVERY)

    def is_gone(self, asked: _Asked) -> bool:
        """Tell whether nothing that is left answers what a row asks."""
        match asked.condition:
            case None:
                return not set(self.of(asked.fact)) & set(asked.values)
            case Compare(op=op) as one:
                return not self.stands(asked.fact, one) & _STANDING[op]
        return asked.condition in self.denied.get(asked.fact, ())

    def is_sure(self, asked: _Asked) -> bool:
        """Tell whether all that is left answers what a row asks."""
        match asked.condition:
            case None:
                return set(self.of(asked.fact)) <= set(asked.values)
            case Compare(op=op) as one:
                return self.stands(asked.fact, one) <= _STANDING[op]
        return False

    def take(self, asked: _Asked) -> None:
        """Leave only what does not answer what a row asks."""
        match asked.condition:
            case None:
                left = (value for value in self.of(asked.fact) if value not in asked.values)
                self.values[asked.fact] = tuple(left)
            case Compare(op=op, left=left_side, right=right_side) as one:
                stands = self.stands(asked.fact, one) - _STANDING[op]
                self.standing.setdefault(asked.fact, {})[left_side, right_side] = stands
            case condition:
                self.denied.setdefault(asked.fact, []).append(condition)

    def answers(self) -> Mapping[str, Answers] | None:
        """Return it as answers; ``None`` where a fact stands to several limits, for then one may say another."""
        found: dict[str, Answers] = {}
        for fact in dict.fromkeys((*self.values, *self.standing, *self.denied)):
            stands = self.standing.get(fact, {})
            if len(stands) > 1 or (fact in self.values and not self.values[fact]) or not all(stands.values()):
                return None
            compared = (Compare(_SIGNS[left], *sides) for sides, left in stands.items())
            denied = map(Not, self.denied.get(fact, ()))
            found[fact] = Answers(self.values.get(fact, ()), (*compared, *denied))
        return found


def what_is_left(
    way: Way, above: Sequence[Way], policy: Policy, answers_to: Callable[[str], tuple[Value, ...]]
) -> Mapping[str, Answers] | None:
    """Return what is left to an *otherwise* row by the rows above it, for each fact that these ask and it does not.

    ``answers_to`` names the answers of a fact in the author's order. A row above that asks several things leaves no
    such list, unless the other rows settle all of them but one, or rule it out: ``None`` where one is like that.
    """
    left = _Left(answers_to, {fact: said.values for fact, said in way.answers.items() if said.values})
    waiting = [list(_asked(one, policy, answers_to)) for one in above if one.inside == way.inside]
    while waiting:
        rows = (row for row in waiting if not any(map(left.is_gone, row)))
        waiting = [[asked for asked in row if not left.is_sure(asked)] for row in rows]
        alone = next((row for row in waiting if len(row) == 1), None)
        if alone is not None:
            left.take(alone[0])
        elif waiting:
            return None
    answers = left.answers()
    return answers and {fact: said for fact, said in answers.items() if fact not in way.answers}


def _asked(way: Way, policy: Policy, answers_to: Callable[[str], tuple[Value, ...]]) -> Iterator[_Asked]:
    for fact, said in way.answers.items():
        if said.values and answers_to(fact):
            yield _Asked(fact, said.values)
        elif said.values:
            yield from (_Asked(fact, condition=one) for one in _figures(fact, said.values, policy))
        yield from (_Asked(fact, condition=_bare(one)) for one in said.conditions)


def _figures(fact: str, values: Iterable[Value], policy: Policy) -> Iterator[Expr]:
    """Yield that a number is one of some figures, for there is no list of all of them; beside 0 there is only more."""
    type_ = policy.facts[fact].type
    for value in values:
        same: Comparison = "<=" if never_negative(type_) and not value else "=="
        yield Compare(same, FactRef(type_, fact), Literal(type_, value))


def _bare(condition: Expr) -> Expr:
    """Return a denied comparison as its opposite."""
    match condition:
        case Not(operand=Compare(op=op, left=left, right=right)):
            return Compare(_SIGNS[_EVERY - _STANDING[op]], left, right)
    return condition
