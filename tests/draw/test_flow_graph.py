"""A flow as a neutral graph."""

from __future__ import annotations

import pytest

from aftersales.draw.from_path import marked
from aftersales.draw.from_policy import flow_graph
from aftersales.draw.graph import Edge, EdgeKind, Graph, Node, NodeKind
from aftersales.draw.overview import overview_graph
from aftersales.draw.ways import sub_flows
from aftersales.policy.model import Policy
from aftersales.text import Lang

ZH = (Lang.ZH,)


@pytest.fixture
def graph(policy: Policy) -> Graph:
    """Return the main flow's graph in Chinese."""
    return flow_graph(policy, policy.flows["main"], ZH)


def node(graph: Graph, title: str) -> Node:
    """Return the one node with this Chinese title."""
    (found,) = [node for node in graph.nodes if node.title[0] == title]
    return found


def leads(graph: Graph, tail: str) -> list[Edge]:
    """Return the edges out of the node with this title."""
    return [edge for edge in graph.edges if edge.tail == node(graph, tail).id]


def said(node: Node) -> list[tuple[str, str]]:
    """Return the Chinese labels and texts of a card."""
    return [("".join(line.label), line.text[0]) for line in node.lines]


def test_every_state_is_there_once(policy: Policy, graph: Graph) -> None:
    """Every state of the flow belongs to exactly one card, box or end; copies of a sub-flow to their box."""
    places = {NodeKind.CARD, NodeKind.BOX, NodeKind.END}
    shown = [key for entry in graph.nodes if entry.kind in places for key in entry.states]
    assert sorted(shown) == sorted(policy.flows["main"].states)
    (box,) = [entry for entry in graph.nodes if entry.kind is NodeKind.BOX]
    assert box.states == ("main.trip", "main.trip.sent")


def test_every_way_is_there(policy: Policy, graph: Graph) -> None:
    """Every branch, deadline and interrupt of the flow can be found on an edge, but those inside a sub-flow's box."""
    drawn = {key for edge in graph.edges for key in edge.ways}
    assert drawn == {
        *(f"main.ask->{i}" for i in range(3)),
        *(f"main.ask~{i}" for i in range(2)),
        *(f"main.choose->{i}" for i in range(3)),
        "main.choose~0",
        "main.trip.sent->0",
        "main.trip.sent~0",
        "main!0",
    }


def test_card_says_who_does_what_until_when(graph: Graph) -> None:
    """A card names who acts in its strip, then what to do, what to ask and by when."""
    card = node(graph, "核实")
    assert card.header == ("买家、客服",)
    assert said(card) == [("做", "发照片"), ("", "安抚（发照片之后）"), ("时限", "48 小时")]
    assert said(node(graph, "协商方案"))[1] == ("问", "诉求？")


def test_end_says_money_and_bearers(graph: Graph) -> None:
    """An end has its outcome in the strip and a line for liability, each leg and each amount."""
    end = node(graph, "退款退邮费")
    assert end.kind is NodeKind.END
    assert end.header == ("退款",)
    assert said(end) == [
        ("做", "付款"),
        ("责任", "买家 30%、卖家 其余"),
        ("邮费", "发出运费：无需承担"),
        ("", "退回运费：卖家承担；垫付：买家；保险不赔"),
        ("退款", "货款：所退部分实付，至多 所退部分实付"),
        ("追偿", "快递赔 货款：所退部分实付"),
    ]


def test_lone_question_gives_answers(graph: Graph) -> None:
    """Where the card asks one question, the pills give its answers alone."""
    pills = {edge.head for edge in leads(graph, "协商方案") if edge.kind is EdgeKind.WAY}
    assert [entry.title[0] for entry in graph.nodes if entry.id in pills] == ["补发", "退货", "不要什么"]


