"""Alternatives that a param rules out everywhere are no difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aftersales import LoadedPolicy
from aftersales.expr.scope import Scope
from aftersales.expr.types import FLAG, Kind, Type, Value
from aftersales.expr.words import code
from aftersales.policy.model import Param, ParamValue, Policy
from aftersales.text import Text
from aftersales.verify.mutants.settled_choices import without_dead_choices
from expressions import FACTS, LINES, PARTIES, read

BY = Type(Kind.CHOICE, ("profit", "postage"))
SCOPE = Scope(FACTS, {"capped_by": BY, "goodwill": FLAG, "cap": Type(Kind.MONEY)}, LINES, PARTIES)


@pytest.fixture
def policy(desk: LoadedPolicy) -> Policy:
    """The test desk with a shop's choice of a cap, and its goodwill."""
    span = desk.model.params["pickup_time"].span

    def param(name: str, kind: Type, value: Value) -> Param:
        return Param(name, kind, Text(name, name), (ParamValue(value, "shop", "shop", span),), span)

    own = {"capped_by": param("capped_by", BY, "profit"), "goodwill": param("goodwill", FLAG, True)}
    return replace(desk.model, params={**desk.model.params, **own})


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("claimed_paid if capped_by == profit else already_refunded", "claimed_paid"),
        ("claimed_paid if capped_by != profit else already_refunded", "already_refunded"),
        ("claimed_paid if goodwill else 0", "claimed_paid"),
        ("min(claimed_paid, 0 if capped_by == postage else return_postage)", "min(claimed_paid, return_postage)"),
        ("claimed_paid if intact else already_refunded", "claimed_paid if intact else already_refunded"),
    ],
)
def test_what_the_shop_chose_is_left(policy: Policy, text: str, left: str) -> None:
    """The alternative that is never taken is gone; one that a case decides stays as it is."""
    assert code(without_dead_choices(policy, read(text, Kind.MONEY, SCOPE))) == left


def test_two_values_leave_both_alternatives(policy: Policy) -> None:
    """Where a platform or shop has another value, both alternatives are taken by some case."""
    param = policy.params["capped_by"]
    other = replace(param, values=(replace(param.values[0], shop="other", value="postage"), *param.values))
    text = "claimed_paid if capped_by == profit else already_refunded"
    both = without_dead_choices(
        replace(policy, params={**policy.params, "capped_by": other}), read(text, Kind.MONEY, SCOPE)
    )
    assert code(both) == text
