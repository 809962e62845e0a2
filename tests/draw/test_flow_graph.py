"""A flow as a neutral graph."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aftersales.draw.from_path import Path, marked
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import Edge, EdgeKind, Graph, LineKind, Node, NodeKind, state_id, way_class
from aftersales.draw.overview import overview_graph
from aftersales.draw.ways import sub_flows
from aftersales.draw.wording import Wording
from aftersales.policy.model import Flow, Policy
from aftersales.text import Lang

ZH = (Lang.ZH,)


def flow_graph(policy: Policy, flow: Flow, langs: tuple[Lang, ...]) -> Graph:
    """Return the one page of a small flow."""
    (page,) = flow_pages(Atlas.of(policy, langs), flow)
    return page


@pytest.fixture
def graph(policy: Policy) -> Graph:
    """Return the main flow's graph in Chinese."""
    return flow_graph(policy, policy.flows["main"], ZH)


def node(graph: Graph, title: str) -> Node:
    """Return the one node with this Chinese title."""
    (found,) = [node for node in graph.nodes if node.title[0] == title]
    return found


def heads(graph: Graph, tail: str) -> list[Node]:
    """Return the nodes that arrows from the node with this title lead to."""
    ids = [edge.head for edge in graph.edges if edge.tail == node(graph, tail).id]
    return [entry for entry in graph.nodes if entry.id in ids]


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


def test_every_way_is_there(graph: Graph) -> None:
    """Every branch, deadline and interrupt of the flow can be found on a node, but those inside a sub-flow's box."""
    drawn = {key for entry in graph.nodes for key in entry.ways} | {key for edge in graph.edges for key in edge.ways}
    assert drawn == {
        *(f"main.ask->{i}" for i in range(3)),
        *(f"main.ask~{i}" for i in range(2)),
        *(f"main.choose->{i}" for i in range(3)),
        "main.choose~0",
        "main.trip.sent->0",
        "main.trip.sent~0",
        "main!0",
    }


def test_ids_and_classes_are_told_from_keys(graph: Graph) -> None:
    """A state's node has the id of its key, and an edge's class names state, sort and number."""
    assert node(graph, "核实").id == state_id("main.ask") == "s-main-ask"
    keys = ("main.trip.sent->0", "main.ask~1", "main!0", "main.done^2")
    assert list(map(way_class, keys)) == ["w-main-trip-sent-b0", "w-main-ask-l1", "w-main-a0", "w-main-done-r2"]


def test_card_says_who_does_what_until_when(graph: Graph) -> None:
    """A card names who acts in its strip, then what to do, what to ask, by when, and what silence leads to."""
    card = node(graph, "核实")
    assert [strip.text for strip in card.header] == [("买家",), ("客服",)]
    assert len({strip.actor for strip in card.header}) == 2
    assert said(card) == [
        ("做", "发照片"),
        ("", "安抚（先发照片）"),
        ("问", "照片已发？"),
        ("时限", "48 小时"),
        ("逾期", "诉求视为“不要什么”"),
        ("逾期", "没等到：照片已发 → 结案"),
    ]


def test_end_says_money_and_bearers(graph: Graph) -> None:
    """An end has its outcome in the strip and a line for liability, each leg and each amount."""
    end = node(graph, "退款退邮费")
    assert end.kind is NodeKind.END
    assert [strip.text for strip in end.header] == [("退款",)]
    assert said(end) == [
        ("责任", "买家 30%、卖家 其余"),
        ("运费", "发出运费：无需承担"),
        ("", "退回运费：卖家承担；垫付：买家；保险不赔"),
        ("退款", "货款：所退部分实付"),
        ("追偿", "快递赔货款：所退部分实付"),
        ("做", "付款"),
    ]


def test_card_asks_and_pills_answer(graph: Graph) -> None:
    """The card asks the first question; the pills give its answers alone."""
    assert ("问", "方案？") in said(node(graph, "协商方案"))
    assert [entry.title[0] for entry in heads(graph, "协商方案")] == ["补发", "退货", "不要什么"]


