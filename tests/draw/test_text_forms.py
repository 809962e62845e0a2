"""DOT and Mermaid text: deterministic, ASCII ids, and nothing of a title gets out of its label."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from aftersales.draw.dot import dot_text
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import Edge, Graph, Legend, Line, LineKind, Node, NodeKind, Strip, Table
from aftersales.draw.mermaid import mermaid_text
from aftersales.draw.pictures import draw_flow, draw_overview
from aftersales.errors import DrawingError
from aftersales.policy.model import Policy, PolicySource
from aftersales.source import Source, Span
from aftersales.text import Lang, Text

SPAN = Span(Source("small.yaml", ""), 1, 1, 1, 1)

EVIL = '</TD></TR></TABLE>> "]; click s1 "javascript:x" <IMG SRC="/etc/hosts"/> & \\N \\G `x` #quot; \x00\x08\ud800'


def hostile(kind: NodeKind) -> Graph:
    """Return a graph whose every text is an attack."""
    words = (EVIL,)
    lines = tuple(Line(words, words, line) for line in LineKind)
    nodes = (Node("s1", kind, words, (Strip(words), Strip(words, 3)), lines), Node("s2", kind, words, below=True))
    tables = (Table(words, ((words, words, words),)),)
    legend = Legend((Strip(words, 1),), (("end", words),))
    return Graph(words, nodes, (Edge("s1", "s2"),), subtitle=words, stamp=words, tables=tables, legend=legend)


def test_same_graph_same_text(policy: Policy) -> None:
    """Drawn twice, a flow gives the same DOT and the same Mermaid text, to the byte."""
    for fmt in ("dot", "mmd"):
        assert draw_flow(policy, "main", fmt=fmt) == draw_flow(policy, "main", fmt=fmt)


def test_ids_are_ours(policy: Policy) -> None:
    """Node ids are ASCII, made of the policy's names or counted."""
    (graph,) = flow_pages(Atlas.of(policy, (Lang.ZH,)), policy.flows["main"])
    assert all(re.fullmatch(r"start|n\d+|s(-[a-z_]+)+", node.id) for node in graph.nodes)
    assert len({node.id for node in graph.nodes}) == len(graph.nodes)


@pytest.mark.parametrize("kind", list(NodeKind))
def test_titles_stay_text_in_dot(kind: NodeKind) -> None:
    """A stranger's title cannot end its label, bring in an image, or use Graphviz' own escapes."""
    text = dot_text(hostile(kind))
    for label in re.findall(r"label=<(.*)>(?: |\])", text):
        ET.fromstring(f"<label>{label}</label>")  # noqa: S314  # our own text
    assert "<IMG" not in text
    assert "\\N" not in text
    assert "\x00" not in text


@pytest.mark.parametrize("kind", list(NodeKind))
def test_titles_stay_text_in_mermaid(kind: NodeKind) -> None:
    """A stranger's title cannot end its label, start a command, or bring in markup."""
    for line in mermaid_text(hostile(kind)).splitlines():
        assert line.count('"') in {0, 2}
        assert not line.strip().startswith("click")
    assert "<IMG" not in mermaid_text(hostile(kind))


@pytest.mark.parametrize("kind", list(NodeKind))
def test_graphviz_draws_what_is_hostile(kind: NodeKind, policy: Policy) -> None:
    """Graphviz takes every kind of node with the worst of titles and shows the title as it is."""
    from aftersales.draw.dot import render  # noqa: PLC0415

    svg = ET.fromstring(render(hostile(kind), "svg"))  # noqa: S314  # made by Graphviz from our text
    shown = "".join(svg.itertext())
    assert "\\N" in shown
    assert "IMG" in shown
    assert not [entry for entry in svg.iter() if entry.tag.endswith("image")]


@pytest.mark.parametrize(("fmt", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_formats(policy: Policy, fmt: str, begins: bytes) -> None:
    """SVG, PNG and PDF come out of Graphviz."""
    assert draw_flow(policy, policy.flows["main"], lang="both", fmt=fmt).startswith(begins)
    assert draw_overview(policy, lang="en", fmt=fmt).startswith(begins)


def test_unknown_names_are_told(policy: Policy) -> None:
    """A flow, language or format that there is not is a fault with the known names and the nearest one."""
    with pytest.raises(DrawingError) as flow:
        draw_flow(policy, "mian")
    assert str(flow.value).splitlines()[0].endswith("no flow is called 'mian'; there are: main, other, journey")
    assert "did you mean main?" in str(flow.value)
    with pytest.raises(DrawingError, match="no picture format is called 'gif'"):
        draw_flow(policy, "main", fmt="gif")
    with pytest.raises(DrawingError, match="no language is called 'de'"):
        draw_flow(policy, "main", lang="de")
    with pytest.raises(DrawingError, match="no page is called '2'; there are: 1"):
        draw_flow(policy, "main", page=2)


def test_missing_graphviz_says_what_to_run(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Graphviz the fault gives the line to run; text forms still come out."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DrawingError, match="apt-get install graphviz"):
        draw_flow(policy, "main", fmt="svg")
    assert draw_flow(policy, "main", fmt="dot")
    assert draw_flow(policy, "main", fmt="mmd")


def test_missing_font_says_what_to_run(policy: Policy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where fontconfig knows no Chinese font the fault gives the line to run; a picture in English is drawn."""
    listed = tmp_path / "fc-list"
    listed.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    listed.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(DrawingError, match="apt-get install fonts-noto-cjk"):
        draw_flow(policy, "main", fmt="svg")
    assert draw_flow(policy, "main", lang="en", fmt="svg").startswith(b"<?xml")


def test_svg_can_be_lit_from_outside(policy: Policy) -> None:
    """In the SVG a state's group has its id, and all that lies on a way has the way's class, once each."""
    svg = ET.fromstring(draw_flow(policy, "main"))  # noqa: S314  # made by Graphviz from our text
    groups = {entry.get("id"): (entry.get("class") or "").split() for entry in svg.iter() if entry.tag.endswith("}g")}
    assert "card" in groups["s-main-choose"]
    assert "end" in groups["s-main-done"]
    lit = [name for name, classes in groups.items() if "w-main-choose-b0" in classes]
    assert len(lit) == 3
    assert "w-main-ask-l0" in groups["s-main-ask"]
    assert [entry.text for entry in svg if entry.tag.endswith("}title")] == ["错发"]


def test_sources_on_demand(policy: Policy) -> None:
    """Sources are named only where they are asked for, with their titles in a table."""
    source = PolicySource("S1", Text("售后办法", "After-sales rules"), "document", SPAN, article="3")
    ask = replace(policy.states["main.ask"], sources=("S1",))
    sourced = replace(policy, sources={"S1": source}, states={**policy.states, "main.ask": ask})
    assert "售后办法" not in draw_flow(sourced, "main", fmt="dot").decode()
    text = draw_flow(sourced, "main", fmt="dot", sources=True).decode()
    assert "售后办法" in text
    assert text.count(">S1<") == 2
