"""Two policies in one question to the solver: a case that comes to one state under both and is decided differently there.

Both policies speak of the same free facts, so that formulas of the two can stand in one question. This is the only
module of its room that needs the solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.policy.flat_names import flat_names
from aftersales.policy.model import Late, State
from aftersales.policy.reads import asides_of, of_within
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.changes import bare
from aftersales.study.touched import meaning_of
from aftersales.study.two_decisions import TwoDecisions, TwoPolicies
from aftersales.verify.atlas import Asker, Atlas, ready
from aftersales.verify.carried import Carried
from aftersales.verify.flat import FlatPlace
from aftersales.verify.meaning import symbol_of, truth_of
from aftersales.verify.places import Passage, Place
from aftersales.verify.replay import Document, Replay
from aftersales.verify.smallest import smallest
from aftersales.verify.solver import Model, Session, Unsettled
from aftersales.verify.story import Story, way_to
from aftersales.verify.symbols import Amount, BeyondProofError, OneOf, Symbol, Truth, mark
from aftersales.verify.terms import Formula, all_of, any_of, compare, negate
from aftersales.verify.vocabulary import Vocabulary

#: How many cases of one question are tried in the machines before it is given up.
_MOST_TRIES: Final = 6
#: Flat names that say where a case stands, not what is decided of it, or what others add up to.
_NOT_ASKED: Final = frozenset({"flow", "state", "silence", "goods_left", "refund_maximum", "buyer_net"})


@dataclass(frozen=True, slots=True)
class Contrast:
    """What came of one state: cases that are decided differently, one for each respect that was asked about.

    ``proved``: there are no others, every question was answered no; without cases the state decides all cases alike.
    """

    found: tuple[TwoDecisions, ...]
    proved: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """When two decisions differ in a place; ``exprs`` are read there and therefore told.

    ``exact``: they differ wherever the formula holds. Otherwise it says only where they might, in what is asked first.
    ``beyond``: they differ in where they go from there, so that the case is told up to where it has gone.
    """

    differs: Formula
    exprs: tuple[Expr, ...] = ()
    exact: bool = True
    beyond: bool = False


@dataclass(slots=True, repr=False)
class _Side:
    """One of the two policies: what its cases carry, its machine, its places by flat names."""

    carried: Carried
    replay: Replay
    flats: dict[Place, FlatPlace] = field(default_factory=dict)

    def flat(self, place: Place) -> FlatPlace:
        if place not in self.flats:
            self.flats[place] = FlatPlace(self.carried, place)
        return self.flats[place]

    def state(self, place: Place) -> State:
        return self.carried.state(place)

    def fires(self, passage: Passage) -> Formula:
        return self.carried.fires(passage.source, passage.edge)

    def stands(self, place: Place) -> Formula:
        """Return when a case comes to ``place`` with facts that keep to the relations between them."""
        sight, policy = self.carried.sight(place), self.carried.vocabulary.policy
        return all_of(
            (self.carried.reach(place), *(negate(truth_of(holds.condition, sight).no) for holds in policy.holds))
        )


class Contrasts:
    """Asks for cases that two policies decide differently, state by state."""

    def __init__(self, old: LoadedPolicy, new: LoadedPolicy) -> None:
        self._both = TwoPolicies(old, new)
        before, after = ready(old.model), ready(new.model)
        self._old = _Side(before.carried, Replay(old.model))
        self._new = _Side(_apart(after), Replay(new.model))
        self._sides = (self._old, self._new)
        self._patience = before.patience
        self._sessions: dict[str, tuple[Session, tuple[Asker, Asker]]] = {}

    def at(self, state: str) -> Contrast:
        """Return what the two policies decide differently of the cases that come to ``state`` under both."""
        found: dict[tuple[str, ...], TwoDecisions] = {}
        proved = True
        for place in self._places(state):
            for ask in (self._ways, self._figures, self._rest):
                try:
                    proved &= self._settled(place, ask(place), found)
                except BeyondProofError:
                    proved = False
        return Contrast(tuple(found.values()), proved)

    def _places(self, state: str) -> Iterator[Place]:
        others = set(self._new.carried.lines.rounds(state))
        for place in self._old.carried.lines.rounds(state):
            if place in others and self._old.carried.reach(place) is not False:
                yield place

    def _settled(
        self, place: Place, questions: Iterable[_Question], found: dict[tuple[str, ...], TwoDecisions]
    ) -> bool:
        """Answer each question into ``found``; return whether every one was settled."""
        settled = True
        for question in questions:
            settled &= self._answered(place, question, found) or not question.exact
        return settled

    def _answered(self, place: Place, question: _Question, found: dict[tuple[str, ...], TwoDecisions]) -> bool:
        """Try cases in which everybody answers before those in which a deadline passes: they are the plainer stories."""
        here = all_of((*(side.stands(place) for side in self._sides), question.differs))
        silent = any_of(side.carried.silent(place) for side in self._sides)
        return self._tried(place, all_of((here, negate(silent))), question, found) is True or (
            self._tried(place, here, question, found) is not False
        )

    def _tried(
        self, place: Place, left: Formula, question: _Question, found: dict[tuple[str, ...], TwoDecisions]
    ) -> bool | None:
        """Return whether a case was found, ``None`` where there surely is none."""
        for number in range(_MOST_TRIES):
            answer = self._find(place, left)
            if not isinstance(answer, Model):
                return None if answer is None and not number else False
            told = [case for side in self._sides for case in self._told(side, answer, place, question)]
            shown = [two for case in told if (two := self._shown(case, place)) is not None]
            found.update({two.respects: two for two in shown if two.respects not in found})
            if shown:
                return True
            left = all_of((left, negate(all_of(self._way(side, answer, place) for side in self._sides))))
        return False

    def _find(self, place: Place, formula: Formula) -> Model | Unsettled | None:
        if formula is False:
            return None
        flow = self._old.state(place).flow
        if flow not in self._sessions:
            session = Session(self._patience)
            askers = Asker(self._old.carried, session), Asker(self._new.carried, session)
            self._sessions[flow] = session, askers
        session, askers = self._sessions[flow]
        for asker in askers:
            asker.draw_in([place])
        return session.find(formula)

    def _way(self, side: _Side, model: Model, place: Place) -> Formula:
        return all_of(side.fires(way) for way in way_to(side.carried, place, model))

    def _told(self, side: _Side, model: Model, place: Place, question: _Question) -> Iterator[Document]:
        """Yield the cases that a model may be told as: up to ``place``, and on to where one policy sends it."""
        way = way_to(side.carried, place, model)
        ways = [(way, place)]
        if question.beyond:
            ahead = [next_ for next_ in side.carried.lines.out[place] if model.holds(side.fires(next_))]
            ways += [((*way, next_), next_.target) for next_ in ahead]
        for passages, last in ways:
            case = Story(side.carried, model, side.replay).along(passages, last, question.exprs)
            if case is not None:
                yield case

    def _shown(self, case: Document, place: Place) -> TwoDecisions | None:
        """Return the smallest case that is decided differently as ``case`` is, by way of the same state."""
        first = self._both.decide(case.to_dict())
        if not first.respects or not first.both_pass(place.state):
            return None

        def shows(other: Document) -> bool:
            two = self._both.decide(other.to_dict())
            return two.respects == first.respects and two.both_pass(place.state)

        return self._both.decide(smallest(case, shows).to_dict())

    def _ways(self, place: Place) -> Iterator[_Question]:
        """Ask whether a case leaves a place for another state, or only under one policy: by an answer, then by silence."""
        ways = [[(way, side.fires(way)) for way in side.carried.lines.out[place]] for side in self._sides]
        exprs = tuple(expr for side in self._sides for expr in _guards(side.state(place)))
        apart = [
            all_of((fires, other))
            for (way, fires), (another, other) in product(*ways)
            if bare(way.edge.target) != bare(another.edge.target)
        ]
        old, new = (any_of(fires for _, fires in moves) for moves in ways)
        differs = all_of((self._knowing_the_same(place), any_of((*apart, _apart_in(old, new)))))
        silence = any_of(fires for moves in ways for way, fires in moves if isinstance(way.edge.way, Late))
        yield _Question(all_of((differs, negate(silence))), exprs)
        yield _Question(all_of((differs, silence)), beyond=True)

    def _knowing_the_same(self, place: Place) -> Formula:
        """Return that a case knows the same facts under both policies as it leaves a place: up to there they agree."""
        old, new = (side.carried for side in self._sides)
        names = old.vocabulary.policy.facts.keys() & new.vocabulary.policy.facts.keys()
        return all_of(
            negate(_apart_in(old.told_by_then(place, name), new.told_by_then(place, name))) for name in sorted(names)
        )

    def _figures(self, place: Place) -> Iterator[_Question]:
        """Ask whether who is liable, who pays a leg, or an amount is another."""
        names = [flat_names(side.carried.vocabulary.policy) for side in self._sides]
        exprs = tuple(expr for side in self._sides for expr, _ in asides_of(side.state(place)))
        wrong = [side.flat(place).settled.in_error() for side in self._sides]
        yield _Question(_apart_in(*wrong), exprs)
        for name in dict.fromkeys((*names[0], *names[1])):
            if name not in _NOT_ASKED and not name.partition("_by_")[1]:
                try:
                    found = [
                        side.flat(place).fact(name) if name in known else Amount(0)
                        for side, known in zip(self._sides, names, strict=True)
                    ]
                    differs = _differ(*found)
                except BeyondProofError:
                    differs = True
                if differs is not False:
                    yield _Question(all_of((differs, negate(any_of(wrong)))), exprs)

    def _rest(self, place: Place) -> Iterator[_Question]:
        """Ask for any case that waits here where what is asked, owed or allowed time differs, else for other lengths."""
        old, new = self._old.state(place), self._new.state(place)
        waits = all_of(side.carried.rests(place) for side in self._sides if side.state(place).end is None)
        exprs = tuple(expr for state in (old, new) for expr, _ in asides_of(state))
        if self._said(old, self._old) != self._said(new, self._new) or self._answered_otherwise(place):
            yield _Question(waits, exprs)
            if waits is not True:
                yield _Question(differs=True, exprs=exprs)
            return
        if bare((old.until, old.branches)) != bare((new.until, new.branches)):
            yield _Question(waits, exprs, exact=False)
        asides = (tuple(_asides(state)) for state in (old, new))
        for one, other in zip(*asides, strict=True):
            yield _Question(all_of((waits, self._apart_by(place, one, other))), exprs)

    def _apart_by(self, place: Place, old: Expr, new: Expr) -> Formula:
        """Return when two expressions come to something else in a place; anywhere, where they have no formula."""
        policies = (side.carried.vocabulary.policy for side in self._sides)
        before, after = (meaning_of(expr, policy) for expr, policy in zip((old, new), policies, strict=True))
        if before == after:
            return False
        try:
            return _differ(*map(symbol_of, (old, new), (side.carried.sight(place) for side in self._sides)))
        except BeyondProofError:
            return True

    def _said(self, state: State, side: _Side) -> object:
        """Return what a state says besides guards and money, with what its actions are."""
        policy = side.carried.vocabulary.policy
        actions = [policy.actions[name] for name in (*(todo.action for todo in state.do), *state.duties)]
        parts = (state.do, state.duties, state.offers, state.within, state.late, state.end, state.reopen, state.uses)
        return [bare(part) for part in parts], [bare(action) for action in actions]

    def _answered_otherwise(self, place: Place) -> bool:
        """Return whether a fact that the guards of both read is answered by somebody else, or with other words."""
        old, new = (self._answers(side, place) for side in self._sides)
        return any(old[name] != new[name] for name in old.keys() & new.keys())

    def _answers(self, side: _Side, place: Place) -> Mapping[str, object]:
        facts = side.carried.vocabulary.policy.facts
        names = (name for guard in _guards(side.state(place)) for name in facts_of(guard))
        return {name: (facts[name].answered_by, facts[name].type) for name in names}


def _apart(atlas: Atlas) -> Carried:
    """Return what the cases of a policy carry, under names of its own for where they stand: the facts are shared."""
    mine = atlas.carried
    return Carried(Vocabulary(atlas.policy, prefix="new "), mine.figures, mine.ahead, mine.lines)


def _asides(state: State) -> Iterator[Expr]:
    """Yield what an answer has to meet to be offered, and how long a state may take."""
    for offer in state.offers:
        yield from (when for _, when in offer.options)
        if offer.at_most is not None:
            yield offer.at_most
    if state.within is not None:
        yield of_within(state.within)


def _guards(state: State) -> Iterator[Expr]:
    yield from (branch.guard for branch in state.branches)


def _differ(old: Symbol, new: Symbol) -> Formula:
    """Return when two symbols come to something else, one being unknown included; settled at once where they are one."""
    if mark(old) == mark(new):
        return False
    match old, new:
        case Truth(), Truth():
            return any_of(_apart_in(one, other) for one, other in ((old.yes, new.yes), (old.no, new.no)))
        case OneOf(), OneOf():
            return any_of(_apart_in(old.word(word), new.word(word)) for word in {*old.by, *new.by})
        case Amount(), Amount():
            both = all_of((old.known, new.known, compare("!=", old.value, new.value)))
            return any_of((both, _apart_in(old.known, new.known)))
        case _:
            return True


def _apart_in(one: Formula, other: Formula) -> Formula:
    return any_of((all_of((one, negate(other))), all_of((other, negate(one)))))
