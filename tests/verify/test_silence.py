"""Where silence leads: the formula names the deadline edge that the machine takes, whatever is told and not offered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales import load
from aftersales.case.read import read_case
from aftersales.errors import AmountError
from aftersales.expr.tree import FactRef
from aftersales.expr.types import FLAG, Kind, Type, Value
from aftersales.policy.edges import Edge, edges
from aftersales.policy.model import Branch, Late, Policy, State, Target
from aftersales.run.standing import late_edge, stand
from aftersales.source import Source, Span
from aftersales.text import Text
from aftersales.verify.silence import Silence, decides_silence
from aftersales.verify.vocabulary import Vocabulary
from plain_frames import PlainSight

DESK = Path(__file__).parents[1] / "run" / "desk"
SPAN = Span(Source("desk.yaml", "wait"), 1, 1, 1, 5)
OPENED = {"claim": {"opened_at": "2026-11-06T10:00:00+08:00"}}
EARLIER = dt.datetime(2026, 11, 1, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The shipped policy: it lists up to five facts under ``late``, some derived, some behind an offer."""
    return load().model


@pytest.fixture(scope="module")
def vocabulary(policy: Policy) -> Vocabulary:
    """Its facts."""
    return Vocabulary(policy)


def values(type_: Type) -> st.SearchStrategy[Value]:
    """Return answers of a kind that guards tell apart."""
    match type_.kind:
        case Kind.FLAG:
            return st.booleans()
        case Kind.CHOICE | Kind.PARTY:
            return st.sampled_from(type_.values)
        case Kind.INSTANT:
            return st.just(EARLIER)
        case _:
            return st.sampled_from((0, 1, 2, 8, 16, 500))


def listing(policy: Policy) -> list[State]:
    """Return the states in which it matters what is missing when the deadline passes."""
    return [state for state in policy.states.values() if any(late.fact is not None for late in state.late)]


@settings(max_examples=200)
@given(data=st.data())
def test_silence_leads_where_the_machine_goes(policy: Policy, vocabulary: Vocabulary, data: st.DataObject) -> None:
    """For every state and anything told, known or not, offered or not: the formula fires just the machine's edge."""
    state = data.draw(st.sampled_from(listing(policy)))
    asked = sorted(frozenset[str]().union(*(vocabulary.told_in(branch.when) for branch in state.branches)))
    names = data.draw(st.lists(st.sampled_from([*asked, "platform"]), unique=True))
    told = {name: data.draw(values(policy.facts[name].type), label=name) for name in names}
    try:
        standing = stand(policy, read_case(policy, OPENED), state, told)
    except AmountError:
        return
    if standing.true_branches:
        return
    silence = Silence(vocabulary, state, PlainSight(standing.view))
    fires = [silence.fires(late) for late in state.late]
    index = late_edge(standing)
    assert fires == [number == index for number in range(len(state.late))]


def late_edges(policy: Policy, state: str) -> dict[str, Edge]:
    """Return the deadline edges of a state by the fact that is missing."""
    found = ((edge.way.fact, edge) for edge in edges(policy) if edge.source == state and isinstance(edge.way, Late))
    return {fact or "": edge for fact, edge in found}


def test_what_decides_silence(policy: Policy, vocabulary: Vocabulary) -> None:
    """A fact matters where it is listed before, asked for before, or opens the answer that is waited for; else not."""
    remedy = late_edges(policy, "missing_item.choose_remedy")
    assert decides_silence(vocabulary, remedy["in_stock"]) == frozenset()
    assert decides_silence(vocabulary, remedy["wants"]) == {"in_stock", "claimed_paid", "goods_paid"}
    photos = late_edges(policy, "quality_issue.photos")
    assert decides_silence(vocabulary, photos["photos_sent"]) == frozenset()
    assert decides_silence(vocabulary, photos["evidence"]) == {"photos_sent"}
    lead_on = late_edges(policy, "true_issue.lead_on")
    assert decides_silence(vocabulary, lead_on["shipped"]) == {"underlying_issue"}


def test_what_stands_below_a_true_condition_is_not_waited_for(policy: Policy, vocabulary: Vocabulary) -> None:
    """A case kept back by an unknown condition above one that holds does not wait for what is asked below both."""
    branches = tuple(
        Branch(FactRef(FLAG, name), FactRef(FLAG, guard), Target("desk.on"), SPAN)
        for name, guard in (("photos_sent", "photos_sent"), ("intact", "photos_sent"), ("urgent", "photos_sent"))
    )
    lates = tuple(Late(name, Target("desk.on"), SPAN) for name in ("urgent", "photos_sent"))
    state = State("desk.wait", "desk", "wait", Text("等", "wait"), SPAN, branches=branches, late=lates)
    standing = stand(policy, read_case(policy, OPENED), state, {"intact": True})
    silence = Silence(vocabulary, state, PlainSight(standing.view))
    assert late_edge(standing) == 1
    assert [silence.fires(late) for late in lates] == [False, True]


def test_any_silence_will_do() -> None:
    """Where the deadline names no fact, nothing that is known leads elsewhere."""
    desk = load(DESK)
    plain = [edge for edge in edges(desk.model) if isinstance(edge.way, Late) and edge.way.fact is None]
    assert plain
    assert {decides_silence(Vocabulary(desk.model), edge) for edge in plain} == {frozenset()}
