"""The words of a picture: natural in both languages, and nothing said twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from aftersales.draw.cards import card_lines
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import Graph, LineKind
from aftersales.draw.questions import Answer, Leaf, Question
from aftersales.draw.reasons import exit_texts, notes
from aftersales.draw.ways import Exit, Said, Unit
from aftersales.draw.wording import Titles, Wording, tight
from aftersales.expr.tree import Choose, Compare, Comparison, Expr, FactRef, Literal, ParamRef
from aftersales.expr.types import FLAG, Kind, Type, Value
from aftersales.policy.model import (
    ByTime,
    MoneyLine,
    Param,
    ParamValue,
    Policy,
    PostageTerm,
    State,
    Target,
    Terms,
    Todo,
    Within,
    WithinDays,
    WithinDuration,
    WithinHours,
)
from aftersales.source import Source, Span
from aftersales.text import Lang, Text

SPAN = Span(Source("small.yaml", ""), 1, 1, 1, 1)
COUNT = Type(Kind.COUNT)
MONEY = Type(Kind.MONEY)
PARTY = Type(Kind.PARTY, ("buyer", "seller", "nobody"))
NIGHT = Literal(Type(Kind.TIME_OF_DAY), dt.time(20))


@pytest.fixture
def wording(policy: Policy) -> Wording:
    """Return the words of the small policy in both languages."""
    return Wording(policy, (Lang.ZH, Lang.EN))


def count(number: int) -> Expr:
    """Return a number as it stands."""
    return Literal(COUNT, number)


def lines(wording: Wording, **more: object) -> list[tuple[str, str]]:
    """Return the English labels and texts of a state of the small policy's end ``main.done`` with other contents."""
    state: State = replace(wording.policy.states["main.done"], **more)  # type: ignore[arg-type]
    return [(line.label[1], line.text[1]) for line in card_lines(Unit(state, (state.key,)), wording)]


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("photos_sent", False, "按“没发照片”算", "taken as: no photos"),
        ("withdrawn", True, "撤销视为“是”", "withdrawn: taken as yes"),
        ("claimed_paid", 0, "所退部分实付视为 0.00 元", "paid for what is claimed: taken as ¥0.00"),
        ("wants", "nothing", "诉求视为“不要什么”", "what the buyer wants: taken as nothing"),
    ],
)
def test_what_is_taken_is_said_once(wording: Wording, name: str, value: Value, zh: str, en: str) -> None:
    """The side of a flag that is asked for needs no fact before it; a bare yes, a word and a figure do."""
    assert wording.taken(name, value, name) == (zh, en)


def test_what_is_taken_under_another_question_names_its_fact(wording: Wording) -> None:
    """Where a card asks something else, the side of a flag alone would not say of what."""
    said = ("照片已发按“没发照片”算", "photos sent: taken as no photos")
    assert wording.taken("photos_sent", False, "wants") == said


def test_a_side_that_says_the_same_as_its_fact_stands_alone(wording: Wording) -> None:
    """Under whatever question: the fact's title before it would say the same words twice."""
    assert wording.taken("photos_sent", True, "wants") == ("按“照片已发”算", "taken as: photos sent")


def test_what_is_answered_on_the_way_is_not_asked_again(wording: Wording) -> None:
    """A way that forgets an answer and gives it anew does not ask for it again."""
    way = Target("main.ask", forget=("wants", "photos_sent"), take=(("wants", "trip"),))
    assert list(notes(way, wording)) == [
        ("重问：照片已发；诉求记为“退货”", "ask again: photos sent; recorded: what the buyer wants: a return")
    ]


def test_another_flow_takes_answers_over(wording: Wording) -> None:
    """A way into another flow says what that takes over, not what it forgets: nobody is asked here again."""
    answers = (("photos_sent", True), ("wants", "trip"), ("claimed_paid", 0))
    (said,) = notes(Target("main.ask", forget=("withdrawn",), take=answers, hands_over=True), wording)
    assert said == (
        "带入：“照片已发”、诉求“退货”、所退部分实付 0.00 元",
        'carried over: photos sent, what the buyer wants "a return", paid for what is claimed ¥0.00',
    )
    assert not list(notes(Target("main.ask", forget=("wants",), hands_over=True), wording))


