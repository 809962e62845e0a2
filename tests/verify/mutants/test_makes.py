"""What a fault makes of the policy: not the text of the edit, but the state, param or action that comes out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.expr.words import code
from aftersales.policy.model import State, WithinDuration
from aftersales.verify.mutants.mutant import Change
from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.slots import slots
from aftersales.verify.mutants.workshop import Workshop


@pytest.fixture(scope="module")
def changes(desk_workshop: Workshop, minimal_workshop: Workshop) -> Callable[[str], Change]:
    """Make the change of the one mutant with an edit."""
    by_edit = {m.edit.en: m for shop in (minimal_workshop, desk_workshop) for m in mutants_of(shop)}
    return lambda edit: by_edit[edit].make()


def state_of(change: Change) -> State:
    """Return the only state that a change makes anew."""
    assert change.refused == ()
    (state,) = change.states.values()
    return state


def leads(state: State) -> list[str]:
    """Return where the branches of a state lead, in order."""
    return [branch.target.state.partition(".")[2] for branch in state.branches]


def test_money_and_payers(changes: Callable[[str], Change]) -> None:
    """Whoever is liable, advances or bears, and each amount, come out as the edit says; the rest of the terms stays."""
    liable = state_of(changes("wrong_item.refunded: liable: seller → liable: buyer")).terms.liable
    assert code(liable) == "buyer"  # type: ignore[arg-type]
    assert state_of(changes("wrong_item.refunded: liable → (left out)")).terms.liable is None
    legs = state_of(changes("wrong_item.refunded: postage: outbound → (left out)")).terms.postage
    assert [leg.leg for leg in legs] == ["return"]
    flipped = state_of(
        changes("vectors.exchange_by_choice: return insured: false → return insured: true")
    ).terms.postage
    assert [leg.insured for leg in flipped if leg.leg == "return"] == [True]
    capless = state_of(changes("wrong_item.price_cut: goods at_most: partial_refund_cap → (left out)")).terms.refund
    assert [line.cap for line in capless] == [None]
    lost = state_of(changes("reception.lost: from: carrier → from: insurer")).terms
    assert [line.party for line in lost.recover] == ["insurer"]
    assert (
        state_of(changes("reception.lost: refund: goods: claimed_paid - already_refunded → (left out)")).terms.refund
        == ()
    )


def test_ways(changes: Callable[[str], Change]) -> None:
    """A branch leads elsewhere, is left out, or forgets, takes and counts otherwise."""
    gone = state_of(changes("wrong_item.verify: evidence != confirmed: to: no_evidence → (left out)"))
    assert leads(gone) == ["complete", "no_evidence", "verify", "choose_remedy"]
    kept = state_of(changes("wrong_item.verify: forget: evidence → (left out)"))
    assert [branch.target.forget for branch in kept.branches if branch.target.forget] == [("photos_sent",)]
    more = state_of(changes("wrong_item.verify: add: photo_rounds: 1 → add: photo_rounds: 2"))
    assert [branch.target.add for branch in more.branches if branch.target.add] == [(("photo_rounds", 2),)]
    running = state_of(changes("wrong_item.verify: restart: true → (left out)"))
    assert not any(branch.target.restart for branch in running.branches)
    taken = state_of(
        changes("wrong_item.verify: take: warehouse_record: no_record → take: warehouse_record: confirms_buyer")
    )
    assert [late.target.take for late in taken.late if late.target.take] == [(("warehouse_record", "confirms_buyer"),)]


def test_waiting(changes: Callable[[str], Change]) -> None:
    """A deadline is longer, gone, or leads elsewhere; an offer is shorter or always open; nothing is waited for."""
    longer = state_of(changes("wrong_item.verify: within: 48h → within: 49h")).within
    assert isinstance(longer, WithinDuration)
    assert longer.length.value == dt.timedelta(hours=49)  # type: ignore[union-attr]
    endless = state_of(changes("wrong_item.verify: within: 48h → (left out)"))
    assert (endless.within, endless.late) == (None, ())
    turned = state_of(
        changes("wrong_item.verify: late: photos_sent, warehouse_record → late: warehouse_record, photos_sent")
    )
    assert [late.fact for late in turned.late] == ["warehouse_record", "photos_sent", "evidence"]
    shorter = state_of(changes("wrong_item.choose_remedy: offer: wants: reship: in_stock → (left out)"))
    assert [option for offer in shorter.offers for option, _ in offer.options] == [
        "partial_refund",
        "return_and_refund",
    ]
    always = state_of(changes("wrong_item.choose_remedy: offer: wants: reship: in_stock → reship: true"))
    assert [code(when) for offer in always.offers for _, when in offer.options] == ["true"] * 3
    assert state_of(changes("reception.found: until: return_received → (left out)")).until is None
    assert state_of(changes("reception.lost: reopen: parcel_found → (left out)")).reopen == ()


def test_work(changes: Callable[[str], Change]) -> None:
    """An action, a duty or their order is missing; a case ends otherwise."""
    undone = state_of(changes("reception.came_back: do: restock → (left out)"))
    assert [todo.action for todo in undone.do] == ["refund"]
    loose = state_of(changes("wrong_item.refunded: refund after: restock → (left out)"))
    assert [todo.after for todo in loose.do] == [(), ()]
    assert state_of(changes("wrong_item.choose_remedy: duties: find_responsible_person → (left out)")).duties == ()
    end = state_of(changes("reception.cancelled: outcome: refund_only → outcome: refused")).end
    assert end is not None
    assert end.outcome == "refused"


def test_beside_the_states(changes: Callable[[str], Change], minimal_workshop: Workshop) -> None:
    """Params, interrupts and what an action tells are changed by name; nothing else is."""
    later = changes("pickup_time: 20:00 → 20:01")
    assert [value.value for value in later.params["pickup_time"].values] == [dt.time(20, 1)]
    assert later.names == {("params", "pickup_time")}
    quiet = changes("wrong_item: anytime: claim_withdrawn → wrong_item.withdrawn → (left out)")
    assert quiet.flows["wrong_item"].anytime == ()
    overlaid = next(m for m in mutants_of(minimal_workshop) if m.operator == "dropped_overlay")
    (param,) = overlaid.make().params.values()
    assert len(param.values) == len(minimal_workshop.policy.params[param.name].values) - 1


def test_bounds_of_a_param_are_kept(minimal_workshop: Workshop) -> None:
    """No figure is moved below its floor or above its ceiling: such a policy would not load."""
    moved = [m for m in mutants_of(minimal_workshop) if m.operator == "moved_param"]
    assert moved
    for mutant in moved:
        for param in mutant.make().params.values():
            for entry in param.values:
                for low, high in ((param.floor, entry.value), (entry.value, param.ceiling)):
                    assert low is None or high is None or low <= high  # type: ignore[operator]


def test_every_expression_of_a_state_has_its_slot(desk_workshop: Workshop) -> None:
    """Guards, offers, parties, amounts and caps are all found, under the key that they stand under."""
    found = {place.name: [f"{slot.key}{slot.text.text}" for slot in slots(place)] for place in desk_workshop.places}
    assert found["wrong_item.price_cut"] == [
        "liable: seller",
        "goods: offered_amount",
        "goods at_most: partial_refund_cap",
    ]
    assert found["wrong_item.offer_price"] == [
        "offer offered_amount at_most: partial_refund_cap",
        "offer_accepted and offered_amount >= 0",
    ]
    assert found["reception.found"] == ["until: return_received"]
    assert found["reception.lost"] == [
        "liable: carrier",
        "outbound borne: carrier",
        "goods: claimed_paid - already_refunded",
        "goods: claimed_paid - already_refunded",
        "reopen: parcel_found",
    ]
