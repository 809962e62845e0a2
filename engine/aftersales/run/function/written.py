"""All generated functions of a policy in one namespace; each is written, and compiled, when a case first comes to it.

What was written for an earlier start, as far as every case comes near it, is kept and put in its place instead.
"""

from __future__ import annotations

import datetime as dt
from _thread import RLock
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from aftersales import instants
from aftersales.case.date_order import dates_fit
from aftersales.errors import CaseError
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.instants import zone_named
from aftersales.policy.model import Policy
from aftersales.run.function import at_run
from aftersales.run.function.changes import Beyond
from aftersales.run.function.earlier import NO_CODES, Codes, Earlier, Ready
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.reached import NO_FEN, NOTHING, Reached
from aftersales.text import pattern

if TYPE_CHECKING:  # brought in where something is written: a cold start is short
    from aftersales.case.view import CaseView
    from aftersales.run.function.said import AnswerWriter
    from aftersales.run.function.sheet import Names
    from aftersales.run.function.sure import SureSheet
    from aftersales.run.function.writer import Writer
    from aftersales.steady import SteadyDays

Told = Mapping[str, Value]
#: Where a case rests or ended: the edges taken, the node, what is told there, and what is answered.
Trail = tuple[tuple[str, ...], Node, Told, Reached]

_CALLED: Final = pattern(r"\b[NDPSJ]\d+\b")
#: The function that looks whether what is told agrees with itself.
_AGREE: Final = "agree"
#: The function that answers a case of which not all is known.
_WHOLE: Final = "whole"
#: The parameters of functions that answer, and of those that take others than ``f, get``, by their first letters.
_TIMED: Final = "f, elapsed=None"
_PARAMETERS: Final[Mapping[str, str]] = {"S": "f", "J": "f", "w": "f"}
_GET: Final = " get = f.get"
#: What is raised about a case that is left to another function, and that.
_NOT_TOLD: Final = ("(KeyError, TypeError)", _WHOLE)
_BEYOND: Final = ("(Beyond, CaseError, RecursionError)", "by_machine")
#: What counts days in a timezone.
_COUNTING: Final = ("add_days", "add_months", "days_between")


