"""The committed pictures are those of the shipped policy; ``./dev draw`` renders them anew."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import aftersales
from aftersales.draw import draw_path, draw_path_pages, drawn_flows, flow_atlas
from aftersales.draw.gallery import digest, drawn_from, gallery, indexes, write_gallery
from aftersales.draw.graph import Graph
from aftersales.draw.palette import LIT
from aftersales.policy.edges import edges
from aftersales.policy.model import Policy

DIAGRAMS = Path(__file__).parents[2] / "diagrams"


def test_path_of_a_decision_is_drawn(shipped: aftersales.LoadedPolicy) -> None:
    """The picture of a decision is that of its flow, with the path strong."""
    decision = shipped.decide_facts(issue="lost_parcel")
    assert decision.flow == "lost_parcel"
    picture = draw_path(shipped.model, decision, fmt="dot").decode()
    assert picture.count(LIT) > 1


def test_path_over_several_pages(shipped: aftersales.LoadedPolicy) -> None:
    """A case that went over several pages has a picture of each in its order, the one where it stands last."""
    decision = shipped.decide_facts(
        issue="wrong_item", warehouse_record="confirms_buyer", photos_sent=True, evidence="confirmed", in_stock=True
    )
    pages = [page.decode() for page in draw_path_pages(shipped.model, decision, fmt="dot")]
    assert ["现在在这里" in page for page in pages] == [False, True]
    assert draw_path(shipped.model, decision, fmt="dot").decode() == pages[-1]


def test_withdrawn_case_shows_its_end(shipped: aftersales.LoadedPolicy) -> None:
    """An interrupt leads from any page to an end that stands under the first one: that page is shown last."""
    told = {"warehouse_record": "confirms_buyer", "photos_sent": True, "evidence": "confirmed", "in_stock": True}
    decision = shipped.decide_facts(issue="wrong_item", claim_withdrawn=True, **told)
    assert decision.state == "withdrawn"
    assert "现在在这里" in draw_path(shipped.model, decision, fmt="dot").decode()


def test_pictures_are_fresh(graphs: dict[str, Graph]) -> None:
    """Every page of every flow and the overview has its picture in both languages, drawn from what the flow says now."""
    drawn = {path.name: drawn_from(path.read_bytes()) for path in DIAGRAMS.glob("*.svg")}
    assert drawn == {name: digest(graph) for name, graph in graphs.items()}


def test_index_is_fresh(shipped: aftersales.LoadedPolicy, graphs: dict[str, Graph]) -> None:
    """The index pages name every picture there is, and all that they link to is there."""
    for name, text in indexes(shipped.model, graphs).items():
        assert (DIAGRAMS / name).read_text(encoding="utf-8") == text
        linked = set(re.findall(r'[\w.-]+\.svg(?=["\)])', text))
        assert linked == set(graphs)


def test_runs_of_graphviz_share_the_pages(shipped: aftersales.LoadedPolicy) -> None:
    """However many runs draw the pages of flows, each flow has its own, in their order."""
    atlas, names = flow_atlas(shipped.model), ("presale", "warranty", "return_trip")
    alone = {name: drawn_flows(atlas, [name], at_once=1)[name] for name in names}
    assert drawn_flows(atlas, names, at_once=1) == drawn_flows(atlas, names, at_once=3) == alone
    assert len(alone["warranty"]) > 1


def test_pictures_are_small(graphs: dict[str, Graph]) -> None:
    """All pictures together stay under 8 MB, and no page of a flow has more than 45 nodes."""
    assert sum(path.stat().st_size for path in DIAGRAMS.iterdir()) < 8_000_000
    assert max(len(graph.nodes) for graph in graphs.values()) <= 45


def test_each_state_has_one_card(shipped: aftersales.LoadedPolicy, graphs: dict[str, Graph]) -> None:
    """On the pages of a flow every open state has exactly one card, and every end is drawn."""
    for name, flow in shipped.model.flows.items():
        pages = [graph for file, graph in graphs.items() if re.fullmatch(rf"{name}(-\d+)?\.svg", file)]
        shown = Counter(key for page in pages for node in page.nodes for key in node.states)
        assert set(shown) == set(flow.states)
        assert {key for key, count in shown.items() if count > 1 and not shipped.model.states[key].end} == set()


def test_every_way_can_be_lit(shipped: aftersales.LoadedPolicy, graphs: dict[str, Graph]) -> None:
    """Every branch, deadline, interrupt and reopening of a flow is found on some page, but those inside sub-flows."""
    lit = {key for graph in graphs.values() for node in graph.nodes for key in node.ways}
    lit |= {key for graph in graphs.values() for edge in graph.edges for key in edge.ways}
    states = shipped.model.states
    boxes = tuple(f"{key}." for key, state in states.items() if state.uses)
    inside = {edge.key for edge in edges(shipped.model) if edge.source.startswith(boxes) or edge.source + "." in boxes}
    assert {edge.key for edge in edges(shipped.model)} - inside - lit == set()


def test_gallery_draws_only_what_changed(policy: Policy, tmp_path: Path) -> None:
    """A fresh picture is left alone, a stale one drawn again, a foreign one removed."""
    write_gallery(policy, tmp_path)
    names = sorted(gallery(policy))
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == names
    (tmp_path / "main.svg").write_bytes(b"stale")
    (tmp_path / "gone.svg").write_bytes(b"of a flow that is no more")
    others = {name: (tmp_path / name).stat().st_mtime_ns for name in names if name != "main.svg"}
    write_gallery(policy, tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == names
    assert drawn_from((tmp_path / "main.svg").read_bytes()) == digest(gallery(policy)["main.svg"])
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in others} == others
