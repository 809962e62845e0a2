"""The way that the eye follows: usual, whole, and never at odds with itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from aftersales import LoadedPolicy
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import Graph, NodeKind
from aftersales.draw.pictures import drawable
from aftersales.draw.plan import Plan
from aftersales.draw.spine import Way
from aftersales.expr.tree import All, Compare, Expr, FactRef, Literal, ParamRef
from aftersales.expr.types import Kind, Type, Value
from aftersales.policy.model import (
    Branch,
    End,
    Late,
    MoneyLine,
    Param,
    ParamValue,
    Policy,
    State,
    Target,
    Terms,
)
from aftersales.source import Source, Span
from aftersales.text import Lang, Text

SPAN = Span(Source("small.yaml", ""), 1, 1, 1, 1)
WANTS = Type(Kind.CHOICE, ("reship", "trip", "nothing"))
PAID = FactRef(Type(Kind.MONEY), "claimed_paid")
END = End("refunded", None)
REFUSAL = End("refused", Text("不合规定", "against the rules"))
#: An end that gives money back, and one that closes the case with nothing.
FULL = State(
    "main.full",
    "main",
    "full",
    Text("全退", "In full"),
    SPAN,
    end=END,
    terms=Terms(refund=(MoneyLine("goods", PAID, PAID, SPAN), MoneyLine("compensation", PAID, PAID, SPAN))),
)
BARE = State("main.bare", "main", "bare", Text("不退", "Nothing"), SPAN, end=END)


@pytest.fixture(scope="module")
def plans(shipped: LoadedPolicy) -> dict[str, Plan]:
    """Return the layout of every flow and sub-flow."""
    atlas = Atlas.of(shipped.model, (Lang.ZH,))
    return {name: atlas.plan(flow) for name, flow in drawable(shipped.model).items()}


def contradictions(path: Iterable[Way]) -> list[str]:
    """Return the facts that a path answers in two ways though they are not asked again between."""
    told: dict[str, frozenset[Value]] = {}
    found = []
    for way in path:
        for question, answer in way.answers:
            if isinstance(question.subject, str):
                left = told.get(question.subject, frozenset(answer.values)) & frozenset(answer.values)
                found += [] if left else [question.subject]
                told[question.subject] = left
        target = way.leaf.target
        told = {name: values for name, values in told.items() if name not in target.forget}
        told |= {name: frozenset({value}) for name, value in target.take}
    return found


def test_no_main_path_contradicts_itself(plans: dict[str, Plan]) -> None:
    """On no page, and on no way over several pages, the main path gives two answers to one question."""
    for name, plan in plans.items():
        for page in plan.main.values():
            assert not contradictions(page[key] for key in sorted(page, key=plan.rank.__getitem__)), name


def test_every_shipped_page_has_a_main_path(plans: dict[str, Plan]) -> None:
    """No page leaves the eye without a way to follow."""
    for name, plan in plans.items():
        assert all(plan.main[number] for number in plan.main), name


#: What is answered on the main path of shipped pages, and the state that the last answer leads to.
USUAL: dict[tuple[str, int], tuple[dict[str, Value], str]] = {
    ("not_shipped", 1): ({"not_shipped_cause": "in_queue", "ship_late": False}, "not_shipped.shipped_in_time"),
    ("not_shipped", 2): ({"shipped": False, "cash_on_delivery": False, "paid": True}, "not_shipped.ask_reason"),
    ("not_shipped", 3): ({"cancel_reason": "changed_mind"}, "not_shipped.kept"),
    ("not_shipped", 4): (
        {"unshipped_wish": "full_refund", "part_of_order": False},
        "not_shipped.refunded_out_of_stock",
    ),
    ("not_shipped", 7): ({"ship_late": False}, "not_shipped.shipped_in_time"),
    ("late_shipment", 2): ({"late_parcel_wish": "keep"}, "late_shipment.shipped_with_compensation"),
    ("late_shipment", 3): ({"unshipped_wish": "ship_now"}, "late_shipment.shipped_with_compensation"),
    ("wrong_item", 3): ({"urgent": False}, "wrong_item.trip"),
    ("platform_case", 3): ({"platform_advance": "none"}, "platform_case.refunded"),
    ("presale", 2): ({"buyer_stays": False}, "presale.deposit_kept"),
    ("intercept", 2): (
        {"intercept_cause": "cancelled", "shipped_after_request": False},
        "intercept.refunded_free_postage",
    ),
    ("intercept", 5): ({"intercept_cause": "cancelled"}, "intercept.refunded_return_on_buyer"),
    ("not_received", 4): ({"cash_on_delivery": False}, "not_received.refused_refunded_free_postage"),
    ("invoice", 2): ({"invoice_form": "electronic"}, "invoice.invoiced_online"),
    ("order_details", 4): ({"redirected": True}, "order_details.redirected_by_us"),
    ("payout", 1): ({"payout_account_verified": True}, "payout.paid_out"),
}


@pytest.mark.parametrize(("flow", "page"), USUAL)
def test_shipped_pages_show_the_usual_way(plans: dict[str, Plan], flow: str, page: int) -> None:
    """What silence, the shop's own switches, the hand-overs and the author's order tell is what the eye follows."""
    plan = plans[flow]
    ways = [plan.main[page][key] for key in sorted(plan.main[page], key=plan.rank.__getitem__)]
    said = {question.subject: answer.values for way in ways for question, answer in way.answers}
    answers, end = USUAL[flow, page]
    assert {name: value in said[name] for name, value in answers.items()} == dict.fromkeys(answers, True)
    assert ways[-1].leaf.target.state == end


def test_no_page_has_its_main_path_in_two_places(graphs: dict[str, Graph]) -> None:
    """Every page with a main path has one that begins once and ends once, without a gap."""
    for name, graph in graphs.items():
        steps = [edge for edge in graph.edges if edge.main]
        tails, heads = {edge.tail for edge in steps}, {edge.head for edge in steps}
        bold = {node.id for node in graph.nodes if node.main}
        assert (len(tails - heads), len(heads - tails)) == ((1, 1) if steps else (0, 0)), name
        assert bold <= tails | heads or not steps, name


def test_main_path_ends_in_a_card(graphs: dict[str, Graph]) -> None:
    """An end that many ways share stands below, and the main path leads there, not to a stub that names it."""
    for name, graph in graphs.items():
        stubs = [node.title for node in graph.nodes if node.main and node.kind is NodeKind.STUB]
        assert not stubs, f"{name}: {stubs}"
    shared = next(node for node in graphs["late_shipment-3.svg"].nodes if node.below and node.main)
    assert shared.states == ("late_shipment.shipped_with_compensation",)


def test_main_path_keeps_to_what_was_answered(policy: Policy) -> None:
    """What was answered before closes the branches of a later card, until it is asked again."""
    second = asks("two", {"trip": Target("main.full"), "reship": Target("main.bare")})
    for on, end in ((Target("main.two"), "不退"), (Target("main.two", forget=("wants",)), "全退")):
        first = asks("one", {"reship": on, "nothing": Target("main.bare")})
        assert ends_on_main_path(with_states(policy, first, second, FULL, BARE)) == {end}


def test_main_path_keeps_to_its_own_answers_where_ways_meet(policy: Policy) -> None:
    """A card that other answers lead to as well is left as those on the main path allow."""
    third = asks("three", {"trip": Target("main.full"), "reship": Target("main.bare")})
    second = cascade("two", (None, Target("main.three")))
    first = asks("one", {"reship": Target("main.two"), "trip": Target("main.three")})
    said = on_main_path(with_states(policy, first, second, third, FULL, BARE), NodeKind.ANSWER)
    assert said in (["补发", "补发"], ["退货", "退货"])


def test_main_path_does_not_end_in_a_refusal(policy: Policy) -> None:
    """A refusal that the author names first is no goal, however much is paid with it."""
    refused = replace(FULL, key="main.refused", name="refused", title=Text("拒绝", "No"), end=REFUSAL)
    first = asks("one", {"reship": Target("main.refused"), "nothing": Target("main.bare")})
    assert ends_on_main_path(with_states(policy, first, refused, BARE)) == {"不退"}


def test_main_path_takes_the_usual_answer(policy: Policy) -> None:
    """Of two settlements it is the one that the author names first, unless silence is taken for the other."""
    other = replace(FULL, key="main.other", name="other", title=Text("另退", "Other"))
    first = asks("one", {"reship": Target("main.full"), "trip": Target("main.other"), "nothing": Target("main.bare")})
    assert ends_on_main_path(with_states(policy, first, FULL, other, BARE)) == {"全退"}
    silent = Late("wants", Target("main.one", take=(("wants", "trip"),)), SPAN)
    assert ends_on_main_path(with_states(policy, replace(first, late=(silent,)), FULL, other, BARE)) == {"另退"}


def test_main_path_does_not_end_for_silence(policy: Policy) -> None:
    """An end that a passed deadline leads to and that settles nothing is worse than a later answer's settlement."""
    first = asks("one", {"nothing": Target("main.bare"), "reship": Target("main.full")})
    late = replace(first, late=(Late("wants", Target("main.bare"), SPAN),))
    assert ends_on_main_path(with_states(policy, late, FULL, BARE)) == {"全退"}


