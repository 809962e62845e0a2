"""All generated functions of a policy in one namespace; each is written, and compiled, when a case first comes to it.

The text is made from the checked policy alone: facts, states and words stand in it as quoted texts, everything else as
numbered names. Nothing that an author wrote is run.
"""

from __future__ import annotations

import datetime as dt
import marshal
import re
from _thread import RLock
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from aftersales import instants
from aftersales.digests import blake2b
from aftersales.errors import CaseError
from aftersales.expr.build import simplify
from aftersales.expr.names import facts_of
from aftersales.expr.tree import Either, Expr, FactRef, Present
from aftersales.expr.types import FLAG, UNKNOWN, Kind, Value
from aftersales.instants import zone_named
from aftersales.policy.edges import edges
from aftersales.policy.model import Policy
from aftersales.run.function import at_run
from aftersales.run.function.answer import NO_FEN, NOTHING, Answer
from aftersales.run.function.changes import Beyond
from aftersales.run.function.lines import GIVE_UP
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.params import fixed_params, is_tabular, reader, write_reader
from aftersales.run.function.sheet import Gone, Names, Sheet
from aftersales.run.function.texts import NO, false, known, true, value
from aftersales.run.function.tree import Tree

if TYPE_CHECKING:
    from aftersales.case.view import CaseView
    from aftersales.run.function.said import AnswerWriter, SaidTree
    from aftersales.run.function.sure import SureSheet, SureTree

Told = Mapping[str, Value]
#: Where a case rests or ended: the edges taken, the node, what is told there, and the answer.
Trail = tuple[tuple[str, ...], Node, Told, Answer]

_CALLED: Final = re.compile(r"\b[NDPSJ]\d+\b")
#: Up to so many derived facts are asked for one by one whether they were told.
_FEW: Final = 3
#: What counts days in a timezone.
_COUNTING: Final[Mapping[str, Callable[..., Any]]] = {
    "add_days": instants.add_days,
    "add_months": instants.add_months,
    "days_between": instants.days_between,
}
#: No code that was compiled for an earlier start.
NO_CODES: Final[Mapping[str, bytes]] = {}


