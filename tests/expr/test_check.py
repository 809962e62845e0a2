"""Text to typed trees: the two text files beside this one hold what is right and what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from aftersales.errors import Diagnostic
from aftersales.expr.check import Scope
from aftersales.expr.tree import (
    All,
    Choose,
    Compare,
    Expr,
    FactRef,
    In,
    Literal,
    Not,
    ParamRef,
    Product,
    Sum,
)
from aftersales.expr.types import FLAG, Kind, Type
from aftersales.expr.words import code
from expressions import EVIDENCE, FACTS, GUARD_SCOPE, PARAMS, PARTIES, PARTY, faults_of, read

HERE = Path(__file__).parent


def blocks(name: str) -> Iterator[tuple[Kind, str]]:
    """Yield what stands between blank lines, each with the kind that its section expects."""
    kind = Kind.FLAG
    for block in (HERE / name).read_text(encoding="utf-8").split("\n\n")[1:]:
        first, _, rest = block.strip("\n").partition("\n")
        if first.startswith("expected: "):
            kind = Kind(first.removeprefix("expected: "))
        text = rest if first.startswith("expected: ") else block.strip("\n")
        if text:
            yield kind, text


RIGHT = [(kind, *line.split(" => ")) for kind, lines in blocks("canonical.txt") for line in lines.split("\n")]
WRONG = list(blocks("faults.txt"))


def picture(text: str, faults: tuple[Diagnostic, ...]) -> str:
    """Draw the faults under the text, as faults.txt does."""
    lines = [text]
    for fault in faults:
        assert fault.span is not None
        underline = "^" * max(1, fault.span.end_column - fault.span.column)
        lines.append(f"{' ' * (fault.span.column - 1)}{underline} {fault.code}")
        lines.append(f"  {fault.message.zh}{f' → {fault.hint.zh}' if fault.hint else ''}")
        lines.append(f"  {fault.message.en}{f' → {fault.hint.en}' if fault.hint else ''}")
    return "\n".join(lines)


@pytest.mark.parametrize(("kind", "text", "canonical"), RIGHT, ids=[text for _, text, _ in RIGHT])
def test_what_is_right_is_read(kind: Kind, text: str, canonical: str) -> None:
    """A right expression is read, and written back it is canonical and the same tree."""
    expr = read(text, kind)
    assert code(expr) == canonical
    assert read(canonical, kind) == expr


@pytest.mark.parametrize(("kind", "block"), WRONG, ids=[block.split("\n")[0] for _, block in WRONG])
def test_what_is_wrong_is_named(kind: Kind, block: str) -> None:
    """A wrong expression gives exactly its faults, each with its place, its words and its hint."""
    text = block.split("\n", maxsplit=1)[0]
    assert picture(text, faults_of(text, kind)) == block


DELIVERED, DAYS, PAID = FactRef(FLAG, "delivered"), FactRef(FACTS["days"], "days"), "claimed_paid"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("delivered", DELIVERED),
        ("not delivered", Not(DELIVERED)),
        ("goodwill", ParamRef(FLAG, "goodwill")),
        ("true", Literal(FLAG, value=True)),
        ("evidence == none", Compare("==", FactRef(EVIDENCE, "evidence"), Literal(EVIDENCE, "none"))),
        ("evidence in (none, confirmed)", In(FactRef(EVIDENCE, "evidence"), ("none", "confirmed"))),
        ("days < 7", Compare("<", DAYS, Literal(Type(Kind.COUNT), 7))),
        (
            "0 < days <= no_reason_days",
            All(
                (
                    Compare("<", Literal(Type(Kind.COUNT), 0), DAYS),
                    Compare("<=", DAYS, ParamRef(PARAMS["no_reason_days"], "no_reason_days")),
                )
            ),
        ),
        ("share > 0", Compare(">", ParamRef(PARAMS["share"], "share"), Literal(Type(Kind.RATE), Fraction(0)))),
        (
            "remedy_time > 0",
            Compare(">", ParamRef(PARAMS["remedy_time"], "remedy_time"), Literal(Type(Kind.DURATION), dt.timedelta())),
        ),
        (
            "days * share > days",
            Compare(">", Product(Type(Kind.COUNT), (DAYS, ParamRef(PARAMS["share"], "share"))), DAYS),
        ),
    ],
)
def test_trees_of_conditions(text: str, tree: Expr) -> None:
    """Each form becomes its node, with the type that the names give it."""
    assert read(text) == tree


def test_an_amount_in_brackets_joins_the_sum() -> None:
    """A minus before brackets turns the signs inside; bounds of facts do not become bounds of sums."""
    facts = [FactRef(FACTS[name], name) for name in (PAID, "already_refunded", "return_postage")]
    tree = Sum(Type(Kind.MONEY), ((1, facts[0]), (-1, facts[1]), (1, facts[2])))
    assert read("claimed_paid - (already_refunded - return_postage)", Kind.MONEY) == tree


def test_a_party_is_resolved_by_what_is_expected() -> None:
    """The branches of an ``if`` take their words from the expected type."""
    tree = Choose(PARTY, DELIVERED, Literal(PARTY, "carrier"), Literal(PARTY, "seller"))
    assert read("carrier if delivered else seller", Kind.PARTY) == tree
    assert read("carrier if delivered else seller", Type(Kind.PARTY, PARTIES)) == tree


def test_a_narrow_type_refuses_other_values() -> None:
    """Where only some values are expected, a fact that may be another is refused."""
    faults = faults_of("chosen_by", Type(Kind.PARTY, ("buyer", "carrier")))
    assert [(fault.code, fault.message.en) for fault in faults] == [("value_not_here", "seller does not belong here")]
    assert read("chosen_by", Type(Kind.PARTY, ("seller", "buyer"))) == FactRef(FACTS["chosen_by"], "chosen_by")


@pytest.mark.parametrize(
    "text",
    [
        "present(delivered_at)",
        "days_between(delivered_at, opened_at) > 0",
        "latest(delivered_at, opened_at) > opened_at",
        "every(claimed, gift)",
        "total(lines, paid) > 0",
    ],
)
def test_dates_and_lines_only_where_a_fact_is_derived(text: str) -> None:
    """Outside a derived fact the same text is refused at the function's name."""
    read(text)
    (fault,) = faults_of(text, scope=GUARD_SCOPE)
    assert fault.code == "function_not_here"
    assert str(fault.span) == "expression:1:1"