def test_main_path_takes_the_shipped_side_of_a_switch(policy: Policy) -> None:
    """What a shop may switch on is off on the main path where it is off by default, and on where it is on."""
    switch = ParamRef(Type(Kind.FLAG), "generous")
    for value, end in ((False, "另退"), (True, "全退")):
        param = Param("generous", switch.type, Text("大方", "generous"), (ParamValue(value, "shop", "x", SPAN),), SPAN)
        other = replace(FULL, key="main.other", name="other", title=Text("另退", "Other"))
        first = cascade("one", (switch, Target("main.full")), (None, Target("main.other")))
        with_switch = replace(with_states(policy, first, FULL, other), params={"generous": param})
        assert ends_on_main_path(with_switch) == {end}


def test_main_path_takes_what_other_flows_bring(policy: Policy) -> None:
    """What most of several hand-overs into a flow answer is usual there; a single one tells nothing."""
    ask = asks("one", {"reship": Target("main.full"), "nothing": Target("main.bare")})
    over = Target("main.one", take=(("wants", "nothing"),), hands_over=True)
    for hand_overs, end in ((1, "全退"), (2, "不退")):
        others = {
            f"other.{number}": State(
                f"other.{number}", "other", str(number), Text("转", "on"), SPAN, branches=(always(over),)
            )
            for number in range(hand_overs)
        }
        small = with_states(policy, ask, FULL, BARE)
        assert ends_on_main_path(replace(small, states={**small.states, **others})) == {end}


