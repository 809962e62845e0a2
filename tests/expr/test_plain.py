"""Conditions without what another part of them already says."""

from __future__ import annotations

import pytest

from aftersales.expr.plain import plain
from aftersales.expr.tree import All, Compare, Expr, FactRef, Literal
from aftersales.expr.types import Kind, Type
from aftersales.expr.words import code
from expressions import read


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("delivered", "delivered"),
        ("days > rounds", "days > rounds"),
        ("not (days > rounds)", "days <= rounds"),
        ("not (delivered and not intact)", "not delivered or intact"),
        ("not (delivered or days > rounds)", "not delivered and days <= rounds"),
        ("not (delivered and days > rounds) and delivered", "delivered and days <= rounds"),
        ("not (delivered and days > rounds) and not delivered", "not delivered"),
        ("not (days > rounds and intact) and days > rounds", "days > rounds and not intact"),
        ("(delivered or days > rounds) and days > rounds", "days > rounds"),
        ("(delivered or days > rounds and intact) and not intact", "not intact and delivered"),
        (
            "(delivered or days > rounds and intact) and not goodwill",
            "(delivered or days > rounds and intact) and not goodwill",
        ),
        ("not (delivered and photos_sent and intact) and delivered", "delivered and (not photos_sent or not intact)"),
        ("not (delivered and (days > rounds or intact)) and delivered", "delivered and days <= rounds and not intact"),
        ("evidence != none and evidence != insufficient", "evidence == confirmed"),
        ("evidence in (none, confirmed) and evidence != none", "evidence == confirmed"),
        ("evidence in (none, insufficient, confirmed) and evidence != none", "evidence != none"),
        (
            "(evidence == confirmed or intact) and evidence != none",
            "(evidence == confirmed or intact) and evidence != none",
        ),
        ("(evidence != none or intact) and evidence == confirmed", "evidence == confirmed"),
        ("evidence not in (none,) and intact", "evidence not in (none,) and intact"),
        ("not (evidence == none and intact) and evidence == none", "evidence == none and not intact"),
        ("not (evidence == none and intact) and evidence != none", "evidence != none"),
        ("chosen_by != buyer and (chosen_by == seller or intact)", "chosen_by != buyer"),
        ("some(lines, gift) and intact and intact", "some(lines, gift) and intact"),
        ("delivered and not delivered", "delivered and not delivered"),
        (
            "(intact or delivered) and not intact and not delivered",
            "(intact or delivered) and not intact and not delivered",
        ),
    ],
)
def test_plain(text: str, plainly: str) -> None:
    """Denials stand inside, what the other parts say is left out, and what contradicts itself stays as it is."""
    assert code(plain(read(text))) == plainly


@pytest.mark.parametrize(
    ("denied", "plainly"),
    [("ab", "answer not in (a, b)"), ("abc", "answer in (d, e)"), ("abcd", "answer == e")],
)
def test_denials_of_one_fact_are_told_together(denied: str, plainly: str) -> None:
    """Several words that it is not become the words that it is, or one list, whichever is shorter."""
    answer = FactRef(Type(Kind.CHOICE, tuple("abcde")), "answer")
    parts: tuple[Expr, ...] = tuple(Compare("!=", answer, Literal(answer.type, word)) for word in denied)
    assert code(plain(All(parts))) == plainly
