"""Where a state is compiled: the flow that owns it, the copy of a sub-flow it is part of, and what it may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aftersales.dataclass import dataclass, field
from aftersales.expr.scope import Scope
from aftersales.expr.tree import Expr
from aftersales.expr.types import Type
from aftersales.policy.expressions import read_expression
from aftersales.policy.faults import FACT, Faults
from aftersales.policy.model import Fact
from aftersales.policy.vocabulary import Vocabulary, read_sources
from aftersales.syntax.tree import ExprText, FlowSyntax, Name, TargetSyntax
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class Shelf:
    """What every flow is compiled with: the vocabulary, all flow files, and the faults so far.

    ``states`` are the names of each flow's states, by its own, as far as they were asked for.
    """

    vocabulary: Vocabulary
    flows: Mapping[str, FlowSyntax]
    faults: Faults
    states: dict[str, Mapping[str, None]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class WayOut:
    """Where an exit of a sub-flow leads: a target in the frame of whoever uses it."""

    target: TargetSyntax
    frame: Frame


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow, or one copy of a sub-flow inside it.

    ``host`` is the flow that owns the states, ``flow`` the file being compiled, ``prefix`` goes before its states'
    names, ``exits`` say where the copy's exits lead, ``above`` names the flows that are being inlined.
    """

    shelf: Shelf
    host: str
    flow: FlowSyntax
    scope: Scope
    sources: tuple[str, ...]
    prefix: str = ""
    exits: Mapping[str, WayOut] = field(default_factory=dict)
    above: tuple[str, ...] = ()

    @property
    def faults(self) -> Faults:
        """Return the collector that everything is noted in."""
        return self.shelf.faults

    def key(self, name: str) -> str:
        """Return the key of the state that this file calls ``name``."""
        return f"{self.host}.{self.prefix}{name}"

    def states(self) -> Mapping[str, None]:
        """Return the names of the file's states, in order."""
        known, flow = self.shelf.states, self.flow.name.text
        if flow not in known:
            known[flow] = dict.fromkeys(state.name.text for state in self.flow.states)
        return known[flow]

    def read(self, written: ExprText, expected: Type) -> Expr:
        """Return an expression of this flow."""
        return read_expression(written, self.scope, expected, self.faults)

    def fact(self, name: Name) -> Fact | None:
        """Return a fact that is visible here; an unknown one, or one local to another flow, is a fault."""
        if name.text in self.scope.facts:
            return self.shelf.vocabulary.facts[name.text]
        home = self.scope.elsewhere.get(name.text)
        if home is None:
            self.faults.known(name, self.scope.facts, FACT)
            return None
        message = Text(f"事实 {name} 只属于流程 {home}", f"fact {name} belongs to flow {home} alone")
        self.faults.add("fact_of_another_flow", name.span, message)
        return None

    def cited(self, names: tuple[Name, ...], inherited: tuple[str, ...]) -> tuple[str, ...]:
        """Return the sources that are named, or the inherited ones where none is."""
        return read_sources(names, self.shelf.vocabulary.words, self.faults) if names else inherited


def host_frame(shelf: Shelf, flow: FlowSyntax) -> Frame:
    """Return the frame of a flow of its own."""
    name = flow.name.text
    return Frame(
        shelf=shelf,
        host=name,
        flow=flow,
        scope=shelf.vocabulary.scope(flows_within(shelf, flow)),
        sources=read_sources(flow.sources, shelf.vocabulary.words, shelf.faults),
        above=(name,),
    )


def flows_within(shelf: Shelf, flow: FlowSyntax) -> tuple[str, ...]:
    """Return ``flow`` and every sub-flow that it uses, directly or through another."""
    found: dict[str, None] = {}
    waiting = [flow]
    while waiting:
        here = waiting.pop()
        if here.name.text not in found:
            found[here.name.text] = None
            waiting.extend(_used(shelf, here))
    return tuple(found)


def _used(shelf: Shelf, flow: FlowSyntax) -> Iterator[FlowSyntax]:
    for state in flow.states:
        if state.use is not None and state.use.flow.text in shelf.flows:
            yield shelf.flows[state.use.flow.text]
