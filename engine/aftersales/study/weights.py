"""What a change weighs: the fewest and lightest changes of a case are its smallest change.

An answer that nobody has given yet is the lightest; what was told otherwise weighs heavier, and what the claim is about
the heaviest: a case of another issue is another case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from aftersales.expr.types import UNKNOWN
from aftersales.policy.model import Policy
from aftersales.study.onward import Silence, Step
from aftersales.study.suppose import OPENED_AT, Change

#: Answered before a deadline that passed, on top of the answer itself.
IN_TIME: Final = 3
_NEW_ANSWER: Final = 1
_NEWER_ANSWER: Final = 2
_SILENCE: Final = 2
_TOLD: Final = 10
#: An answer that would not have been given; whether something took place at all; when the claim was made.
_UNSAID: Final = 12
_HAPPENED: Final = 14
_OPENED: Final = 15
#: Withdrawal, the platform and the like: light only where that is itself what is asked. From the opening on a bit more.
_TURN_STRAIGHT: Final = 5
_TURN: Final = 20
_FROM_THE_OPENING: Final = 1
_CLAIM: Final = 25
_ABOUT_THE_CLAIM: Final = frozenset({"issue", "platform"})


@dataclass(frozen=True, slots=True)
class Weights:
    """Weighs changes and steps on the way to the states ``wanted``."""

    policy: Policy
    wanted: Collection[str]

    def together(self, changes: Collection[Change]) -> int:
        """Return what changes weigh together."""
        return sum(map(self._change, changes))

    def step(self, step: Step) -> int:
        """Return what one more answer, or silence, weighs."""
        if isinstance(step, Silence):
            return _SILENCE
        if step.turn:
            return self._turn(step.fact)
        if step.again:
            return _TOLD
        return _NEW_ANSWER if step.old is UNKNOWN else _NEWER_ANSWER

    def _change(self, change: Change) -> int:
        if change.old is UNKNOWN:
            return self._turn(change.fact) + _FROM_THE_OPENING
        if is_about_the_claim(change):
            return _CLAIM
        if change.new is UNKNOWN:
            return _UNSAID
        if change.old is None or change.new is None:
            return _HAPPENED
        return _OPENED if change.fact == OPENED_AT else _TOLD

    def _turn(self, fact: str) -> int:
        ways = (way for flow in self.policy.flows.values() for way in flow.anytime if way.on == fact)
        return _TURN_STRAIGHT if any(way.target.state in self.wanted for way in ways) else _TURN


def is_about_the_claim(change: Change) -> bool:
    """Return whether a change makes another claim of the case: another issue, another platform."""
    return change.fact in _ABOUT_THE_CLAIM
