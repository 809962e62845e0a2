"""The laws proved: the solver is loaded only where a project asks for proofs, so that nobody else needs one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aftersales.errors import Diagnostic
from aftersales.policy.laws import Law
from aftersales.policy.model import Policy
from aftersales.syntax.shapes import first_line
from aftersales.text import Text

if TYPE_CHECKING:  # the solver is an extra
    from aftersales.verify.verdict import Counterexample, Verdict


def verdicts(policy: Policy, laws: list[str]) -> Mapping[str, Verdict]:
    """Return what becomes of each of these laws, all asked at once: to lay a policy out takes longest.

    Raises MissingToolError with the line to install where the solver is missing.
    """
    from aftersales.verify.prove import prove  # noqa: PLC0415 (the solver is an extra)

    return {verdict.law: verdict for verdict in prove(policy, only=laws).verdicts}


def not_proved(law: Law, verdict: Verdict) -> Diagnostic:
    """Return why a law is not proved: refuted, and by which case, or unknown, and why."""
    finding = verdict.finding
    why, example = finding.why or law.title, finding.example
    zh, en = ("被推翻", "refuted") if finding.ending == "refuted" else ("未能证明", "not known to hold")
    message = Text(f"守则 {law.name} {zh}：{why.zh}", f"the law {law.name} is {en}: {why.en}")
    hint = Text(f"反例 {_case(example)}", f"the case {_case(example)}") if example is not None else None
    return Diagnostic(f"law_{finding.ending}", message, first_line(law.span), hint)


def _case(example: Counterexample) -> str:
    """Return a found case, or the pair, as one line that a case file can take, with what the law reads of it."""
    pair = [case.to_dict() for case in (example.case, example.other) if case is not None]
    written = json.dumps(pair if len(pair) > 1 else pair[0], ensure_ascii=False, default=str)
    return f"{written} ({example.reads})" if example.reads else written
