"""Conditions as questions: a tree that leads wherever the author's cascade does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import product

import pytest

from aftersales import LoadedPolicy
from aftersales.draw.questions import Answer, Leaf, Question, asked_in, leaves, passed_over
from aftersales.expr.evaluate import evaluate
from aftersales.expr.tree import TRUE, All, Compare, Expr, FactRef, In, Literal, Not
from aftersales.expr.types import FLAG, UNKNOWN, Kind, Type, Unknown, Value
from aftersales.policy.arrival import Known
from aftersales.policy.model import Branch, Offer, State, Target
from aftersales.source import Source, Span
from aftersales.text import Text

SPAN = Span(Source("x.yaml", ""), 1, 1, 1, 1)
COLOUR = Type(Kind.CHOICE, ("red", "green", "blue"))
MONEY = Type(Kind.MONEY)
RED = Compare("==", FactRef(COLOUR, "colour"), Literal(COLOUR, "red"))
BIG = FactRef(FLAG, "big")
PAID = FactRef(MONEY, "paid")


def state(*branches: tuple[Expr, str], offers: tuple[Offer, ...] = ()) -> State:
    """Return a state whose branches lead to states of these names."""
    ways = tuple(Branch(when, when, Target(name), SPAN, otherwise=when == TRUE) for when, name in branches)
    return State("f.s", "f", "s", Text("甲", "a"), SPAN, branches=ways, offers=offers)


def shown(step: object) -> object:
    """Return a tree as nested plain values."""
    if isinstance(step, Question):
        asked = step.subject if isinstance(step.subject, str) else type(step.subject).__name__
        return asked, {answer.values: shown(answer.then) for answer in step.answers}
    return step.target.state if isinstance(step, Leaf) else step


def test_cascade_becomes_questions() -> None:
    """Each condition is asked where the ones above leave it open."""
    step = asked_in(state((RED, "a"), (Not(BIG), "b"), (TRUE, "c")))
    assert shown(step) == ("colour", {("red",): "a", ("green", "blue"): ("big", {(False,): "b", (True,): "c"})})


def test_answers_that_lead_the_same_way_are_one() -> None:
    """Values with the same target stand on one pill, and name all their branches."""
    blue = Compare("==", FactRef(COLOUR, "colour"), Literal(COLOUR, "blue"))
    step = asked_in(state((RED, "a"), (blue, "a"), (TRUE, "b")))
    assert shown(step) == ("colour", {("red", "blue"): "a", ("green",): "b"})
    assert isinstance(step, Question)
    assert step.answers[0].then.keys == ("f.s->0", "f.s->1")


def test_only_what_can_be_answered_is_named() -> None:
    """A value that is not offered, or cannot be there on arrival, is no answer."""
    offer = Offer("colour", (("red", TRUE), ("green", BIG)))
    assert shown(asked_in(state((RED, "a"), (TRUE, "b"), offers=(offer,)))) == (
        "colour",
        {("red",): "a", ("green",): "b"},
    )
    arrival = {"colour": Known(frozenset({"green", "blue"}))}
    assert shown(asked_in(state((RED, "a"), (BIG, "b"), (TRUE, "c")), arrival)) == (
        "big",
        {(True,): "b", (False,): "c"},
    )


def test_opposites_are_one_question() -> None:
    """``paid > 0`` and ``paid <= 0`` ask the same."""
    zero = Literal(MONEY, 0)
    step = asked_in(state((Compare(">", PAID, zero), "a"), (Compare("<=", PAID, zero), "b")))
    assert shown(step) == ("Compare", {(True,): "b", (False,): "a"})


def test_a_question_whose_answers_all_lead_one_way_is_still_asked() -> None:
    """The case waits for the answer, so the card names the question; one pill would say nothing."""
    every = In(FactRef(COLOUR, "colour"), COLOUR.values)
    assert shown(asked_in(state((every, "a")))) == ("colour", {COLOUR.values: "a"})


def test_question_with_one_answer_is_passed_over() -> None:
    """What has a single answer is not asked, only said to be needed; what has two is asked on."""
    asked = Question("red", (Answer((True,), Leaf(Target("a"), ("k",))), Answer((False,), Leaf(Target("b"), ("l",)))))
    only = Question("big", (Answer((True, False), asked),))
    assert passed_over(only) == (asked, ("big",))
    assert passed_over(asked) == (asked, ())
    assert passed_over(Question("big", (Answer((True,), Leaf(Target("a"), ("k",))),)))[0] == Leaf(Target("a"), ("k",))


@dataclass(frozen=True)
class Told:
    """A case of which every fact was told."""

    facts: dict[str, Value]
    zone: dt.tzinfo = dt.UTC

    def fact(self, name: str) -> Value:
        """Return what was told."""
        return self.facts[name]

    def param(self, name: str) -> Value:
        """Return nothing: there are no params here."""
        raise KeyError(name)

    def param_blocker(self, name: str) -> str:
        """Return nothing: there are no params here."""
        raise KeyError(name)

    def lines(self, collection: str) -> Unknown:
        """Return that no order is known."""
        assert collection
        return UNKNOWN


def follow(step: object, env: Told) -> Target | None:
    """Return where the answers of a case lead in a tree."""
    while isinstance(step, Question):
        subject = step.subject
        value = env.facts[subject] if isinstance(subject, str) else evaluate(subject, env)
        step = next((answer.then for answer in step.answers if value in answer.values), None)
    return step.target if isinstance(step, Leaf) else None


def cases(facts: dict[str, Type]) -> list[dict[str, Value]]:
    """Return every case over some facts, a few values each for those that have many."""
    few = {Kind.MONEY: (0, 100, 100_000), Kind.COUNT: (0, 1, 2, 8)}
    values: list[tuple[Value, ...]] = [
        (True, False) if kind.kind is Kind.FLAG else kind.values or few.get(kind.kind, ()) for kind in facts.values()
    ]
    return [dict(zip(facts, entry, strict=True)) for entry in product(*values)]


def test_tree_agrees_with_the_cascade() -> None:
    """For every case the tree leads where the first branch leads whose condition holds."""
    one = state(
        (All((RED, Not(BIG))), "a"),
        (Compare("<", PAID, Literal(MONEY, 50)), "b"),
        (Not(RED), "c"),
        (BIG, "d"),
        (TRUE, "e"),
    )
    step = asked_in(one)
    for facts in cases({"colour": COLOUR, "big": FLAG, "paid": MONEY}):
        env = Told(facts)
        first = next(branch.target for branch in one.branches if evaluate(branch.when, env) is True)
        assert follow(step, env) == first


@pytest.mark.parametrize("flow", ["wrong_item", "not_shipped", "warranty"])
def test_every_branch_is_led_to(shipped: LoadedPolicy, flow: str) -> None:
    """Without what is known on arrival no branch of a real flow is lost in its tree."""
    for key in shipped.model.flows[flow].states:
        one = shipped.model.states[key]
        step = asked_in(one)
        led = {found for leaf in leaves(step) for found in leaf.keys} if step else set()
        offered = {offer.fact for offer in one.offers}
        assert offered or len(led) == len(one.branches), key
