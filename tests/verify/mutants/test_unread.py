"""What is still read from a state on: only there can an answer, once forgotten, taken or counted otherwise, be noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aftersales import LoadedPolicy
from aftersales.policy.model import Policy, Target
from aftersales.text import Text
from aftersales.verify.mutants.answers import told_apart
from aftersales.verify.mutants.unread import Unread, ways_of

TO = Target("wrong_item.choose_remedy")


@pytest.fixture
def policy(desk: LoadedPolicy) -> Policy:
    """The test desk."""
    return desk.model


def test_forgetting_what_nobody_reads_is_nothing(policy: Policy) -> None:
    """A fact that is still read from a state on may not be treated otherwise on the way there; any other may."""
    unread = Unread(policy)
    assert unread.same(TO, replace(TO, forget=("warehouse_record",)))
    assert not unread.same(TO, replace(TO, forget=("in_stock",)))
    assert not unread.same(TO, replace(TO, take=(("wants", "reship"),)))
    assert not unread.same(TO, replace(TO, forget=("return_postage",)))


def test_another_way_is_another_way(policy: Policy) -> None:
    """Another state, a clock set anew or a hand-over is never the same."""
    unread = Unread(policy)
    assert not unread.same(TO, replace(TO, state="wrong_item.trip"))
    assert not unread.same(TO, replace(TO, restart=True))
    assert not unread.same(TO, replace(TO, hands_over=True))


def test_terms_on_the_way_are_read_to_the_end(policy: Policy) -> None:
    """A way back whose terms name who advances it reads that fact until the case is settled, however far on."""
    unread, end = Unread(policy), Target("wrong_item.refunded")
    assert not unread.same(end, replace(end, forget=("return_postage_advanced_by",)))
    assert unread.same(end, replace(end, forget=("photos_sent",)))


def test_an_interrupt_is_always_heard(policy: Policy) -> None:
    """The fact of an interrupt may not be forgotten anywhere."""
    assert not Unread(policy).same(TO, replace(TO, forget=("claim_withdrawn",)))


def test_what_is_said_to_the_buyer_is_read(policy: Policy) -> None:
    """A fact that a script fills in is heard by the buyer, though no condition asks for it."""
    before = Unread(policy)
    assert before.same(TO, replace(TO, forget=("warehouse_record",)))
    action = replace(policy.actions["soothe"], say=Text("记录：{warehouse_record}", "the record: {warehouse_record}"))
    after = Unread(replace(policy, actions={**policy.actions, "soothe": action}))
    assert not after.same(TO, replace(TO, forget=("warehouse_record",)))


def test_answers_that_nothing_tells_apart(policy: Policy) -> None:
    """For the desk no record is as good as one that confirms the buyer: only one that confirms the seller decides."""
    start, name = "wrong_item.verify", "warehouse_record"
    assert not told_apart(policy, start, name, ("no_record", "confirms_buyer"))
    assert told_apart(policy, start, name, ("no_record", "confirms_seller"))
    assert not told_apart(policy, "wrong_item.choose_remedy", name, ("no_record", "confirms_seller"))
    assert told_apart(policy, "reception.classify", name, ("no_record", "confirms_seller")), (
        "a state further on reads it"
    )


def test_offers_and_amounts_tell_answers_apart(policy: Policy) -> None:
    """An answer that is offered somewhere ahead, or that an amount is made of, is never taken to be alike."""
    assert told_apart(policy, "wrong_item.choose_remedy", "wants", ("reship", "reship"))
    assert told_apart(policy, "wrong_item.offer_price", "offered_amount", (100, 200))


def test_one_answer_for_another(policy: Policy) -> None:
    """To record one of two such answers for the other is the same; to forget it as well is not."""
    unread = Unread(policy)
    here = Target("wrong_item.verify", take=(("warehouse_record", "no_record"),))
    assert unread.same(here, replace(here, take=(("warehouse_record", "confirms_buyer"),)))
    assert not unread.same(here, replace(here, take=(("warehouse_record", "confirms_seller"),)))
    assert not unread.same(
        here, replace(here, take=(("warehouse_record", "confirms_buyer"),), forget=("warehouse_record",))
    )
    assert not unread.same(here, replace(here, take=()))


def test_ways_that_answers_open(policy: Policy) -> None:
    """Branches come first, reopenings after them."""
    lost = policy.states["reception.lost"]
    assert ways_of(lost) == (*lost.branches, *lost.reopen)
