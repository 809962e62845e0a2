"""Which terms a case can carry into a state: liability and postage laid down on the way, a later state replacing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

from aftersales.dataclass import dataclass, field
from aftersales.policy.model import Policy, State
from aftersales.policy.possible import Analysis


@dataclass(frozen=True, slots=True)
class LegTerm:
    """Which state says who bears a leg, and which says who advances it (``None``: nobody has said)."""

    borne: str
    advanced: str | None


@dataclass(frozen=True, slots=True)
class Laid:
    """All terms that a case can carry behind a state, each named by the state that laid it down.

    ``liable_unsaid``: some way here says nothing of liability. ``paid_for``: every way here owes an action that pays.
    """

    liable: frozenset[str] = frozenset()
    liable_unsaid: bool = False
    legs: Mapping[str, frozenset[LegTerm]] = field(default_factory=dict)
    paid_for: bool = False


def laid_down(analysis: Analysis) -> Mapping[str, Laid]:
    """Return the terms behind every state that a case can reach, its own included."""
    policy = analysis.policy
    targets = {key: dict.fromkeys(way.target.state for way in ways) for key, ways in analysis.taken().items()}
    start = policy.flows[policy.root].start
    found = {start: _behind(policy, policy.states[start], Laid(liable_unsaid=True))}
    ranks = analysis.lore.ranks
    keys = tuple(ranks)
    waiting = [ranks[start]]
    while waiting:
        key = keys[heappop(waiting)]
        for target in targets.get(key, ()):
            after = _behind(policy, policy.states[target], found[key])
            before = found.get(target)
            joined = after if before is None else _either(before, after)
            if joined is not before and joined != before:
                found[target] = joined
                if ranks[target] not in waiting:
                    heappush(waiting, ranks[target])
    return found


def pays(policy: Policy, actions: Iterable[str]) -> bool:
    """Return whether one of ``actions`` pays money out."""
    return any(policy.actions[name].pays for name in actions)


def _behind(policy: Policy, state: State, before: Laid) -> Laid:
    terms = state.terms
    paid_for = before.paid_for or pays(policy, state.duties)
    if not terms.postage and not terms.says_liable and paid_for == before.paid_for:
        return before
    legs = dict(before.legs)
    for term in terms.postage:
        earlier = before.legs.get(term.leg, frozenset())
        advanced = {state.key} if term.advanced is not None else {entry.advanced for entry in earlier} or {None}
        legs[term.leg] = frozenset(LegTerm(state.key, key) for key in advanced)
    return Laid(
        liable=frozenset({state.key}) if terms.says_liable else before.liable,
        liable_unsaid=before.liable_unsaid and not terms.says_liable,
        legs=legs,
        paid_for=paid_for,
    )


def _either(one: Laid, other: Laid) -> Laid:
    if one is other or one == other:
        return one
    legs = {
        leg: one.legs.get(leg, frozenset()) | other.legs.get(leg, frozenset()) for leg in {**one.legs, **other.legs}
    }
    return Laid(
        one.liable | other.liable,
        one.liable_unsaid or other.liable_unsaid,
        legs,
        one.paid_for and other.paid_for,
    )
