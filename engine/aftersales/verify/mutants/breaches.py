"""Which law is broken where one state lays down something else: asked of all laws at once, then shown by a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from aftersales.policy.laws import Law
from aftersales.verify.atlas import Atlas
from aftersales.verify.built_in import IN_ERROR, money_in_error, money_keeps_to_its_caps
from aftersales.verify.laws import broken_by, speaks_of, suspicions
from aftersales.verify.places import Place
from aftersales.verify.replay import Replay
from aftersales.verify.search import Broken, Suspicion, settle
from aftersales.verify.solver import Model, possible
from aftersales.verify.symbols import BeyondProofError
from aftersales.verify.terms import Formula, all_of, any_of


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Where a law may be broken, and how a case shows that it is."""

    found: Sequence[Suspicion]
    broken: Broken


def first_broken(atlas: Atlas, places: Sequence[Place]) -> str | None:
    """Return the name of a law that a case in one of ``places`` breaks, the machine itself judging it.

    Asked are the policy's laws about one case, and that money keeps to its caps. ``None`` is no proof: a law may have
    no formula, or time may run out.
    """
    left = {name: doubt for name, doubt in _doubts(atlas, places) if doubt.found}
    replay: Replay | None = None
    while left:
        law = _breakable(atlas, left)
        if law is None:
            return None
        replay = replay or Replay(atlas.policy)
        doubt = left.pop(law)
        if settle(atlas, replay, doubt.found, doubt.broken).ending == "refuted":
            return law
    return None


def _doubts(atlas: Atlas, places: Sequence[Place]) -> Iterator[tuple[str, _Doubt]]:
    for law in atlas.policy.laws.values():
        if not law.two_cases:
            with suppress(BeyondProofError):
                yield law.name, _Doubt(_possible(_of(atlas, law, places)), broken_by(law))
    with suppress(BeyondProofError):
        yield money_keeps_to_its_caps.__name__, _Doubt(_possible(money_in_error(atlas, places)), IN_ERROR)


def _of(atlas: Atlas, law: Law, places: Sequence[Place]) -> Iterator[Suspicion]:
    return suspicions(atlas, law, (place for place in places if speaks_of(atlas, law, place)))


def _possible(found: Iterator[Suspicion]) -> Sequence[Suspicion]:
    return [suspicion for suspicion in found if possible(suspicion[1])]


def _breakable(atlas: Atlas, left: Mapping[str, _Doubt]) -> str | None:
    """Return a law that some case breaks by the formulas; flow by flow, as the solver's sessions are kept."""
    by_flow: dict[str, list[tuple[str, Place, Formula]]] = {}
    for law, doubt in left.items():
        for place, formula in doubt.found:
            asked = all_of((atlas.here(place), formula))
            by_flow.setdefault(atlas.carried.state(place).flow, []).append((law, place, asked))
    for asked_of in by_flow.values():
        model = atlas.find(any_of(asked for _, _, asked in asked_of), [place for _, place, _ in asked_of])
        if isinstance(model, Model):
            return next(law for law, _, asked in asked_of if model.holds(asked))
    return None
