"""Laws compiled: what they may name, and what every engine gets of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.syntax.test_read_laws import LAWS

from aftersales.expr.check import read_expr
from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import TRUE, FactRef, Not
from aftersales.expr.types import FLAG, Kind, Type
from aftersales.expr.words import code
from aftersales.policy.flat_names import CASES, flat_names, line_names
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy
from aftersales.policy.read_laws import law_scope

MINIMAL = Path(__file__).parents[1] / "flows" / "good" / "minimal"


@pytest.fixture(scope="module")
def lawful(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """Return the small good policy with three laws."""
    folder = tmp_path_factory.mktemp("lawful") / "policy"
    shutil.copytree(MINIMAL, folder)
    (folder / "laws.yaml").write_text(LAWS, encoding="utf-8")
    return load_folder(folder)


def test_the_laws_are_compiled(lawful: Policy) -> None:
    """Names are resolved; a law without ``if`` asks of every case, one without ``at`` at ends."""
    everywhere, two, opened = lawful.laws.values()
    assert (everywhere.condition, everywhere.at, everywhere.sources) == (TRUE, "end", ("L25",))
    assert code(everywhere.then) == "refund_goods <= goods_left"
    assert (two.two_cases, two.scope) == (("severity", "wants"), "same_end")
    assert [*facts_of(two.condition), *facts_of(two.then)] == ["a.severity", "b.refund_total", "a.refund_total"]
    assert (opened.at, code(opened.condition)) == ("open", "not delivered")


def test_laws_change_the_digest(lawful: Policy, minimal: Policy) -> None:
    """A snapshot of a case knows that the laws are others."""
    assert lawful.digest != minimal.digest


def test_the_flat_names_of_a_policy(minimal: Policy) -> None:
    """One for each leg and party, for each line of money, and for what is decided once."""
    names = flat_names(minimal)
    legs = [name for name in names if name.startswith("return_")]
    assert legs == ["return_borne", "return_advanced", *(f"return_by_{party}" for party in minimal.parties)]
    assert names["liable"].values == (*minimal.parties, "shared", "undecided")
    assert (names["buyer_net"].kind, names["buyer_net"].low, names["refund_total"].low) == (Kind.MONEY, None, 0)
    assert names["silence"] == FLAG
    assert "trip.arrival" in names["state"].values


def test_legs_are_lines_where_they_can_be(minimal: Policy) -> None:
    """Postage goes back, is charged and is recovered; only lines of their own are deducted."""
    assert {"outbound", "return"} <= set(line_names(minimal, "refund")) & set(line_names(minimal, "charge"))
    assert "outbound" in line_names(minimal, "recover")
    assert "outbound" not in line_names(minimal, "deduction")


@pytest.mark.parametrize(
    "text",
    [
        "liable == seller and return_borne != buyer",
        "liable == shared or outbound_borne == undecided",
        "reship not in next_actions or refund in duties",
        "state in (trip.arrival, choose)",
        "state != trip.arrival",
        "buyer_net < 0 or refund_total - charge_total > refund_maximum",
        "not silence and answer_time == answer_time",
        "return_by_seller + return_by_buyer <= return_postage",
    ],
)
def test_what_a_law_can_say(minimal: Policy, text: str) -> None:
    """Written out again it is the same."""
    scope = law_scope(minimal)
    expr, faults = read_expr(text, scope, FLAG, lambda _start, _end: None)
    assert faults == ()
    assert expr is not None
    assert read_expr(code(expr), scope, FLAG, lambda _start, _end: None)[0] == expr


def test_a_list_of_actions_is_one_flag(minimal: Policy) -> None:
    """Whether an action is owed is a fact like any other, in two cases with the case in front."""
    one, _ = read_expr("reship not in duties", law_scope(minimal), FLAG, lambda _start, _end: None)
    two, _ = read_expr("b.reship in next_actions", law_scope(minimal, CASES), FLAG, lambda _start, _end: None)
    assert one == Not(FactRef(FLAG, "reship in duties"))
    assert two == FactRef(Type(Kind.FLAG), "b.reship in next_actions")


def test_params_are_read_by_case(minimal: Policy) -> None:
    """A param may differ between two cases as a fact may."""
    expr, faults = read_expr(
        "a.answer_time == b.answer_time", law_scope(minimal, CASES), FLAG, lambda _start, _end: None
    )
    assert faults == ()
    assert expr is not None
    assert params_of(expr) == ("a.answer_time", "b.answer_time")
