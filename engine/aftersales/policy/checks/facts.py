"""Is every local fact of use?"""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of
from aftersales.policy.arrival import inputs
from aftersales.policy.lore import Lore
from aftersales.policy.model import Policy
from aftersales.policy.possible import Analysis
from aftersales.text import Text


def every_local_fact_is_read(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find facts of flow files that nothing reads; one of ``facts.yaml`` may be kept for laws, lists and people."""
    read = set(_read(analysis.policy, analysis.lore))
    for fact in analysis.policy.facts.values():
        if fact.flow is not None and fact.name not in read:
            message = Text(f"没有地方读取 {fact.name}", f"nothing reads {fact.name}")
            yield Diagnostic(
                "unused_fact",
                message,
                fact.span,
                Text("删去它，或移到 facts.yaml", "leave it out, or move it to facts.yaml"),
            )


def _read(policy: Policy, lore: Lore) -> Iterator[str]:
    for fact in policy.facts.values():
        yield from inputs(fact)
        if fact.flag is not None:
            yield fact.flag
    for flow in policy.flows.values():
        yield from (way.on for way in flow.anytime)
    for holds in policy.holds:
        yield from facts_of(holds.condition)
    for state in policy.states.values():
        if state.until is not None:
            yield from lore.facts_of(state.until)
        for branch in state.branches:
            yield from lore.facts_of(branch.guard)
        for expr, _ in lore.reads.asides(state):
            yield from lore.facts_of(expr)