class Written:
    """The functions of one policy: ``decide`` answers; with ``trail`` it returns a ``Trail``.

    Functions raise ``Beyond``, or a CaseError, about a case that is for the machine to decide. ``codes`` are those of
    an earlier start of the same policy.
    """

    def __init__(self, policy: Policy, *, trail: bool, codes: Codes = NO_CODES) -> None:
        self.policy = policy
        self._earlier = Earlier(codes)
        self.nodes = Nodes(policy, self._earlier.ways)
        self.trail = trail
        self.texts: dict[str, str] = {}
        self._ready: dict[str, Ready] = {}
        #: The parameters of a function where cases begin: of a mapping it may be seen later than it was told.
        self._start = _TIMED
        #: Threads share the functions, and one at a time writes one.
        self._writing = RLock()
        self._derived = frozenset(name for name, fact in policy.facts.items() if fact.derived is not None)
        self._space: dict[str, Any] = {
            "Beyond": Beyond,
            "CaseError": CaseError,
            "DERIVED": self._derived,
            "NOTHING": NOTHING,
            "NO_FEN": NO_FEN,
            "U": UNKNOWN,
            "ZONE": None,
            _AGREE: self._later(_AGREE),
            _WHOLE: self._later(_WHOLE),
            "check_told": self._check_told,
            "insured": at_run.insured,
            "leg": at_run.leg,
            "multiply": at_run.multiply,
            "on": _on,
            "param_blocker": self._param_blocker,
            "param_need": self._param_need,
        }
        self._space.update({name: self._first_count(name) for name in _COUNTING})
        self._space.update(_for_trails() if trail else _for_answers())

    @cached_property
    def _writer(self) -> Writer:
        from aftersales.run.function.writer import Writer  # noqa: PLC0415 (see the top)

        return Writer(self.nodes, self._branch, lambda: self.writer, self._earlier.constants, trail=self.trail)

    @property
    def names(self) -> Names:
        """Return the names that functions use for facts, params and constants."""
        return self._writer.names

    @property
    def zone(self) -> dt.tzinfo:
        """Return the policy's timezone; slow to bring in, and asked for where days are counted only."""
        return zone_named(self.policy.timezone)

    @cached_property
    def steady_days(self) -> SteadyDays:
        """Return what counts days in the policy's timezone."""
        from aftersales.steady import SteadyDays  # noqa: PLC0415 (see the top)

        return SteadyDays(self.zone)

    def _first_count(self, name: str) -> Callable[..., Any]:
        """Return a function that brings in the timezone, and what counts days in it, and counts."""

        def first_call(first: object, second: object, _zone: None) -> object:
            days = self.steady_days
            counting: dict[str, Callable[..., object]] = {
                "add_days": days.add_days,
                "add_months": instants.add_months,
                "days_between": days.days_between,
            }
            self._space.update(counting, ZONE=self.zone)
            return counting[name](first, second, self.zone)

        return first_call

    def start(self, interrupted: str) -> Callable[..., Any]:
        """Return the function where every trail begins.

        ``interrupted`` is what it does about a case that something interrupts wherever it is.
        """
        return self._make("decide", lambda: [_GET, *self._writer.start(interrupted)], "f")

    def start_agreed(self, interrupted: str) -> Callable[..., Any]:
        """Return the function where cases go on of which it is known that what they tell agrees with itself."""
        with self._writing:
            return self._make("begin", lambda: [_GET, *self._writer.start_agreed(interrupted)], "f")

    def start_surely(self) -> Callable[..., Any]:
        """Return the function that answers every case: the one of all is known at once, another by ``whole``."""
        with self._writing:
            return self._make("decide", lambda: self._surely(self._writer.start_surely()), self._start)

    def _surely(self, body: Sequence[str]) -> Sequence[str]:
        """Return the lines of a function where a case begins of which all is known; if it is not, ``whole`` answers."""
        later = [" if elapsed is not None: return timed(f, elapsed)"] if self._start == _TIMED else []
        return [*later, *_left(body, (_NOT_TOLD, _BEYOND))]

    def agreed(self, told: Collection[str], perhaps: Collection[str]) -> Callable[..., Any]:
        """Return the function that looks whether cases of one shape agree with themselves (see ``Writer``).

        All of them are written under one name: each new name makes what other functions look up slower for a while.
        """
        with self._writing:
            return self._compile("agreed", self._writer.agreed(told, perhaps))

    def of_relations(self) -> frozenset[str]:
        """Return the facts that relations look at, and those that follow from others."""
        return self._writer.of_relations()

    def start_carefully(self) -> Callable[..., Any]:
        """Return the function that answers every case and takes no fact as told."""
        with self._writing:
            if _WHOLE not in self._ready:
                self._make(_WHOLE, partial(self._lines, _WHOLE), "f")
        whole: Callable[..., Any] = self._space[_WHOLE]
        return whole

    def start_said(self) -> Callable[..., Any]:
        """Return the same that answers as JSON text where it can."""
        with self._writing:
            self._space["A"] = self.writer.amounts
            return self._make("say", lambda: self._surely(self._writer.start_said()), self._start)

    def _branch(self, parameters: str, write: Callable[[], Sequence[str]]) -> Callable[..., Any]:
        """Return the function of a row of a long table, of the lines that ``write`` returns."""
        with self._writing:
            return self._compile(f"T{len(self.texts)}", write(), parameters)

    @cached_property
    def writer(self) -> AnswerWriter:
        """Return what writes answers as JSON."""
        from aftersales.run.function.said import AnswerWriter  # noqa: PLC0415 (see the top)

        return AnswerWriter()

    def take_rows(self, texts: Mapping[str, Mapping[object, Value]]) -> None:
        """Let every function be one of a record of a row; ``texts`` has what texts mean, for facts told as text.

        ``whole`` and ``by_machine``, which are given, then answer the record as well.
        """
        from aftersales.run.function.by_row import RowSheet  # noqa: PLC0415 (for rows alone)

        self._take(partial(RowSheet, texts=tuple(texts)))
        self.give(dates_fit=dates_fit, **{f"t{self.names.facts[name]}": meanings for name, meanings in texts.items()})

    def take_records(self) -> None:
        """Let every function be one of a record; ``whole`` and ``by_machine``, which are given, then answer it as well."""
        from aftersales.run.function.by_record import RecordSheet  # noqa: PLC0415 (for records alone)

        self._take(RecordSheet)

    def _take(self, sheets: Callable[[Names], SureSheet]) -> None:
        self._writer.records, self._start = sheets, "f"

    def give(self, **things: object) -> None:
        """Let generated functions call, or look at, more things by name."""
        self._space.update(things)

    def from_node(self, node: Node) -> Callable[[Told, Callable[[str], Value]], Any]:
        """Return the function that goes on from ``node``."""
        function: Callable[[Told, Callable[[str], Value]], Any]
        function = self._space.get(node.name) or self._space.setdefault(node.name, self._later(node.name))
        return function

    def made(self, name: str, write: Callable[[], Sequence[str]]) -> Callable[[Told, Callable[[str], Value]], Any]:
        """Return the function called ``name``, made of the lines that ``write`` returns when it is first asked for."""
        with self._writing:
            if name not in self._space:
                self._make(name, write)
        made: Callable[[Told, Callable[[str], Value]], Any] = self._space[name]
        return made

    def agree(self, told: Told) -> None:
        """Raise ``Beyond`` where what is told does not agree with itself, or interrupts the case."""
        self._space[_AGREE](told, told.get)

    def fact(self, told: Told, name: str) -> Value:
        """Return what is known of a fact: told, or derived from what is told."""
        return self._view(told).fact(name)

    def _view(self, told: Told) -> CaseView:
        from aftersales.case.model import Case, Claim  # noqa: PLC0415 (rarely asked for: a cold start is short)
        from aftersales.case.view import CaseView  # noqa: PLC0415

        return CaseView(self.policy, Case(None, None, Claim(None, None), {}), told)

    # ── making a function when it is first called ───────────────────────────────────────────────────────────────

    def _make(self, name: str, write: Callable[[], Sequence[str]], parameters: str = "f, get") -> Callable[..., Any]:
        """Make a function: of what an earlier start left of it, else of the lines that ``write`` returns."""
        ready = self._earlier.function(name, self.nodes)
        return self._compile(name, write(), parameters) if ready is None else self._put(name, ready)

    def _compile(self, name: str, lines: Sequence[str], parameters: str = "f, get") -> Callable[..., Any]:
        """Make a function of the text of its body; what it calls is written when it is first called."""
        text = "\n".join((f"def {name}({parameters}):", *lines, ""))
        self.texts[name] = text
        code = compile(text, f"<{self.policy.id} {name}>", "exec")
        return self._put(name, Ready(code, self.names.constants, tuple(dict.fromkeys(_CALLED().findall(text)))))

    def _put(self, name: str, ready: Ready) -> Callable[..., Any]:
        """Put a function in its place, with what it calls and looks at."""
        self._space.update(ready.constants)
        for called in ready.called:
            if called not in self._space:
                self._space[called] = self._later(called)
        exec(ready.code, self._space)  # noqa: S102 (our own text: see ``writer``)
        self._ready[name] = ready
        made: Callable[..., Any] = self._space[name]
        return made

    def codes(self) -> dict[str, bytes]:
        """Return the functions written so far, for a later start of the same policy, with what they call.

        Where a case goes on from one to the next, only the next is there; what they work out is there as a whole.
        """
        with self._writing:
            if _AGREE not in self._ready:
                self._make(_AGREE, partial(self._lines, _AGREE))
            self._make_called(tuple(self._ready), "NDP")
            more: tuple[str, ...] = tuple(self._ready)
            while more:
                more = self._make_called(more, "DP")
            fresh = {name: self._ready[name] for name in self.texts}
            return self._earlier.joined(fresh, self.nodes, len(self.names.constants))

    def _make_called(self, names: Sequence[str], sorts: str) -> tuple[str, ...]:
        """Make what some functions call, of some sorts, where it is not there; return what was made."""
        called = dict.fromkeys(called for name in names for called in self._ready[name].called if called[0] in sorts)
        wanted = tuple(name for name in called if name not in self._ready)
        for name in wanted:
            self._make(name, partial(self._lines, name))
        return wanted

    def _later(self, name: str) -> Callable[..., Any]:
        """Return a function that makes the one called ``name``, puts it in its own place, and calls it."""

        def first_call(*given: Any) -> object:
            with self._writing:
                if self._space[name] is first_call:
                    self._make(name, lambda: self._lines(name), _PARAMETERS.get(name[0], "f, get"))
            return self._space[name](*given)

        return first_call

    def _lines(self, name: str) -> Sequence[str]:
        """Write the body of a function by its name."""
        if name == _AGREE:
            return self._writer.agreement()
        if name == _WHOLE:
            return [_GET, *_left(self._writer.start(None), (_BEYOND,))]
        number = int(name[1:])
        match name[0]:
            case "N":
                return self._writer.going_on(self.nodes.numbered(number))
            case "D":
                return self._writer.derivation(number)
            case "S":
                return self._writer.surely(self.nodes.numbered(number))
            case "J":
                return self._writer.said(self.nodes.numbered(number))
            case _:
                return self._writer.param(number, lambda: self.zone, self.fact)

    # ── what generated functions call ───────────────────────────────────────────────────────────────────────────

    def _check_told(self, told: Told, get: Callable[[str], Value]) -> None:
        """Raise ``Beyond`` or ConflictError where a derived fact is told as something else than follows."""
        for name in self._derived.intersection(told):
            key = f"D{self.names.facts[name]}"
            derive = self._space.get(key) or self._space.setdefault(key, self._later(key))
            follows = derive(told, get)
            if follows is None and self.policy.facts[name].type.kind is not Kind.FLAG:
                self.fact(told, name)
            elif follows is None:
                continue
            elif follows != told[name]:
                raise Beyond

    def _param_blocker(self, name: str, told: Told) -> str:
        """Return the fact that keeps a param unknown."""
        return self._view(told).param_blocker(name)

    def _param_need(self, name: str, told: Told) -> str | None:
        """Return the fact to ask for so that a param is known."""
        view = self._view(told)
        fact = view.param_blocker(name)
        return next(iter(view.base_needs(fact)), fact)


def _for_trails() -> Mapping[str, object]:
    """Return what makes what a trail comes to; a ``NamedTuple`` made so takes half the time of a call."""
    return {"Reached": Reached, "new": tuple.__new__}


def _for_answers() -> Mapping[str, object]:
    """Return what makes an answer."""
    from aftersales.run.function.answer import Answer  # noqa: PLC0415 (trails do without)

    return {"Answer": Answer}


def _left(body: Sequence[str], to: Iterable[tuple[str, str]]) -> Sequence[str]:
    """Return the lines of a function that leaves some cases, as they are told at first, to others."""
    changed = any(line.lstrip().startswith("f = ") for line in body)
    told = "told" if changed else "f"
    others = (line for faults, other in to for line in (f" except {faults}:", f"  return {other}({told})"))
    return [*([" told = f"] if changed else []), " try:", *(f" {line}" for line in body), *others]


def _on(edges: tuple[str, ...], trail: Trail) -> Trail:
    """Put edges taken before in front of those of a trail."""
    taken, node, told, answer = trail
    return edges + taken, node, told, answer
