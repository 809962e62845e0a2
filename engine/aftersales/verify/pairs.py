"""Laws about two cases that are alike but for the facts in which they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aftersales.errors import CaseError
from aftersales.expr.names import facts_of
from aftersales.policy.laws import Law
from aftersales.run.flat import FlatCase, TwoCases, judge_two, readings
from aftersales.verify.atlas import Asker, Atlas
from aftersales.verify.carried import Carried
from aftersales.verify.flat import FlatPlace
from aftersales.verify.meaning import truth_of
from aftersales.verify.places import Place
from aftersales.verify.replay import Document, Replay
from aftersales.verify.search import MOST_TRIES
from aftersales.verify.smallest import smallest
from aftersales.verify.solver import Model, Session, Unsettled
from aftersales.verify.story import Story, way_to
from aftersales.verify.symbols import Symbol, Truth, beyond, merged
from aftersales.verify.terms import Formula, all_of, any_of, negate
from aftersales.verify.verdict import PROVED, Counterexample, Finding, unknown
from aftersales.verify.vocabulary import Vocabulary


@dataclass(slots=True, repr=False)
class _Side:
    """One of the two cases: what it carries, and its places seen by flat names."""

    carried: Carried
    flats: dict[Place, FlatPlace] = field(default_factory=dict)

    def flat(self, place: Place) -> FlatPlace:
        if place not in self.flats:
            self.flats[place] = FlatPlace(self.carried, place)
        return self.flats[place]

    def stands(self, place: Place) -> Formula:
        """Return when this case ends in ``place`` with its facts in agreement and its money settled."""
        sight = self.carried.sight(place)
        policy = self.carried.vocabulary.policy
        broken = any_of(truth_of(holds.condition, sight).no for holds in policy.holds)
        return all_of((self.carried.reach(place), negate(broken), negate(self.flat(place).settled.in_error())))


@dataclass(frozen=True, slots=True)
class _Both:
    """The two cases as a law reads them: ``read`` gives what a name of one case is."""

    read: Mapping[str, Callable[[str], Symbol]]

    def fact(self, name: str) -> Symbol:
        """Return what ``a.NAME`` or ``b.NAME`` is."""
        case, _, rest = name.partition(".")
        return self.read[case](rest)

    def param(self, name: str) -> Symbol:
        """Return a param; laws about two cases read it in the first, by its case's name."""
        raise beyond(f"两案守则不能读参数 {name}", f"a law about two cases reads param {name}")

    def present(self, name: str) -> Truth:
        """Return whether a fact is there; the flag of one case is read by its name instead."""
        raise beyond(f"请改读 {name} 的是否", f"read the flag of {name} instead")


def prove_pair(atlas: Atlas, replay: Replay, law: Law) -> Finding:
    """Return whether a law about two cases holds for all pairs that are alike as its scope says."""
    a, b = _Side(atlas.carried), _Side(_other(atlas, law))
    asked = _same_end(law, a, b) if law.scope == "same_end" else _same_answers(law, a, b)
    asker = _Pairs((a, b), Session(atlas.patience), answered=law.scope == "same_answers")
    finding = PROVED
    for places, formula in asked:
        found = _settle(replay, law, asker, places, formula)
        if found.ending == "refuted":
            return found
        finding = found if found.ending == "unknown" else finding
    return finding


def _other(atlas: Atlas, law: Law) -> Carried:
    """Return what the second case carries: the same free values, but for the facts in which the two differ."""
    mine = atlas.carried
    made = (fact for name in law.two_cases for fact in mine.vocabulary.goes_into[name])
    own = frozenset((*law.two_cases, *(fact for fact in made if mine.vocabulary.derivation(fact) is None)))
    vocabulary = Vocabulary(atlas.policy, prefix="b ", own=own)
    return Carried(vocabulary, mine.figures, mine.ahead, mine.lines)


def _ends(side: _Side) -> Iterator[Place]:
    for place in side.carried.lines.places:
        if side.carried.state(place).end is not None and side.carried.reach(place) is not False:
            yield place


def _same_end(law: Law, a: _Side, b: _Side) -> Iterator[tuple[list[Place], Formula]]:
    for place in _ends(a):
        both = _Both({"a": a.flat(place).fact, "b": b.flat(place).fact})
        yield [place], all_of((_broken(law, both), a.stands(place), b.stands(place)))


def _same_answers(law: Law, a: _Side, b: _Side) -> Iterator[tuple[list[Place], Formula]]:
    """Yield a question for each flow that the first case may end in, the second anywhere: the law reads what is decided."""
    places = list(_ends(a))
    by_flow = defaultdict[str, list[Place]](list)
    for place in places:
        by_flow[a.carried.state(place).flow].append(place)
    other, ended = _anywhere(b, places), any_of(b.stands(place) for place in places)
    for mine in by_flow.values():
        both = _Both({"a": _anywhere(a, mine), "b": other})
        yield places, all_of((_broken(law, both), any_of(a.stands(place) for place in mine), ended))


def _anywhere(side: _Side, places: Sequence[Place]) -> Callable[[str], Symbol]:
    known: dict[str, Symbol] = {}

    def read(name: str) -> Symbol:
        if name not in known:
            known[name] = merged([(side.stands(place), side.flat(place).fact(name)) for place in places])
        return known[name]

    return read


def _broken(law: Law, both: _Both) -> Formula:
    asked = truth_of(law.condition, both).yes
    return False if asked is False else all_of((asked, truth_of(law.then, both).no))


