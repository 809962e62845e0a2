"""The decision's JSON, as it is documented: the sample case before the warehouse has answered."""

import json

import aftersales

SAMPLE = {
    "order": {
        "id": "3301",
        "platform": "tmall",
        "currency": "CNY",
        "paid_at": "2026-11-01T10:00+08:00",
        "shipped_at": "2026-11-02T10:00+08:00",
        "delivered_at": "2026-11-04T10:00+08:00",
        "postage_paid": "12.00",
        "free_shipping": "none",
        "freight_insurance": "25.00",
        "lines": [{"sku": "TABLE-01", "title": "实木茶几", "quantity": 2, "unit_price": "64.00", "paid": "118.00"}],
        "discounts": [{"kind": "coupon", "amount": "10.00", "lines": [1], "funded_by": "seller"}],
        "payments": [{"id": "p1", "kind": "alipay", "amount": "130.00"}],
    },
    "claim": {
        "issue": "wrong_item",
        "opened_at": "2026-11-06T11:00+08:00",
        "lines": [{"sku": "TABLE-01", "quantity": 1}],
    },
    "facts": {"evidence": "confirmed", "photos_sent": True},
}


def test_the_sample_before_the_warehouse_answered() -> None:
    """One of two tables at 118.00, postage 12.00: at most 59.00 and the table's half of the postage can go back."""
    policy = aftersales.load()
    made = json.loads(json.dumps(policy.to_dict(policy.decide(SAMPLE)), ensure_ascii=False))
    assert (made["flow"], made["state"], made["status"]) == ("wrong_item", "verify", "open")
    assert [need["fact"] for need in made["needs"]] == ["warehouse_record"]
    assert made["needs"][0]["options"] == ["confirms_buyer", "confirms_seller", "no_record"]
    assert made["refund"]["maximum"] == "65.00"
    assert (made["refund"]["total"], made["refund"]["paid"], made["refund"]["due"]) == ("0.00", "0.00", "0.00")
    assert made["due"] == "2026-11-08T11:00:00+08:00"


def test_the_keys_of_the_contract() -> None:
    """Every documented key is there, whatever the case."""
    policy = aftersales.load()
    made = policy.to_dict(policy.decide(SAMPLE))
    assert set(made) >= {
        *("policy", "flow", "state", "status", "outcome", "reason", "liable", "next_actions", "duties", "needs"),
        *("postage", "refund", "transfers", "outlook", "parts", "path", "sources", "warnings"),
    }
    assert set(made["refund"]) >= {"total", "paid", "due", "maximum", "waiting", "paid_to", "lines"}  # type: ignore[call-overload]
    assert set(made["next_actions"][0]) >= {"action", "by", "title", "say", "due", "if_late"}  # type: ignore[index]
