"""Does an interrupt wait for something that only it looks at?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial

from aftersales.errors import Diagnostic
from aftersales.policy.model import Branch, Flow
from aftersales.policy.needs import told_inputs
from aftersales.policy.possible import Analysis
from aftersales.text import Text

#: The branches of one state, each with all that it reads.
_Reads = tuple[tuple[Branch, frozenset[str]], ...]


def no_guard_reads_an_interrupt(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find branches that read a fact which interrupts their flow: the interrupt fires first, wherever the case rests."""
    behind = cache(partial(told_inputs, analysis.policy))
    for flow in analysis.policy.flows.values():
        states = tuple(_reads_of(analysis, flow, behind)) if flow.anytime else ()
        for way in flow.anytime:
            yield from _readers(states, flow, way.on)


def _reads_of(analysis: Analysis, flow: Flow, behind: Callable[[str], Sequence[str]]) -> Iterator[_Reads]:
    """Yield for every state its branches that may read an interrupt, with all that each of them reads."""
    lore, policy = analysis.lore, analysis.policy
    interrupts = lore.fields.mask(way.on for way in flow.anytime)
    for key in flow.states:
        branches = [branch for branch in policy.states[key].branches if lore.reads.opened((branch.guard,)) & interrupts]
        yield tuple([(branch, _with_behind(lore.facts_of(branch.guard), behind)) for branch in branches])


def _with_behind(names: Sequence[str], behind: Callable[[str], Sequence[str]]) -> frozenset[str]:
    return frozenset(names).union(*map(behind, names))


def _readers(states: Iterable[_Reads], flow: Flow, fact: str) -> Iterator[Diagnostic]:
    for branches in states:
        for branch, read in branches:
            if fact in read:
                message = Text(
                    f"{fact} 随时中断流程 {flow.name}，分支不能再读它",
                    f"{fact} interrupts {flow.name} at any time, no branch reads it",
                )
                yield Diagnostic("reads_interrupt", message, branch.span)
                break
