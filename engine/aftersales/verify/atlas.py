"""A policy made ready for proof: its map, what cases carry through it, and sessions with the solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aftersales.policy.edges import Edge
from aftersales.policy.model import Policy
from aftersales.policy.possible import Analysis, analyse
from aftersales.verify.carried import Carried
from aftersales.verify.figures import Figures
from aftersales.verify.flat import FlatPlace
from aftersales.verify.meaning import truth_of
from aftersales.verify.places import Map, Passage, Place, edges_from, laid_out
from aftersales.verify.solver import PATIENCE, Model, Session, Unsettled
from aftersales.verify.terms import Formula, all_of, any_of, negate
from aftersales.verify.vocabulary import Vocabulary


@dataclass(slots=True, repr=False)
class Asker:
    """A session that holds the rules of the places that were asked about so far, and of all that lead there."""

    carried: Carried
    session: Session
    assumed: dict[Place, int] = field(default_factory=dict)
    bounds: int = 0

    def find(self, formula: Formula, places: Iterable[Place]) -> Model | Unsettled | None:
        """Return a case in which ``formula``, which speaks of ``places``, holds; ``None`` where there surely is none."""
        if formula is False:
            return None
        self.draw_in(places)
        return self.session.find(formula)

    def draw_in(self, places: Iterable[Place]) -> None:
        """Assume the rules of ``places`` and of all that lead there, as far as they are not assumed yet."""
        self._take_in(places)
        for place, known in self.assumed.items():
            rules = self.carried.rules[place]
            for rule in rules[known:]:
                self.session.assume(rule)
            self.assumed[place] = len(rules)
        rules = self.carried.vocabulary.rules
        for rule in rules[self.bounds :]:
            self.session.assume(rule)
        self.bounds = len(rules)

    def _take_in(self, places: Iterable[Place]) -> None:
        """Take in the places that ``places`` can be come to from, themselves included."""
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place not in self.assumed:
                self.carried.reach(place)
                self.assumed[place] = 0
                waiting += [passage.source for passage in self.carried.lines.into.get(place, ())]


@dataclass(slots=True, repr=False)
class Atlas:
    """One policy and everything that proofs share. Not to be used by two threads at once."""

    policy: Policy
    carried: Carried
    patience: int
    flats: dict[Place, FlatPlace] = field(default_factory=dict)
    askers: dict[str, Asker] = field(default_factory=dict)

    @property
    def map(self) -> Map:
        """Return the places and ways."""
        return self.carried.lines

    def flat(self, place: Place) -> FlatPlace:
        """Return a place seen by flat names."""
        if place not in self.flats:
            self.flats[place] = FlatPlace(self.carried, place)
        return self.flats[place]

    def asker(self, about: str) -> Asker:
        """Return the session for questions about one flow; what it learned stays for the next question."""
        if about not in self.askers:
            self.askers[about] = Asker(self.carried, Session(self.patience))
        return self.askers[about]

    def find(self, formula: Formula, places: Sequence[Place]) -> Model | Unsettled | None:
        """Return a case in which ``formula``, which speaks of ``places`` of one flow, holds."""
        flow = self.carried.state(places[0]).flow
        return self.asker(flow).find(formula, places)

    def here(self, place: Place) -> Formula:
        """Return when a case comes to ``place`` with facts that keep to the policy's relations."""
        return all_of((self.carried.reach(place), self.agrees(place)))

    def agrees(self, place: Place) -> Formula:
        """Return when no relation between facts is broken in ``place``."""
        sight = self.carried.sight(place)
        return negate(any_of(truth_of(holds.condition, sight).no for holds in self.policy.holds))

    def between(self) -> Atlas:
        """Return the same map with every param that has a floor or a ceiling at any value that these allow."""
        figures, vocabulary = Figures(self.policy, between=True), Vocabulary(self.policy)
        vocabulary.rules.extend(figures.rules())
        return Atlas(self.policy, Carried(vocabulary, figures, self.carried.ahead, self.map), self.patience)

    def places(self) -> Iterator[Place]:
        """Yield every place that is not shut by plain folding, in order."""
        return (place for place in self.map.places if self.carried.reach(place) is not False)


def ready(policy: Policy, *, analysis: Analysis | None = None, patience: int = PATIENCE) -> Atlas:
    """Return a policy made ready for proof. ``patience`` is the time in milliseconds that one question may take."""
    ahead = edges_from(analysis if analysis is not None else analyse(policy))
    return _Surveyor(policy, ahead, patience=patience).survey()


class _Surveyor:
    """Lays out the map of a policy, asking the solver whether a further round of a circle is ever made."""

    def __init__(self, policy: Policy, ahead: Mapping[str, Sequence[Edge]], *, patience: int) -> None:
        self._policy = policy
        self._ahead = ahead
        self._patience = patience
        self._vocabulary = Vocabulary(policy)
        self._figures = Figures(policy)
        self._carried: Carried | None = None
        self._askers: dict[str, Asker] = {}

    def survey(self) -> Atlas:
        """Return the finished atlas."""
        lines = laid_out(self._policy, self._ahead, self._is_open)
        return Atlas(self._policy, self._on(lines), self._patience, askers=self._askers)

    def _on(self, lines: Map) -> Carried:
        if self._carried is None:
            self._carried = Carried(self._vocabulary, self._figures, self._ahead, lines)
        return self._carried

    def _is_open(self, lines: Map, passage: Passage) -> bool:
        carried = self._on(lines)
        taken = carried.taken(passage)
        if isinstance(taken, bool):
            return taken
        flow = carried.state(passage.source).flow
        if flow not in self._askers:
            self._askers[flow] = Asker(carried, Session(self._patience))
        return self._askers[flow].find(taken, [passage.source]) is not None
