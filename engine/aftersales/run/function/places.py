"""The states of a policy as a case rests in them: what is asked, until when, what silence does, what is to be done.

It is what ``standing``, ``clock`` and ``report`` say of a case without events, by functions written for each state;
where a state, or what it waits for, is not for them, ``Beyond`` is raised and those say it themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aftersales.case.view import CaseView
from aftersales.expr.tree import TRUE, Literal, ParamRef
from aftersales.expr.types import Value
from aftersales.policy.edges import way_of
from aftersales.policy.model import Offer, State, WithinDuration
from aftersales.policy.reads import of_within
from aftersales.run.clock import passes_at
from aftersales.run.decision import NextAction
from aftersales.run.function.changes import Beyond
from aftersales.run.function.opened import Behind, Opened
from aftersales.run.function.rests import (
    RestSheet,
    is_asked_for,
    is_plain,
    reads_lines,
    write_asked,
    write_base,
    write_length,
    write_options,
    write_owed,
)
from aftersales.run.function.sheet import Sheet
from aftersales.run.function.waiting import waiting_of
from aftersales.run.standing import all_values, need_of

if TYPE_CHECKING:
    from aftersales.run.decision import Need
    from aftersales.run.function.nodes import Node
    from aftersales.run.function.written import Told, Trail, Written
    from aftersales.run.lazy_record import Silence
    from aftersales.text import Text

#: Different sets of questions that are kept for one state; those of a policy of strange size are worked out anew.
_MOST_KEPT: Final = 1_000
#: Stands for what was not worked out yet, where that may come to nothing.
_NOT_YET: Final = object()
#: Ways of which it is kept whether they have duties.
_MOST_WAYS: Final = 4_096


class Asked(NamedTuple):
    """What a case waits for: the facts to ask for, the late edge that their silence takes, and the questions.

    ``needs`` is ``None`` where what is told decides which options are open; ``silence`` is where the late edge leads,
    with the answers that it records where the case then stays.
    """

    facts: tuple[str, ...]
    late: int | None
    needs: tuple[Need, ...] | None
    silence: Silence


class Owed(NamedTuple):
    """An action that is to be done; one that ``pays`` only where money is due.

    ``is_said``: ``say`` is what is said in every case; else it has placeholders that the case fills in. ``plain`` is
    the whole action while no deadline runs, where it is then the same in every case.
    """

    name: str
    by: str
    title: Text
    after: tuple[str, ...]
    say: Text | None
    is_said: bool
    pays: bool
    plain: NextAction | None


class AllOwed(NamedTuple):
    """The actions that are to be done: where money is due, and ``unpaid`` without those that pay.

    ``plain`` are the unpaid ones as they are while no deadline runs, where they are then the same in every case.
    """

    all: tuple[Owed, ...]
    unpaid: tuple[Owed, ...]
    plain: tuple[NextAction, ...] | None


class Places:
    """The places of one policy, each made when a case first rests there; threads may share it."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.policy = written.policy
        self._numbers = {key: number for number, key in enumerate(self.policy.states)}
        self._places: dict[str, Place | None] = {}
        self._needs: dict[str, Need] = {}
        self._waits: dict[tuple[int, tuple[str, ...]], Sequence[Callable[..., Any]]] = {}
        #: Ways from the start that were taken: whether a state on them has duties.
        self._duties: dict[tuple[str, ...], bool] = {}
        self._begins_with_duties = bool(self.policy.states[self.policy.flows[self.policy.root].start].duties)
        facts = self.policy.facts
        self._of_lines = frozenset(name for name in facts if reads_lines(self.policy, name))
        self._opened = Opened(self.policy)
        #: Facts that are asked for themselves.
        self.asked_for = frozenset(name for name, fact in facts.items() if is_asked_for(fact))

    @cached_property
    def zone(self) -> dt.tzinfo:
        """Return the policy's timezone."""
        return self.written.zone

    def at(self, state: State) -> Place:
        """Return the place of a state. Raises ``Beyond`` where it cannot be written out."""
        key = state.key
        if key not in self._places:
            plain = is_plain(self.policy, state)
            self._places[key] = Place(self, state, self._numbers[key]) if plain else None
        place = self._places[key]
        if place is None:
            raise Beyond
        return place

    def bases(self, name: str, told: Told, case: Behind) -> Sequence[str]:
        """Return what to ask for so that a fact becomes known: itself where it is, or where nothing else helps."""
        found = name
        if name in self.asked_for:
            return (name,)
        if name not in self._of_lines:
            number = self.written.names.facts[name]
            found = self.written.made(f"base{number}", lambda: self._base(name))(told, told.get)
            if found not in self._of_lines or found in told:
                return (found,)
        elif name in told:
            return (name,)
        if found in self._opened.names:
            return self._opened.needs(found, told, has_lines=case.has_lines)
        return CaseView(self.policy, case.whole(), told).base_needs(name) or (name,)

    def duties_on(self, taken: tuple[str, ...]) -> bool:
        """Return whether anything is owed since a state on a way from the start along the edges ``taken``."""
        found = self._duties.get(taken)
        if found is None:
            states = (self.policy.states[way_of(self.policy, edge).target.state] for edge in taken)
            found = self._begins_with_duties or any(state.duties for state in states)
            if len(self._duties) < _MOST_WAYS:
                self._duties[taken] = found
        return found

    def waiting(self, trail: Trail, case: Behind) -> Sequence[Need]:
        """Return the questions that the money of an end waits for, each once."""
        _, node, told, answer = trail
        facts: dict[str, None] = {}
        for work_out in self._waiting(node, tuple([flat for flat, amount in answer.fen.items() if amount is None])):
            found = work_out(told, told.get)
            facts.update(dict.fromkeys(base for fact in found for base in self.bases(fact, told, case)))
        return [self._asked_at_an_end(name) for name in facts]

    def _waiting(self, node: Node, waits: tuple[str, ...]) -> Sequence[Callable[..., Any]]:
        """Return the functions that work out what some lines of a node wait for."""
        found = self._waits.get((node.number, waits))
        if found is None:
            found = [self._made_for(node, number, write) for number, write in waiting_of(node, waits)]
            if len(self._waits) < _MOST_KEPT:
                self._waits[node.number, waits] = found
        return found

    def _asked_at_an_end(self, name: str) -> Need:
        need = self._needs.get(name)
        if need is None:
            need = self._needs[name] = need_of(self.policy, name, all_values(self.policy, name), None)
        return need

    def _made_for(self, node: Node, number: int, write: Callable[[RestSheet], None]) -> Callable[..., Any]:
        """Return a function of a line of a node, written when it is first asked for."""

        def lines() -> Sequence[str]:
            sheet = RestSheet(self.written.names, node.state)
            write(sheet)
            return sheet.lines

        return self.written.made(f"waits{node.number}_{number}", lines)

    def _base(self, name: str) -> Sequence[str]:
        sheet = Sheet(self.written.names)
        write_base(sheet, name)
        return sheet.lines


