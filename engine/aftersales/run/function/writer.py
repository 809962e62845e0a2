"""Writes the lines of a policy's generated functions; a start that has them from an earlier one does without.

The text is made from the checked policy alone: facts, states and words stand in it as quoted texts, everything else as
numbered names. Nothing that an author wrote is run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from aftersales.expr.build import simplify
from aftersales.expr.names import facts_of
from aftersales.expr.tree import Either, Expr, FactRef, Present
from aftersales.expr.types import FLAG, Kind
from aftersales.policy.edges import edges
from aftersales.policy.model import Policy
from aftersales.run.function.lines import GIVE_UP
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.params import Lookup, fixed_params, is_tabular, reader, write_reader
from aftersales.run.function.sheet import Names, Sheet
from aftersales.run.function.texts import NO, false, known, true, value
from aftersales.run.function.tree import Tree

#: Up to so many derived facts are asked for one by one whether they were told.
_FEW = 3


class Writer:
    """Writes functions of one policy; its constants are numbered from ``first_constant`` on."""

    def __init__(self, nodes: Nodes, *, trail: bool, first_constant: int) -> None:
        self.policy: Policy = nodes.policy
        self.names = Names(self.policy, fixed_params(self.policy), first_constant)
        self._nodes = nodes
        self._trail = trail
        self._derived = frozenset(name for name, fact in self.policy.facts.items() if fact.derived is not None)

    def start(self, interrupted: str | None) -> Sequence[str]:
        """Write where every case begins; ``interrupted`` is what is done about one that something interrupts."""
        tree = self._tree()
        self._agreement(tree.sheet)
        self._heard(tree.sheet, interrupted or GIVE_UP, self._interrupts())
        return tree.write(self._nodes.start())

    def going_on(self, node: Node) -> Sequence[str]:
        """Write how a case goes on from a node."""
        return self._tree().write(node)

    def _tree(self) -> Tree:
        return Tree(self.names, self._nodes, trail=self._trail)

    def param(self, number: int, zone: Callable[[], dt.tzinfo], lookup: Lookup) -> Sequence[str]:
        """Write how a param is read."""
        param = tuple(self.policy.params.values())[number]
        if is_tabular(self.policy, param):
            return write_reader(Sheet(self.names), param, zone())
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
            sheet.put("if not DERIVED.isdisjoint(f): check_told(f, get)")
        else:
            sheet.put(*(f"if get({name!r}) is not None: check_told(f, get)" for name in sorted(self._derived)))
        for holds in self.policy.holds:
            self._holds(sheet, sorted(alternatives(holds.condition), key=self._cost))
        taken = {name for edge in edges(self.policy) for name, _ in edge.target.take}
        self._heard(sheet, GIVE_UP, (name for name in self._interrupts() if name in taken or name in self._derived))

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
