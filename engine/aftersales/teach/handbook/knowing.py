"""What is known of a case on its way through a flow: what the answers given so far still leave open.

Finite answers are kept as the values that are left, numbers compared with a fixed one as a range, any other comparison
as the ways in which it can still come out. It errs on one side only: a way that it rules out cannot be gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aftersales.expr.names import facts_of
from aftersales.expr.tree import All, Compare, Either, Expr, FactRef, In, Literal, Not, ParamRef
from aftersales.expr.types import Value
from aftersales.policy.arrival import fact_values, finite_values, goes_into
from aftersales.policy.fields import Fields
from aftersales.policy.live import Reads, live_facts
from aftersales.policy.model import Policy, Target

#: By what it is about, the values that are left: a fact by its name, a number, a comparison of two or a condition that
#: cannot be looked into by how it is written.
Known = Mapping[str, frozenset[Value] | range]


@dataclass(frozen=True, slots=True)
class Read:
    """A condition without ``and``, ``or`` and ``not`` that was looked at: what it is about and how it came out."""

    about: str
    condition: Expr
    truth: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is known once conditions have come out, and every one that was looked at for it, in order."""

    known: Known
    read: tuple[Read, ...] = ()


_SIGNS: Final = {
    "==": frozenset({0}),
    "!=": frozenset({-1, 1}),
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}
_ALL_SIGNS: Final = frozenset({-1, 0, 1})
#: No amount, count or number of days comes near to it.
_FAR: Final = 10**15