def test_next_question_is_a_node_of_its_own(graph: Graph) -> None:
    """What is asked after the first answer is a question between pills; nothing is numbered or raw."""
    assert [entry.title[0] for entry in heads(graph, "核实")] == ["没发照片", "照片已发"]
    question = node(graph, "诉求？")
    assert question.kind is NodeKind.QUESTION
    before = [edge.tail for edge in graph.edges if edge.head == question.id]
    assert [entry.title[0] for entry in graph.nodes if entry.id in before] == ["照片已发"]
    assert {entry.title[0] for entry in heads(graph, "诉求？")} == {"不要什么", "补发或退货"}


def test_way_back_is_a_stub(graph: Graph) -> None:
    """A branch back to a state already passed is a stub that names it and what is asked again."""
    (stub,) = [entry for entry in graph.nodes if entry.kind is NodeKind.STUB and "main.ask->1" in entry.ways]
    assert [line.text[0] for line in stub.lines] == ["↑ 回到：核实", "重问：照片已发、诉求"]
    assert not [edge for edge in graph.edges if edge.tail == stub.id]


def test_a_deadline_that_leads_far_down_the_path_stands_on_its_card(graphs: dict[str, Graph]) -> None:
    """It gets no arrow past two more questions of the main path, for their other ways would cross it."""
    page = graphs["no_reason_return.svg"]
    start = next(entry for entry in page.nodes if entry.title == ("看期限和商品种类",))
    late = [line.text[0] for line in start.lines if line.kind is LineKind.LATE]
    assert late == ["→ 问原因，推荐一次别的尺码款式"]
    assert not [entry for entry in page.nodes if entry.kind is NodeKind.LATE]


def test_a_stub_without_an_answer_begins_with_where_it_leads(graphs: dict[str, Graph]) -> None:
    """What is asked again, and what is taken for given, always stands behind."""
    stubs = [entry for one in graphs.values() for entry in one.nodes if entry.kind is NodeKind.STUB]
    assert any(entry.title[0].startswith(("↑", "→")) for entry in stubs)
    assert not [entry.title for entry in stubs if entry.title[0].startswith(("重问", "记为", "ask again", "recorded"))]


def test_late_way_to_what_is_reached_anyway_stands_on_the_card(graph: Graph) -> None:
    """A deadline that leads to an end which an answer leads to as well is said at the foot of its card."""
    (docked,) = [line for line in node(graph, "核实").lines if line.kind is LineKind.LATE]
    assert docked.text == ("没等到：照片已发 → 结案",)
    assert not [edge for edge in graph.edges if edge.kind is EdgeKind.LATE]


def test_what_nobody_is_asked_for_is_not_waited_for(policy: Policy) -> None:
    """What the order's record tells was not found out in time; what a person tells was not answered."""
    told = replace(policy.facts["photos_sent"], answered_by="order")
    known = replace(policy, facts={**policy.facts, "photos_sent": told})
    card = node(flow_graph(known, known.flows["main"], ZH), "核实")
    assert ("逾期", "没查清：照片已发 → 结案") in said(card)


def test_shared_end_and_interrupt_stand_below(graph: Graph) -> None:
    """An end that only an interrupt leads to stands under the picture and says what leads to it."""
    end = node(graph, "已撤销")
    assert end.below
    assert said(end)[0] == ("随时", "撤销")


def test_other_flow_is_an_arrow(graph: Graph) -> None:
    """A hand-over leads to an arrow with the other flow's title."""
    assert node(graph, "其他").kind is NodeKind.FLOW


def test_main_path_ends_with_the_buyer_content(graph: Graph) -> None:
    """The main path runs from the start, by answers alone, to the best end there is."""
    titles = [entry.title[0] for entry in graph.nodes if entry.main]
    assert sorted(titles) == sorted(
        ["开始", "核实", "照片已发", "诉求？", "补发或退货", "协商方案", "补发", "退款退邮费"]
    )
    assert sum(edge.main for edge in graph.edges) == 7


