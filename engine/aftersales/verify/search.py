"""Asking for a case that breaks a law, place by place, and seeing it break the law in the machine."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aftersales.errors import CaseError
from aftersales.expr.tree import Expr
from aftersales.policy.model import State
from aftersales.run.walk import Walk
from aftersales.verify.atlas import Atlas
from aftersales.verify.places import Passage, Place
from aftersales.verify.replay import Document, Replay
from aftersales.verify.smallest import smallest
from aftersales.verify.solver import Model, Unsettled, possible
from aftersales.verify.story import Story, way_to
from aftersales.verify.terms import Formula, all_of, any_of, negate
from aftersales.verify.verdict import PROVED, Counterexample, Finding, unknown

#: Where a law may be broken, and when.
Suspicion = tuple[Place, Formula]

#: How many cases are tried in the machine before a place is given up.
MOST_TRIES: Final = 12


@dataclass(frozen=True, slots=True)
class Broken:
    """How a case shows that a law is broken.

    ``seen`` judges it, ``reads`` says what the law reads, ``exprs`` are the law's own, ``there`` those of a place.
    """

    seen: Callable[[Replay, Document], bool]
    exprs: tuple[Expr, ...] = ()
    there: Callable[[State], Iterable[Expr]] = lambda _state: ()
    reads: Callable[[Walk], str] = lambda _walk: ""


def settle(atlas: Atlas, replay: Replay, suspicions: Iterable[Suspicion], broken: Broken) -> Finding:
    """Return whether a law can be broken at one of ``suspicions``: each flow's places are one question."""
    by_flow = defaultdict[str, list[Suspicion]](list)
    for place, formula in suspicions:
        if possible(formula):
            by_flow[atlas.carried.state(place).flow].append((place, formula))
    open_: Finding | None = None
    for found in by_flow.values():
        finding = _in_flow(atlas, replay, found, broken)
        if finding.ending == "refuted":
            return finding
        open_ = finding if finding.ending == "unknown" else open_
    return open_ or PROVED


def _in_flow(atlas: Atlas, replay: Replay, found: Sequence[Suspicion], broken: Broken) -> Finding:
    """Look for a case in which everybody answers before one in which a deadline passes: it is the plainer story."""
    places = [place for place, _ in found]
    asked = {place: all_of((atlas.here(place), formula)) for place, formula in found}
    answered = any_of(all_of((formula, negate(atlas.carried.silent(place)))) for place, formula in asked.items())
    plain = atlas.find(answered, places)
    left: Formula = answered if isinstance(plain, Model) else any_of(asked.values())
    finding = _tried(atlas, replay, asked, left, broken)
    if finding.ending == "refuted" or left is not answered:
        return finding
    return _tried(atlas, replay, asked, any_of(asked.values()), broken)


def _tried(atlas: Atlas, replay: Replay, asked: Mapping[Place, Formula], left: Formula, broken: Broken) -> Finding:
    places = list(asked)
    last: Document | None = None
    for _ in range(MOST_TRIES):
        answer = atlas.find(left, places)
        if answer is None:
            return PROVED if last is None else _disagreed(last)
        if isinstance(answer, Unsettled):
            return unknown(f"求解器没有得出答案（{answer.why}）", f"the solver gave no answer ({answer.why})")
        place = next(place for place in places if answer.holds(asked[place]))
        case = _told(atlas, replay, answer, place, broken)
        if case is not None and broken.seen(replay, case):
            return Finding("refuted", example=shown(replay, case, broken))
        last = case or last
        left = all_of((left, negate(_way(atlas, way_to(atlas.carried, place, answer)))))
    return _disagreed(last)


def _way(atlas: Atlas, way: Sequence[Passage]) -> Formula:
    return all_of(atlas.carried.fires(passage.source, passage.edge) for passage in way)


def _told(atlas: Atlas, replay: Replay, model: Model, place: Place, broken: Broken) -> Document | None:
    way = way_to(atlas.carried, place, model)
    return Story(atlas.carried, model, replay).along(
        way, place, [*broken.exprs, *broken.there(atlas.carried.state(place))]
    )


def shown(replay: Replay, case: Document, broken: Broken) -> Counterexample:
    """Return the smallest case that shows what ``case`` shows, with its way through the machine."""
    least = smallest(case, lambda other: broken.seen(replay, other))
    walk = walked(replay, least)
    if walk is None:
        return Counterexample(least, "", ())
    edges = tuple(step.edge for step in walk.path if step.edge is not None)
    return Counterexample(least, walk.state, edges, broken.reads(walk))


def walked(replay: Replay, case: Document) -> Walk | None:
    """Return where a case stands, ``None`` where the machine stops with an error."""
    try:
        return replay.walk(case)
    except CaseError:
        return None


def _disagreed(case: Document | None) -> Finding:
    """Say that the formulas and the machine differ: a fault of the proof, to be reported, never a proof."""
    told = json.dumps(case.to_dict(), ensure_ascii=False) if case is not None else "-"
    return unknown(
        f"求解器给出的案例在状态机里重放不出来：{told}", f"the solver's case does not replay in the machine: {told}"
    )
