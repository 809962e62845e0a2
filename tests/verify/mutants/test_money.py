"""Terms that no formula stands for must be the same word for word, as far as they move money at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aftersales import LoadedPolicy
from aftersales.expr.tree import Literal
from aftersales.expr.types import Kind, Type
from aftersales.policy.model import Terms
from aftersales.verify.atlas import ready
from aftersales.verify.mutants.money import Money, money_of, plainly_unlike


@pytest.fixture
def lost(desk: LoadedPolicy) -> Terms:
    """The terms of a lost parcel: refunded, and recovered from the carrier."""
    return desk.model.states["reception.lost"].terms


def recovered_from(terms: Terms, party: str, amount: int | None = None) -> Terms:
    """Return the terms with another party to recover from, and perhaps another amount (fen)."""
    (line,) = terms.recover
    expr = line.amount if amount is None else Literal(Type(Kind.MONEY), amount)
    return replace(terms, recover=(replace(line, party=party, amount=expr),))


def test_another_party_to_recover_from_is_a_difference(lost: Terms) -> None:
    """Who pays a line is no formula: another party is another policy."""
    assert not plainly_unlike(lost, lost)
    assert plainly_unlike(lost, recovered_from(lost, "seller"))


def test_whoever_pays_nothing_is_all_the_same(lost: Terms) -> None:
    """Of a line that is plainly 0 it does not matter who pays it; of one fen it does."""
    assert not plainly_unlike(recovered_from(lost, "carrier", 0), recovered_from(lost, "seller", 0))
    assert plainly_unlike(recovered_from(lost, "carrier", 1), recovered_from(lost, "seller", 1))


def test_fixed_shares_are_compared_as_they_stand(desk: LoadedPolicy) -> None:
    """Shares of a leg have no formula: other shares are another policy."""
    terms = desk.model.states["vectors.shared"].terms
    (leg,) = terms.postage
    assert isinstance(leg.borne, tuple)
    turned = replace(terms, postage=(replace(leg, borne=tuple(reversed(leg.borne))),))
    assert plainly_unlike(terms, turned)


def test_only_what_is_said_otherwise_is_compared(desk: LoadedPolicy) -> None:
    """Terms that are the same differ nowhere; another amount may differ wherever the state's lines hold."""
    atlas = ready(desk.model)
    (place, *_) = atlas.map.rounds("reception.lost")
    lost = desk.model.states["reception.lost"].terms
    assert Money(atlas.carried, atlas.carried, lost, lost).unlike(place) is False
    assert money_of(atlas.carried, place).sum_of("refund").value != 0