def test_a_word_that_fits_twice_is_an_error() -> None:
    """A word that is both a fact of the same kind and a value of the other side is never guessed."""
    scope = Scope({"evidence": EVIDENCE, "none": EVIDENCE})
    for text in ("evidence == none", "none != evidence", "evidence in (none, confirmed)"):
        (fault,) = faults_of(text, scope=scope)
        assert (fault.code, fault.message.en) == ("fits_twice", "none means two things here: a fact and a value")


def test_a_word_that_fits_once_is_no_error() -> None:
    """A flag with the name of a value is no rival of the value, and the value none of the flag."""
    scope = Scope({"evidence": EVIDENCE, "none": FLAG})
    compared = Compare("==", FactRef(EVIDENCE, "evidence"), Literal(EVIDENCE, "none"))
    assert read("none and evidence == none", scope=scope) == All((FactRef(FLAG, "none"), compared))
    assert read("evidence in (none, confirmed)", scope=scope) == In(
        FactRef(EVIDENCE, "evidence"), ("none", "confirmed")
    )


def test_faults_are_collected() -> None:
    """All faults of meaning are told at once."""
    found = faults_of("evidnce == none and days < share or photo_sent")
    assert [fault.code for fault in found] == ["unknown_name", "different_kinds", "unknown_name"]
