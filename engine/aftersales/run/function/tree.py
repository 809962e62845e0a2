"""Writes one function of the policy: the tree of tests from a node to where the case rests, ends, or goes on elsewhere.

What follows a node is written out below it as far as a function may be long; what lies further on is a function of its
own, written when a case first comes there. So a decision costs what its way costs, however many flows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from aftersales.dataclass import dataclass
from aftersales.expr.build import negate
from aftersales.expr.names import facts_of
from aftersales.expr.tree import TRUE, All, Expr
from aftersales.policy.edges import branch_key
from aftersales.policy.model import State
from aftersales.run.function.asked import NONE, first, lacking
from aftersales.run.function.changes import Change, changes_any
from aftersales.run.function.constants import Answers, Leaf, Numbers
from aftersales.run.function.legs import Legs, party
from aftersales.run.function.lines import GIVE_UP, Fen, Lines
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.offers import hides_inputs, write_offers
from aftersales.run.function.reached import NO_FEN, NOTHING, Reached
from aftersales.run.function.sheet import Gone, Names, Sheet
from aftersales.run.function.texts import YES, both, settled, true
from aftersales.run.function.ways import Way, by_value, conditions, excluded, unknown, values_of, ways_of

if TYPE_CHECKING:  # trails do without it
    from aftersales.run.function.answer import Answer

#: States that one function is written out over: in one that answers only, and in one that also says which way a case
#: came, of which a cold start writes a few. And how far down.
MOST_STATES, MOST_STATES_OF_A_TRAIL, MOST_DEPTH = 24, 8, 12
#: From so many rows on, the row of a table is looked up instead of found by one test after another.
LONG_TABLE = 6
#: So few rows are told apart by one test after another once their numbers are known.
FEW_ROWS = 4


#: The rows of a table over one fact: a test of it, and its ways.
Rows = list[tuple[Expr, tuple[Way, ...]]]


@dataclass(frozen=True, slots=True)
class Parts:
    """The texts of what differs between the answers about a state."""

    liable: str
    borne: str
    fen: str
    need: str


class Tree:
    """Writes the function of one node; with ``trail`` it also says which way the case came."""

    def __init__(self, names: Names, nodes: Nodes, *, trail: bool) -> None:
        self.names = names
        self.nodes = nodes
        self.sheet = Sheet(names)
        self.trail = trail
        self.room = MOST_STATES_OF_A_TRAIL if trail else MOST_STATES

    def write(self, node: Node) -> Sequence[str]:
        """Return the lines of the body of the function that goes on from ``node``."""
        with suppress(Gone):
            self.node(node, (), ())
        return self.sheet.lines

    # ── a state ─────────────────────────────────────────────────────────────────────────────────────────────────

    def node(self, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        """Write what a case does in ``node``, and what follows."""
        self.room -= 1
        state = node.state
        if state.end is not None:
            self._end(node, edges)
        elif hides_inputs(state, self.names.policy):
            self.sheet.put(GIVE_UP)
        else:
            self.ways(node, (*above, node), edges)

    def ways(self, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        """Write which answers count in the state of ``node``, and its ways out."""
        write_offers(self.sheet, node.state)
        StateTree(self, node, above, edges).write()

    def _end(self, node: Node, edges: tuple[str, ...]) -> None:
        with self.sheet.loosely():
            for reopen in node.state.reopen:
                self.sheet.read(reopen.when)
                self.sheet.put(f"if {true(reopen.when, self.sheet)}: {GIVE_UP}")
        self.answer(node, edges, None)

    # ── on from here ────────────────────────────────────────────────────────────────────────────────────────────

    def go(self, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        """Write what follows in ``node``, here or as a function of its own."""
        if node not in above and self.room > 0 and len(above) < MOST_DEPTH:
            self.node(node, above, edges)
            return
        on = f"return on({self.names.constant(edges)}, {node.name}(f, get))"
        self.sheet.put(on if self.trail else self.sheet.returned(self.name_of(node)))

    def name_of(self, node: Node) -> str:
        """Return the name of the function that goes on from ``node``."""
        return node.name

    def answer(self, node: Node, edges: tuple[str, ...], need: str | None) -> None:
        """Write the answer about a case that rests in ``node`` (``need``: the text of its question) or ends there."""
        sheet = self.sheet
        sheet.shown.clear()
        begun = len(sheet.lines)
        fen = self.fen(node, need)
        lines = Lines(sheet, node.laid, fen, asks=need is None)
        lines.refund()
        collected = len(sheet.lines)
        legs = Legs(lines)
        legs.write()
        moves = len(sheet.lines) > collected or bool(lines.late)
        if moves:
            sheet.lines.insert(collected, f"{' ' * sheet.depth}{fen.opened()}")
            sheet.put(*lines.late)
        lines.others(entered=moves)
        liable = party(lines, node.laid.liable)
        if lines.may_wait and need is None:
            sheet.lines.insert(begun, f"{' ' * sheet.depth}need = None")
            need = "need"
        amounts = "fen" if moves else fen.mapping() if fen.first else "NO_FEN"
        self.give(node, edges, Parts(liable, self._borne(legs.borne), amounts, need or NONE))

    def fen(self, node: Node, need: str | None) -> Fen:  # noqa: ARG002 (see ``said``)
        """Return what writes the amounts of an answer."""
        return Fen()

    def _borne(self, borne: Mapping[str, str]) -> str:
        if not borne:
            return "NOTHING"
        if all(text.startswith("'") for text in borne.values()):
            parties = {leg: text[1:-1] for leg, text in borne.items()}
            return self.names.constant(MappingProxyType(parties), ("borne", tuple(parties.items())))
        return f"{{{', '.join(f'{leg!r}: {text}' for leg, text in borne.items())}}}"

    def give(self, node: Node, edges: tuple[str, ...], parts: Parts) -> None:
        """Write that the answer is returned."""
        state = node.state
        liable, borne, fen, need = parts.liable, parts.borne, parts.fen, parts.need
        outcome = _outcome(state)
        values = f"({state.key!r}, {outcome!r}, {liable}, {borne}, {fen}, {need}, None)"
        made = f"new(Reached, {values})" if self.trail else f"Answer{values}"
        plain, same = self._plain(node, parts), self.same(node, parts)
        if same is not None:
            made = self.names.constant(same, ("answer", state.key, liable, borne, same.need))
        elif plain is not None:
            made = f"{self.names.constant(Answers(plain), ('answers', state.key, liable, borne))}[{need}]"
        if self.trail:
            leaf = self.names.constant(Leaf(edges, node), ("leaf", edges, node.number))
            made = f"({leaf}.edges, {leaf}.node, f, {made})"
        self.sheet.put(f"return {made}")

    def same(self, node: Node, parts: Parts) -> Answer | Reached | None:
        """Return the answer where it is one and the same in every case that comes here."""
        plain, need = self._plain(node, parts), parts.need
        if plain is None or not (need == NONE or need.startswith("'")):
            return None
        return plain if need == NONE else plain.asking(need[1:-1])

    def _plain(self, node: Node, parts: Parts) -> Answer | Reached | None:
        """Return the answer but for its question, where nothing else differs between cases that come here."""
        liable, borne, fen = parts.liable, parts.borne, parts.fen
        if fen != "NO_FEN" or not liable.startswith("'") or borne.startswith("{"):
            return None
        shared = cast("Mapping[str, str]", NOTHING if borne == "NOTHING" else self.names.constants[borne])
        return self._made(node.state.key, _outcome(node.state), liable[1:-1], shared, NO_FEN, None, None)

    @cached_property
    def _made(self) -> Callable[..., Answer | Reached]:
        if self.trail:
            return Reached
        from aftersales.run.function.answer import Answer  # noqa: PLC0415 (trails do without)

        return Answer


def _outcome(state: State) -> str | None:
    return state.end.outcome if state.end is not None else None


class StateTree:
    """Writes the ways out of one state."""

    def __init__(self, tree: Tree, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        self.tree = tree
        self.sheet = tree.sheet
        self.node = node
        self.above = above
        self.edges = edges

    def write(self) -> None:
        """Write what keeps a case here, and every way out."""
        state, sheet = self.node.state, self.sheet
        ways: tuple[Way, ...] = ways_of(state.branches)
        if state.until is not None and state.until != TRUE:
            sheet.read(state.until)
            holds = true(state.until, sheet)
            if holds != YES:
                with sheet.under(f"if not {holds}"):
                    self._rest(lacking(state.until, sheet, self._ask))
            ways = tuple(way.given(conditions(state.until)) for way in ways)
        self._ways(ways)

    def _ways(self, ways: tuple[Way, ...]) -> None:
        table = by_value(ways)
        if table is not None:
            self.table(list(table), ways)
        else:
            self.cascade(ways)

    def table(self, table: Rows, ways: tuple[Way, ...]) -> None:
        """Write the rows of a table over one fact, each with its ways."""
        self.sheet.read(*(test for test, _ in table))
        self.rows(table)
        self.stuck(ways)

    def rows(self, table: Rows) -> None:
        """Write the rows of a table, one after another where they are few."""
        if len(table) >= LONG_TABLE:
            self._long_table(table)
            return
        for test, group in table:
            with self.sheet.under(f"if {true(test, self.sheet)}"):
                self.row(test, group)

    def _long_table(self, table: Rows) -> None:
        """Write a table of which the row is looked up, so that a row costs the same however many there are."""
        fact = facts_of(table[0][0])[0]
        rows = Numbers({value: number for number, (test, _) in enumerate(table) for value in values_of(test)})
        row = self.sheet.spare("i")
        looked_up = self.tree.names.constant(rows, ("rows", *rows.items()))
        self.sheet.put(f"{row} = {looked_up}[{self.sheet.fact(fact)}]")
        self._numbered(row, table, 0)

    def _numbered(self, row: str, table: Rows, first_row: int) -> None:
        """Write the rows from ``first_row`` on, halved until a few are left."""
        if len(table) < FEW_ROWS:
            for number, (test, group) in enumerate(table, first_row):
                with self.sheet.under(f"if {row} == {number}"):
                    self.row(test, group)
            return
        half = len(table) // 2
        with self.sheet.under(f"if {row} < {first_row + half}"):
            self._numbered(row, table[:half], first_row)
        self._numbered(row, table[half:], first_row + half)

    def row(self, test: Expr, group: tuple[Way, ...]) -> None:  # noqa: ARG002 (what is known of it: see ``sure``)
        """Write the ways of a row, below the test of it."""
        self._ways(group)

    def cascade(self, ways: tuple[Way, ...]) -> None:
        """Write one way after another: the first that is open is taken."""
        sheet = self.sheet
        unsure: list[Way] = []
        while ways:
            way, below = ways[0], ways[1:]
            sheet.read(*way.left)
            open_ = both(true(part, sheet) for part in way.left)
            if open_ == YES:
                self._take(way)
                return
            with sheet.under(f"if {open_}"):
                self._take(way)
            own = way.left[0] if len(way.left) == 1 else All(way.left)
            sure = settled(own, sheet)
            against = conditions(negate(own)) if sure else excluded(way, below)
            if against and not sure:
                with sheet.under(f"if {unknown(own, sheet)}"):
                    self.stuck((way,))
            elif not sure:
                unsure.append(way)
            ways = tuple(other.given(against) for other in below)
        self.stuck(unsure)

    def _take(self, way: Way) -> None:
        sheet, target = self.sheet, way.branch.target
        node = self.tree.nodes.after(self.node, target)
        sheet.shown.clear()
        if target.forget or target.take or target.add:
            change = self.tree.names.constant(Change(target), ("change", id(target)))
            sheet.change(change, binding=changes_any(target, self.tree.names.binding))
        self.tree.go(node, self.above, (*self.edges, branch_key(self.node.state.key, way.number)))

    def stuck(self, ways: Sequence[Way]) -> None:
        """Write that the case rests here: one of these ways is not known to be open."""
        self._rest(first(self._blocker(way) for way in ways))

    def _blocker(self, way: Way) -> str:
        left = tuple(part for part in conditions(way.branch.when) if part in way.left)
        return self.sheet.blocker(left[0] if len(left) == 1 else All(left), self._ask) if left else NONE

    def _rest(self, need: str) -> None:
        if need == NONE:
            self.sheet.put(GIVE_UP)
            return
        sheet = self.sheet
        if not need.startswith("'"):
            sheet.put(f"need = {need}", f"if need is None: {GIVE_UP}")
            need = "need"
        self.tree.answer(self.node, self.edges, need)

    def _ask(self, name: str, *, told: bool) -> str:
        """Return the text of what to ask for: what keeps the fact's options from being offered, else the fact."""
        offers = [offer for offer in self.node.state.offers if offer.fact == name]
        exprs = [
            expr
            for offer in offers
            for expr in ([when for _, when in offer.options] if offer.at_most is None else [offer.at_most])
        ]
        base = repr(name) if told else self.sheet.base_need(name)
        return first((*(self.sheet.blocker(expr) for expr in exprs), base))