def test_both_languages(policy: Policy) -> None:
    """With both languages everything that is said is said twice."""
    graph = flow_graph(policy, policy.flows["main"], (Lang.ZH, Lang.EN))
    assert graph.title == ("错发", "Wrong item")
    assert all(len(entry.title) == 2 for entry in graph.nodes)
    assert all(len(line.text) == 2 for entry in graph.nodes for line in entry.lines)


def test_overview_shows_hand_overs_and_sub_flows(policy: Policy) -> None:
    """The overview has a node per flow, an arrow per hand-over, and the sub-flows below, named where they are used."""
    graph = overview_graph(policy, ZH)
    assert [entry.title[0] for entry in graph.nodes] == ["错发", "其他", "退货"]
    assert [(edge.tail, edge.head) for edge in graph.edges] == [("s-flow-main", "s-flow-other")]
    assert [bool(entry.below) for entry in graph.nodes] == [False, False, True]


def lit(graph: Graph, mark: str) -> list[str]:
    """Return the titles of the nodes with a mark."""
    return [entry.title[0] for entry in graph.nodes if mark in entry.marks]


def test_path_is_marked(policy: Policy, graph: Graph) -> None:
    """The path of a case lights its states and the pills between them; where it stands is said, the rest is pale."""
    path = Path(
        ("main.ask", "main.choose"),
        ("main.ask->2",),
        here="main.choose",
        following=("main.choose->0", "main.choose->1", "main.choose->2", "main.choose~0"),
    )
    shown = marked(graph, path, Wording(policy, ZH))
    assert sorted(lit(shown, "lit")) == sorted(["开始", "核实", "照片已发", "诉求？", "补发或退货"])
    assert lit(shown, "here") == ["协商方案"]
    assert node(shown, "协商方案").header[0].text == ("现在在这里",)
    assert sorted(lit(shown, "next")) == sorted(["补发", "退款退邮费", "退货", "退货", "不要什么", "其他"])
    assert sorted(lit(shown, "pale")) == sorted(["没发照片", "结案", "不要什么", "已撤销", "照片已发"])
    assert [name for name, _ in shown.legend.samples] == ["lit", "next", "pale"]


def test_path_back_lights_the_stub(policy: Policy, graph: Graph) -> None:
    """A step back lights the stub that stands for the state."""
    path = Path(("main.ask", "main.refused"), ("main.ask->1", "main.ask->0"), here="main.refused")
    shown = marked(graph, path, Wording(policy, ZH))
    (stub,) = [entry for entry in shown.nodes if entry.kind is NodeKind.STUB and "main.ask->1" in entry.ways]
    assert stub.marks == ("lit",)


def test_path_of_another_flow_lights_nothing(policy: Policy, graph: Graph) -> None:
    """States that the picture does not show are passed over."""
    shown = marked(graph, Path(("journey.sent", "nowhere.at_all"), ("journey.sent->0",)), Wording(policy, ZH))
    assert not lit(shown, "lit")
    assert all(edge.marks == ("pale",) for edge in shown.edges)


def test_sub_flow_has_its_own_picture(policy: Policy) -> None:
    """An inlined sub-flow can be drawn alone, from a copy; its exits lead back to the flow."""
    graph = flow_graph(policy, sub_flows(policy)["journey"], ZH)
    assert {entry.kind for entry in graph.nodes if entry.title == ("回到主流程",)} == {NodeKind.FLOW}
    assert node(graph, "等寄出").states == ("main.trip.sent",)


def test_arrows_join_what_is_there(graph: Graph) -> None:
    """Every arrow leads from a node to a node, and no two nodes share an id."""
    ids = [entry.id for entry in graph.nodes]
    assert len(set(ids)) == len(ids)
    assert all({edge.tail, edge.head} <= set(ids) for edge in graph.edges)
    assert isinstance(graph.edges[0], Edge)
