"""Writes functions for cases of which everything that is looked at is known: any other goes on in the whole function.

Most cases that are answered at once have all that decides them, and most of what a whole function does is to find out
whether they have. Here a fact is taken as told: where it is not, that is a KeyError, and the case is answered anew, from
where it begins, by the whole function. A fact that is told as nothing is found out where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from copy import copy
from functools import partial
from typing import Any

from aftersales.dataclass import replace
from aftersales.expr.names import facts_of
from aftersales.expr.tree import TRUE, Compare, Expr, FactRef, Present
from aftersales.policy.model import Fact, Offer
from aftersales.run.function.lines import GIVE_UP
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.offers import counts, offers_everything
from aftersales.run.function.params import by_platform, has_few_rows, is_tabular
from aftersales.run.function.sheet import Gone, Names, Sheet
from aftersales.run.function.texts import value
from aftersales.run.function.tree import LONG_TABLE, Rows, StateTree, Tree
from aftersales.run.function.ways import Way, values_of

#: States that one of these functions is written out over; it is shorter over a state than a whole one.
MOST_STATES = 48
#: Where a case goes on of which not all is known, from its beginning.
WHOLE = "return whole(f)"

#: Compiles a function of some parameters, of the lines that are written for it.
Compile = Callable[[str, Callable[[], Sequence[str]]], Callable[..., Any]]


class SureSheet(Sheet):
    """The body of a function that goes ``elsewhere`` about a case where a fact that it looks at is not known.

    It is a function of ``f`` alone: what is surely told is looked up in it.
    """

    GET = "f.get"

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self._elsewhere = WHOLE
        self._known: set[str] = set()
        self._offers: dict[str, Offer] = {}
        self._is_loose = False

    @contextmanager
    def under(self, head: str) -> Iterator[None]:
        """Write ``head`` and, below it, what the block writes; what is known there may not be known behind it."""
        known, offers = set(self._known), dict(self._offers)
        with super().under(head):
            yield
        self._known, self._offers = known, offers

    @contextmanager
    def within(self, node: Node) -> Iterator[None]:
        """Write what a node does; the whole function goes on from there about a case that this one cannot decide."""
        before = self._elsewhere, self._offers
        self._elsewhere, self._offers = self.returned(node.name), {}
        try:
            yield
        finally:
            self._elsewhere, self._offers = before

    @contextmanager
    def loosely(self) -> Iterator[None]:
        """Write what is decided here whether the facts that it looks at are known or not."""
        before, self._is_loose = self._is_loose, True
        try:
            yield
        finally:
            self._is_loose = before

    @property
    def elsewhere(self) -> str | None:
        """Return what is done where something is not known; ``None`` where such a case is decided here too."""
        return None if self._is_loose else self._elsewhere

    def reread(self) -> None:
        """Let every fact be read anew: ``f`` has changed."""
        super().reread()
        self._known.clear()

    def is_known(self, name: str) -> bool:
        """Return whether a fact is known wherever what comes next is run."""
        return name in self._known

    def has_param(self, name: str) -> bool:
        """Return whether a param is known wherever what comes next is run."""
        return self.always(name) or f"param {name}" in self._known

    def says(self, name: str) -> str:
        """Return the text that is true where a fact is told, as anything; mostly it is not."""
        return f"({name!r} in f and f[{name!r}] is not None)"

    def returned(self, function: str) -> str:
        """Return the line that goes on in another function; the whole ones take ``get``, which they call often."""
        return f"return {function}({'f, f.get' if function.startswith('N') else 'f'})"

    def begin(self, relations: Iterable[Expr]) -> None:
        """Write what every case begins with, that keeps some relations.

        Amounts that every order tells, and that a relation compares, are taken as told: where one of them is told as
        nothing, that is a TypeError.
        """
        for relation in relations:
            match relation:
                case Compare(op="<" | "<=" | ">" | ">=", left=FactRef(name=left), right=FactRef(name=right)):
                    if self.policy.facts[left].computed and self.policy.facts[right].computed:
                        self.read_row(left)
                        self.read_row(right)
                        self._known.update((left, right))

    # ── functions of their own ──────────────────────────────────────────────────────────────────────────────────

    def handed(self, without: Collection[str]) -> SureSheet:
        """Return a sheet that begins where this one is, for a function that is handed its locals.

        Those of the facts ``without`` are not handed on.
        """
        sheet = copy(self)
        sheet.begin_anew(without)
        return sheet

    def begin_anew(self, without: Collection[str]) -> None:
        """Begin with nothing written, and without what the facts ``without`` are known to be."""
        self.lines, self.depth, self.shown = [], 1, dict(self.shown)
        self._held = {name: local for name, local in self._held.items() if name not in without}
        self._known, self._offers = set(self._known), dict(self._offers)
        self._spares = dict(self._spares)

    @property
    def parameters(self) -> str:
        """Return the locals that a function is handed which begins here."""
        return ", ".join(("f", *self._held.values()))

    # ── answers that are offered ────────────────────────────────────────────────────────────────────────────────

    def offers(self, offers: Sequence[Offer]) -> None:
        """Write that no answer is above its bound, and remember which answers count: that is looked at when they are."""
        for offer in offers:
            if offer.at_most is not None:
                with self.loosely():
                    held = self.read_fact(offer.fact)
                with self.under(f"if {held} is not None"):
                    self.read(offer.at_most)
                    self.put(f"if {held} > {value(offer.at_most, self)}: {GIVE_UP}")
            elif not offers_everything(offer, self.policy):
                self._offers[offer.fact] = offer

    def answered(self, offer: Offer, values: Sequence[object]) -> None:
        """Write that the answer counts, which is known to be one of ``values``."""
        left = tuple((option, when) for option, when in offer.options if option in values)
        if len(left) < len(values) or any(when != TRUE for _, when in left):
            self._counts(replace(offer, options=left), self.fact(offer.fact))

    def offer_of(self, fact: str) -> Offer | None:
        """Return what is offered of a fact and not looked at yet; who asks looks at it."""
        return self._offers.pop(fact, None)

    def _counts(self, offer: Offer, held: str) -> None:
        ways = counts(self, offer, held)
        self.put(f"if not {ways}: {self._elsewhere}")

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def read_fact(self, name: str) -> str:
        """Read one fact into its local, and return that."""
        local = super().read_fact(name)
        if not self._is_loose:
            self.make_sure(name, f"{local} is {'U' if self.may_be_none(name) else None}")
            offer = self.offer_of(name)
            if offer is not None:
                self._counts(offer, local)
        return local

    def read_row(self, name: str) -> str:
        """Read the fact of a table, of which it has no row where it is not known, and return its local."""
        return super().read_fact(name)

    def make_sure(self, key: str, unknown: str) -> None:
        """Write once that something is known here."""
        if key not in self._known:
            self._known.add(key)
            self.put(f"if {unknown}: {self._elsewhere}")

    def is_now_known(self, name: str) -> None:
        """Remember that what has just been written would not be run if a fact were not known."""
        self._known.add(name)

    def _read_into(self, local: str, fact: Fact) -> None:
        if isinstance(fact.derived, Present) and self._is_told(fact.derived.fact) and not self._is_loose:
            self.put(f"{local} = {self.read_fact(fact.derived.fact)} is not None")  # told otherwise it was refused
            self._known.add(fact.name)
        elif self._is_loose or fact.counter or fact.derived is not None:
            super()._read_into(local, fact)
        else:
            self.put(f"{local} = f[{fact.name!r}]")

    def _read_param(self, name: str) -> None:
        param = self.policy.params[name]
        if self._is_loose or self.always(name) or (param.on is not None and self.may_be_none(param.on)):
            super()._read_param(name)
        elif f"param {name}" not in self._held and is_tabular(self.policy, param) and has_few_rows(param):
            self._held[f"param {name}"] = local = f"p{self.names.params[name]}"
            self.put(f"{local} = {by_platform(self, param)}")
        else:
            super()._read_param(name)
        if not self._is_loose and not self.always(name):
            self.make_sure(f"param {name}", f"{self._held[f'param {name}']} is None")


class SureTree(Tree):
    """Writes the function of one node for cases of which everything that is looked at is known."""

    def __init__(self, names: Names, nodes: Nodes, make: Compile, sheet: SureSheet | None = None) -> None:
        super().__init__(names, nodes, trail=False)
        self.sheet: SureSheet = sheet or SureSheet(names)
        self.room = MOST_STATES
        self.make = make

    def on(self, sheet: SureSheet) -> SureTree:
        """Return what writes on another sheet."""
        return SureTree(self.names, self.nodes, self.make, sheet)

    def node(self, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        """Write what a case does in ``node``, and what follows."""
        with self.sheet.within(node):
            super().node(node, above, edges)

    def ways(self, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        """Write which answers count in the state of ``node``, and its ways out."""
        self.sheet.offers(node.state.offers)
        _SureState(self, node, above, edges).write()

    def answer(self, node: Node, edges: tuple[str, ...], need: str | None) -> None:
        """Write the answer about a case that rests in ``node``, with money known or not, or ends there."""
        begun = len(self.sheet.lines)
        try:
            with nullcontext() if need is None else self.sheet.loosely():
                super().answer(node, edges, need)
        except Gone:
            del self.sheet.lines[begun:]
            self.sheet.put(self.sheet.returned(node.name))
            raise

    def name_of(self, node: Node) -> str:
        """Return the name of the function that goes on from ``node``."""
        return f"S{node.number}"


class _SureState(StateTree):
    """Writes the ways out of one state for cases of which everything that is looked at is known."""

    def __init__(self, tree: SureTree, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        super().__init__(tree, node, above, edges)
        self.tree: SureTree = tree
        self.sheet: SureSheet = tree.sheet
        self._offers: dict[str, Offer | None] = {}

    def table(self, table: Rows, ways: tuple[Way, ...]) -> None:
        """Write the rows of a table over one fact; where it is not known, no row is its."""
        sheet, fact = self.sheet, facts_of(table[0][0])[0]
        offer = self._offers[fact] = sheet.offer_of(fact)
        local = sheet.read_row(fact)
        if len(table) >= LONG_TABLE:
            self._branch(local, table, sheet.handed(() if offer else (fact,)))
            return
        self.rows(table)
        self.stuck(ways)

    def _branch(self, local: str, table: Rows, handed: SureSheet) -> None:
        """Write that a case goes on in a function of its row, made when a case first comes there.

        So a row costs the same however many there are, and no function is so long that a jump in it takes longer. A
        case that is in no row is answered anew, as one of which a fact is not told.
        """
        names, parameters = self.tree.names, handed.parameters
        functions: dict[object, Callable[..., Any]] = {}
        for test, group in table:
            make = partial(self.tree.make, parameters, partial(self._begun, handed, test, group))
            functions.update((value, _made_later(functions, value, make)) for value in values_of(test))
        branches = names.named(functions, ("branches", self.node.number, len(names.constants)))
        self.sheet.put(f"return {branches}[{local}]({parameters})")

    def _begun(self, handed: SureSheet, test: Expr, group: tuple[Way, ...]) -> Sequence[str]:
        """Write the function of a row."""
        tree = self.tree.on(handed.handed(()))
        state = _SureState(tree, self.node, self.above, self.edges)
        with suppress(Gone):
            state.row_alone(test, group, self._offers)
        return tree.sheet.lines

    def row_alone(self, test: Expr, group: tuple[Way, ...], offers: Mapping[str, Offer | None]) -> None:
        """Write the ways of a row in a function of its own; ``offers`` are those of what its table looks at."""
        self._offers.update(offers)
        self.row(test, group)

    def row(self, test: Expr, group: tuple[Way, ...]) -> None:
        """Write the ways of a row, below the test of it."""
        (fact,) = facts_of(test)
        self.sheet.is_now_known(fact)
        offer = self._offers[fact]
        if offer is not None:
            self.sheet.answered(offer, values_of(test))
        super().row(test, group)

    def stuck(self, ways: Sequence[Way]) -> None:  # noqa: ARG002 (the whole function finds out what is not known)
        """Write that no way is known to be open here."""
        self.sheet.put(self.sheet.elsewhere or GIVE_UP)


def _made_later(
    functions: dict[object, Callable[..., Any]], value: object, make: Callable[[], Callable[..., Any]]
) -> Callable[..., Any]:
    """Return what makes a function when it is first called, puts it in its place among ``functions``, and calls it."""

    def first_call(*given: object) -> object:
        functions[value] = made = make()
        return made(*given)

    return first_call
