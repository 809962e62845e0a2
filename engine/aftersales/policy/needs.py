"""Which facts a state can wait for: what a deadline's ``late`` has to name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from aftersales.expr.names import facts_of, nodes, params_of, parts
from aftersales.expr.tree import Choose, Expr, FactRef, ParamRef, Present
from aftersales.expr.types import UNKNOWN, Unknown
from aftersales.policy.arrival import finite_values, inputs
from aftersales.policy.fields import Bits
from aftersales.policy.lore import Lore
from aftersales.policy.model import Offer, Policy, State
from aftersales.policy.reads import choosing_facts
from aftersales.policy.world import TooManyWorldsError, World, explore

#: No fact's name: any may be waited for.
_ANY: Final = ""


def needs_of(lore: Lore, state: State, *several: Bits) -> tuple[str, ...]:
    """Return the facts that can keep a case in ``state`` that comes with one of ``several`` known, in the author's order.

    What ``until`` waits for is apart. A derived fact is named itself.
    """
    found: dict[str, None] = {}
    ever = [frozenset(_ever_blocking(lore, branch.when, state.offers)) for branch in state.branches]
    for known in several:
        for index, facts in enumerate(ever):
            open_ = {name for name in facts if not _is_settled(lore, name, state, known)}
            if not found.keys() >= open_:
                _find_needs(lore, state, index, known, found, open_)
    return tuple(found)


def _find_needs(lore: Lore, state: State, index: int, known: Bits, found: dict[str, None], open_: set[str]) -> None:
    """Add the facts that one branch can wait for, all of them among ``open_``."""
    try:
        for _, fact in explore(lore, known, state.offers, partial(_new_need, state, index, found)):
            if fact is not None:
                found[fact] = None
                if found.keys() >= open_:
                    return
    except TooManyWorldsError:
        found.update(dict.fromkeys(facts_of(state.branches[index].when)))


def _ever_blocking(lore: Lore, expr: Expr, offers: Sequence[Offer]) -> Iterator[str]:
    """Yield every fact that ``_blocking`` may name in any world, and ``_ANY`` where that is not clear beforehand."""
    for node in nodes(expr):
        if isinstance(node, FactRef):
            yield node.name
            for offer in offers:
                if offer.fact == node.name:
                    others = [other for other in offers if other is not offer]
                    for when in _conditions(offer):
                        yield from _ever_blocking(lore, when, others)
        elif isinstance(node, ParamRef):
            yield from lore.choosing(node.name)
        elif isinstance(node, Present):
            yield _ANY


def _is_settled(lore: Lore, name: str, state: State, known: Bits) -> bool:
    """Return whether a fact is known in every world where this is ``known``: no case can wait for it."""
    if name == _ANY or not (known & lore.fields.bit[name] or lore.policy.facts[name].counter):
        return False
    return all(offer.fact != name for offer in state.offers)


def _new_need(state: State, index: int, found: dict[str, None], world: World) -> str | None:
    """Return the fact that a branch waits for in a world, unless it is known already that one can wait for it."""
    when = state.branches[index].when
    if world.truth(when) is not UNKNOWN:
        return None
    fact = next(_blocking(world, when), None)
    if fact is None or fact in found:
        return None
    taken = any(world.truth(branch.when) is True for branch in state.branches[:index])
    return None if taken else fact


def _blocking(world: World, expr: Expr) -> Iterator[str]:
    """Yield the facts that keep ``expr`` unknown in a world, in the author's order."""
    if not _is_unknown(world, expr):
        return
    match expr:
        case FactRef(name=name):
            yield _asked_first(world, name)
        case Present(fact=name):
            yield name
        case ParamRef(name=name):
            yield from (fact for fact in world.lore.choosing(name) if not world.knows(fact))
        case Choose(condition=condition, then=then, otherwise=otherwise):
            yield from _blocking(world, condition)
            holds = world.truth(condition)
            if holds is not UNKNOWN:
                yield from _blocking(world, then if holds else otherwise)
        case _:
            for part in parts(expr):
                yield from _blocking(world, part)


def _is_unknown(world: World, expr: Expr) -> bool:
    if finite_values(expr.type) is not None:
        return world.word(expr) is UNKNOWN
    return isinstance(world.amount(expr), Unknown)


def _asked_first(world: World, name: str) -> str:
    """Return the fact that an offer's conditions wait for, or the fact itself."""
    offer = world.offers.get(name)
    if offer is None:
        return name
    return next((fact for when in _conditions(offer) for fact in _blocking(world, when)), name)


def _conditions(offer: Offer) -> Sequence[Expr]:
    return [when for _, when in offer.options] if offer.at_most is None else [offer.at_most]


def told_inputs(policy: Policy, name: str) -> tuple[str, ...]:
    """Return the facts to ask for where ``name`` is missing: itself where it has a question, else what it is made of."""
    found: dict[str, None] = {}
    waiting, seen = [name], set[str]()
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        fact = policy.facts[here]
        made_of = inputs(fact) if fact.ask is None else ()
        if not made_of:
            found[here] = None
        waiting.extend(made_of)
        if fact.derived is not None and fact.ask is None:
            waiting.extend(chosen_by(policy, fact.derived))
    return tuple(found)


def chosen_by(policy: Policy, expr: Expr) -> tuple[str, ...]:
    """Return the facts that choose the values of the params in ``expr``."""
    return tuple(
        dict.fromkeys(fact for name in params_of(expr) for fact in choosing_facts(policy, policy.params[name]))
    )


def missing_for(lore: Lore, known: Bits, expr: Expr) -> tuple[str, ...]:
    """Return the facts that can keep ``expr`` unknown where this is ``known``; nothing where it is surely known."""
    if all(name != _ANY and known & lore.fields.bit[name] for name in _ever_blocking(lore, expr, ())):
        return ()

    def missing(world: World) -> str | None:
        return next(_blocking(world, expr), None)

    try:
        found = [fact for _, fact in explore(lore, known, (), missing) if fact is not None]
    except TooManyWorldsError:
        found = [name for name in facts_of(expr) if not known & lore.fields.bit[name]]
    return tuple(dict.fromkeys(found))
