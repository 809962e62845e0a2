"""A case walked in the machine while somebody looks on: how it stood just before every move that it made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from aftersales.case.model import Case
from aftersales.expr.types import Value
from aftersales.policy.model import Policy, State
from aftersales.run.fold import fold
from aftersales.run.machine import LATE, PolicyMachine, Walker
from aftersales.run.standing import Standing, stand
from aftersales.run.walk import Walk


@dataclass(frozen=True)
class Moment:
    """A case in one state: what was told by then, seen at ``now``, entered at ``since``.

    ``edge`` is the edge along which it then left, ``step`` the place in the path of the state that this led to;
    ``before`` is the walk as it was, where the edge is a deadline's: what could have been answered until then.
    """

    policy: Policy
    case: Case
    state: State
    told: Mapping[str, Value]
    now: dt.datetime | None
    since: dt.datetime | None
    edge: str | None = None
    step: int = -1
    before: Walk | None = None

    @cached_property
    def standing(self) -> Standing:
        """Return how the case stood in the state."""
        return stand(self.policy, self.case, self.state, self.told)


def moment_of(walk: Walk) -> Moment:
    """Return where a walk stands now."""
    return Moment(walk.policy, walk.case, walk.at_state, dict(walk.told), walk.now, walk.since)


class Watched(PolicyMachine):
    """A policy's machine that keeps the moment before every move that it lets a walk make."""

    def __init__(self, machine: PolicyMachine) -> None:
        self._watched = machine
        self.moments: list[Moment] = []

    def trigger(self, name: str, walker: Walker) -> bool:
        """Let ``walker`` go along the edge that it chooses, and keep how it stood before."""
        walk = cast("Walk", walker)
        state, told, since, now = walk.at_state, dict(walk.told), walk.since, walk.now
        before = walk.clone() if name == LATE else None
        moved = self._watched.trigger(name, walker)
        if moved:
            step = len(walk.path) - 1
            edge = walk.path[step].edge
            self.moments.append(Moment(walk.policy, walk.case, state, told, now, since, edge, step, before))
        return moved


def watch(
    machine: PolicyMachine, policy: Policy, case: Case, as_of: dt.datetime | None = None
) -> tuple[Walk, tuple[Moment, ...]]:
    """Fold a case as ``fold`` does and return with the walk the moments before its moves, in order."""
    watched = Watched(machine)
    walk = fold(watched, policy, case, as_of)
    walk.machine = machine
    return walk, tuple(watched.moments)
