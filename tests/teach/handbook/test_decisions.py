"""The decision table of a step: the same way on as the state's own branches, for every answer."""

from __future__ import annotations

import pytest

from aftersales.expr.evaluate import evaluate
from aftersales.expr.tree import Collection, Compare, Either, FactRef, Literal
from aftersales.expr.types import FLAG, Kind, Type, Unknown, Value
from aftersales.instants import zone_named
from aftersales.policy.model import Policy, State
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.decisions import Answers, Decision, decision_of, others
from aftersales.teach.handbook.steps import answers_said
from aftersales.teach.handbook.voice import Voice
from aftersales.text import Lang
from handbook_tables import fits, worlds


@pytest.fixture(scope="module")
def model(policy: LoadedPolicy) -> Policy:
    """The shipped policy as engines see it."""
    return policy.model


class Told:
    """A case that knows nothing but what it is told, in the policy's own timezone."""

    zone = zone_named("Asia/Shanghai")

    def __init__(self, facts: dict[str, Value]) -> None:
        self._facts = facts

    def fact(self, name: str) -> Value:
        """Return what was told."""
        return self._facts[name]

    def param(self, name: str) -> Value:
        """Return nothing: tables that ask for params are not looked at."""
        raise AssertionError(name)

    def param_blocker(self, name: str) -> str:
        """Return nothing either."""
        raise AssertionError(name)

    def lines(self, collection: Collection) -> Unknown:
        """Return no order lines."""
        raise AssertionError(collection)


def read(decision: Decision, facts: dict[str, Value]) -> str | None:
    """Read a table as people do: the first row that fits; *any other* only where no row above names the answer."""
    for number, way in enumerate(decision.ways):
        left = others(way, decision.facts, decision.ways[:number])
        named = {
            name: {value for one in decision.ways[:number] if name in one.answers for value in one.answers[name].values}
            for name in left
        }
        if fits(way, facts) and all(facts[name] not in values for name, values in named.items()):
            return way.target.state
    return None


def test_tables_say_what_the_branches_do(model: Policy) -> None:
    """For every combination of answers the row that fits leads where the branch does whose guard is true."""
    looked_at = 0
    for state in model.states.values():
        decision = decision_of((state,))
        for facts in worlds(model, decision) if state.until is None else ():
            taken = [branch.target.state for branch in state.branches if evaluate(branch.guard, Told(facts)) is True]
            assert read(decision, facts) == (taken[0] if taken else None), (state.key, facts)
            looked_at += 1
    assert looked_at > 500


def test_rows_to_one_place_are_one(model: Policy) -> None:
    """Three answers that lead to the same place stand in one row."""
    decision = decision_of((model.states["intercept.cancelled_sent_back"],))
    assert decision.facts == ("shipped_after_request", "free_shipping")
    assert [way.answers["free_shipping"].values for way in decision.ways if "free_shipping" in way.answers] == [
        ("always", "none", "threshold")
    ]
    assert not decision.ordered


def test_order_is_said_where_it_decides(model: Policy) -> None:
    """Photos: an answer may fit several rows, so the first holds; the last row is for all that is left."""
    state: State = model.states["quality_issue.photos"]
    decision = decision_of((state,))
    assert decision.ordered
    assert decision.ways[-1].otherwise


def test_title_is_left_out_of_a_single_comparison_only(model: Policy) -> None:
    """Under its title a comparison needs no title; of two joined by *or* both are said in full."""
    voice = Voice(model, (Lang.ZH,))
    kind = Type(Kind.MONEY)
    more = Compare(">", FactRef(kind, "claimed_paid"), Literal(kind, 100))
    title = model.facts["claimed_paid"].title.zh
    assert answers_said("claimed_paid", Answers(conditions=(more,)), voice) == ("超过 1.00 元",)
    either = Either((more, FactRef(FLAG, "cod")))
    (said,) = answers_said("claimed_paid", Answers(conditions=(either,)), voice)
    assert said.startswith(f"{title}超过 1.00 元 或 ")


def test_every_answer_is_any(model: Policy) -> None:
    """A row that names all answers there are says so."""
    voice = Voice(model, (Lang.ZH,))
    kind = model.facts["issue"].type
    assert answers_said("issue", Answers(values=kind.values), voice) == ("不论哪种",)
    assert answers_said("issue", Answers(values=kind.values[1:]), voice) != ("不论哪种",)
