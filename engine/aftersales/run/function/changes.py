"""What a branch changes of what is told: it forgets, takes answers in, counts."""

from __future__ import annotations

from collections.abc import Mapping

from aftersales.expr.types import Value
from aftersales.policy.model import Target


class Beyond(Exception):  # noqa: N818 (no fault: the machine decides such a case)
    """The case is not for the function to decide."""


class Change:
    """A target's changes as one step: it returns what is told afterwards and leaves what was told as it is."""

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
