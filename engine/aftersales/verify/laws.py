"""The policy's own laws, over every case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aftersales.errors import CaseError
from aftersales.policy.laws import Law
from aftersales.run.flat import FlatCase, judge, readings
from aftersales.run.walk import Walk
from aftersales.verify.atlas import Atlas
from aftersales.verify.meaning import truth_of
from aftersales.verify.places import Place
from aftersales.verify.replay import Document, Replay
from aftersales.verify.search import Broken, Suspicion, settle
from aftersales.verify.solver import Model
from aftersales.verify.terms import Formula, all_of, negate
from aftersales.verify.verdict import Finding, unknown


def prove_law(atlas: Atlas, replay: Replay, law: Law) -> Finding:
    """Return whether a law about one case holds in every case. One whose ``if`` no case meets is unknown."""
    places = [place for place in atlas.places() if speaks_of(atlas, law, place)]
    if not _is_met(atlas, law, places):
        return unknown("没有案例满足它的 if，这条守则什么也没说", "no case meets its if: the law says nothing")
    return settle(atlas, replay, suspicions(atlas, law, places), broken_by(law))


def broken_by(law: Law) -> Broken:
    """Return how a case shows that it breaks a law."""

    def seen(replay: Replay, case: Document) -> bool:
        try:
            return judge(law, replay.walk(case)) is False
        except CaseError:
            return False

    def reads(walk: Walk) -> str:
        return readings(law, FlatCase(walk))

    return Broken(seen, (law.condition, law.then), reads=reads)


def speaks_of(atlas: Atlas, law: Law, place: Place) -> bool:
    """Return whether a law about one case says anything of the cases in a place: at an end, or at an open state."""
    is_end = atlas.carried.state(place).end is not None
    return is_end == (law.at == "end")


def _standing(atlas: Atlas, law: Law, place: Place) -> Formula:
    """Return when a case stands in ``place`` with its money settled: at an open state it must be able to rest there."""
    rests = True if law.at == "end" else atlas.carried.rests(place)
    return all_of((rests, negate(atlas.flat(place).settled.in_error())))


def suspicions(atlas: Atlas, law: Law, places: Iterable[Place]) -> Iterator[Suspicion]:
    """Yield for each of ``places`` when a case that stands there breaks the law. Raises BeyondProofError."""
    for place in places:
        flat = atlas.flat(place)
        asked = truth_of(law.condition, flat).yes
        broken = False if asked is False else all_of((asked, truth_of(law.then, flat).no))
        yield place, False if broken is False else all_of((broken, _standing(atlas, law, place)))


def _is_met(atlas: Atlas, law: Law, places: list[Place]) -> bool:
    """Return whether a case meets the law's ``if``; the place where one plainly does is tried first."""
    asked = [(truth_of(law.condition, atlas.flat(place)).yes, place) for place in places]
    for formula, place in sorted(asked, key=lambda pair: pair[0] is not True):
        if formula is False:
            continue
        if isinstance(atlas.find(all_of((atlas.here(place), formula)), [place]), Model):
            return True
    return False
