"""From where in a policy a state can still be reached: by its branches and deadlines, or by interrupts too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from aftersales.policy.live import targets_of
from aftersales.policy.model import Policy, State


def reaching(policy: Policy, wanted: Iterable[str], *, interrupts: bool = False) -> frozenset[str]:
    """Return the keys of the states from which a state in ``wanted`` can be reached, those in it included.

    The way goes along branches and passed deadlines; with ``interrupts`` also by what may happen at any time, and by
    reopening. What the case knows is not looked at.
    """
    sources = defaultdict[str, list[str]](list)
    for state in policy.states.values():
        for key in _nexts(policy, state, interrupts=interrupts):
            sources[key].append(state.key)
    found = set(wanted)
    waiting = list(found)
    while waiting:
        fresh = [key for key in sources[waiting.pop()] if key not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return frozenset(found)


def _nexts(policy: Policy, state: State, *, interrupts: bool) -> Iterator[str]:
    if interrupts:
        yield from (target.state for target in targets_of(policy, state))
        return
    yield from (branch.target.state for branch in state.branches)
    yield from (late.target.state for late in state.late)