class Written:
    """The functions of one policy: ``decide`` answers; with ``trail`` it returns a ``Trail``.

    Functions raise ``Beyond``, or a CaseError, about a case that is for the machine to decide.
    """

    def __init__(self, policy: Policy, *, trail: bool, codes: Mapping[str, bytes] = NO_CODES) -> None:
        self.policy = policy
        self._codes = codes
        self.nodes = Nodes(policy)
        self.names = Names(policy, fixed_params(policy))
        self.trail = trail
        self.texts: dict[str, str] = {}
        #: Threads share the functions, and one at a time writes one.
        self._writing = RLock()
        self._writes: dict[str, Callable[[int], Sequence[str]]] = {
            "D": self._derivation,
            "J": self._said,
            "N": self._going_on,
            "P": self._param,
            "S": self._surely,
        }
        self._derived = frozenset(name for name, fact in policy.facts.items() if fact.derived is not None)
        self._space: dict[str, Any] = {
            "Answer": Answer,
            "Beyond": Beyond,
            "CaseError": CaseError,
            "DERIVED": self._derived,
            "NOTHING": NOTHING,
            "NO_FEN": NO_FEN,
            "U": UNKNOWN,
            "ZONE": None,
            "check_told": self._check_told,
            "insured": at_run.insured,
            "leg": at_run.leg,
            "multiply": at_run.multiply,
            "new": tuple.__new__,
            "on": _on,
            "param_blocker": self._param_blocker,
            "param_need": self._param_need,
        }
        self._space.update({name: self._first_count(name) for name in _COUNTING})
        self._space["agree"] = self._compile("agree", self._agreement(Sheet(self.names)).lines or [" pass"])

    @property
    def zone(self) -> dt.tzinfo:
        """Return the policy's timezone; slow to bring in, and asked for where days are counted only."""
        return zone_named(self.policy.timezone)

    def _first_count(self, name: str) -> Callable[..., Any]:
        """Return a function that brings in the timezone, and what counts days in it, and counts."""

        def first_call(first: object, second: object, _zone: None) -> object:
            self._space.update(_COUNTING, ZONE=self.zone)
            return _COUNTING[name](first, second, self.zone)

        return first_call

    def start(
        self, head: Sequence[str] = (), tail: Sequence[str] = (), interrupted: str = GIVE_UP
    ) -> Callable[..., Any]:
        """Return the function where every case begins; ``head`` and ``tail`` are lines around what it does.

        ``interrupted`` is what it does about a case that something interrupts wherever it is.
        """
        tree = Tree(self.names, self.nodes, trail=True) if self.trail else self._sure_tree()
        return self._begin("decide", tree, (head, tail, interrupted))

    def start_said(self, head: Sequence[str], tail: Sequence[str]) -> Callable[..., Any]:
        """Return the function where every case begins that answers as JSON text where it can, else as ``start`` does."""
        with self._writing:
            return self._begin("say", self._said_tree(), (head, tail, GIVE_UP))

    @cached_property
    def writer(self) -> AnswerWriter:
        """Return what writes answers as JSON."""
        from aftersales.run.function.said import AnswerWriter  # noqa: PLC0415 (see above)

        return AnswerWriter()

    def _begin(self, name: str, tree: Tree, around: tuple[Sequence[str], Sequence[str], str]) -> Callable[..., Any]:
        head, tail, interrupted = around
        with tree.sheet.loosely():
            self._agreement(tree.sheet)
            self._heard(tree.sheet, interrupted, self._interrupts())
        body = tree.write(self.nodes.start())
        lines = [*head, " get = f.get", *([" try:", *(f" {line}" for line in body)] if tail else body), *tail]
        return self._compile(name, lines, "f" if self.trail else "f, elapsed=None")

    def of_rows(self, told: Sequence[str], read: Sequence[str], *, said: bool) -> Callable[..., Any] | None:
        """Return the function of rows that tell these facts; ``None`` where none is written.

        ``read`` are the lines that read a ``row`` into the locals of its facts. ``said``: it answers as JSON text where
        it can.
        """
        from aftersales.run.function.by_row import RowSheet, may_be_written  # noqa: PLC0415 (see above)

        if not may_be_written(self.names, told):
            return None
        with self._writing, suppress(Gone):
            sheet = RowSheet(self.names, told)
            with sheet.loosely():
                self._holding(sheet)
                self._heard(sheet, GIVE_UP, self._interrupts())
            tree = self._said_tree(sheet) if said else self._sure_tree(sheet)
            with suppress(Gone):
                tree.write(self.nodes.start())
            beyond = (" except (Beyond, CaseError, RecursionError):", f"  return by_machine({sheet.facts})")
            lines = [*(f" {line}" for line in read), " try:", *(f" {line}" for line in sheet.lines), *beyond]
            return self._compile(f"R{len(self.texts)}", lines, "row")
        return None

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
                self._compile(name, write())
        made: Callable[[Told, Callable[[str], Value]], Any] = self._space[name]
        return made

    def agree(self, told: Told) -> None:
        """Raise ``Beyond`` where what is told does not agree with itself, or interrupts the case."""
        self._space["agree"](told, told.get)

    def fact(self, told: Told, name: str) -> Value:
        """Return what is known of a fact: told, or derived from what is told."""
        return self._view(told).fact(name)

    def _view(self, told: Told) -> CaseView:
        from aftersales.case.model import Case, Claim  # noqa: PLC0415 (rarely asked for: a cold start is short)
        from aftersales.case.view import CaseView  # noqa: PLC0415

        return CaseView(self.policy, Case(None, None, Claim(None, None), {}), told)

    # ── writing a function when it is first called ──────────────────────────────────────────────────────────────

    def _compile(self, name: str, lines: Sequence[str], parameters: str = "f, get") -> Callable[..., Any]:
        """Make a function of the text of its body; what it calls is written when it is first called."""
        text = "\n".join((f"def {name}({parameters}):", *lines, ""))
        self.texts[name] = text
        self._space.update(self.names.constants)
        for called in set(_CALLED.findall(text)) - self._space.keys():
            self._space[called] = self._later(called)
        exec(self._code(name, text), self._space)  # noqa: S102 (our own text: see the top)
        made: Callable[..., Any] = self._space[name]
        return made

    def _code(self, name: str, text: str) -> CodeType:
        """Return the code of a text: as it was compiled for an earlier start, else compiled now."""
        earlier = self._codes.get(_mark(text))
        if earlier is not None:
            with suppress(ValueError, EOFError, TypeError):
                code = marshal.loads(earlier)  # noqa: S302 (what is kept is sealed: see ``policy.kept``)
                if isinstance(code, CodeType):
                    return code
        return compile(text, f"<{self.policy.id} {name}>", "exec")

    def codes(self) -> dict[str, bytes]:
        """Return the code of all functions written so far, for a later start of the same policy."""
        return {_mark(text): marshal.dumps(self._code(name, text)) for name, text in self.texts.items()}

    def _later(self, name: str) -> Callable[..., Any]:
        """Return a function that writes the one called ``name``, puts it in its own place, and calls it."""
        number = int(name[1:])
        write = self._writes[name[0]]

        def first_call(told: Told, get: Callable[[str], Value]) -> object:
            with self._writing:
                if self._space[name] is first_call:
                    self._compile(name, write(number))
            return self._space[name](told, get)

        return first_call

    def _param(self, number: int) -> Sequence[str]:
        param = tuple(self.policy.params.values())[number]
        if is_tabular(self.policy, param):
            return write_reader(Sheet(self.names), param)
        name = self.names.constant(reader(param, self.zone, self.fact), ("reader", number))
        return [f" return {name}(f, get)"]

    def _going_on(self, number: int) -> Sequence[str]:
        return Tree(self.names, self.nodes, trail=self.trail).write(self.nodes.numbered(number))

    def _surely(self, number: int) -> Sequence[str]:
        return self._sure_tree().write(self.nodes.numbered(number))

    def _sure_tree(self, sheet: SureSheet | None = None) -> SureTree:
        from aftersales.run.function.sure import SureTree  # noqa: PLC0415 (trails, and so a cold start, do without)

        return SureTree(self.names, self.nodes, sheet)

    def _said(self, number: int) -> Sequence[str]:
        return self._said_tree().write(self.nodes.numbered(number))

    def _said_tree(self, sheet: SureSheet | None = None) -> SaidTree:
        from aftersales.run.function.said import SaidTree  # noqa: PLC0415 (see above)

        self._space["A"] = self.writer.amounts
        return SaidTree(self.names, self.nodes, self.writer, sheet)

    def _derivation(self, number: int) -> Sequence[str]:
        """Write what a derived fact comes to; ``None`` where that is not known."""
        fact = tuple(self.policy.facts.values())[number]
        sheet = Sheet(self.names)
        derived = fact.derived
        if derived is None:
            raise AssertionError(fact.name)
        sheet.read(derived)
        if fact.type.kind is Kind.FLAG:
            sheet.put(f"if {true(derived, sheet)}: return True", f"if {false(derived, sheet)}: return False")
        else:
            sheet.put(f"if {known(derived, sheet)}: return {value(derived, sheet)}")
        return [*sheet.lines, " return None"]

    # ── what every case must keep ───────────────────────────────────────────────────────────────────────────────

    def _agreement(self, sheet: Sheet) -> Sheet:
        """Write that what is told agrees with itself, and that no branch has made something interrupt the case."""
        if len(self._derived) > _FEW:
            sheet.put("if not DERIVED.isdisjoint(f): check_told(f, get)")
        else:
            sheet.put(*(f"if get({name!r}) is not None: check_told(f, get)" for name in sorted(self._derived)))
        self._holding(sheet)
        taken = {name for edge in edges(self.policy) for name, _ in edge.target.take}
        self._heard(sheet, GIVE_UP, (name for name in self._interrupts() if name in taken or name in self._derived))
        return sheet

    def _holding(self, sheet: Sheet) -> None:
        for holds in self.policy.holds:
            self._holds(sheet, sorted(alternatives(holds.condition), key=self._cost))

    def _interrupts(self) -> Iterable[str]:
        return dict.fromkeys(way.on for flow in self.policy.flows.values() for way in flow.anytime)

    def _heard(self, sheet: Sheet, interrupted: str, names: Iterable[str]) -> None:
        """Write what is done about a case that one of the facts ``names`` interrupts."""
        for name in names:
            sheet.put(f"if {true(FactRef(FLAG, name), sheet) if sheet.read_fact(name) else NO}: {interrupted}")

    def _holds(self, sheet: Sheet, parts: Sequence[Expr]) -> None:
        """Write that one of ``parts`` must not be false; what is costly to look at only where all before it are."""
        if not parts:
            sheet.put(GIVE_UP)
            return
        sheet.read(parts[0])
        broken = false(parts[0], sheet)
        if broken != NO:
            with sheet.under(f"if {broken}"):
                self._holds(sheet, parts[1:])

    def _cost(self, expr: Expr) -> int:
        """Return how many derived facts a condition looks at that take working out."""
        derived = (self.policy.facts[name].derived for name in facts_of(expr))
        return sum(1 for one in derived if one is not None and not isinstance(one, Present))

    def _check_told(self, told: Told, get: Callable[[str], Value]) -> None:
        """Raise ``Beyond`` or ConflictError where a derived fact is told as something else than follows."""
        for name in self._derived.intersection(told):
            derive = self._space.setdefault(key := f"D{self.names.facts[name]}", self._later(key))
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


def alternatives(condition: Expr) -> Sequence[Expr]:
    """Return the conditions of which one at least must hold for ``condition`` to hold."""
    whole = simplify(condition)
    return whole.operands if isinstance(whole, Either) else (whole,)


def _on(edges: tuple[str, ...], trail: Trail) -> Trail:
    """Put edges taken before in front of those of a trail."""
    return (*edges, *trail[0]), *trail[1:]


def _mark(text: str) -> str:
    """Return what stands for a text among codes."""
    mark: str = blake2b(text.encode(), digest_size=16).hexdigest()
    return mark
