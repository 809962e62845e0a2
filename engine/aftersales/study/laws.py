"""The laws of a policy held against one case: which it breaks, and of which it is an example."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.errors import Diagnostic
from aftersales.expr.evaluate import evaluate
from aftersales.policy.laws import Law
from aftersales.policy.model import Policy
from aftersales.run.flat import FlatCase, applies, readings, verdict
from aftersales.run.walk import Walk
from aftersales.source import Span
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class Held:
    """What the laws about one case say of a case: its faults, and the laws whose ``if`` it meets."""

    faults: tuple[Diagnostic, ...]
    met: tuple[str, ...]


def hold(policy: Policy, walk: Walk, span: Span) -> Held:
    """Hold every law about one case against a case where it stands; ``span`` is the case's place in its file.

    Raises AmountError where the case's money cannot be settled.
    """
    laws = [law for law in policy.laws.values() if applies(law, walk)]
    case = FlatCase(walk)
    return Held(
        faults=tuple(law_broken(law, readings(law, case), span) for law in laws if verdict(law, case) is False),
        met=tuple(law.name for law in laws if evaluate(law.condition, case) is True),
    )


def law_broken(law: Law, read: str, span: Span) -> Diagnostic:
    """Return the fault of a case (its place) that breaks a law, with what the law read of it."""
    return Diagnostic(
        "law_broken",
        Text(
            f"违反守则 {law.name}（{law.title.zh}）：{read}",
            f"the law {law.name} is broken ({law.title.en}): {read}",
        ),
        span,
        Text(f"守则写在 {law.span}", f"the law stands at {law.span}"),
    )
