"""DOT and Mermaid text: deterministic, ASCII ids, and nothing of a title gets out of its label."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from aftersales.draw.dot import dot_text
from aftersales.draw.from_policy import flow_graph
from aftersales.draw.graph import Edge, Graph, Line, Node, NodeKind
from aftersales.draw.mermaid import mermaid_text
from aftersales.draw.pictures import draw_flow, draw_overview
from aftersales.errors import DrawingError
from aftersales.policy.model import Policy
from aftersales.text import Lang

EVIL = '</TD></TR></TABLE>> "]; click s1 "javascript:x" <IMG SRC="/etc/hosts"/> & \\N \\G `x` #quot; \x00\x08\ud800'


def hostile(kind: NodeKind) -> Graph:
    """Return a graph whose every text is an attack."""
    words = (EVIL,)
    return Graph(
        words, (Node("s1", kind, words, words, (Line(words, words),)), Node("s2", kind, words)), (Edge("s1", "s2"),)
    )


def test_same_graph_same_text(policy: Policy) -> None:
    """Drawn twice, a flow gives the same DOT and the same Mermaid text, to the byte."""
    for fmt in ("dot", "mmd"):
        assert draw_flow(policy, "main", fmt=fmt) == draw_flow(policy, "main", fmt=fmt)


def test_ids_are_ours(policy: Policy) -> None:
    """Node ids are short ASCII, whatever the policy calls its states."""
    graph = flow_graph(policy, policy.flows["main"], (Lang.ZH,))
    assert all(re.fullmatch(r"start|[a-z]\d+", node.id) for node in graph.nodes)
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


def test_missing_graphviz_says_what_to_run(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Graphviz the fault gives the line to run; text forms still come out."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DrawingError, match="apt-get install graphviz"):
        draw_flow(policy, "main", fmt="svg")
    assert draw_flow(policy, "main", fmt="dot")
