"""What could wrongly stand in place of an expression, rule by rule: each line is one fault as the author would see it."""

from __future__ import annotations

import pytest

from aftersales.expr.names import nodes, parts
from aftersales.expr.types import Kind, Type
from aftersales.expr.words import code
from aftersales.verify.mutants import expressions
from aftersales.verify.mutants.expressions import Rule, alternatives, with_parts
from expressions import PARTIES, read

PARTY = Type(Kind.PARTY, PARTIES)


def faults(text: str, rule: Rule, kind: Kind | Type = Kind.FLAG) -> list[str]:
    """Return every fault that a rule makes of an expression, as text."""
    return [code(other) for other in alternatives(read(text, kind), rule)]


def test_a_comparison_is_turned_or_moved_over_its_boundary() -> None:
    """An order loses or gains its equality, and is turned round; equality has no boundary."""
    assert faults("days <= 7", expressions.flipped) == ["days < 7", "days > 7"]
    assert faults("days > no_reason_days", expressions.flipped) == ["days >= no_reason_days", "days <= no_reason_days"]
    assert faults("evidence == confirmed", expressions.flipped) == ["evidence != confirmed"]


def test_every_comparison_is_turned_by_itself() -> None:
    """Of two comparisons each is changed while the other stays."""
    assert faults("days < 7 and evidence == none", expressions.flipped) == [
        "days <= 7 and evidence == none",
        "days >= 7 and evidence == none",
        "days < 7 and evidence != none",
    ]


def test_a_count_is_one_off() -> None:
    """A threshold is one lower and one higher, never below 0."""
    assert faults("rounds < 2", expressions.moved) == ["rounds < 1", "rounds < 3"]
    assert faults("rounds > 0", expressions.moved) == ["rounds > 1"]
    assert faults("claimed_paid > 0", expressions.moved) == []


def test_a_condition_is_negated() -> None:
    """A flag, a flag of the shop and a list of words are denied; what is denied is taken as it is."""
    assert faults("delivered and goodwill", expressions.negated) == [
        "not delivered and goodwill",
        "delivered and not goodwill",
    ]
    assert faults("not delivered", expressions.negated) == ["delivered"]
    assert "delivered and intact" in faults("not (delivered and intact)", expressions.negated)
    assert faults("evidence in (none, confirmed)", expressions.negated) == ["evidence not in (none, confirmed)"]


def test_a_condition_is_left_out() -> None:
    """``and`` and ``or`` lose one of theirs, wherever they stand."""
    assert faults("delivered and intact and photos_sent", expressions.shortened) == [
        "intact and photos_sent",
        "delivered and photos_sent",
        "delivered and intact",
    ]
    assert faults("delivered and (intact or photos_sent)", expressions.shortened) == [
        "intact or photos_sent",
        "delivered",
        "delivered and photos_sent",
        "delivered and intact",
    ]


def test_another_word_is_written() -> None:
    """A word gives way to the next of its choice; a list loses each of its words, and gains one where two are missing."""
    assert faults("evidence == confirmed", expressions.reworded) == ["evidence == none"]
    assert faults("chosen_by == buyer", expressions.reworded) == ["chosen_by == seller"]
    assert faults("evidence in (none, confirmed)", expressions.reworded) == [
        "evidence in (confirmed,)",
        "evidence in (none,)",
    ]
    assert expressions.next_word(("a", "b", "c"), "c") == "a"


def test_an_amount_is_miscalculated() -> None:
    """A term is left out or counted the other way; ``min`` becomes ``max`` or loses a bound; a rate is not applied."""
    assert faults("claimed_paid - already_refunded", expressions.miscalculated, Kind.MONEY) == [
        "claimed_paid + already_refunded",
        "claimed_paid",
    ]
    assert faults("min(claimed_paid, cap)", expressions.miscalculated, Kind.MONEY) == [
        "max(claimed_paid, cap)",
        "cap",
        "claimed_paid",
    ]
    assert faults("share * claimed_paid", expressions.miscalculated, Kind.MONEY) == ["claimed_paid"]


def test_if_and_else_are_crossed() -> None:
    """Both alternatives change places."""
    assert faults("cap if goodwill else 0", expressions.crossed, Kind.MONEY) == ["0 if goodwill else cap"]


def test_another_party_pays() -> None:
    """Buyer and seller stand in for whoever is named, be it by a fact."""
    assert faults("buyer", expressions.mispaid, PARTY) == ["seller"]
    assert faults("carrier", expressions.mispaid, PARTY) == ["buyer", "seller"]
    assert faults("chosen_by", expressions.mispaid, PARTY) == ["buyer", "seller"]


def test_no_fault_comes_twice_and_none_is_the_expression_itself() -> None:
    """Two ways to the same text are one fault; what reads as before is none."""
    found = faults("delivered and delivered", expressions.shortened)
    assert len(found) == len(set(found))
    assert faults("cap if goodwill else cap", expressions.crossed, Kind.MONEY) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("delivered and (intact or not photos_sent)", Kind.FLAG),
        ("evidence in (none, confirmed)", Kind.FLAG),
        ("claimed_paid - already_refunded + min(cap, return_postage)", Kind.MONEY),
        ("share * claimed_paid if goodwill else 0", Kind.MONEY),
        ("days_between(delivered_at, opened_at)", Kind.COUNT),
        ("total(lines, paid)", Kind.MONEY),
    ],
)
def test_an_expression_is_made_of_its_parts(text: str, kind: Kind) -> None:
    """Put together again from its own parts, every kind of node is what it was."""
    for node in nodes(read(text, kind)):
        if parts(node):
            assert with_parts(node, parts(node)) == node
