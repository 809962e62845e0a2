"""Writes one function of the policy: the tree of tests from a node to where the case rests, ends, or goes on elsewhere.

What follows a node is written out below it as far as a function may be long; what lies further on is a function of its
own, written when a case first comes there. So a decision costs what its way costs, however many flows there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

from aftersales.expr.names import facts_of
from aftersales.expr.tree import TRUE, All, Expr
from aftersales.policy.edges import branch_key
from aftersales.run.function.answer import NO_FEN, NOTHING, Answer
from aftersales.run.function.asked import NONE, first, wanting
from aftersales.run.function.changes import Change, changes_any
from aftersales.run.function.constants import Answers, Leaf
from aftersales.run.function.legs import Legs, party
from aftersales.run.function.lines import GIVE_UP, Lines
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.offers import hides_inputs, write_offers
from aftersales.run.function.sheet import Names, Sheet
from aftersales.run.function.texts import YES, both, true
from aftersales.run.function.ways import Way, by_value, conditions, excluded, unknown, values_of, ways_of

#: States that one function is written out over: in one that answers only, and in one that also says which way a case
#: came, of which a cold start writes a few. And how far down.
MOST_STATES, MOST_STATES_OF_A_TRAIL, MOST_DEPTH = 24, 8, 12
#: From so many rows on, the row of a table is looked up instead of found by one test after another.
LONG_TABLE = 6


class Tree:
    """Writes the function of one node; with ``trail`` it also says which way the case came."""

    def __init__(self, names: Names, nodes: Nodes, *, trail: bool) -> None:
        self.names = names
        self.nodes = nodes
        self.sheet = Sheet(names)
        self.trail = trail
        self._room = MOST_STATES_OF_A_TRAIL if trail else MOST_STATES

    def write(self, node: Node) -> Sequence[str]:
        """Return the lines of the body of the function that goes on from ``node``."""
        self._node(node, (), ())
        return self.sheet.lines

    # ── a state ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _node(self, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        self._room -= 1
        state = node.state
        if state.end is not None:
            self._end(node, edges)
        elif hides_inputs(state, self.names.policy):
            self.sheet.put(GIVE_UP)
        else:
            write_offers(self.sheet, state)
            _State(self, node, (*above, node), edges).write()

    def _end(self, node: Node, edges: tuple[str, ...]) -> None:
        for reopen in node.state.reopen:
            self.sheet.read(reopen.when)
            self.sheet.put(f"if {true(reopen.when, self.sheet)}: {GIVE_UP}")
        self.answer(node, edges, None)

    # ── on from here ────────────────────────────────────────────────────────────────────────────────────────────

    def go(self, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        """Write what follows in ``node``, here or as a function of its own."""
        if node not in above and self._room > 0 and len(above) < MOST_DEPTH:
            self._node(node, above, edges)
            return
        call = f"{node.name}(f, get)"
        self.sheet.put(f"return on({self.names.constant(edges)}, {call})" if self.trail else f"return {call}")

    def answer(self, node: Node, edges: tuple[str, ...], need: str | None) -> None:
        """Write the answer about a case that rests in ``node`` (``need``: the text of its question) or ends there."""
        sheet = self.sheet
        sheet.shown.clear()
        begun = len(sheet.lines)
        lines = Lines(sheet, node.laid, asks=need is None)
        lines.refund()
        collected = len(sheet.lines)
        legs = Legs(lines)
        legs.write()
        moves = len(sheet.lines) > collected or bool(lines.late)
        if moves:
            sheet.lines.insert(collected, f"{' ' * sheet.depth}fen = {{{', '.join(lines.fen)}}}")
            sheet.put(*lines.late)
        lines.others(entered=moves)
        liable = party(lines, node.laid.liable)
        if lines.may_wait and need is None:
            sheet.lines.insert(begun, f"{' ' * sheet.depth}need = None")
            need = "need"
        fen = "fen" if moves else f"{{{', '.join(lines.fen)}}}" if lines.fen else "NO_FEN"
        self._return(node, edges, (liable, self._borne(legs.borne), fen, need or NONE))

    def _borne(self, borne: Mapping[str, str]) -> str:
        if not borne:
            return "NOTHING"
        if all(text.startswith("'") for text in borne.values()):
            parties = {leg: text[1:-1] for leg, text in borne.items()}
            return self.names.constant(MappingProxyType(parties), ("borne", tuple(parties.items())))
        return f"{{{', '.join(f'{leg!r}: {text}' for leg, text in borne.items())}}}"

    def _return(self, node: Node, edges: tuple[str, ...], parts: tuple[str, str, str, str]) -> None:
        state = node.state
        liable, borne, fen, need = parts
        outcome = state.end.outcome if state.end is not None else None
        made = f"new(Answer, ({state.key!r}, {outcome!r}, {liable}, {borne}, {fen}, {need}, None))"
        if fen == "NO_FEN" and liable.startswith("'") and not borne.startswith("{"):
            shared = NOTHING if borne == "NOTHING" else self.names.constants[borne]
            answers = Answers(
                Answer(state.key, outcome, liable[1:-1], cast("Mapping[str, str]", shared), NO_FEN, None, None)
            )
            mark = (state.key, liable, borne)
            if need == NONE or need.startswith("'"):
                named = None if need == NONE else need[1:-1]
                made = self.names.constant(answers[named], ("answer", *mark, named))
            else:
                made = f"{self.names.constant(answers, ('answers', *mark))}[{need}]"
        if self.trail:
            leaf = self.names.constant(Leaf(edges, node), ("leaf", edges, node.number))
            made = f"({leaf}.edges, {leaf}.node, f, {made})"
        self.sheet.put(f"return {made}")


class _State:
    """Writes the ways out of one state."""

    def __init__(self, tree: Tree, node: Node, above: tuple[Node, ...], edges: tuple[str, ...]) -> None:
        self.tree = tree
        self.sheet = tree.sheet
        self.node = node
        self.above = above
        self.edges = edges

    def write(self) -> None:
        state, sheet = self.node.state, self.sheet
        ways: tuple[Way, ...] = ways_of(state.branches)
        if state.until is not None and state.until != TRUE:
            sheet.read(state.until)
            holds = true(state.until, sheet)
            if holds != YES:
                with sheet.under(f"if not {holds}"):
                    self._rest(wanting(state.until, sheet, self._ask))
            ways = tuple(way.given(conditions(state.until)) for way in ways)
        self._ways(ways)

    def _ways(self, ways: tuple[Way, ...]) -> None:
        table = by_value(ways)
        if table is not None:
            self._table(list(table), ways)
        else:
            self._cascade(ways)

    def _table(self, table: list[tuple[Expr, tuple[Way, ...]]], ways: tuple[Way, ...]) -> None:
        sheet = self.sheet
        sheet.read(*(test for test, _ in table))
        if len(table) >= LONG_TABLE:
            self._long_table(table)
        else:
            for test, group in table:
                with sheet.under(f"if {true(test, sheet)}"):
                    self._ways(group)
        self._stuck(ways)

    def _long_table(self, table: list[tuple[Expr, tuple[Way, ...]]]) -> None:
        """Write a table of which the row is looked up, so that a row costs the same however many there are."""
        fact = facts_of(table[0][0])[0]
        rows = {value: number for number, (test, _) in enumerate(table) for value in values_of(test)}
        row = self.sheet.spare("i")
        looked_up = self.tree.names.constant(rows, ("rows", self.node.state.key, len(self.sheet.lines)))
        self.sheet.put(f"{row} = {looked_up}.get({self.sheet.fact(fact)}, -1)")
        self._rows(row, [group for _, group in table], 0)

    def _rows(self, row: str, groups: list[tuple[Way, ...]], first_row: int) -> None:
        """Write the rows from ``first_row`` on, halved until a few are left."""
        if len(groups) < LONG_TABLE:
            for number, group in enumerate(groups, first_row):
                with self.sheet.under(f"if {row} == {number}"):
                    self._ways(group)
            return
        half = len(groups) // 2
        with self.sheet.under(f"if {row} < {first_row + half}"):
            self._rows(row, groups[:half], first_row)
        self._rows(row, groups[half:], first_row + half)

    def _cascade(self, ways: tuple[Way, ...]) -> None:
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
            against = excluded(way, below)
            if against:
                own = way.left[0] if len(way.left) == 1 else All(way.left)
                with sheet.under(f"if {unknown(own, sheet)}"):
                    self._stuck((way,))
            else:
                unsure.append(way)
            ways = tuple(other.given(against) for other in below)
        self._stuck(unsure)

    def _take(self, way: Way) -> None:
        sheet, target = self.sheet, way.branch.target
        node = self.tree.nodes.after(self.node, target)
        sheet.shown.clear()
        if target.forget or target.take or target.add:
            change = self.tree.names.constant(Change(target), ("change", id(target)))
            sheet.put(f"f = {change}(f)", "get = f.get")
            if changes_any(target, self.tree.names.binding):
                sheet.put("agree(f, get)")
            sheet.reread()
        self.tree.go(node, self.above, (*self.edges, branch_key(self.node.state.key, way.number)))

    def _stuck(self, ways: Sequence[Way]) -> None:
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
