"""The main path of a flow: the way that most cases take to a full settlement, as far as the policy itself tells.

Answers are kept along the way: one that contradicts an earlier answer is no way on, unless the fact is asked again.
What counts as usual is read off the policy and weighed:

- an author names exceptions before the ``otherwise``, and the usual answer first;
- what silence is taken for is usual: on the card itself, else anywhere in the flow;
- what the policy shows elsewhere (``usual``): a switch as it is shipped, what most hand-overs bring, a yes that asks on;
- of yes and no, what stands on a source of its own is an exception to the card's rule;
- an answer that ends the questions of a card at once, while the others ask on, is an exception too;
- a case is settled rather than closed with nothing, that rather than left to another flow or refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count
from typing import Final

from aftersales.draw.questions import Answer, Leaf, Question, Step, Subject, leaves, told_by
from aftersales.draw.usual import Usual
from aftersales.draw.ways import Unit
from aftersales.expr.names import facts_of
from aftersales.expr.types import Value
from aftersales.policy.arrival import Arrival
from aftersales.policy.edges import branch_key
from aftersales.policy.model import State, Target

#: What was answered so far: the values that each fact or condition can still have.
Told = Mapping[Subject, frozenset[Value]]

#: An exception: not the ``otherwise``, or nothing more to ask where another answer asks much.
_EXCEPTION: Final = 8
#: An answer with a source of its own, where another has that of the card.
_SOURCED: Final = 4
#: An answer that the author names later, a step each up to the most.
_LATER: Final = 3
_LATEST: Final = 4
#: An end without money or postage; going on in another flow; an end for silence; a refusal; a way back.
_BARE: Final = 2
_ONWARD: Final = 12
_SILENCE: Final = 16
_REFUSED: Final = 24
_BACK: Final = 40
#: An end at once where a card has more ways on than these, or an end without money where it has more than two.
_SHORTCUT: Final = 4
_CROSSING: Final = 4
_FORK: Final = 2
#: Away from a page at once that has more cards than these.
_AWAY: Final = 5
_LITTLE: Final = 3
#: So many ways behind an answer make one that asks nothing further the exception.
_MANY: Final = 3
#: Of more values than these an answer that stands for several is more usual than one that stands for one.
_FEW: Final = 3
#: An end says so many lines of money and postage that more are not fuller.
_FULL: Final = 2


@dataclass(frozen=True, slots=True)
class Way:
    """How one leaves a card: the answers given there (none in a sub-flow's box) and where they lead.

    ``said`` are the values that they leave to each fact or condition, ``cost`` is how unusual they are.
    """

    leaf: Leaf
    said: Told
    cost: int = 0
    answers: tuple[tuple[Question, Answer], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stop:
    """A place on a way: a card, what was answered before it, and the step that led there (``key`` empty: the goal)."""

    key: str
    told: Told
    before: _Stop | None = None
    by: Way | None = None

    def way(self) -> list[tuple[str, Way]]:
        """Return the cards passed and how each was left."""
        if self.before is None:
            return []
        return [*self.before.way(), *([(self.before.key, self.by)] if self.by else [])]


@dataclass(frozen=True, slots=True)
class Roads:
    """The cards of a flow with the ways between them.

    ``owner`` names the card of a state, ``rank`` a card's place in the order of first arrival, ``arrivals`` what is
    known where a case comes to a state, ``usual`` the answers that the policy shows to be, ``sources`` those of the flow.
    """

    units: Mapping[str, Unit]
    owner: Mapping[str, str]
    rank: Mapping[str, int]
    arrivals: Mapping[str, Arrival]
    usual: Usual = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def main(self, start: str, page: tuple[str, ...] = ()) -> list[tuple[str, Way]]:
        """Return the usual way from a card to an end or out of the flow, forward and by answers alone.

        On a ``page`` of its own it is not one that leaves the page at once, where there is much to see.
        """
        told, seen = count(), set()
        waiting: list[tuple[int, int, _Stop]] = [(0, next(told), _Stop(start, self._known(start)))]
        while waiting:
            cost, _, stop = heappop(waiting)
            if not stop.key:
                return stop.way()
            place = (stop.key, frozenset(stop.told.items()))
            if place not in seen:
                seen.add(place)
                for further, after in self._on(stop):
                    away = _AWAY if stop.before is None and self._skips(page, after) else 0
                    heappush(waiting, (cost + further + away, next(told), after))
        return []

    def _skips(self, page: tuple[str, ...], after: _Stop) -> bool:
        """Tell whether a way leads off a page of many cards, unless silence leads there too."""
        if len(page) <= _LITTLE or after.key in page or after.before is None or after.by is None:
            return False
        unit = self.units[after.before.key]
        if self._ends(after.by.leaf.target) and any(late.target == after.by.leaf.target for late in unit.late):
            return False
        return not any(
            not self._silent_answers(unit, question.subject).isdisjoint(answer.values)
            for question, answer in after.by.answers
        )

    def _known(self, start: str) -> Told:
        known = self.arrivals.get(start, {})
        return {name: entry.values for name, entry in known.items() if entry.values is not None}

    def _on(self, stop: _Stop) -> Iterator[tuple[int, _Stop]]:
        """Yield where one may go from a stop, with what it costs."""
        unit = self.units[stop.key]
        if unit.state.end is not None:
            yield self._end(unit.state), _Stop("", {}, stop)
            return
        for way in self._ways(unit, stop.told):
            head = self.owner.get(way.leaf.target.state)
            if head is None:
                yield way.cost + (_ONWARD if way.leaf.target.hands_over else _BARE), _Stop("", {}, stop, way)
            elif self._leads_back(stop.key, way.leaf):
                yield way.cost + _BACK, _Stop("", {}, stop, way)
            else:
                yield way.cost, _Stop(head, _after(way.said, way.leaf.target), stop, way)

    def _leads_back(self, tail: str, leaf: Leaf) -> bool:
        head = self.owner.get(leaf.target.state, "")
        return head in self.rank and self.rank[head] <= self.rank[tail]

    def _end(self, state: State) -> int:
        """Return how far an end is from a full settlement."""
        settled = _settled(state)
        if state.end is not None and state.end.reason is not None:
            return _REFUSED
        if settled:
            return _FULL - min(settled, _FULL)
        return _SILENCE if state.key in self._silent() else _BARE

    def _silent(self) -> frozenset[str]:
        """Return the states that a passed deadline leads to, unless the first answer before an ``otherwise`` does too."""
        return frozenset(
            late.target.state
            for unit in self.units.values()
            for late in unit.late
            if not _otherwise(unit) or unit.state.branches[0].target != late.target
        )

    def _ways(self, unit: Unit, told: Told) -> Iterator[Way]:
        """Yield the combinations of answers that lead on from a card after others, sub-flows' ways out too."""
        known = _and(told, told_by(unit.state.until)) if unit.state.until is not None else told
        if unit.step is not None and known is not None:
            yield from self._answered(unit, unit.step, Way(Leaf(Target(""), ()), known))
        for number, way in enumerate(unit.exits):
            for reason in way.reasons:
                said = _and(told, {question.subject: frozenset(values) for question, values in reason.answers})
                if said is not None:
                    yield Way(way.leaf, said, min(_LATER * number, _LATEST))

    def _answered(self, unit: Unit, step: Step, so_far: Way) -> Iterator[Way]:
        if isinstance(step, Leaf):
            yield replace(so_far, leaf=step, cost=so_far.cost + (_SHORTCUT if self._is_shortcut(unit, step) else 0))
            return
        given = {answer: _and(so_far.said, {step.subject: frozenset(answer.values)}) for answer in step.answers}
        answers = tuple(answer for answer in step.answers if given[answer] is not None)
        for answer, extra in self._weighed(unit, step.subject, answers):
            after = replace(
                so_far,
                said=given[answer] or {},
                cost=so_far.cost + extra,
                answers=(*so_far.answers, (step, answer)),
            )
            yield from self._answered(unit, answer.then, after)

    def _weighed(self, unit: Unit, subject: Subject, answers: tuple[Answer, ...]) -> Iterator[tuple[Answer, int]]:
        """Yield the answers that a question can still have, each with how unusual it is."""
        silent = self._taken_for_usual(unit, subject, answers)
        usual = silent or frozenset({True} if _otherwise(unit) else ())
        named = self._named(unit, answers)
        exceptions = frozenset(self._exceptions(unit, subject, answers, named))
        many = sum(len(answer.values) for answer in answers) > _FEW

        asking = answers[0] if answers and isinstance(answers[0].then, Question) else None

        def rank(answer: Answer) -> tuple[bool, bool, int, bool]:
            few = -len(answer.values) * many
            return (
                answer in exceptions,
                usual.isdisjoint(answer.values),
                few,
                not self._opens(answer) and answer != asking,
            )

        for number, answer in enumerate(sorted(answers, key=rank)):
            later = 0 if named else min(_LATER * number, _LATEST)
            sourced = _SOURCED if answer not in exceptions and self._is_sourced(unit, answers, answer) else 0
            yield answer, later + sourced + (_EXCEPTION if answer in exceptions else 0)

    def _exceptions(
        self, unit: Unit, subject: Subject, answers: tuple[Answer, ...], named: frozenset[Answer]
    ) -> Iterator[Answer]:
        """Yield the answers that are none of the usual ones, or that are short; not one that silence is taken for."""
        shown = self.usual.get(subject, frozenset())
        silent = self._taken_for_usual(unit, subject, answers)
        behind = max((self._behind(unit.key, answer) for answer in answers), default=0)
        for answer in answers:
            short = self._is_short(answer, behind) and not self._settles(answers, answer)
            if silent.isdisjoint(answer.values) and (shown or answer in named or short):
                yield answer

    def _named(self, unit: Unit, answers: tuple[Answer, ...]) -> frozenset[Answer]:
        """Return the answers that the author named as exceptions to the ``otherwise``; none that go another round.

        Of yes and no neither is, for authors name either, unless several answers come to the ``otherwise``. Of others the
        first is none that settles the case where the ``otherwise`` ends it too.
        """
        ordinary = _otherwise(unit)
        usual = [answer for answer in answers if not ordinary.isdisjoint(answer.then.keys)]
        rounds = any(self._leads_back(unit.key, leaf) for answer in usual for leaf in leaves(answer.then))
        if not usual or rounds or (_yes_or_no(answers) and not self._is_rest(unit, ordinary)):
            return frozenset()
        ways = (leaf for answer in usual for leaf in leaves(answer.then) if not ordinary.isdisjoint(leaf.keys))
        last = not _yes_or_no(answers) and all(self._ends(leaf.target) for leaf in ways)
        settling = frozenset(answer for answer in answers if last and self._settles(answers, answer))
        return frozenset(answers) - frozenset(usual) - settling

    def _is_rest(self, unit: Unit, ordinary: frozenset[str]) -> bool:
        """Tell whether the ``otherwise`` is what several answers come to, not only the last of them."""
        ways = leaves(unit.step) if unit.step is not None else ()
        return sum(not ordinary.isdisjoint(leaf.keys) for leaf in ways) > 1

    def _taken_for_usual(self, unit: Unit, subject: Subject, answers: tuple[Answer, ...]) -> frozenset[Value]:
        """Return what the policy shows to be usual, else what silence is taken for: there, or anywhere in the flow.

        Taken for a no it shows nothing where yes is named first and settles the case.
        """
        here = self.usual.get(subject) or self._silent_answers(unit, subject)
        if subject not in self.usual and here == {False} and any(self._settles(answers, one) for one in answers):
            return frozenset()
        if here:
            return here
        ways = (way for other in self.units.values() for way in other.taken)
        found = frozenset(value for way in ways for name, value in way.target.take if name == subject)
        return found if len(found) == 1 else frozenset()

    def _silent_answers(self, unit: Unit, subject: Subject) -> frozenset[Value]:
        """Return what silence is taken for where a card asks, to stay there or for a settlement."""
        ways = (*unit.taken, *(way for way in unit.late if self._ends(way.target)))
        return frozenset(value for way in ways for name, value in way.target.take if name == subject)

    def _is_shortcut(self, unit: Unit, leaf: Leaf) -> bool:
        """Tell whether a way ends the case at once where a card has many, or closes it where others lead on."""
        if not self._ends(leaf.target) or unit.step is None:
            return False
        ways = [other.target.state for other in leaves(unit.step)]
        on = any(self.rank.get(way, 0) > self.rank[unit.key] and not self._ends(Target(way)) for way in ways)
        bare = not _settled(self.units[leaf.target.state].state)
        return len(set(ways)) > _CROSSING or (on and bare and len(ways) > _FORK)

    def _is_short(self, answer: Answer, behind: int) -> bool:
        """Tell whether an answer asks nothing more where another asks much, or ends the case where another asks."""
        if not isinstance(answer.then, Leaf):
            return False
        unit = self.units.get(answer.then.target.state)
        bare = unit is not None and unit.state.end is not None and not _settled(unit.state)
        return behind >= (1 if bare else _MANY)

    def _behind(self, tail: str, answer: Answer) -> int:
        """Return how many ways on there are behind an answer that asks on; 0 where it only counts rounds."""
        found = [] if isinstance(answer.then, Leaf) else list(leaves(answer.then))
        back = any(self._leads_back(tail, leaf) for leaf in found)
        return len(found) if len(found) > 1 and not back else 0

    def _settles(self, answers: tuple[Answer, ...], answer: Answer) -> bool:
        """Tell whether an answer is the first that the author names, and leads to a settlement at once."""
        unit = self.units.get(answer.then.target.state) if isinstance(answer.then, Leaf) else None
        return answer == answers[0] and unit is not None and unit.state.end is not None and bool(_settled(unit.state))

    def _is_sourced(self, unit: Unit, answers: tuple[Answer, ...], answer: Answer) -> bool:
        """Tell whether of yes and no one alone stands on a source that the card does not: an exception to its rule."""
        card = frozenset(unit.state.sources or self.sources)
        own = [one for one in answers if not any(card.issuperset(leaf.sources) for leaf in leaves(one.then))]
        return own == [answer] and _yes_or_no(answers)

    def _opens(self, answer: Answer) -> bool:
        """Tell whether an answer leads to a card with many ways on: the author wrote most for it."""
        unit = self.units.get(answer.then.target.state) if isinstance(answer.then, Leaf) else None
        return unit is not None and unit.step is not None and len(list(leaves(unit.step))) >= _CROSSING

    def _ends(self, target: Target) -> bool:
        unit = self.units.get(target.state)
        return unit is not None and unit.state.end is not None


def _yes_or_no(answers: tuple[Answer, ...]) -> bool:
    return all(isinstance(value, bool) for answer in answers for value in answer.values)


def _settled(state: State) -> int:
    """Return how many lines of money and postage a state says."""
    terms = state.terms
    return len(terms.refund) + len(terms.postage) + len(terms.charge)


def _otherwise(unit: Unit) -> frozenset[str]:
    """Return the branches for whatever the author did not name before."""
    branches = enumerate(unit.state.branches)
    return frozenset(branch_key(unit.key, index) for index, branch in branches if branch.otherwise)


def _and(told: Told, said: Told) -> Told | None:
    """Return what is known after further answers, ``None`` where they contradict those before."""
    both = {**told, **{subject: told.get(subject, values) & values for subject, values in said.items()}}
    return both if all(both.values()) else None


def _after(told: Told, target: Target) -> Told:
    """Return what is still known where a branch leads: nothing that it forgets, counts up or takes otherwise."""
    changed = {*target.forget, *(name for name, _ in (*target.take, *target.add))}
    kept = {subject: values for subject, values in told.items() if changed.isdisjoint(_facts(subject))}
    return {**kept, **{name: frozenset({value}) for name, value in target.take}}


def _facts(subject: Subject) -> tuple[str, ...]:
    return (subject,) if isinstance(subject, str) else facts_of(subject)