@dataclass(slots=True, repr=False)
class _Pairs:
    """A session that holds the rules of both cases; ``answered``: nobody is silent and nothing interrupts."""

    sides: tuple[_Side, _Side]
    session: Session
    answered: bool
    askers: tuple[Asker, ...] = field(init=False)
    quiet: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.askers = tuple(Asker(side.carried, self.session) for side in self.sides)

    def find(self, formula: Formula, places: Iterable[Place]) -> Model | Unsettled | None:
        """Return two cases of which ``formula`` holds."""
        if formula is False:
            return None
        asked = list(places)
        for asker in self.askers:
            asker.draw_in(asked)
        if self.answered:
            self._quieten()
        return self.session.find(formula)

    def _quieten(self) -> None:
        carried = self.sides[0].carried
        for place in self.askers[0].assumed:
            if place not in self.quiet:
                self.quiet.add(place)
                self.session.assume(negate(any_of(carried.bits(place))))


def _settle(replay: Replay, law: Law, asker: _Pairs, places: list[Place], formula: Formula) -> Finding:
    left = formula
    for _ in range(MOST_TRIES):
        answer = asker.find(left, places)
        if answer is None:
            return PROVED if left is formula else _unreplayed(law)
        if isinstance(answer, Unsettled):
            return unknown(f"求解器没有得出答案（{answer.why}）", f"the solver gave no answer ({answer.why})")
        pair = _pair(law, *(_told(replay, law, side, answer, places) for side in asker.sides))
        if pair is not None and _seen(replay, law, pair):
            return Finding("refuted", example=_shown(replay, law, pair))
        left = all_of((left, negate(_ways(asker, answer, places))))
    return _unreplayed(law)


def _ways(asker: _Pairs, model: Model, places: Sequence[Place]) -> Formula:
    found: list[Formula] = []
    for side in asker.sides:
        end = next(place for place in places if model.holds(side.stands(place)))
        way = way_to(side.carried, end, model)
        found += [side.carried.fires(passage.source, passage.edge) for passage in way]
    return all_of(found)


def _told(replay: Replay, law: Law, side: _Side, model: Model, places: Sequence[Place]) -> Document | None:
    end = next((place for place in places if model.holds(side.stands(place))), None)
    if end is None:
        return None
    facts = side.carried.vocabulary.policy.facts
    named = (name.partition(".")[2] for part in (law.condition, law.then) for name in facts_of(part))
    told = [name for name in (*named, *law.two_cases) if name in facts]
    return Story(side.carried, model, replay).along(way_to(side.carried, end, model), end, (), told)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two cases, alike but for some facts."""

    case: Document
    other: Document


def _pair(law: Law, a: Document | None, b: Document | None) -> _Pair | None:
    """Return the two cases as they are told; where no instant matters, each is told what the other needs too."""
    if a is None or b is None:
        return None
    if not (a.untimed and b.untimed):
        return _Pair(a, b)
    first, second = _all_told(a), _all_told(b)
    own = {name: value for name, value in second.items() if name in law.two_cases}
    events = [((a.opened_at, values),) for values in ({**second, **first}, {**second, **first, **own})]
    return _Pair(*(replace(a, events=told) for told in events))


def _all_told(case: Document) -> Mapping[str, object]:
    return {name: value for _, values in case.events for name, value in values.items()}


def _answers(case: Document) -> Mapping[str, list[object]]:
    """Return what is told for each fact, one answer after the other."""
    found = defaultdict[str, list[object]](list)
    for _, values in case.events:
        for name, value in values.items():
            found[name].append(value)
    return found


def _alike(law: Law, pair: _Pair) -> bool:
    """Return whether two cases answer alike, as far as both answer, but for the facts in which they may differ."""
    first, second = _answers(pair.case), _answers(pair.other)
    both = (name for name in first if name in second and name not in law.two_cases)
    return all(one == other for name in both for one, other in zip(first[name], second[name], strict=False))


def _seen(replay: Replay, law: Law, pair: _Pair) -> bool:
    """Return whether a pair breaks a law in the machine, alike as the law's scope says."""
    try:
        a, b = replay.walk(pair.case), replay.walk(pair.other)
        same = _alike(law, pair) and (law.scope == "same_answers" or a.state == b.state)
        ended = a.at_state.end is not None and b.at_state.end is not None
        return same and ended and judge_two(law, a, b) is False
    except CaseError:
        return False


def _shown(replay: Replay, law: Law, pair: _Pair) -> Counterexample:
    found = _least(law, pair, lambda other: _seen(replay, law, other))
    a, b = replay.walk(found.case), replay.walk(found.other)
    edges = tuple(step.edge for step in b.path if step.edge is not None)
    reads = readings(law, TwoCases(FlatCase(a), FlatCase(b)))
    return Counterexample(found.case, b.state, edges, reads, found.other)


def _least(law: Law, pair: _Pair, shows: Callable[[_Pair], bool]) -> _Pair:
    """Return the smallest pair that still ``shows``: both are told less together where they are told alike."""
    own = {name: value for name, value in _all_told(pair.other).items() if name in law.two_cases}

    def both(case: Document) -> _Pair:
        events = tuple((at, {n: own.get(n, value) for n, value in values.items()}) for at, values in case.events)
        return _Pair(case, replace(case, events=events))

    if shows(both(pair.case)):
        return both(smallest(pair.case, lambda case: shows(both(case))))
    less = replace(pair, case=smallest(pair.case, lambda case: shows(replace(pair, case=case))))
    return replace(less, other=smallest(less.other, lambda case: shows(replace(less, other=case))))


def _unreplayed(law: Law) -> Finding:
    return unknown(
        f"求解器给出的两个案例在状态机里重放不出来（{law.name}）",
        f"the solver's two cases do not replay in the machine ({law.name})",
    )
