"""What a reader of the shipped pages would stumble over: idle questions, idle badges, cards out of nowhere."""

from __future__ import annotations

from collections import Counter

import pytest

from aftersales import LoadedPolicy
from aftersales.draw.from_policy import Atlas
from aftersales.draw.graph import Graph, Line, Node, NodeKind, state_id
from aftersales.draw.heights import end_height, height
from aftersales.draw.pages import MOST_LINES
from aftersales.draw.pictures import drawable
from aftersales.policy.model import Policy
from aftersales.text import Lang


def pages(graphs: dict[str, Graph]) -> dict[str, Graph]:
    """Return the pages of flows, without the overview."""
    return {name: graph for name, graph in graphs.items() if not name.startswith("overview")}


def test_no_question_has_one_way_out(graphs: dict[str, Graph]) -> None:
    """A question that every answer leads on from the same way is said on the pill before it, not asked."""
    for name, graph in graphs.items():
        ways = Counter(edge.tail for edge in graph.edges)
        lone = [node.title for node in graph.nodes if node.kind is NodeKind.QUESTION and ways[node.id] < 2]
        assert not lone, f"{name}: {lone}"
    assert "还要查明：包邮方式" in texts(graphs["intercept-5.svg"])


def test_no_badge_without_a_doer(shipped: LoadedPolicy, graphs: dict[str, Graph]) -> None:
    """An actor's badge stands only on a card with something to do, owed or to wait for, and duties show who owes them."""
    policy = shipped.model
    for name, graph in pages(graphs).items():
        for node in (node for node in graph.nodes if node.kind is NodeKind.CARD):
            state = policy.states[node.states[0]]
            idle = not (state.do or state.duties or state.within or state.no_deadline)
            assert not (idle and node.header), f"{name}: {node.title}"
            owed = {policy.actions[duty].by for duty in state.duties}
            assert not owed or node.header, f"{name}: {node.title}"


def test_every_card_is_led_to(graphs: dict[str, Graph]) -> None:
    """A card that no arrow leads to says itself what does: an interrupt, or what reopens the case."""
    for name, graph in pages(graphs).items():
        heads = {edge.head for edge in graph.edges}
        for node in (node for node in graph.nodes if node.kind in {NodeKind.CARD, NodeKind.BOX, NodeKind.DESK}):
            labels = {line.label[0] for line in node.lines if line.label}
            assert node.id in heads or labels & {"随时", "any time"}, f"{name}: {node.title}"


def test_reopened_card_says_when(graphs: dict[str, Graph]) -> None:
    """A parcel found again leads from the end it reopens to a card that says when."""
    graph = graphs["lost_parcel.svg"]
    (card,) = [node for node in graph.nodes if node.states == ("lost_parcel.found_again",)]
    assert ("重开", "丢件找到了（90 天）") in [(line.label[0], line.text[0]) for line in card.lines if line.label]
    assert [edge.tail for edge in graph.edges if edge.head == card.id] == [state_id("lost_parcel.refunded")]


def test_english_counts_and_lists(graphs: dict[str, Graph]) -> None:
    """One step is a step, two pages are pages, and what comes first is said to."""
    said = {name: texts(graph) for name, graph in graphs.items() if name.endswith(".en.svg")}
    assert not [text for text in said["overview.en.svg"] if text.startswith("1 steps") or ", 1 ends" in text]
    entries = {text for found in said.values() for text in found if text.startswith("from page")}
    assert "from pages 2 and 4" in entries
    assert not [text for text in entries if text.startswith("from page ") and (" and " in text or "," in text)]
    assert not [text for found in said.values() for text in found if "(after " in text]


