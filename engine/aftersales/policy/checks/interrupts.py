"""Does an interrupt wait for something that only it looks at?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of
from aftersales.policy.model import Flow, Policy
from aftersales.policy.needs import told_inputs
from aftersales.policy.possible import Analysis
from aftersales.text import Text


def no_guard_reads_an_interrupt(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find branches that read a fact which interrupts their flow: the interrupt fires first, wherever the case rests."""
    behind = cache(partial(told_inputs, analysis.policy))
    for flow in analysis.policy.flows.values():
        for way in flow.anytime:
            yield from _readers(analysis.policy, flow, way.on, behind)


def _readers(policy: Policy, flow: Flow, fact: str, behind: Callable[[str], Sequence[str]]) -> Iterator[Diagnostic]:
    for key in flow.states:
        for branch in policy.states[key].branches:
            if any(fact == name or fact in behind(name) for name in facts_of(branch.guard)):
                message = Text(
                    f"{fact} 随时中断流程 {flow.name}，分支不能再读它",
                    f"{fact} interrupts {flow.name} at any time, no branch reads it",
                )
                yield Diagnostic("reads_interrupt", message, branch.span)
                break