@pytest.mark.parametrize(
    ("op", "right", "question"),
    [
        ("==", Literal(COUNT, 0), ("n大于 0？", "1 or more n?")),
        ("<=", Literal(COUNT, 0), ("n大于 0？", "1 or more n?")),
        ("<", Literal(COUNT, 1), ("n至少 1？", "1 or more n?")),
        ("<", Literal(COUNT, 2), ("n不到 2？", "fewer than 2 n?")),
    ],
)
def test_whether_there_is_none_is_asked_as_whether_there_is_one(
    wording: Wording, op: Comparison, right: Literal, question: tuple[str, str]
) -> None:
    """A question for nothing is put as one for something, and its answers change places."""
    asked = Compare(op, FactRef(Type(Kind.COUNT, low=0), "n"), right)
    turned = right.value != 2
    yes = wording.answer(asked, Answer((True,), Leaf(Target("main.done"), ())))
    assert (wording.question(asked), yes) == (question, ("否", "no") if turned else ("是", "yes"))


def test_what_is_recorded_is_said_once(wording: Wording) -> None:
    """What a way writes down names a flag by its side alone, anything else with its fact."""
    (said,) = notes(Target("main.ask", take=(("photos_sent", True), ("wants", "trip"))), wording)
    assert said == ("记为“照片已发”、诉求记为“退货”", "recorded: photos sent, what the buyer wants: a return")


def test_why_one_leaves_is_said_once(wording: Wording) -> None:
    """The reason on the way out of a sub-flow names a flag by its side alone, a choice with its fact."""
    leaf = Leaf(Target("main.done"), ())
    flag, choice = Said(((Question("photos_sent", ()), (False,)),)), Said(((Question("wants", ()), ("trip",)),))
    assert exit_texts(Exit(leaf, (flag, choice)), wording) == (
        ("没发照片", "no photos"),
        ("或诉求：退货", "or what the buyer wants: a return"),
    )


def test_only_yes_or_no_is_asked_with_a_mark_in_english(wording: Wording) -> None:
    """English has a question mark where yes or no answers, none behind a bare noun, never two; Chinese always one."""
    assert wording.question("photos_sent") == ("照片已发？", "photos sent?")
    assert wording.question("wants") == ("诉求？", "what the buyer wants")
    assert wording.question(Compare("<", FactRef(COUNT, "n"), count(2))) == ("n不到 2？", "fewer than 2 n?")
    facts = {**wording.policy.facts}
    facts["wants"] = replace(facts["wants"], title=Text("要什么", "What is wanted?"))
    asked = Wording(replace(wording.policy, facts=facts), wording.langs).question("wants")
    assert asked == ("要什么？", "What is wanted?")


@pytest.mark.parametrize(
    ("within", "zh", "en"),
    [
        (WithinDuration(Literal(Type(Kind.DURATION), dt.timedelta(hours=48))), "逾期 48 小时", "after 48 h"),
        (WithinDays(count(7), end_of_day=False), "逾期 7 天", "after 7 days"),
        (WithinDays(count(7), end_of_day=True), "逾期 7 天（当日 24 点）", "after 7 days, at midnight"),
        (WithinHours(count(4), dt.time(8), dt.time(20)), "逾期 4 小时（08:00–20:00）", "after 4 h (08:00–20:00)"),
        (ByTime(NIGHT), "20:00 前没做完", "not done by 20:00"),
    ],
)
def test_passed_deadline_is_told_as_passed(wording: Wording, within: Within, zh: str, en: str) -> None:
    """A deadline that has passed reads as that, whatever it counts."""
    assert wording.overdue(within) == (zh, en)


def test_passed_deadline_with_a_title_is_told_by_it(wording: Wording) -> None:
    """Where its length differs from case to case, a deadline is called by its title, which nothing comes after."""
    hours = tuple(ParamValue(dt.timedelta(hours=number), "document", "S1", SPAN) for number in (24, 48))
    param = Param("answer_time", Type(Kind.DURATION), Text("答复时限", "time to answer"), hours, SPAN)
    titled = Wording(replace(wording.policy, params={"answer_time": param}), wording.langs)
    assert titled.overdue(WithinDuration(ParamRef(param.type, param.name))) == ("超过答复时限", "past time to answer")


def test_docked_deadline_reads_on_from_its_label(policy: Policy) -> None:
    """At the foot of a card the label and what is missing make one phrase: ``late and still missing: …``."""
    (page,) = flow_pages(Atlas.of(policy, (Lang.EN,)), policy.flows["main"])
    said = [(line.label, line.text) for node in page.nodes for line in node.lines if line.kind is LineKind.LATE]
    assert (("late",), ("and still missing: photos sent → Closed",)) in said


