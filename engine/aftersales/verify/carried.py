"""What a case carries into every place, as formulas over all cases: how it can come there, what is known, what is laid down.

Each answer is worked out once and shared. Ways that meet are merged value by value: in one case only one of them was
taken, so that the merged value is that of this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.policy.edges import Edge, Way
from aftersales.policy.model import Anytime, Branch, Late, Reopen, State
from aftersales.verify.changes import Change, change_of
from aftersales.verify.figures import Figures
from aftersales.verify.frames import Sight
from aftersales.verify.meaning import truth_of
from aftersales.verify.merging import Origins, chosen_formula, formula_mark, joined_origins, origin_mark
from aftersales.verify.places import Map, Passage, Place
from aftersales.verify.silence import decides_silence, is_silent
from aftersales.verify.symbols import Amount, Symbol, Truth, mark, merged
from aftersales.verify.terms import Formula, Term, all_of, any_of, at_most_one, flag, negate
from aftersales.verify.vocabulary import Vocabulary, there
from aftersales.verify.without import Without

T = TypeVar("T")

_NOWHERE: Final[Origins[str | None]] = {None: True}


@dataclass(slots=True, repr=False)
class Carried:
    """The symbols of one policy, place by place. ``lines`` are those of a map that is still being laid out."""

    vocabulary: Vocabulary
    figures: Figures
    ahead: Mapping[str, Sequence[Edge]]
    lines: Map
    memo: dict[tuple[object, ...], object] = field(default_factory=dict)
    rules: dict[Place, list[Formula]] = field(default_factory=lambda: defaultdict(list))
    changeable: frozenset[str] = field(init=False)
    entered: frozenset[str] = field(init=False)
    takeable: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        policy = self.vocabulary.policy
        handed = (edge.target.state for ways in self.ahead.values() for edge in ways if edge.target.hands_over)
        self.entered = frozenset((policy.flows[policy.root].start, *handed))
        changes = [self.change(edge) for ways in self.ahead.values() for edge in ways]
        lates = (edge for ways in self.ahead.values() for edge in ways if isinstance(edge.way, Late))
        answered = (self.decides(edge) for edge in lates)
        taken = (name for change in changes for name in (*change.taken, *change.none))
        self.takeable = frozenset(taken).union(*answered)
        self.changeable = self.takeable.union(*(change.anew for change in changes), *(c.counted for c in changes))

    def reach(self, place: Place) -> Formula:
        """Return when a case comes to ``place``."""
        return self._once(("reach", place), lambda: self._reach(place))

    def _reach(self, place: Place) -> Formula:
        """Name the formula of a place, so that a question only ever holds the few places that it speaks of.

        It is enough that the name implies a way there: a case makes one way only, and needs no other place to be true.
        """
        if place == self.lines.start:
            return True
        ways = any_of(self.taken(passage) for passage in self.lines.into[place])
        if ways is False:
            return False
        here = flag(f"{self.vocabulary.prefix}at {place}")
        self.rules[place].append(any_of((negate(here), ways)))
        return here

    def taken(self, passage: Passage) -> Formula:
        """Return when a case goes along ``passage``."""
        return self._once(("taken", passage.source, passage.edge.key), lambda: self._taken(passage))

    def _taken(self, passage: Passage) -> Formula:
        """Name the formula of a way, like that of a place: what is chosen by it elsewhere then stays small."""
        way = all_of((self.reach(passage.source), self.fires(passage.source, passage.edge)))
        if isinstance(way, bool):
            return way
        here = flag(f"{self.vocabulary.prefix}along {passage.edge.key}@{passage.source}")
        self.rules[passage.source].append(any_of((negate(here), way)))
        return here

    def fires(self, place: Place, edge: Edge) -> Formula:
        """Return when a case that has come to ``place`` leaves it along ``edge``."""
        return self._once(("fires", place, edge.key), lambda: self._fires(place, edge))

    def _fires(self, place: Place, edge: Edge) -> Formula:
        way = edge.way
        if isinstance(way, Anytime):
            return all_of((self.bit(place, edge), self._may(place, edge)))
        unheard = negate(any_of(self._calls(place)))
        if isinstance(way, Branch):
            return all_of((unheard, negate(any_of(self.bits(place))), self._opens(place, way)))
        return all_of((unheard, self.bit(place, edge), self._may(place, edge)))

    def _calls(self, place: Place) -> Iterator[Formula]:
        """Yield when an interrupt that was heard in another flow fires here at once: nothing else happens first."""
        for edge in self.ahead.get(place.state, ()):
            if isinstance(edge.way, Anytime) and place.state in self.entered:
                yield all_of((self._heard_before(place, edge.way.on), negate(self.fired(place, edge.key))))

    def _heard_before(self, place: Place, fact: str) -> Formula:
        """Return when the fact of an interrupt has interrupted or reopened the case before ``place``."""
        return self._happened(place, f"heard {fact}", lambda passage: _hears(passage.edge.way, fact))

    def _may(self, place: Place, edge: Edge) -> Formula:
        """Return when silence, an interrupt or a reopening can move a case on from ``place``."""
        way = edge.way
        if isinstance(way, Late):
            return is_silent(self, place, edge, way)
        if isinstance(way, Anytime):
            heard = any_of((there(self.version(place, way.on)), self.pinned(place, way.on)))
            now = any_of((self.rests(place), *self._calls(place)))
            return all_of((negate(self.fired(place, edge.key)), heard, now))
        if isinstance(way, Reopen):
            return all_of((negate(self.fired(place, edge.key)), truth_of(way.when, self.sight(place)).yes))
        raise TypeError(edge.key)

    def decides(self, edge: Edge) -> frozenset[str]:
        """Return the told facts of which it matters for a late edge whether they are known."""
        return self._once(("decides", edge.key), lambda: decides_silence(self.vocabulary, edge))

    def bits(self, place: Place) -> tuple[Formula, ...]:
        """Return the free choices that move a case on from ``place`` without an answer; at most one is made."""
        return self._once(("bits", place), lambda: self._bits(place))

    def _bits(self, place: Place) -> tuple[Formula, ...]:
        ways = [edge for edge in self.ahead.get(place.state, ()) if not isinstance(edge.way, Branch)]
        bits = tuple(self.bit(place, edge) for edge in ways)
        self.rules[place].append(at_most_one(bits))
        return bits

    def bit(self, place: Place, edge: Edge) -> Formula:
        """Return the free choice of one edge that no answer decides."""
        return flag(f"{edge.key}@{place}")

    def guard(self, place: Place, branch: Branch) -> Truth:
        """Return what the guard of a branch comes to with the answers that count in ``place``."""
        key = "guard", place, id(branch)
        return self._once(key, lambda: truth_of(branch.guard, self.sight(place, offered=True)))

    def _opens(self, place: Place, branch: Branch) -> Formula:
        """Return when what is known opens a branch: a fact that it can do without may or may not be known."""
        doubtful = self.doubtful(place, branch)
        if not doubtful:
            return self.guard(place, branch).yes
        return truth_of(branch.guard, self.sight(place, offered=True, doubtful=doubtful)).yes

    def doubtful(self, place: Place, branch: Branch) -> frozenset[str]:
        """Return the told facts that a branch reads where they are known, but can be taken without."""
        return self._once(("doubtful", place.state, id(branch)), lambda: self._doubtful(self.state(place), branch))

    def _doubtful(self, state: State, branch: Branch) -> frozenset[str]:
        read = self._reads(state, branch)
        can = (name for name in read if Without(self.vocabulary, state, name).can_be(branch.guard, outcome=True))
        return frozenset(name for name in can if not self.vocabulary.policy.facts[name].counter)

    def known_there(self, place: Place, name: str) -> Formula:
        """Return when a fact that a case can do without is known as it leaves ``place``: read before, or a free choice."""
        return any_of((self.pinned(place, name), self.told_by_then(place, name)))

    def told_by_then(self, place: Place, name: str) -> Term:
        """Return the free choice whether a fact that nothing has read is known as a case leaves ``place``."""
        return flag(f"{self.vocabulary.prefix}{name} known@{place}")

    def rests(self, place: Place) -> Formula:
        """Return when a case can rest in ``place``: what was read on the way there opens no branch."""
        return self._once(("rests", place), lambda: self._rests(place, arriving=False))

    def _rests(self, place: Place, *, arriving: bool) -> Formula:
        state = self.state(place)
        if state.end is not None:
            return False
        sight = self.sight(place, pinned=True, offered=True, arriving=arriving)
        return negate(any_of(truth_of(branch.guard, sight).yes for branch in state.branches))

    def state(self, place: Place) -> State:
        """Return the state of a place."""
        return self.vocabulary.policy.states[place.state]

    def sight(
        self,
        place: Place,
        *,
        pinned: bool = False,
        offered: bool = False,
        arriving: bool = False,
        doubtful: frozenset[str] = frozenset(),
    ) -> Sight:
        """Return the facts as they are seen in ``place``.

        ``pinned``: only what the way there has read or taken is known. ``offered``: an answer that is not offered here
        is none. ``arriving``: before silence's answers may have been replaced by real ones.
        ``doubtful`` facts may be unknown as the case leaves.
        """
        offered = offered and bool(self.state(place).offers)
        key = "sight", place, pinned, offered, arriving, doubtful
        return self._once(key, lambda: Sight(self, place, pinned, offered, arriving, doubtful))

    def version(self, place: Place, name: str) -> Symbol:
        """Return what a told fact is while a case stands in ``place``."""
        if name not in self.changeable:
            return self.vocabulary.told(name)
        return self._once(("version", place, name), lambda: self._version(place, name))

    def _version(self, place: Place, name: str) -> Symbol:
        """Let a real answer replace one that was taken for silence, where the case rested before it was read."""
        before, unread = self.arriving(place, name), self.unread(place, name)
        if unread is False:
            return before
        answered = flag(f"{name} answered@{place}")
        may = all_of((unread, self._rests(place, arriving=True)))
        self.rules[place].append(any_of((negate(answered), may)))
        return merged([(answered, self.vocabulary.told(name, f"{place}!")), (True, before)])

    def arriving(self, place: Place, name: str) -> Symbol:
        """Return what a told fact is as a case comes to ``place``."""
        return self._once(("arriving", place, name), lambda: self._arriving(place, name))

    def _arriving(self, place: Place, name: str) -> Symbol:
        if place == self.lines.start:
            counter = self.vocabulary.policy.facts[name].counter
            return Amount(0) if counter else self.vocabulary.told(name)
        return self._merge(place, lambda passage: self._behind(passage, name), mark, merged)

    def _behind(self, passage: Passage, name: str) -> Symbol:
        change = self.change(passage.edge)
        if name in change.taken:
            return change.taken[name]
        if name in change.anew:
            before_it = self.tellings(passage.source, name).items()
            return merged([(when, self.vocabulary.told(name, f"#{many + 1}")) for many, when in before_it])
        before = self.version(passage.source, name)
        if name in change.counted and isinstance(before, Amount):
            return before.plus(change.counted[name])
        return before

    def tellings(self, place: Place, name: str) -> Origins[int]:
        """Return how often a fact has been forgotten on the way to ``place``: which of its answers is meant there."""
        return self._once(("tellings", place, name), lambda: self._tellings(place, name))

    def _tellings(self, place: Place, name: str) -> Origins[int]:
        if place == self.lines.start:
            return {0: True}
        return self._merge(place, lambda passage: self._tellings_behind(passage, name), origin_mark, joined_origins)

    def _tellings_behind(self, passage: Passage, name: str) -> Origins[int]:
        before = self.tellings(passage.source, name)
        anew = name in self.change(passage.edge).anew
        return {many + 1: when for many, when in before.items()} if anew else before

    def change(self, edge: Edge) -> Change:
        """Return what an edge does to the told facts."""
        return self._once(("change", edge.key), lambda: change_of(self.vocabulary, edge.target))

    def pinned(self, place: Place, name: str) -> Formula:
        """Return when a told fact is surely known as a case comes to ``place``: read or taken, not forgotten since."""
        return self._once(("pinned", place, name), lambda: self._pinned(place, name))

    def _pinned(self, place: Place, name: str) -> Formula:
        if place == self.lines.start:
            return self.vocabulary.policy.facts[name].counter
        return self._merged_formula(place, lambda passage: self._pinned_behind(passage, name))

    def _pinned_behind(self, passage: Passage, name: str) -> Formula:
        change = self.change(passage.edge)
        if name in change.taken or name in change.none:
            return True
        if name in change.anew:
            return False
        if name in self.decides(passage.edge):
            return self.known_there(passage.source, name)
        before = self.pinned(passage.source, name)
        return any_of((before, self._read_by(passage, name))) if before is not True else True

    def _read_by(self, passage: Passage, name: str) -> Formula:
        """Return when a branch that is taken has read a fact: it cannot do without, or the fact happens to be known."""
        way = passage.edge.way
        if not isinstance(way, Branch) or name not in self.reads(passage.source, way):
            return False
        if name in self.doubtful(passage.source, way):
            return self.known_there(passage.source, name)
        return True

    def reads(self, place: Place, branch: Branch) -> frozenset[str]:
        """Return the told facts behind all that a branch looks at in ``place``."""
        return self._once(("reads", place.state, id(branch)), lambda: self._reads(self.state(place), branch))

    def _reads(self, state: State, branch: Branch) -> frozenset[str]:
        exprs: list[Expr] = [branch.guard]
        named = facts_of(branch.guard)
        for offer in state.offers:
            if offer.fact in named:
                exprs += [when for _, when in offer.options] + ([] if offer.at_most is None else [offer.at_most])
        return frozenset().union(*(self.vocabulary.told_in(expr) for expr in exprs))

    def unread(self, place: Place, name: str) -> Formula:
        """Return when a fact was taken as answered on the way to ``place`` and no branch has read it since."""
        if name not in self.takeable:
            return False
        return self._once(("unread", place, name), lambda: self._unread(place, name))

    def _unread(self, place: Place, name: str) -> Formula:
        if place == self.lines.start:
            return False
        return self._merged_formula(place, lambda passage: self._unread_behind(passage, name))

    def _unread_behind(self, passage: Passage, name: str) -> Formula:
        change = self.change(passage.edge)
        if name in change.taken or name in change.none:
            return True
        way = passage.edge.way
        if name not in change.anew and name in self.decides(passage.edge):
            known = self.known_there(passage.source, name)
            return any_of(
                (self.unread(passage.source, name), all_of((known, negate(self.pinned(passage.source, name)))))
            )
        if name in change.anew or (isinstance(way, Branch) and name in self.reads(passage.source, way)):
            return False
        return self.unread(passage.source, name)

    def fired(self, place: Place, key: str) -> Formula:
        """Return when an interrupt or a reopening has fired before ``place``; it does so once a case."""
        return self._happened(place, key, lambda passage: passage.edge.key == key)

    def silent(self, place: Place) -> Formula:
        """Return when a deadline has passed on the way to ``place``."""
        return self._happened(place, "late", lambda passage: isinstance(passage.edge.way, Late))

    def _happened(self, place: Place, what: str, is_it: Callable[[Passage], bool]) -> Formula:
        def look() -> Formula:
            if place == self.lines.start:
                return False
            return self._merged_formula(
                place, lambda passage: is_it(passage) or self._happened(passage.source, what, is_it)
            )

        return self._once(("happened", place, what), look)

    def owed(self, place: Place, duty: str) -> Formula:
        """Return when a duty is owed since a state on the way to ``place``, that place included."""
        return self._once(("owed", place, duty), lambda: self._owed(place, duty))

    def _owed(self, place: Place, duty: str) -> Formula:
        if duty in self.state(place).duties:
            return True
        if place == self.lines.start:
            return False
        return self._merged_formula(place, lambda passage: self.owed(passage.source, duty))

    def laid(self, place: Place, what: str, name: str, says: Callable[[State], bool]) -> Origins[str | None]:
        """Return which state has laid down a term that holds in ``place``; ``says`` tells whether a state does."""
        return self._once(("laid", place, what, name), lambda: self._laid(place, what, name, says))

    def _laid(self, place: Place, what: str, name: str, says: Callable[[State], bool]) -> Origins[str | None]:
        if says(self.state(place)):
            return {place.state: True}
        if place == self.lines.start:
            return _NOWHERE
        return self._merge(
            place, lambda passage: self.laid(passage.source, what, name, says), origin_mark, joined_origins
        )

    def _merged_formula(self, place: Place, behind: Callable[[Passage], Formula]) -> Formula:
        return self._merge(place, behind, formula_mark, chosen_formula)

    def _merge(
        self,
        place: Place,
        behind: Callable[[Passage], T],
        marked: Callable[[T], object],
        join: Callable[[Sequence[tuple[Formula, T]]], T],
    ) -> T:
        """Return the value that a case brings to ``place``: that of the way it came."""
        groups: dict[object, tuple[T, list[Passage]]] = {}
        for passage in self.lines.into[place]:
            value = behind(passage)
            groups.setdefault(marked(value), (value, []))[1].append(passage)
        found = sorted(groups.values(), key=lambda group: len(group[1]))
        if len(found) == 1:
            return found[0][0]
        return join([(any_of(self.taken(passage) for passage in ways), value) for value, ways in found])

    def _once(self, key: tuple[object, ...], work: Callable[[], T]) -> T:
        if key not in self.memo:
            self.memo[key] = work()
        return self.memo[key]  # type: ignore[return-value]  # the key says what was kept


def _hears(way: Way, fact: str) -> bool:
    """Return whether an edge is taken because a fact is heard to be true."""
    return (isinstance(way, Anytime) and way.on == fact) or (isinstance(way, Reopen) and fact in facts_of(way.when))
