"""The first part of a condition that keeps it from holding."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.case.read import read_case
from aftersales.case.view import CaseView
from aftersales.expr.tree import All, Either, Expr, FactRef, Not
from aftersales.expr.types import FLAG, UNKNOWN, Value
from aftersales.expr.words import code
from aftersales.study.guards import first_part

DESK = Path(__file__).parents[1] / "run" / "desk"
SENT, STOCK, WITHDRAWN = (FactRef(FLAG, name) for name in ("photos_sent", "in_stock", "claim_withdrawn"))


@pytest.fixture(scope="module")
def desk() -> LoadedPolicy:
    """The desk's policy."""
    return load(DESK)


@pytest.mark.parametrize(
    ("condition", "worth", "part"),
    [
        (All((SENT, STOCK, WITHDRAWN)), False, "in_stock"),
        (All((SENT, All((SENT, STOCK)))), False, "in_stock"),
        (Not(Either((STOCK, SENT))), False, "not photos_sent"),
        (Not(Not(STOCK)), False, "in_stock"),
        (Not(All((SENT, SENT))), False, "not (photos_sent and photos_sent)"),
        (Either((STOCK, STOCK)), False, "in_stock or in_stock"),
        (All((SENT, WITHDRAWN)), UNKNOWN, "claim_withdrawn"),
        (Not(Either((STOCK, WITHDRAWN))), UNKNOWN, "not claim_withdrawn"),
    ],
    ids=lambda part: code(part) if not isinstance(part, str | bool) and part is not UNKNOWN else "",
)
def test_the_first_part_that_fails_or_is_not_known_is_found(
    desk: LoadedPolicy, condition: Expr, worth: Value, part: str
) -> None:
    """Photos were sent, nothing is in stock, nobody said whether the buyer withdraws."""
    case = read_case(desk.model, {"facts": {"photos_sent": True, "in_stock": False}})
    assert code(first_part(condition, CaseView(desk.model, case, case.told), worth)) == part