def test_amount_has_its_currency(wording: Wording) -> None:
    """A picture writes ¥ before an amount in English, 元 behind it in Chinese, and neither beside a mere number."""
    assert wording.value("claimed_paid", 50000) == ("500.00 元", "¥500.00")
    less = Compare("<", FactRef(MONEY, "claimed_paid"), Literal(MONEY, 5000))
    assert wording.expr(less) == ("所退部分实付低于 50.00 元", "paid for what is claimed less than ¥50.00")
    assert wording.within(WithinDays(count(7), end_of_day=False)) == ("7 天", "7 days")
    assert Titles(wording.policy, Lang.EN).value("claimed_paid", 50000) == "500.00"


def test_amount_does_not_repeat_its_title(wording: Wording) -> None:
    """An amount that starts with the title of its line stands alone; one that only starts alike does not."""
    paid, zero = FactRef(MONEY, "claimed_paid"), Literal(MONEY, 0)
    part = Choose(MONEY, FactRef(FLAG, "photos_sent"), paid, zero)
    terms = Terms(deductions=(MoneyLine("claimed_paid", part, None, SPAN), MoneyLine("goods", part, None, SPAN)))
    assert lines(wording, do=(), terms=terms) == [
        ("less", "paid for what is claimed (if photos sent)"),
        ("", "goods: paid for what is claimed (if photos sent)"),
    ]


def test_bearer_that_depends_is_said_to_bear(wording: Wording) -> None:
    """Postage whose bearer depends on the case is borne by one or the other; one that a fact names is named by it."""
    either = Choose(PARTY, FactRef(FLAG, "photos_sent"), Literal(PARTY, "seller"), Literal(PARTY, "buyer"))
    bearers: tuple[Expr | None, ...] = (either, FactRef(PARTY, "payer"), None)
    postage = tuple(PostageTerm("return", None, bearer, insured=True, span=SPAN) for bearer in bearers)
    assert lines(wording, do=(), terms=Terms(postage=postage)) == [
        ("postage", "return postage: borne by seller if photos sent, otherwise buyer"),
        ("", "return postage: payer"),
        ("", "return postage: undecided"),
    ]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("至多 单笔赔付上限", "至多单笔赔付上限"),
        ("至多 200.00", "至多 200.00"),
        ("换货（有货 时）", "换货（有货时）"),
        ("换货（次数 < 2 时）", "换货（次数 < 2 时）"),
    ],
)
def test_only_a_figure_has_a_blank_beside_it(said: str, read: str) -> None:
    """Where a pattern sets a blank for a figure, a Chinese word stands without one."""
    assert tight(said) == read


def test_actions_of_an_end_are_kept_apart(wording: Wording) -> None:
    """The actions of an end are clauses, and so held apart by semicolons in English."""
    assert lines(wording, do=(Todo("offer"), Todo("pay")), terms=Terms()) == [("do", "Offer remedies; Pay")]


def test_duty_is_done_also(policy: Policy) -> None:
    """What must be done besides is labelled ``also``: it is no debt."""
    unit = Unit(policy.states["main.choose"], ("main.choose",))
    assert "also" in {line.label[0] for line in card_lines(unit, Wording(policy, (Lang.EN,)))}


def test_role_that_differs_looks_like_its_first(policy: Policy) -> None:
    """A card whose doer differs from shop to shop names all, with the looks of the first, and so does the legend."""
    roles = {**policy.roles, "finance": Text("财务", "finance")}
    values = tuple(ParamValue(name, "document", "S1", SPAN) for name in ("finance", "agent"))
    param = Param("payer_role", Type(Kind.CHOICE, ("finance", "agent")), Text("付款的", "payer"), values, SPAN)
    offer = replace(policy.actions["offer"], by="payer_role")
    soothe = replace(policy.actions["soothe"], by="buyer")
    actions = {**policy.actions, "offer": offer, "soothe": soothe}
    changed = replace(policy, roles=roles, params={"payer_role": param}, actions=actions)
    (page,) = flow_pages(Atlas.of(changed, (Lang.EN,)), changed.flows["main"])
    (card,) = (node for node in page.nodes if node.title == ("Agree on a remedy",))
    assert [(strip.text, strip.actor) for strip in card.header] == [(("finance or agent",), 1), (("buyer",), 2)]
    assert [(strip.text, strip.actor) for strip in page.legend.actors] == [
        (("finance or agent",), 1),
        (("buyer",), 2),
    ]


def test_known_answer_is_looked_up(graphs: dict[str, Graph]) -> None:
    """Nobody is asked again what every way in has answered: the card says where to look, and asks where it is open."""
    form = ("发票形式？",)
    asked = {
        name: {line.label[0] for node in graphs[name].nodes for line in node.lines if line.text == form}
        for name in ("invoice.svg", "invoice-2.svg")
    }
    assert asked == {"invoice.svg": {"问"}, "invoice-2.svg": {"看"}}
