"""What can happen in one state to a case that arrives there: which branches can be taken, whether it can rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN, Unknown
from aftersales.policy.arrival import Known, fact_values
from aftersales.policy.fields import Alternatives, Bits
from aftersales.policy.lore import Lore
from aftersales.policy.model import Branch, State
from aftersales.policy.world import MOST_WORLDS, TooManyWorldsError, World, explore

#: The two answers of a state other than the index of the branch that is taken.
_RESTS: Final = -1
_HOLE: Final = -2


@dataclass(frozen=True, slots=True)
class Hole:
    """Answers that the state looks at and that reach no branch.

    ``amounts``: only together with some amounts, counts or instants.
    """

    answers: Mapping[str, Known]
    amounts: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """One alternative of a state: what can happen there to a case that arrives with just what is ``known``.

    After a rest that is what is known then. ``fires`` says what is known more as each branch is taken (nothing: it
    never is), ``hole`` the answers under which no branch fits (``None``: there are none). ``shown`` is false where
    there were too many combinations to try, ``tried`` counts them.
    """

    known: Bits
    fires: tuple[tuple[Bits, ...], ...]
    rests: bool
    hole: Hole | None = None
    shown: bool = True
    tried: int = 0


def tried(lore: Lore, state: State, known: Bits) -> Situation:
    """Return what can happen in ``state``, no end, to a case that arrives with what is ``known``.

    Raises TooManyWorldsError where there are too many worlds to try.
    """
    found = _tried(lore, state, known)
    later = lore.fields.may_have_changed(known)
    return _tried(lore, state, later) if found.rests and later != known else found


def untried(state: State, known: Bits) -> Situation:
    """Return a situation of which nothing is shown: every branch may be taken, nothing is learned."""
    return Situation(known, tuple((known,) for _ in state.branches), rests=True, shown=False, tried=MOST_WORLDS)


def _tried(lore: Lore, state: State, known: Bits) -> Situation:
    fires = [Alternatives(lore.fields) for _ in state.branches]
    rests, hole, tried = False, None, 0
    for world, answer in explore(lore, known, state.offers, _answer(lore, state)):
        tried += 1
        if answer >= 0:
            fires[answer].add(world.known_here())
        elif answer == _HOLE:
            hole = hole or _told_apart(lore, world)
        else:
            rests = True
    taken = tuple(_after_reading(lore, ways, branch) for ways, branch in zip(fires, state.branches, strict=True))
    return Situation(known, taken, rests, hole, tried=tried)


def _answer(lore: Lore, state: State) -> Callable[[World], int]:
    """Return what says which branch is taken in a world, or that the case rests there, or that nothing fits."""
    condition = lore.asked.condition
    until = None if state.until is None else condition(state.until)
    guards = [*enumerate([condition(branch.guard) for branch in state.branches])]

    def answer(world: World) -> int:
        if until is not None and until(world) is not True:
            return _RESTS
        for index, guard in guards[world.passed :]:
            holds = guard(world)
            if holds is UNKNOWN:
                return _RESTS
            if holds:
                return index
            world.passed = index + 1
        return _HOLE

    return answer


def _after_reading(lore: Lore, alternatives: Alternatives, branch: Branch) -> tuple[Bits, ...]:
    """Return what is known as a branch is taken: what its guard reads can no longer be replaced by another answer."""
    if not alternatives.all:
        return ()
    unread = ~lore.fields.flags(lore.facts_of(branch.guard))
    return tuple(known & unread for known in alternatives.all.values())


def _told_apart(lore: Lore, world: World) -> Hole:
    """Return the answers of a world that say something: facts known to have one value out of several."""
    answers = {
        name: known
        for name, known in lore.fields.arrival(world.known_here()).items()
        if known.values is not None and len(known.values) == 1 and len(fact_values(lore.policy.facts[name]) or ()) > 1
    }
    return Hole(answers, amounts=any(kind == "order" for kind, _ in world.chosen))


def knowing(lore: Lore, known: Bits, condition: Expr) -> Bits:
    """Return what is known where ``condition`` has become true."""
    try:
        found = [world.known_here() for world, holds in explore(lore, known, (), _holds(condition)) if holds is True]
    except TooManyWorldsError:
        return known
    return lore.fields.join(found) if found else known


def _holds(condition: Expr) -> Callable[[World], bool | Unknown]:
    return lambda world: world.truth(condition)
