"""Where answers may fall through a state: all its guards are known not to hold though it waits for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.expr.tree import Expr
from aftersales.policy.model import State
from aftersales.verify.atlas import Atlas
from aftersales.verify.meaning import truth_of
from aftersales.verify.places import Place
from aftersales.verify.terms import Formula, all_of


def holes(atlas: Atlas) -> Iterator[tuple[Place, Formula]]:
    """Yield for every place when all its guards are known not to hold though it waits for nothing."""
    for place, state in open_places(atlas):
        sight = atlas.carried.sight(place, offered=True)
        offered = all_of(sight.fact(offer.fact).known for offer in state.offers)
        ready = True if state.until is None else truth_of(state.until, sight).yes
        closed = all_of(atlas.carried.guard(place, branch).no for branch in state.branches)
        yield place, all_of((offered, ready, closed))


def open_places(atlas: Atlas) -> Iterator[tuple[Place, State]]:
    """Yield every place that a case leaves along a branch, with its state."""
    for place in atlas.places():
        state = atlas.carried.state(place)
        if state.branches:
            yield place, state


def read_at(state: State) -> Iterator[Expr]:
    """Yield what decides whether answers fall through a state."""
    yield from (branch.guard for branch in state.branches)
    yield from (when for offer in state.offers for _, when in offer.options)
    if state.until is not None:
        yield state.until
