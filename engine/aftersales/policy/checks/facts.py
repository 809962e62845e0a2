"""Are derived facts made of others without a circle, and is every local fact of use?"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of, nodes
from aftersales.expr.tree import Present
from aftersales.policy.checks.nulls import exprs_of_terms
from aftersales.policy.arrival import inputs
from aftersales.policy.model import Policy
from aftersales.policy.possible import Analysis
from aftersales.text import Text


def no_fact_is_made_of_itself(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find derived facts that go round in a circle."""
    facts = analysis.policy.facts
    fault = derived_circle(analysis.policy)
    if fault is not None:
        circle = " → ".join(reversed(fault))
        message = Text(f"派生事实互相依赖成环：{circle}", f"derived facts are made of each other: {circle}")
        yield Diagnostic("derived_circle", message, facts[fault[0]].span)
