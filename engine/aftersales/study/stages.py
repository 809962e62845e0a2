"""The stages of a case: state by state the way that was taken, what was read for it, and why no other way was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aftersales.case.model import Case, Override
from aftersales.expr.build import conjoin
from aftersales.expr.evaluate import facts_of
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN
from aftersales.policy.edges import way_of
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State
from aftersales.run.cited import path
from aftersales.run.decision import Decision, PathStep, SourceStamp
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.parts import fold_parts
from aftersales.run.report import report
from aftersales.run.standing import missing, needs
from aftersales.run.walk import Walk
from aftersales.study.guards import NotTaken, not_taken
from aftersales.study.readings import Figure, Reading, figures, readings
from aftersales.study.watched import Moment, Watched, moment_of

#: How a state was left: by a branch, by its deadline, by what may happen at any time, by reopening, by a person's
#: word; or that the case waits there, or has ended there.
Left = Literal["branch", "late", "anytime", "reopen", "override", "waits", "ended"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One state of the way: how it was left, on what condition, and why not otherwise.

    ``condition`` is that of the way taken, as the author wrote it; ``otherwise`` marks the author's word for the rest.
    ``due`` is the deadline that passed, or that runs where the case ``waits``; ``missing`` are the facts that it then
    waited for. ``by`` is the role that overrode the flow, ``because`` what was said for it. ``moment`` is how the case stood
    then, ``None`` where a person's word decided.
    """

    state: State
    entered: dt.datetime | None
    left: Left
    moment: Moment | None
    target: str | None = None
    edge: str | None = None
    condition: Expr | None = None
    otherwise: bool = False
    by: str = ""
    because: str = ""
    readings: tuple[Reading, ...] = ()
    figures: tuple[Figure, ...] = ()
    not_taken: tuple[NotTaken, ...] = ()
    due: dt.datetime | None = None
    missing: tuple[str, ...] = ()
    sources: tuple[SourceStamp, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A case, or one part of it, with its decision and the stages of its way, the last one where it stands."""

    walk: Walk
    decision: Decision
    stages: tuple[Stage, ...]


def explain_parts(
    policy: LoadedPolicy, cases: Sequence[Case], as_of: dt.datetime | None = None
) -> tuple[Explained, ...]:
    """Explain every part of a case, as ``fold_parts`` decides them. Raises a CaseError as it does."""
    watched = Watched(policy.machine)
    walks = fold_parts(watched, policy.model, cases, as_of)
    for walk in walks:
        walk.machine = policy.machine
    return tuple(explain_walk(walk, [m for m in watched.moments if m.case is walk.case]) for walk in walks)


def explain_walk(walk: Walk, moments: Sequence[Moment]) -> Explained:
    """Explain one folded case from the moments before its moves."""
    left = {moment.step: moment for moment in moments}
    steps = path(walk)
    stages = [_stage(walk, steps[: i + 1], left.get(i)) for i in range(1, len(steps))]
    return Explained(walk, report(walk), (*stages, _last(walk, steps)))


def _stage(walk: Walk, way_here: Sequence[PathStep], moment: Moment | None) -> Stage:
    """Return the state before the last of ``way_here``, which it was left for."""
    policy, (here, there) = walk.policy, way_here[-2:]
    silent = _silent(policy, way_here[:-1])
    state = policy.states[f"{here.flow}.{here.state}"]
    target = f"{there.flow}.{there.state}"
    if moment is None or there.edge is None:
        word = _word(walk, way_here)
        return Stage(state, here.at, "override", None, target, by=word.by, because=word.because, sources=there.sources)
    stage = Stage(state, here.at, "branch", moment, target, there.edge, sources=there.sources)
    match way_of(policy, there.edge):
        case Branch() as way:
            return _by_branch(stage, moment, way, readings(moment, there.read, silent))
        case Late(fact=fact):
            waited = missing(moment.standing)
            others = not_taken(moment, None)
            unanswered = waited if fact is None else (fact,)
            return replace(stage, left="late", due=moment.now, missing=unanswered, not_taken=others)
        case Anytime(on=on):
            return replace(stage, left="anytime", missing=(on,), readings=readings(moment, (on,)))
        case Reopen(when=when):
            return replace(stage, left="reopen", condition=when, readings=readings(moment, facts_of(when)))


def _word(walk: Walk, way_here: Sequence[PathStep]) -> Override:
    """Return the person's word that led to the last of ``way_here``: every step without an edge but the first is one."""
    words = [event for event in walk.case.events if isinstance(event, Override)]
    return words[sum(step.edge is None for step in way_here) - 2]


def _by_branch(stage: Stage, moment: Moment, way: Branch, read: tuple[Reading, ...]) -> Stage:
    state = stage.state
    taken = state.branches.index(way)
    looked_at = (*(() if state.until is None else (state.until,)), *(b.when for b in state.branches[: taken + 1]))
    return replace(
        stage,
        condition=way.when if state.until is None else conjoin((state.until, way.when)),
        otherwise=way.otherwise,
        readings=read,
        figures=figures(moment, looked_at),
        not_taken=not_taken(moment, taken),
    )


def _silent(policy: Policy, way_here: Sequence[PathStep]) -> frozenset[str]:
    """Return the facts that were taken last because nobody answered in time."""
    taken: dict[str, bool] = {}
    for step in way_here:
        way = None if step.edge is None else way_of(policy, step.edge)
        if way is not None:
            taken |= {name: isinstance(way, Late) for name, _ in way.target.take}
    return frozenset(name for name, silent in taken.items() if silent)


def _last(walk: Walk, way_here: Sequence[PathStep]) -> Stage:
    """Return the state that the case stands in."""
    state, moment, here = walk.at_state, moment_of(walk), way_here[-1]
    if state.end is not None:
        return Stage(state, here.at, "ended", moment, sources=_cited(walk.policy, state))
    looked_at = [*(() if state.until is None else (state.until,)), *(branch.when for branch in state.branches)]
    known = [name for when in looked_at for name in facts_of(when) if moment.standing.view.fact(name) is not UNKNOWN]
    return Stage(
        state,
        here.at,
        "waits",
        moment,
        readings=readings(moment, known, _silent(walk.policy, way_here)),
        figures=figures(moment, looked_at),
        not_taken=not_taken(moment, None),
        due=walk.due,
        missing=tuple(need.fact for need in needs(walk.standing)),
        sources=_cited(walk.policy, state),
    )


def _cited(policy: Policy, state: State) -> tuple[SourceStamp, ...]:
    found = (policy.sources[name] for name in state.sources)
    return tuple(SourceStamp(source.id, source.layer, source.title, source.article) for source in found)