def test_main_path_takes_the_answer_that_asks_on(policy: Policy) -> None:
    """A yes that ends the questions at once wherever it is said, three times at least, is no usual answer."""
    sent = FactRef(Type(Kind.FLAG), "photos_sent")
    wants = Compare("==", FactRef(WANTS, "wants"), Literal(WANTS, "reship"))
    for places, end in ((2, "全退"), (3, "另退")):
        other = replace(FULL, key="main.other", name="other", title=Text("另退", "Other"))
        states = [
            cascade(name, (sent, Target("main.full")), (wants, Target("main.other")), (None, Target("main.other2")))
            for name in ("one", "two", "three")[:places]
        ]
        more = replace(other, key="main.other2", name="other2")
        small = with_states(policy, *states, FULL, other, more)
        assert ends_on_main_path(small) & {"全退", "另退"} == {end}
        asked = cascade("four", (All((sent, wants)), Target("main.other")), (None, Target("main.other2")))
        assert "全退" in ends_on_main_path(with_states(policy, *states, asked, FULL, other, more))


def test_main_path_comes_to_the_otherwise_of_several_answers(policy: Policy) -> None:
    """Where several answers come to the ``otherwise``, a yes that does not is an exception."""
    sent = FactRef(Type(Kind.FLAG), "photos_sent")
    wants = Compare("==", FactRef(WANTS, "wants"), Literal(WANTS, "reship"))
    other = replace(FULL, key="main.other", name="other", title=Text("另退", "Other"))
    several = cascade("one", (All((wants, sent)), Target("main.full")), (None, Target("main.other")))
    assert ends_on_main_path(with_states(policy, several, FULL, other)) == {"另退"}
    single = cascade("one", (sent, Target("main.full")), (None, Target("main.other")))
    assert ends_on_main_path(with_states(policy, single, FULL, other)) == {"全退"}


