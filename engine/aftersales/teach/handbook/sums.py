"""How an amount came about, in people's words: the formula, and below it the same with what was known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aftersales.expr.tree import Expr
from aftersales.expr.words import code
from aftersales.policy.model import Policy
from aftersales.run.decision import MoneyItem
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Cell, Words
from aftersales.teach.handbook.voice import Voice, cell

#: The innermost choice between amounts in a worked-out sum: ``max(5.90, 0, 0.00)``.
_CHOICE: Final = re.compile(r"(max|min)\(([^()]*)\)")
#: A sum that is only plus and minus reads well as it is; these do not.
_FORMS: Final = re.compile(r"\b(?:max|min)\(|\bif\b")
_ZERO: Final = "0"


def worked_out(item: MoneyItem, voice: Voice) -> Cell:
    """Say how an amount came about; a formula that chooses is said in words, its figures on a line of their own."""
    formula, _, figures = item.because.partition(" = ")
    owed = _formula(voice.policy, item.for_, formula) if _FORMS.search(formula) else None
    if owed is None:
        return cell(voice.each(lambda titles: _minus(titles.code(item.because))))
    return cell(voice.expr(owed), voice.filled(words.EQUALS, _figures(figures, voice)))


def _formula(policy: Policy, name: str, written: str) -> Expr | None:
    """Return the formula of a line of money that is written so; ``None`` where no state has it as a whole."""
    found = (owed for owed in _owed(policy, name) if code(owed) == written)
    return next(found, None)


def _owed(policy: Policy, name: str) -> Iterator[Expr]:
    for state in policy.states.values():
        terms = state.terms
        for line in (*terms.refund, *terms.deductions, *terms.charge, *terms.recover):
            if line.name == name:
                yield line.amount


def _figures(text: str, voice: Voice) -> Words:
    """Say worked-out figures: ``5.90、0 和 0.00 中最高者``."""
    found = _CHOICE.search(text)
    if found is None:
        return voice.same(_minus(text))
    which, inside = found.groups()
    chosen = _chosen(which, inside.split(", "), voice)
    around = voice.same(text[: found.start()]), voice.same(text[found.end() :])
    return voice.filled(words.BETWEEN, around[0], chosen, around[1])


def _chosen(which: str, amounts: list[str], voice: Voice) -> Words:
    said = [voice.same(_minus(amount)) for amount in amounts]
    if len(amounts) == len(words.CHOSEN_OF_TWO) and _ZERO in amounts:
        return voice.filled(words.BOUND[which], said[1 - amounts.index(_ZERO)], voice.same(_ZERO))
    listed = voice.filled(words.LISTED, voice.listed(said[:-1]), said[-1])
    forms = words.CHOSEN_OF_TWO if len(amounts) == len(words.CHOSEN_OF_TWO) else words.CHOSEN_OF
    return voice.filled(forms[which], listed)


def _minus(text: str) -> str:
    return text.replace(" - ", " − ")
