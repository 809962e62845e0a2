"""Several problems of one order in one case: each has its verdict, what is once an order is shared."""

import pytest

import aftersales

OPENED = "2026-11-06T11:00:00+08:00"


def order(**more: object) -> dict[str, object]:
    """Return an order of three cups at 30.00 each and a lamp at 60.00, postage 10.00."""
    return {
        "id": "3301",
        "paid_at": "2026-11-01T10:00+08:00",
        "shipped_at": "2026-11-02T10:00+08:00",
        "cash_on_delivery": False,
        "postage_paid": "10.00",
        "freight_insurance": None,
        "lines": [
            {"sku": "CUP", "quantity": 3, "paid": "90.00"},
            {"sku": "LAMP", "quantity": 1, "paid": "60.00"},
        ],
        **more,
    }


def case(*parts: dict[str, object], **more: object) -> dict[str, object]:
    """Return a case of these parts."""
    return {"order": order(), "claim": {"opened_at": OPENED, "parts": list(parts)}, **more}


def lost(sku: str, quantity: int) -> dict[str, object]:
    """Return a part: so many units were lost."""
    return {"issue": "lost_parcel", "lines": [{"sku": sku, "quantity": quantity}]}


WRONG: dict[str, object] = {"issue": "wrong_item", "lines": [{"sku": "LAMP", "quantity": 1}]}


def test_each_part_has_its_own_verdict(desk: aftersales.LoadedPolicy) -> None:
    """A lost cup is refunded at once; the wrong lamp still waits for its evidence."""
    decision = desk.decide(case(lost("CUP", 1), WRONG))
    assert decision.parts is not None
    assert [(part.state, part.status) for part in decision.parts] == [("lost", "settled"), ("verify", "open")]
    assert (decision.status, decision.refund.due) == ("open", 3000 + 200)


def test_what_is_once_an_order_is_shared(desk: aftersales.LoadedPolicy) -> None:
    """Outbound postage goes back by goods value: 2 + 2 + 2 + 4 of 10.00, whatever the partition."""
    whole = desk.decide(case(lost("CUP", 3), lost("LAMP", 1)))
    pieces = desk.decide(case(lost("CUP", 1), lost("LAMP", 1), lost("CUP", 1), lost("CUP", 1)))
    assert whole.refund.total == pieces.refund.total == 15000 + 1000
    assert pieces.parts is not None
    assert [part.refund.total for part in pieces.parts] == [3200, 6400, 3200, 3200]


def test_every_line_is_paid_under_its_own_id(desk: aftersales.LoadedPolicy) -> None:
    """Two parts with goods to refund never share a payment id."""
    decision = desk.decide(case(lost("CUP", 1), lost("LAMP", 1)))
    ids = [line.id for line in decision.refund.lines]
    assert len(set(ids)) == len(ids) == 4


def test_events_name_their_part(desk: aftersales.LoadedPolicy) -> None:
    """An action belongs to one part; an answer without a part is told to all."""
    opened = desk.open(case(lost("CUP", 1), WRONG))
    opened.done("refund", amount="32.00", at="2026-11-06T12:00:00+08:00", part=1)
    decision = opened.tell(at="2026-11-06T13:00:00+08:00", part=2, warehouse_record="confirms_seller")
    assert decision.parts is not None
    assert [(part.state, part.status) for part in decision.parts] == [("lost", "closed"), ("complete", "closed")]
    with pytest.raises(aftersales.CaseShapeError, match="this event names its part"):
        opened.done("refund", amount="1.00", at="2026-11-06T14:00:00+08:00")
    twin = desk.resume(opened.to_dict())
    assert twin.decision == opened.decision


def test_parts_never_claim_more_than_was_bought(desk: aftersales.LoadedPolicy) -> None:
    """Two parts together stay within the line."""
    with pytest.raises(aftersales.ConflictError, match="the parts claim 4 units of line 1, 3 are left"):
        desk.decide(case(lost("CUP", 2), lost("CUP", 2)))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        pytest.param([], "parts is a list of 1 to 50 problems", id="none"),
        pytest.param(["CUP"], "part 1 is written as keys with values", id="no record"),
        pytest.param([{"issue": "lost_parcel"}], "part 1 lacks its lines", id="no lines"),
        pytest.param([{**lost("CUP", 1), "isue": "x"}], "part 1 has no key isue", id="unknown key"),
        pytest.param([lost("CAP", 1)], "part 1: ", id="unknown sku"),
    ],
)
def test_faults_of_parts_are_named(desk: aftersales.LoadedPolicy, parts: list[object], message: str) -> None:
    """What is wrong with a part is said with its number."""
    with pytest.raises(aftersales.CaseError, match=message):
        desk.decide({"order": order(), "claim": {"opened_at": OPENED, "parts": parts}})


def test_a_part_can_be_split(desk: aftersales.LoadedPolicy) -> None:
    """One of three cups turns out otherwise: it becomes a part of its own, with what was told of the three."""
    wrong = {"issue": "wrong_item", "lines": [{"sku": "CUP", "quantity": 3}]}
    opened = desk.open({"order": order(), "claim": {"opened_at": OPENED, **wrong}})
    opened.tell(at="2026-11-06T12:00:00+08:00", photos_sent=True)
    opened.tell(at="2026-11-06T12:30:00+08:00", warehouse_record="no_record")
    decision = opened.split(1, quantity=1, evidence="confirmed")
    assert decision.parts is not None
    assert [part.state for part in decision.parts] == ["verify", "choose_remedy"]
    assert [[need.fact for need in part.needs] for part in decision.parts] == [["evidence"], ["in_stock"]]
    with pytest.raises(aftersales.ConflictError, match="cannot be split off part 2"):
        opened.split(2, quantity=1)
