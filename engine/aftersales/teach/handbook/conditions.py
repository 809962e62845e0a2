"""A condition under the title of what it is about."""

from __future__ import annotations

from aftersales.expr.tree import Compare, Expr, In, Not
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Words
from aftersales.teach.handbook.voice import Voice, only_known

_SUM_SIGNS = ("+", "−", "×")
#: How a comparison goes on behind a title.
_COMPARING = (" ", "至少", "超过", "不超过", "不到", "低于", "不低于", "等于", "不等于")


def condition_said(condition: Expr, title: Words, voice: Voice) -> Words:
    """Say a condition under a title that it need not repeat: there ``< 2`` says enough."""
    if only_known(condition):
        return voice.of(words.KNOWN)
    said = voice.expr(condition)
    if not _is_one(condition):
        return said
    pairs = zip(said, title, strict=True)
    return tuple(_without(one, front) for one, front in pairs)


def _is_one(condition: Expr) -> bool:
    """Tell whether a condition is a single comparison: of several, the title may not be left out of one alone."""
    return _is_one(condition.operand) if isinstance(condition, Not) else isinstance(condition, Compare | In)


def _without(said: str, front: str) -> str:
    """Return a condition without the title in front of it; of a sum all parts are said."""
    rest = said.removeprefix(front)
    alone = rest.removeprefix(" ")
    return alone if rest.startswith(_COMPARING) and not alone.startswith(_SUM_SIGNS) else said
