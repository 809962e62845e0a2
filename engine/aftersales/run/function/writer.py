"""Writes the lines of a policy's generated functions; a start that has them from an earlier one does without.

The text is made from the checked policy alone: facts, states and words stand in it as quoted texts, everything else as
numbered names. Nothing that an author wrote is run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aftersales.expr.build import simplify
from aftersales.expr.names import facts_of
from aftersales.expr.tree import Either, Expr, FactRef, Present
from aftersales.expr.types import FLAG, Kind
from aftersales.policy.model import Policy
from aftersales.run.function.implied import never_broken
from aftersales.run.function.lines import GIVE_UP
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.params import Lookup, fixed_params, is_tabular, reader, write_reader
from aftersales.run.function.sheet import Gone, Names, Sheet
from aftersales.run.function.texts import NO, either, false, known, true, value
from aftersales.run.function.tree import Tree
from aftersales.run.reads import with_inputs

if TYPE_CHECKING:
    from aftersales.run.function.said import AnswerWriter, SaidTree
    from aftersales.run.function.sure import Compile, SureSheet, SureTree

#: Up to so many derived facts are asked for one by one whether they were told.
_FEW: Final = 3


class Writer:
    """Writes functions of one policy; its constants are numbered from ``first_constant`` on."""

    def __init__(
        self, nodes: Nodes, make: Compile, answers: Callable[[], AnswerWriter], first_constant: int, *, trail: bool
    ) -> None:
        self.policy: Policy = nodes.policy
        self.names = Names(self.policy, fixed_params(self.policy), first_constant)
        self._nodes = nodes
        self._make = make
        self._trail = trail
        #: Makes the sheets of functions of records; ``None`` where functions are of mappings.
        self.records: Callable[[Names], SureSheet] | None = None
        self._answers = answers
        self._derived = frozenset(name for name, fact in self.policy.facts.items() if fact.derived is not None)

    def start(self, interrupted: str | None) -> Sequence[str]:
        """Write where every case begins; ``interrupted`` is what is done about one that something interrupts."""
        return self._begun(self._tree(), interrupted or GIVE_UP)

    def start_surely(self) -> Sequence[str]:
        """Write where every case begins of which all is known."""
        return self._surely_begun(self._sure_tree())

    def _surely_begun(self, tree: SureTree) -> Sequence[str]:
        tree.sheet.begin(self._kept)
        return self._begun(tree, GIVE_UP)

    def start_agreed(self, interrupted: str) -> Sequence[str]:
        """Write where every case goes on of which it is known that what it tells agrees with itself."""
        tree = self._tree()
        with tree.sheet.loosely():
            self._heard(tree.sheet, GIVE_UP, self._made_by_branches())
            self._heard(tree.sheet, interrupted, self._interrupts())
        return tree.write(self._nodes.start())

    def agreed(self, told: Collection[str], perhaps: Collection[str]) -> Sequence[str]:
        """Write that the relations hold for cases that surely tell some facts, others ``perhaps``, and nothing derived."""
        from aftersales.run.function.shaped import ShapedSheet  # noqa: PLC0415 (for what comes often)

        sheet = ShapedSheet(self.names, told, perhaps)
        for condition in self._kept:
            parts = sorted(alternatives(condition), key=self._cost)
            if not any(sheet.is_never_false(part) for part in parts):
                self._holds(sheet, parts)
        return sheet.lines or [" pass"]

    def of_relations(self) -> frozenset[str]:
        """Return the facts that relations look at, and those that follow from others."""
        related = (name for condition in self._kept for name in facts_of(condition))
        return frozenset(with_inputs(self.policy, related)) | self._derived

    def start_said(self) -> Sequence[str]:
        """Write the same, answered as JSON text where that is plain."""
        return self._surely_begun(self._said_tree())

    def _begun(self, tree: Tree, interrupted: str) -> Sequence[str]:
        with suppress(Gone):
            with tree.sheet.loosely():
                if self.records is None:
                    self._agreement(tree.sheet)
                else:  # nothing derived is told by a record
                    self._holding(tree.sheet, self._kept)
                self._heard(tree.sheet, interrupted, self._interrupts())
            tree.write(self._nodes.start())
        return tree.sheet.lines

    def going_on(self, node: Node) -> Sequence[str]:
        """Write how a case goes on from a node."""
        return self._tree().write(node)

    def surely(self, node: Node) -> Sequence[str]:
        """Write how a case of which all is known goes on from a node."""
        return self._sure_tree().write(node)

    def said(self, node: Node) -> Sequence[str]:
        """Write how a case goes on from a node that is answered as JSON text."""
        return self._said_tree().write(node)

    def _sure_tree(self) -> SureTree:
        from aftersales.run.function.sure import SureTree  # noqa: PLC0415 (trails do without)

        return SureTree(self.names, self._nodes, self._make, self._sheet())

    def _said_tree(self) -> SaidTree:
        from aftersales.run.function.said import SaidTree  # noqa: PLC0415 (trails do without)

        return SaidTree(self.names, self._nodes, self._make, self._answers(), self._sheet())

    def _sheet(self) -> SureSheet | None:
        """Return the sheet of a function of a record; ``None`` where functions are of mappings."""
        return None if self.records is None else self.records(self.names)

    def _tree(self) -> Tree:
        return Tree(self.names, self._nodes, trail=self._trail)

    def param(self, number: int, zone: Callable[[], dt.tzinfo], lookup: Lookup) -> Sequence[str]:
        """Write how a param is read."""
        param = tuple(self.policy.params.values())[number]
        if is_tabular(self.policy, param):
            return write_reader(Sheet(self.names), param)
        name = self.names.constant(reader(param, zone(), lookup), ("reader", number))
        return [f" return {name}(f, get)"]

    def derivation(self, number: int) -> Sequence[str]:
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

    def agreement(self) -> Sequence[str]:
        """Write that what is told agrees with itself, and that no branch has made something interrupt the case."""
        sheet = Sheet(self.names)
        self._agreement(sheet)
        return sheet.lines or [" pass"]

    def _agreement(self, sheet: Sheet) -> None:
        if len(self._derived) > _FEW:
            is_told = "not DERIVED.isdisjoint(f)"
        else:
            is_told = either(sheet.says(name) for name in sorted(self._derived))
        with sheet.under(f"if {is_told}"):
            sheet.put(f"check_told(f, {sheet.GET})")
            self._holding(sheet, self._implied)
        self._holding(sheet, self._kept)
        self._heard(sheet, GIVE_UP, self._made_by_branches())

    @cached_property
    def _implied(self) -> Sequence[Expr]:
        """Return the relations that only what is told of derived facts can break."""
        conditions = (holds.condition for holds in self.policy.holds)
        return [one for one in conditions if never_broken(self.policy, self.names.fixed, one)]

    @cached_property
    def _kept(self) -> Sequence[Expr]:
        """Return the other relations."""
        return [holds.condition for holds in self.policy.holds if holds.condition not in self._implied]

    def _holding(self, sheet: Sheet, conditions: Iterable[Expr]) -> None:
        for condition in conditions:
            self._holds(sheet, sorted(alternatives(condition), key=self._cost))

    def _made_by_branches(self) -> Sequence[str]:
        """Return the facts that interrupt a case and that a branch may tell, or that follow from others."""
        states = self.policy.states.values()
        targets = [branch.target for state in states for branch in state.branches]
        targets += [late.target for state in states for late in state.late]
        targets += [reopen.target for state in states for reopen in state.reopen]
        targets += [way.target for flow in self.policy.flows.values() for way in flow.anytime]
        taken = {name for target in targets for name, _ in target.take}
        return [name for name in self._interrupts() if name in taken or name in self._derived]

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


def alternatives(condition: Expr) -> Sequence[Expr]:
    """Return the conditions of which one at least must hold for ``condition`` to hold."""
    whole = simplify(condition)
    return whole.operands if isinstance(whole, Either) else (whole,)
