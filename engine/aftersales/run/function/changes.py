"""What a branch changes of what is told: it forgets, takes answers in, counts."""

from __future__ import annotations

from collections.abc import Mapping

from aftersales.expr.names import facts_of
from aftersales.expr.types import Value
from aftersales.policy.model import Policy, Target
from aftersales.run.reads import with_inputs


class Beyond(Exception):  # noqa: N818 (no fault: the machine decides such a case)
    """The case is not for the function to decide."""


class Change:
    """A target's changes as one step: it returns what is told afterwards and leaves what was told as it is."""

    __slots__ = ("_add", "_forget", "_take", "target")

    def __init__(self, target: Target) -> None:
        self.target = target
        self._forget = target.forget
        self._take = dict(target.take)
        self._add = target.add

    def __call__(self, told: Mapping[str, Value]) -> dict[str, Value]:
        """Return what is told once the target is taken."""
        after = dict(told)
        for name in self._forget:
            after.pop(name, None)
        after.update(self._take)
        for name, more in self._add:
            count = after.get(name, 0)
            after[name] = (count if isinstance(count, int) else 0) + more
        return after


def binding_facts(policy: Policy) -> frozenset[str]:
    """Return the facts that what is told is held against: of relations, of derived facts, and those that interrupt.

    What changes none of these agrees with itself as it did before.
    """
    related = (name for holds in policy.holds for name in facts_of(holds.condition))
    derived = (name for name, fact in policy.facts.items() if fact.derived is not None)
    interrupting = (way.on for flow in policy.flows.values() for way in flow.anytime)
    return frozenset(with_inputs(policy, (*related, *derived, *interrupting)))


def changes_any(target: Target, names: frozenset[str]) -> bool:
    """Return whether a target forgets, takes in or counts one of the facts ``names``."""
    return not names.isdisjoint((*target.forget, *(name for name, _ in (*target.take, *target.add))))
