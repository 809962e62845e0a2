"""Why a case did not come to an asked end: where on its way it turned off, and the smallest change that leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aftersales.errors import Diagnostic, UnknownNameError, did_you_mean
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.edges import late_key
from aftersales.policy.model import Policy, State
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.walk import Walk
from aftersales.study.guards import NotTaken
from aftersales.study.nearest import MOST_TRIED, Found, Nearest, Question, nearest
from aftersales.study.reach import reaching
from aftersales.study.stages import Explained, Stage
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: an outcome, or a state by its key; ``states`` are those that would meet it."""

    outcome: str | None
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stop:
    """The last state on the case's own way from which the asked end could still have been reached.

    ``ways`` are the branches of it that lead on there, with what kept them closed; ``late`` are its deadlines that do,
    by the fact that would have to stay unanswered (``None``: whatever is missing) and where they lead. ``only_by_turn``: nothing ordinary ever led there, only what may
    happen at any time (the buyer withdraws, the platform steps in) or a reopening.
    """

    stage: Stage
    ways: tuple[NotTaken, ...]
    late: tuple[tuple[str | None, str], ...] = ()
    only_by_turn: bool = False


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer: whether the case is there already, else what stopped it and the smallest changes that lead there.

    ``walk`` is the case as it is. ``stop`` is ``None`` where no way of the policy leads there from any state of the case's way.
    """

    asked: Asked
    walk: Walk
    reached: bool
    stop: Stop | None
    nearest: Nearest


@dataclass(frozen=True, slots=True)
class Effect:
    """A fact that follows from changed ones, and so is another: the days since delivery, the amount of the claim."""

    fact: str
    old: Value
    new: Value


def effects(walk: Walk, found: Found) -> tuple[Effect, ...]:
    """Return what follows otherwise in a changed case from what was told, of all that was read on either way."""
    read = {name for way in (walk, found.walk) for step in way.path for name in step.read}
    changed = {change.fact for change in found.changes}
    before, after = walk.view, found.walk.view
    facts = (fact for fact in walk.policy.facts.values() if fact.name in read and fact.name not in changed)
    follows = (fact.name for fact in facts if fact.derived is not None or fact.computed)
    made = (Effect(name, before.fact(name), after.fact(name)) for name in follows)
    return tuple(effect for effect in made if UNKNOWN not in (effect.old, effect.new) and effect.old != effect.new)


def asked_for(policy: Policy, word: str, flow: str) -> Asked:
    """Return what ``word`` asks for: an outcome by name or title, a state ``flow.state``, a state of ``flow``.

    Raises UnknownNameError with the nearest name where the policy has none of these.
    """
    outcome = next((name for name, title in policy.outcomes.items() if word in (name, title.zh, title.en)), None)
    if outcome is not None:
        return Asked(outcome, frozenset(key for key, state in policy.states.items() if _ends_as(state, outcome)))
    key = next((key for key in (word, f"{flow}.{word}") if key in policy.states), None)
    if key is None:
        raise UnknownNameError(_nothing_such(policy, word, flow))
    return Asked(None, frozenset((key,)))


def why_not(policy: LoadedPolicy, explained: Explained, asked: Asked, limit: int = MOST_TRIED) -> WhyNot:
    """Return why a case did not come to what is asked; ``limit`` bounds how many changes are tried."""
    walk = explained.walk
    as_of = None if walk.now == walk.case.claim.opened_at else walk.now
    question = Question(policy.machine, policy.model, walk.case, as_of, asked.states)
    if question.is_met(walk):
        return WhyNot(asked, walk, reached=True, stop=None, nearest=Nearest((), complete=True, tried=0))
    stop = _stop(policy.model, explained, asked)
    found = Nearest((), complete=True, tried=0) if stop is None else nearest(question, limit)
    return WhyNot(asked, walk, reached=False, stop=stop, nearest=found)


def _stop(policy: Policy, explained: Explained, asked: Asked) -> Stop | None:
    for interrupts in (False, True):
        reach = reaching(policy, asked.states, interrupts=interrupts)
        stage = next((stage for stage in reversed(explained.stages) if _leads_on(stage.state, reach, asked)), None)
        if stage is not None:
            ways = tuple(way for way in stage.not_taken if way.target in reach)
            late = tuple(
                (late.fact, late.target.state)
                for index, late in enumerate(stage.state.late)
                if late.target.state in reach - {stage.state.key} and stage.edge != late_key(stage.state.key, index)
            )
            return Stop(stage, ways, late, only_by_turn=interrupts)
    return None


def _leads_on(state: State, reach: frozenset[str], asked: Asked) -> bool:
    return state.key in reach and state.key not in asked.states


def _ends_as(state: State, outcome: str) -> bool:
    return state.end is not None and state.end.outcome == outcome


def _nothing_such(policy: Policy, word: str, flow: str) -> Diagnostic:
    local = (policy.states[key].name for key in policy.flows[flow].states)
    near = did_you_mean(word, (*policy.outcomes, *local, *policy.states, *_titles(policy)))
    listed = ", ".join(policy.outcomes)
    return Diagnostic(
        "unknown_outcome",
        Text(f"没有结果或状态 {word}", f"there is no outcome and no state {word}"),
        hint=near or Text(f"结果有这些：{listed}", f"the outcomes are: {listed}"),
    )


def _titles(policy: Policy) -> Iterator[str]:
    for title in policy.outcomes.values():
        yield from (title.zh, title.en)