def test_overview_names_what_it_does_not_draw(shipped: LoadedPolicy, graphs: dict[str, Graph]) -> None:
    """Every hand-over is an arrow or named on the card, and few enough arrows are left to follow."""
    policy, graph = shipped.model, graphs["overview.svg"]
    nodes = {node.id: node for node in graph.nodes}
    arrows = {(edge.tail, edge.head) for edge in graph.edges}
    assert len(arrows) < 20
    for tail, flow in policy.flows.items():
        if tail == policy.root or state_id(f"flow.{tail}") not in nodes:
            continue
        said = " ".join(line.text[0] for line in nodes[state_id(f"flow.{tail}")].lines)
        states = (policy.states[key] for key in flow.states)
        targets = (way.target for state in states for ways in (state.branches, state.late) for way in ways)
        for target in targets:
            head = policy.states[target.state].flow
            if target.hands_over and head != tail:
                drawn = (state_id(f"flow.{tail}"), state_id(f"flow.{head}")) in arrows
                assert drawn or policy.flows[head].title.zh in said, f"{tail} -> {head}"


def test_overview_counts_every_flow_that_leads_to_a_meeting_point(
    shipped: LoadedPolicy, graphs: dict[str, Graph]
) -> None:
    """A meeting point says how many flows lead to it: as many as hand over, the root aside, which has a strip."""
    policy, counted = shipped.model, 0
    for node in graphs["overview.en.svg"].nodes:
        said = [
            strip.text[0] for strip in node.header if strip.text[0].startswith("from ") and "flows" in strip.text[0]
        ]
        if said:
            (name,) = (name for name in policy.flows if state_id(f"flow.{name}") == node.id)
            tails = {tail for tail in policy.flows if name in hand_overs(policy, tail)} - {policy.root, name}
            assert said == [f"from {len(tails)} flows"]
            counted += 1
    assert counted >= 3


def hand_overs(policy: Policy, flow: str) -> set[str]:
    """Return the flows that the states of one hand over to."""
    states = (policy.states[key] for key in policy.flows[flow].states)
    targets = (way.target for state in states for ways in (state.branches, state.late) for way in ways)
    return {policy.states[target.state].flow for target in targets if target.hands_over}


def test_legend_covers_what_strips_say(graphs: dict[str, Graph]) -> None:
    """Every doer that a card's strip names stands in the page's legend in the same words, with the same sign."""
    for name, graph in pages(graphs).items():
        strips = {(strip.text, strip.actor) for node in graph.nodes for strip in node.header if strip.actor is not None}
        legend = [(strip.text, strip.actor) for strip in graph.legend.actors]
        assert strips == set(legend), name
        assert len(strips) == len(legend), name


@pytest.mark.parametrize("name", ["warranty", "invoice"])
def test_long_pages_are_cut(shipped: LoadedPolicy, name: str) -> None:
    """What would be longer than a wall is high goes on on another page, at a card that starts a stage."""
    plan = Atlas.of(shipped.model, (Lang.ZH,)).plan(drawable(shipped.model)[name])
    cards = [key for key, unit in plan.units.items() if unit.state.end is None]
    alone = sum(height(plan.units[key]) for key in plan.pages[0].units)
    assert alone <= MOST_LINES < sum(height(plan.units[key]) for key in cards)
    assert all(end_height(unit.state) > 0 for unit in plan.units.values())
    if name == "warranty":
        assert [page.units[0] for page in plan.pages].count("warranty.quote") == 1


def test_no_page_holds_two_pictures(graphs: dict[str, Graph]) -> None:
    """What other pages lead to stands on a page of its own, unless it hangs together with the way that starts the page."""
    for name, graph in pages(graphs).items():
        entries = [node.id for node in graph.nodes if node.kind is NodeKind.START]
        parts = {frozenset(joined(graph, entry)) for entry in entries}
        assert len(parts) <= 1, f"{name}: {entries}"


def joined(graph: Graph, first: str) -> set[str]:
    """Return the nodes that hang together with one by arrows, in either direction."""
    found, waiting = {first}, [first]
    while waiting:
        name = waiting.pop()
        near = {end for edge in graph.edges if name in {edge.tail, edge.head} for end in (edge.tail, edge.head)} - found
        found |= near
        waiting += near
    return found


def texts(graph: Graph) -> set[str]:
    """Return all that the nodes of a page say, in its first language."""
    return {text for node in graph.nodes for text in (node.title[0], *map(said, lines(node)))}


def lines(node: Node) -> tuple[Line, ...]:
    """Return the lines of a node."""
    return node.lines


def said(line: Line) -> str:
    """Return what a line says."""
    return line.text[0]
