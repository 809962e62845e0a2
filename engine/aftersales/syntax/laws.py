"""What the author wrote in ``laws.yaml``: what must be so in every case, or between two cases."""

from __future__ import annotations

from aftersales.dataclass import dataclass
from aftersales.source import Span
from aftersales.syntax.atoms import ExprText, Name, TextSyntax


@dataclass(frozen=True, slots=True)
class LawSyntax:
    """One law: where ``condition`` (``if:``) holds, ``then`` holds too.

    ``two_cases`` names the facts in which two cases differ, with ``scope``: what they have in common.
    """

    name: Name
    title: TextSyntax
    sources: tuple[Name, ...]
    then: ExprText
    span: Span
    condition: ExprText | None = None
    at: Name | None = None
    two_cases: tuple[Name, ...] = ()
    scope: Name | None = None
