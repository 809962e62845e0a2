"""A place seen by cases that know more or less: what is known there, and what may be unknown."""

from __future__ import annotations

import pytest

from aftersales import LoadedPolicy
from aftersales.verify.atlas import Atlas, ready
from aftersales.verify.mutants.partly import Partly
from aftersales.verify.solver import Model
from aftersales.verify.symbols import BeyondProofError
from aftersales.verify.terms import Formula, all_of, negate


@pytest.fixture(scope="module")
def atlas(desk: LoadedPolicy) -> Atlas:
    """The test desk, ready for proof."""
    return ready(desk.model)


def can(atlas: Atlas, state: str, formula: Formula) -> bool:
    """Return whether some case that comes to a state meets ``formula`` there."""
    (place, *_) = atlas.map.rounds(state)
    return isinstance(atlas.find(all_of((atlas.here(place), formula)), [place]), Model)


def seen(atlas: Atlas, state: str) -> Partly:
    """Return a state as such cases see it."""
    (place, *_) = atlas.map.rounds(state)
    return Partly(atlas.carried, place)


def test_a_fact_may_be_known_or_not(atlas: Atlas) -> None:
    """What the way to a place has not read is free: known in one case, unknown in another."""
    known = seen(atlas, "wrong_item.verify").known("photos_sent")
    assert can(atlas, "wrong_item.verify", known)
    assert can(atlas, "wrong_item.verify", negate(known))


def test_what_the_way_has_read_is_known(atlas: Atlas) -> None:
    """A case is in the wrong-item flow because its issue was read; it cannot be unknown there."""
    assert not can(atlas, "wrong_item.verify", negate(seen(atlas, "wrong_item.verify").known("issue")))


def test_counters_are_always_known(atlas: Atlas) -> None:
    """What the policy counts itself nobody needs to tell."""
    assert seen(atlas, "reception.classify").known("photo_rounds") is True
    assert seen(atlas, "reception.classify").known("photos_sent") is not True


def test_a_known_none_is_known(atlas: Atlas) -> None:
    """An order without freight insurance has no sum insured, and that is known."""
    there = seen(atlas, "wrong_item.verify")
    none = negate(there.present("insured_up_to").yes)
    assert can(atlas, "wrong_item.verify", all_of((none, there.known("insured_up_to"))))


def test_only_what_has_a_flag_can_be_none(atlas: Atlas) -> None:
    """Whether an amount is there at all cannot be asked where no flag says so."""
    with pytest.raises(BeyondProofError):
        seen(atlas, "wrong_item.verify").present("return_postage")


def test_params_are_as_the_policy_has_them(atlas: Atlas) -> None:
    """A figure without overlays is known everywhere."""
    assert seen(atlas, "wrong_item.verify").param("partial_refund_cap").known is True
