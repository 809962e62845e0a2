"""What only the whole policy can show, one check each, in the order in which their faults are worth reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from aftersales.errors import Diagnostic
from aftersales.policy.faults import distinct
from aftersales.policy.model import Policy
from aftersales.policy.possible import Analysis, analyse

#: A question asked of a compiled policy and what can happen in it; it yields a fault for every place that fails.
Check = Callable[[Analysis], Iterable[Diagnostic]]

CHECKS: Final[tuple[Check, ...]] = ()


def check(policy: Policy) -> tuple[Diagnostic, ...]:
    """Return every fault that the checks find, in order of place, each once."""
    analysis = analyse(policy)
    return distinct(fault for ask in CHECKS for fault in ask(analysis))
