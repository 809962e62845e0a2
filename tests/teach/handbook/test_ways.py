"""The ways to the ends of the shipped policy: none holds answers that rule each other out, and cases go them."""

from __future__ import annotations

import pytest

from aftersales.expr.tree import ParamRef
from aftersales.expr.types import Value
from aftersales.policy.arrival import fact_values
from aftersales.policy.model import Policy
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.voice import LANGS, Voice
from aftersales.teach.handbook.ways import Way, Ways
from aftersales.teach.handbook.ways_said import way_said
from ways_replayed import can_be_gone


@pytest.fixture(scope="module")
def ways(policy: LoadedPolicy) -> dict[str, Way]:
    """The way to each end of each flow."""
    found = Ways(policy.model)
    return {end: way for flow in policy.model.flows for end, way in found.shortest(flow).items()}


def test_every_end_has_a_way(policy: LoadedPolicy, ways: dict[str, Way]) -> None:
    """All ends of all flows, each by edges that join up to it."""
    assert set(ways) == {key for key, state in policy.model.states.items() if state.end is not None}
    for end, way in ways.items():
        stops = [stretch.edge.target.state for stretch in way]
        assert stops[-1:] in ([end], [])
        for stretch, stop in zip(way[1:], stops, strict=False):
            assert stretch.edge.source in {stop, policy.model.states[stop].flow}


def test_no_way_holds_two_answers_that_rule_each_other_out(policy: LoadedPolicy, ways: dict[str, Way]) -> None:
    """What an edge's own condition leaves of a fact is never nothing, as long as the fact is not asked again."""
    for end, way in ways.items():
        left: dict[str, set[Value]] = {}
        for stretch in way:
            for read in stretch.read:
                values = _named(policy.model, read.about, stretch.known)
                left[read.about] = left.get(read.about, values) & values
                assert left[read.about], (end, read.about)
            for name in (*stretch.edge.target.forget, *(name for name, _ in stretch.edge.target.take)):
                left.pop(name, None)
            for name, _ in stretch.edge.target.add:
                left.pop(name, None)


def _named(model: Policy, about: str, known: object) -> set[Value]:
    fact = model.facts.get(about)
    every = set(fact_values(fact) or ()) if fact is not None else set()
    here = known[about] if isinstance(known, dict) else frozenset()
    return {value for value in every if value in here} or {repr(here)}


def test_a_case_can_go_every_way(policy: LoadedPolicy, ways: dict[str, Way]) -> None:
    """The machine goes every way edge by edge, but for those that hang on what this shop has not chosen."""
    model = policy.model
    for end, way in ways.items():
        first = way[0].edge.source if way else ""
        start = model.flows[first].start if first in model.flows else first
        chosen = any(isinstance(read.condition, ParamRef) and read.truth for one in way for read in one.read)
        assert not way or chosen or can_be_gone(policy, way, start), end


def test_a_way_that_no_case_goes_is_noticed(policy: LoadedPolicy, ways: dict[str, Way]) -> None:
    """Going again is no formality: with its last edge twice a way is none."""
    way = ways["wrong_item.refunded"]
    start = policy.model.flows["wrong_item"].start
    assert can_be_gone(policy, way, start)
    assert not can_be_gone(policy, (*way, way[-1]), start)


def test_ways_are_said_as_answers(policy: LoadedPolicy, ways: dict[str, Way]) -> None:
    """Each answer once, silence by whose it was, and what is asked again as such."""
    voice = Voice(policy.model, LANGS["both"])
    said = {end: way_said(way, voice) for end, way in ways.items()}
    assert said["wrong_item.refused_with_record"][0] == "出库记录：证明发货无误 → 买家听完解释的答复：接受解释"
    assert "再问，发票有误" in said["invoice.supervisor"][0]
    assert said["wrong_item.withdrawn"] == ("随时：买家撤销售后", "at any time: the buyer withdrew the claim")
    assert said["warranty.never_sent"][0].endswith(" → “等买家寄出并填单号”期限已过")
    assert said["wrong_item.no_answer"][1].endswith(" → not answered in time: what the buyer wants")
    assert not [end for end, words in said.items() if "0.00已知" in words[0] or "≥ 0.00" in words[0]]