def test_main_path_passes_by_a_source_of_its_own(policy: Policy) -> None:
    """A yes that alone stands on a source which the card does not is an exception to the card's rule."""
    sent = FactRef(Type(Kind.FLAG), "photos_sent")
    other = replace(FULL, key="main.other", name="other", title=Text("另退", "Other"))
    for sources, end in (((), "全退"), (("T27",), "另退")):
        first = cascade("one", (sent, Target("main.full")), (None, Target("main.other")))
        branches = (replace(first.branches[0], sources=sources), *first.branches[1:])
        assert ends_on_main_path(with_states(policy, replace(first, branches=branches), FULL, other)) == {end}


def test_first_settlement_is_no_exception_to_an_end(policy: Policy) -> None:
    """The settlement that the author names first is usual though the other answers are left to an ``otherwise``."""
    named = Compare("==", FactRef(WANTS, "wants"), Literal(WANTS, "reship"))
    first = cascade("one", (named, Target("main.full")), (None, Target("main.bare")))
    assert ends_on_main_path(with_states(policy, first, FULL, BARE)) == {"全退"}


def always(target: Target) -> Branch:
    """Return a branch that is always taken."""
    yes = Literal(Type(Kind.FLAG), True)
    return Branch(yes, yes, target, SPAN)


def cascade(name: str, *ways: tuple[Expr | None, Target]) -> State:
    """Return a card with branches in this order, the one without a condition its ``otherwise``."""
    made = tuple(
        replace(always(target), otherwise=True) if when is None else Branch(when, when, target, SPAN)
        for when, target in ways
    )
    return State(f"main.{name}", "main", name, Text(name, name), SPAN, branches=made)


def asks(name: str, answers: dict[str, Target]) -> State:
    """Return a card that asks what the buyer wants."""
    whens = (Compare("==", FactRef(WANTS, "wants"), Literal(WANTS, value)) for value in answers)
    branches = tuple(Branch(when, when, target, SPAN) for when, target in zip(whens, answers.values(), strict=True))
    return State(f"main.{name}", "main", name, Text(name, name), SPAN, branches=branches)


def ends_on_main_path(policy: Policy) -> set[str]:
    """Return the titles of the ends that the main path of the main flow comes to."""
    return set(on_main_path(policy, NodeKind.END))


def on_main_path(policy: Policy, kind: NodeKind) -> list[str]:
    """Return the titles of the nodes of one kind on the main path of the main flow, in the order of its states."""
    (page,) = flow_pages(Atlas.of(policy, (Lang.ZH,)), policy.flows["main"])
    return [node.title[0] for node in page.nodes if node.main and node.kind is kind]


def with_states(policy: Policy, *states: State) -> Policy:
    """Return the policy with other states in its main flow."""
    keys = tuple(entry.key for entry in states)
    main = replace(policy.flows["main"], start=keys[0], states=keys, anytime=())
    others = {key: entry for key, entry in policy.states.items() if entry.flow != "main"}
    kept = {entry.key: entry for entry in states} | others
    return replace(policy, flows={**policy.flows, "main": main}, states=kept)