class Place:
    """One state as cases rest in it; ``told`` is always what is told when the case is there."""

    #: Many places are come by one after another: each is small, and its parts are found at once.
    __slots__ = (
        *("_asks", "_facts_of_actions", "_fixed", "_kept", "_lasting", "_length"),
        *("_number", "_options", "_owed", "_places", "_varied", "state"),
    )

    def __init__(self, places: Places, state: State, number: int) -> None:
        self.state = state
        self._places = places
        self._number = number
        #: What is worked out when it is first asked for; ``_NOT_YET`` before that.
        self._asks: Any = _NOT_YET
        self._facts_of_actions: Any = _NOT_YET
        self._lasting: Any = _NOT_YET
        self._length: Any = _NOT_YET
        self._kept: dict[object, Asked] = {}
        self._owed: dict[tuple[object, ...], AllOwed] = {}
        self._fixed: dict[str, Need] = {}
        self._options: dict[str, Callable[..., Any]] = {}
        self._varied: dict[tuple[object, ...], Need] = {}

    # ── what is asked ───────────────────────────────────────────────────────────────────────────────────────────

    def asked(self, told: Told, case: Behind) -> Asked:
        """Return what a case waits for here; ``case`` is asked where its order tells."""
        asks = self._asks
        if asks is _NOT_YET:
            asks = self._asks = self._made("asked", write_asked)
        found: tuple[str, ...] = asks(told, told.get)
        asked = self._kept.get(found)
        return self._work_out(found, told, case) if asked is None else asked

    def _work_out(self, found: tuple[str, ...], told: Told, case: Behind) -> Asked:
        """Return what a case waits for; where that is opened to what it rests on, by what is left to be asked."""
        places = self._places
        facts = tuple(dict.fromkeys(base for name in found for base in places.bases(name, told, case)))
        mark: object = found if places.asked_for.issuperset(found) else (found, facts)
        asked = self._kept.get(mark)
        if asked is None:
            fixed = [self._fixed_need(name) for name in facts]
            needs = tuple(need for need in fixed if need is not None)
            late = self._late({*found, *facts})
            asked = Asked(facts, late, needs if len(needs) == len(fixed) else None, self._silence(late))
            if len(self._kept) < _MOST_KEPT:
                self._kept[mark] = asked
        return asked

    def _late(self, waiting: set[str]) -> int | None:
        """Return the late edge that fires: the first listed whose fact the case waits for."""
        listed = enumerate(self.state.late)
        return next((number for number, late in listed if late.fact is None or late.fact in waiting), None)

    def _silence(self, late: int | None) -> Silence:
        if late is None:
            return None, ()
        target = self.state.late[late].target
        return target.state, target.take if target.state == self.state.key else ()

    def needs(self, asked: Asked, told: Told) -> tuple[Need, ...]:
        """Return the questions of a case, each with the options that are open."""
        if asked.needs is not None:
            return asked.needs
        fixed = self._fixed
        return tuple([fixed.get(name) or self._fixed_need(name) or self._need(name, told) for name in asked.facts])

    def _fixed_need(self, name: str) -> Need | None:
        """Return a question that is the same in every case; ``None`` where what is told decides its options."""
        need = self._fixed.get(name)
        if need is None and self._is_fixed(name):
            need = self._fixed[name] = need_of(self._places.policy, name, self._values(name), None)
        return need

    def _is_fixed(self, name: str) -> bool:
        offers = (offer for offer in self.state.offers if offer.fact == name)
        return all(offer.at_most is None and all(when == TRUE for _, when in offer.options) for offer in offers)

    def _values(self, name: str) -> Sequence[Value]:
        offer = self._offer(name)
        return all_values(self._places.policy, name) if offer is None else [option for option, _ in offer.options]

    def _offer(self, name: str) -> Offer | None:
        return next((offer for offer in self.state.offers if offer.fact == name and offer.at_most is None), None)

    def _need(self, name: str, told: Told) -> Need:
        """Return a question of which what is told decides the options, as it was last made for these."""
        options = self._options.get(name)
        if options is None:
            options = self._options[name] = self._made_options(name)
        flags, at_most = options(told, told.get)
        need = self._varied.get((name, flags, at_most))
        if need is None:
            need = self._made_need(name, flags, at_most)
            if len(self._varied) < _MOST_KEPT:
                self._varied[name, flags, at_most] = need
        return need

    def _made_options(self, name: str) -> Callable[..., Any]:
        """Return the function that says which options of a fact are open, and how much an answer may be."""
        offer = self._offer(name)
        most = next((offer.at_most for offer in self.state.offers if offer.fact == name), None)
        number = self._places.written.names.facts[name]
        return self._made(f"options{number}_", lambda sheet: write_options(sheet, offer, most))

    def _made_need(self, name: str, flags: Sequence[bool], at_most: Value) -> Need:
        values = self._values(name)
        given = self._offer(name) is not None
        open_ = [value for value, flag in zip(values, flags, strict=True) if flag] if given else values
        return need_of(self._places.policy, name, open_, at_most if isinstance(at_most, int) else None)

    # ── until when ──────────────────────────────────────────────────────────────────────────────────────────────

    def _fixed_length(self) -> Value | None:
        """Return the length of the deadline where it is the same in every case."""
        figure = None if self.state.within is None else of_within(self.state.within)
        if isinstance(figure, ParamRef):
            return self._places.written.names.fixed.get(figure.name)
        return figure.value if isinstance(figure, Literal) else None

    def lasting(self) -> dt.timedelta | None:
        """Return how long a case may be here, where that is so many hours or days in every case."""
        if self._lasting is _NOT_YET:
            self._length = self._fixed_length()
            whole = isinstance(self.state.within, WithinDuration) and isinstance(self._length, dt.timedelta)
            self._lasting = self._length if whole else None
        lasting: dt.timedelta | None = self._lasting
        return lasting

    def due(self, told: Told, since: dt.datetime) -> dt.datetime | None:
        """Return the deadline of a case that has been here since ``since``."""
        lasting: dt.timedelta | None = self._lasting if self._lasting is not _NOT_YET else self.lasting()
        if lasting is not None:
            return since.astimezone(self._places.zone) + lasting
        within = self.state.within
        if within is None:
            return None
        figure = self._length
        if figure is None:
            figure = self._made("length", write_length)(told, told.get)
        zone = self._places.zone
        return passes_at(within, since.astimezone(zone), figure, zone)

    # ── what is to be done ──────────────────────────────────────────────────────────────────────────────────────

    def owed(self, told: Told) -> AllOwed:
        """Return the actions that are not done, of those that pay all."""
        facts_of = self._facts_of_actions
        if facts_of is _NOT_YET:
            facts_of = self._facts_of_actions = self._looks_at_facts()
        facts = () if facts_of is None else facts_of(told, told.get)
        owed = self._owed.get(facts)
        if owed is None:
            every = tuple(self._still_owed(facts))
            unpaid = tuple(one for one in every if not one.pays)
            plain = tuple(one.plain for one in unpaid if one.plain is not None)
            owed = AllOwed(every, unpaid, plain if len(plain) == len(unpaid) else None)
            if len(self._owed) < _MOST_KEPT:
                self._owed[facts] = owed
        return owed

    def _looks_at_facts(self) -> Callable[..., Any] | None:
        """Return what looks at the facts that decide what is owed; ``None`` where it is the same in every case."""
        policy = self._places.policy
        actions = [policy.actions[todo.action] for todo in self.state.do]
        if not any((action.gives and not action.pays) or action.by in policy.params for action in actions):
            return None
        return self._made("owed", lambda sheet: write_owed(sheet, actions))

    def _still_owed(self, facts: Sequence[object]) -> list[Owed]:
        policy, found = self._places.policy, []
        for place, todo in enumerate(self.state.do):
            action = policy.actions[todo.action]
            told, role = facts[2 * place : 2 * place + 2] if facts else (False, None)
            if told is not True:
                by = role if isinstance(role, str) else action.by
                say = action.say
                is_said = say is None or "{" not in say.zh + say.en
                plain = NextAction(action.name, by, action.title, say, None, None, todo.after)
                whole = plain if is_said and not action.pays else None
                found.append(Owed(action.name, by, action.title, todo.after, say, is_said, action.pays, whole))
        return found

    def _made(self, stem: str, write: Callable[[RestSheet], None]) -> Callable[..., Any]:
        """Return a function of this state, written when it is first asked for."""
        written = self._places.written

        def lines() -> Sequence[str]:
            sheet = RestSheet(written.names, self.state)
            write(sheet)
            return sheet.lines

        return written.made(f"{stem}{self._number}", lines)