class Knowing:
    """Follows what is known of a case of one policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._goes_into = goes_into(policy)
        reads = Reads(Fields(policy))
        self._live = {key: frozenset(reads.fields.names(live)) for key, live in live_facts(policy, reads).items()}
        self._holds = [(frozenset(facts_of(holds.condition)), holds.condition) for holds in policy.holds]
        self._written: dict[tuple[int, ...], str] = {}
        self._about: dict[str, frozenset[str]] = {name: frozenset({name}) for name in policy.facts}

    def at_start(self) -> Known:
        """Return what is known before anything is asked: no round of anything was counted yet."""
        return {name: range(1) for name, fact in self._policy.facts.items() if fact.counter}

    def given(self, condition: Expr, told: Told, *, truth: bool = True) -> Iterator[Told]:
        """Yield what is told once a condition has come out as ``truth``, one by one for each way in which it can."""
        match condition:
            case Not(operand=operand):
                yield from self.given(operand, told, truth=not truth)
            case All(operands=operands) | Either(operands=operands):
                if isinstance(condition, All) is truth:
                    yield from self._every(sorted(operands, key=_is_open), told, truth=truth)
                else:
                    yield from self._any(operands, told, truth=truth)
            case Literal(value=value):
                yield from (told,) if value is truth else ()
            case _:
                for about, known in self._known(condition, told.known, truth=truth):
                    yield Told(known, (*told.read, Read(about, condition, truth)))

    def agrees(self, told: Told) -> bool:
        """Tell whether what was told goes together with what holds of every case."""
        looked_at = [facts_of(read.condition) for read in told.read]
        return all(
            any(self.given(condition, Told(told.known)))
            for facts, condition in self._holds
            if not all(map(facts.isdisjoint, looked_at))
        )

    def behind(self, target: Target, known: Known) -> Known:
        """Return what is known behind a target, after it forgot, took and counted, of all that may be read again."""
        changed = {*target.forget, *(name for name, _ in target.take)}
        matters = self._live[target.state].difference(changed, *(self._goes_into[name] for name in changed))
        left = {key: values for key, values in known.items() if self._about[key].issubset(matters)}
        left |= {name: frozenset({value}) for name, value in target.take}
        for name, more in target.add:
            counted, most = left.get(name, range(_FAR)), self._policy.facts[name].type.high or _FAR
            if isinstance(counted, range):
                left[name] = range(min(counted.start + more, most), min(counted.stop + more, most + 1))
        return left

    def _every(self, operands: Sequence[Expr], told: Told, *, truth: bool) -> Iterator[Told]:
        if not operands:
            yield told
            return
        for more in self.given(operands[0], told, truth=truth):
            yield from self._every(operands[1:], more, truth=truth)

    def _any(self, operands: Sequence[Expr], told: Told, *, truth: bool) -> Iterator[Told]:
        """Yield what is told for each operand that may be so; nothing more where one of them is so anyway."""
        every = [more for operand in operands for more in self.given(operand, told, truth=truth)]
        yield from (told,) if any(more.known == told.known for more in every) else every

    def _known(self, condition: Expr, known: Known, *, truth: bool) -> Iterator[tuple[str, Known]]:
        """Yield what a plain condition is about and what is known with it; of a derived fact also what it is made of."""
        match condition:
            case FactRef(name=name):
                derived = self._policy.facts[name].derived
                for about, left in _narrowed(known, name, frozenset({truth})):
                    made_of = (Told(left),) if derived is None else self.given(derived, Told(left), truth=truth)
                    yield from ((about, told.known) for told in made_of)
            case In(operand=FactRef(name=name), values=values):
                yield from self._among(name, frozenset(values), known, truth=truth)
            case Compare():
                yield from self._compared(condition, known, truth=truth)
            case _:
                yield from _narrowed(known, self._key(condition), frozenset({truth}))

    def _among(self, name: str, values: frozenset[Value], known: Known, *, truth: bool) -> Iterator[tuple[str, Known]]:
        every = frozenset(fact_values(self._policy.facts[name]) or ())
        yield from _narrowed(known, name, values if truth else every - values)

    def _compared(self, condition: Compare, known: Known, *, truth: bool) -> Iterator[tuple[str, Known]]:
        left, right = condition.left, condition.right
        signs = _SIGNS[condition.op] if truth else _ALL_SIGNS - _SIGNS[condition.op]
        if finite_values(left.type) is not None and isinstance(left, FactRef) and isinstance(right, Literal):
            yield from self._among(left.name, frozenset({right.value}), known, truth=0 in signs)
        elif (number := self._number(right)) is not None:
            yield from self._numbered(left, number, signs, known)
        elif (number := self._number(left)) is not None:
            yield from self._numbered(right, number, frozenset(-sign for sign in signs), known)
        else:
            yield from _narrowed(known, self._key(left, right), signs)

    def _number(self, expr: Expr) -> int | None:
        """Return a number that is the same for every case; ``None`` for all else."""
        match expr:
            case Literal(value=int(number)) if not isinstance(number, bool):
                return number
            case ParamRef(name=name):
                values = {entry.value for entry in self._policy.params[name].values}
                only = values.pop() if len(values) == 1 else None
                return only if isinstance(only, int) and not isinstance(only, bool) else None
        return None

    def _numbered(self, left: Expr, number: int, signs: frozenset[int], known: Known) -> Iterator[tuple[str, Known]]:
        about = left.name if isinstance(left, FactRef) else self._key(left)
        before = known.get(about)
        if not isinstance(before, range):
            low, high = left.type.low, left.type.high
            before = range(-_FAR if low is None else low, _FAR if high is None else high + 1)
        for start, stop in _ranges(number, signs):
            after = range(max(before.start, start), min(before.stop, stop))
            if after:
                yield about, {**known, about: after}

    def is_read(self, fact: str, known: Known) -> bool:
        """Tell whether a way has read a fact."""
        return any(fact in self._about[key] for key in known)

    def _key(self, *exprs: Expr) -> str:
        """Return how expressions are written, found once for each."""
        place = tuple(map(id, exprs))
        if place not in self._written:
            written = self._written[place] = repr(exprs)
            self._about[written] = frozenset(name for expr in exprs for name in facts_of(expr))
        return self._written[place]


def says_no_more(known: Known, than: Known) -> bool:
    """Tell whether all that ``known`` knows is also known by ``than``: who stands there can go wherever that one can."""
    if len(known) > len(than):
        return False
    for key, values in known.items():
        other = than.get(key)
        if other is not values and (other is None or not _within(other, values)):
            return False
    return True


def _within(inner: frozenset[Value] | range, outer: frozenset[Value] | range) -> bool:
    if isinstance(inner, range) and isinstance(outer, range):
        return outer.start <= inner.start and inner.stop <= outer.stop
    return frozenset(inner).issubset(outer)


def _is_open(condition: Expr) -> bool:
    """Tell whether a condition can come out the same way for several reasons: what else is known decides first."""
    return isinstance(condition.operand if isinstance(condition, Not) else condition, All | Either)


def _ranges(number: int, signs: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield where the numbers begin and stop that compare to ``number`` in one of these ways."""
    if signs == _SIGNS["!="]:
        yield -_FAR, number
        yield number + 1, _FAR
    elif signs:
        yield (-_FAR if -1 in signs else number + min(signs)), (_FAR if 1 in signs else number + max(signs) + 1)


def _narrowed(known: Known, about: str, values: frozenset[Value]) -> Iterator[tuple[str, Known]]:
    before = known.get(about)
    after = values if before is None else values.intersection(before)
    if after:
        yield about, {**known, about: after}