def test_cascade_is_numbered(graph: Graph) -> None:
    """Where the order of branches decides, the pills are numbered and the last says so."""
    pills = {edge.head for edge in leads(graph, "核实") if edge.kind is EdgeKind.WAY}
    titles = [entry.title[0] for entry in graph.nodes if entry.id in pills]
    assert [title[:2] for title in titles] == ["1.", "2.", "否则"]


def test_way_back_is_a_stub(graph: Graph) -> None:
    """A branch back to a state already passed is a stub that names it and what is asked again."""
    (stub,) = [entry for entry in graph.nodes if entry.kind is NodeKind.STUB and "main.ask->1" in entry.ways]
    assert [line.text[0] for line in stub.lines] == ["↺ 核实", "重问：照片已发、诉求"]
    assert not [edge for edge in graph.edges if edge.tail == stub.id]


def test_silence_taken_as_an_answer_is_said(graph: Graph) -> None:
    """A deadline that records silence as an answer says which."""
    (stub,) = [entry for entry in graph.nodes if "main.ask~1" in entry.ways]
    assert stub.title == ("逾期未答：诉求",)
    assert stub.lines[-1].text == ("记为：诉求 不要什么",)


def test_other_flow_is_an_arrow(graph: Graph) -> None:
    """A hand-over leads to an arrow with the other flow's title."""
    assert node(graph, "其他").kind is NodeKind.FLOW


def test_both_languages(policy: Policy) -> None:
    """With both languages everything that is said is said twice."""
    graph = flow_graph(policy, policy.flows["main"], (Lang.ZH, Lang.EN))
    assert graph.title == ("错发", "Wrong item")
    assert all(len(entry.title) == 2 for entry in graph.nodes)
    assert all(len(line.text) == 2 for entry in graph.nodes for line in entry.lines)


def test_overview_shows_hand_overs_and_sub_flows(policy: Policy) -> None:
    """The overview has a node per flow, an arrow per hand-over, a dashed one per inlined sub-flow."""
    graph = overview_graph(policy, ZH)
    assert [entry.title[0] for entry in graph.nodes] == ["错发", "其他", "退货"]
    assert {(edge.tail, edge.head): edge.kind for edge in graph.edges} == {
        ("f1", "f2"): EdgeKind.WAY,
        ("f1", "f3"): EdgeKind.LATE,
    }


def test_path_is_lit(graph: Graph) -> None:
    """The path of a case lights its states and the pills between them, and nothing else."""
    visited = ["main.ask", "main.choose", "main.trip", "main.trip.sent", "main.done"]
    lit = marked(graph, visited, ["main.ask->2", "main.choose->1", "main.trip->0", "main.trip.sent->0"])
    titles = [entry.title[0] for entry in lit.nodes if entry.lit]
    assert sorted(titles) == sorted(["开始", "核实", "否则", "协商方案", "退货", "退货", "照片已发", "退款退邮费"])
    assert sum(edge.lit for edge in lit.edges) == 7


def test_path_back_lights_the_stub(graph: Graph) -> None:
    """A step back lights the stub that stands for the state."""
    lit = marked(graph, ["main.ask", "main.refused"], ["main.ask->1", "main.ask->0"])
    assert {way for entry in lit.nodes if entry.lit for way in entry.ways} == {"main.ask->1", "main.ask->0"}


def test_path_of_another_flow_lights_nothing(graph: Graph) -> None:
    """States that the picture does not show are passed over."""
    assert marked(graph, ["journey.sent", "nowhere.at_all"], ["journey.sent->0"]) == graph


def test_sub_flow_has_its_own_picture(policy: Policy) -> None:
    """An inlined sub-flow can be drawn alone, from a copy; its exits lead back to the flow."""
    graph = flow_graph(policy, sub_flows(policy)["journey"], ZH)
    assert {entry.kind for entry in graph.nodes if entry.title == ("回到主流程",)} == {NodeKind.FLOW}
    assert node(graph, "等寄出").states == ("main.trip.sent",)
