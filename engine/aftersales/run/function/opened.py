"""What is asked for so that a fact that is computed of an order becomes known, without its whole case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from aftersales.case.computed import WITHOUT_FACT, unknown_inputs
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.computed import COMPUTED_FACTS
from aftersales.policy.model import Policy

if TYPE_CHECKING:
    from aftersales.case.model import Case
    from aftersales.run.function.written import Told


class Behind(Protocol):
    """The case behind what is told: whether it has an order with lines, and the whole of it, put together if asked."""

    @property
    def has_lines(self) -> bool:
        """Return whether it has an order with lines."""

    def whole(self) -> Case:
        """Return the whole case."""


class Opened:
    """Opens the computed facts of one policy to what they wait for, as ``CaseView.base_needs`` does.

    All that is known of the facts computed of an order must be told: one that is not told is not known.
    """

    def __init__(self, policy: Policy) -> None:
        self._facts = facts = policy.facts
        computed = {name for name, fact in facts.items() if fact.computed}
        inputs = {part for name in computed for part in COMPUTED_FACTS[name] if part in facts}
        #: The facts that are opened here; none where one that they wait for follows from others itself.
        self.names = computed if all(facts[name].derived is None for name in inputs) else frozenset[str]()

    def needs(self, name: str, told: Told, *, has_lines: bool) -> tuple[str, ...]:
        """Return the facts to ask for so that one of ``names`` becomes known that nobody told."""

        def fact(part: str) -> Value:
            return told.get(part, UNKNOWN if part in self._facts else WITHOUT_FACT.get(part, UNKNOWN))

        def opened(part: str) -> Iterator[str]:
            inputs = (
                unknown_inputs(part, fact) if has_lines and part in self.names and self._facts[part].ask is None else ()
            )
            inputs = tuple([one for one in inputs if one in self._facts])
            if not inputs:
                yield part
            for one in inputs:
                if one not in seen:
                    seen.add(one)
                    yield from opened(one)

        seen = {name}
        return tuple(dict.fromkeys(opened(name))) or (name,)
