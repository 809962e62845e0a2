"""Laws as every engine sees them: what must be so in every case of a policy, or between two of its cases."""

from __future__ import annotations

from typing import Literal

from aftersales.dataclass import dataclass
from aftersales.expr.tree import Expr
from aftersales.source import Span
from aftersales.text import Text

#: Where a law is asked: at ends, or where a case rests and waits for an answer.
Where = Literal["end", "open"]
#: What two cases have in common: the end they come to, or every answer but the facts in which they differ.
Alike = Literal["same_end", "same_answers"]


@dataclass(frozen=True, slots=True)
class Law:
    """Where ``condition`` is known true, ``then`` is never known false.

    Both read facts, params and the flat names of ``flat_names``. A law with ``two_cases`` compares two cases, ``a`` and
    ``b``, that differ in those facts: its names begin with ``a.`` and ``b.``.
    """

    name: str
    title: Text
    sources: tuple[str, ...]
    at: Where
    condition: Expr
    then: Expr
    span: Span
    two_cases: tuple[str, ...] = ()
    scope: Alike | None = None
