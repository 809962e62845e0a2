"""Pictures as bytes: a flow, how the flows hang together, and the path of one decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, get_args

from aftersales.draw.dot import Rendered, dot_text, render
from aftersales.draw.from_path import marked
from aftersales.draw.from_policy import flow_graph
from aftersales.draw.graph import Graph
from aftersales.draw.mermaid import mermaid_text
from aftersales.draw.overview import overview_graph
from aftersales.draw.ways import sub_flows
from aftersales.errors import Diagnostic, DrawingError, did_you_mean
from aftersales.policy.model import Flow, Policy
from aftersales.run.decision import Decision
from aftersales.text import Lang, Text

#: What a picture can be made as; ``dot`` and ``mmd`` (Mermaid) are text and need no Graphviz.
Format = Literal["svg", "png", "pdf", "dot", "mmd"]

#: The languages of a picture; ``both`` shows Chinese above English.
_LANGS: Final[dict[str, tuple[Lang, ...]]] = {"zh": (Lang.ZH,), "en": (Lang.EN,), "both": (Lang.ZH, Lang.EN)}


def drawable(policy: Policy) -> dict[str, Flow]:
    """Return every flow that has a picture of its own, by name: the flows, then the sub-flows that they use."""
    return {**policy.flows, **sub_flows(policy)}


def draw_flow(policy: Policy, flow: Flow | str, *, lang: str = "zh", fmt: str = "svg") -> bytes:
    """Draw one flow, every state of it; an inlined sub-flow is one box, and has a picture under its own name.

    ``lang`` is ``zh``, ``en`` or ``both``; ``fmt`` is ``svg``, ``png``, ``pdf``, ``dot`` or ``mmd`` (text in UTF-8).
    Raises ``DrawingError`` for a name that is none of these, and where Graphviz is missing.
    """
    return _made(flow_graph(policy, _flow(policy, flow), _langs(lang)), fmt)


def draw_overview(policy: Policy, *, lang: str = "zh", fmt: str = "svg") -> bytes:
    """Draw how the flows hang together; ``lang``, ``fmt`` and errors as in ``draw_flow``."""
    return _made(overview_graph(policy, _langs(lang)), fmt)


def draw_path(
    policy: Policy, decision: Decision, *, flow: Flow | str | None = None, lang: str = "zh", fmt: str = "svg"
) -> bytes:
    """Draw the flow where the case stands (or ``flow``, if it came through several) with the case's path lit.

    ``lang``, ``fmt`` and errors as in ``draw_flow``.
    """
    graph = flow_graph(policy, _flow(policy, flow or decision.flow), _langs(lang))
    visited = {f"{step.flow}.{step.state}" for step in decision.path}
    return _made(marked(graph, visited, {step.edge for step in decision.path if step.edge}), fmt)


def _made(graph: Graph, fmt: str) -> bytes:
    if fmt == "dot":
        return dot_text(graph).encode()
    if fmt == "mmd":
        return mermaid_text(graph).encode()
    for rendered in get_args(Rendered):
        if fmt == rendered:
            return render(graph, rendered)
    raise _unknown("format", Text("图片格式", "picture format"), fmt, get_args(Format))


def _langs(lang: str) -> tuple[Lang, ...]:
    if lang not in _LANGS:
        raise _unknown("language", Text("语言", "language"), lang, _LANGS)
    return _LANGS[lang]


def _flow(policy: Policy, flow: Flow | str) -> Flow:
    if isinstance(flow, Flow):
        return flow
    known = drawable(policy)
    if flow not in known:
        raise _unknown("flow", Text("流程", "flow"), flow, known)
    return known[flow]


def _unknown(code: str, what: Text, name: str, known: Iterable[str]) -> DrawingError:
    names = tuple(known)
    message = Text(
        f"没有叫“{name}”的{what.zh}；有：{'、'.join(names)}",
        f"no {what.en} is called {name!r}; there are: {', '.join(names)}",
    )
    return DrawingError(Diagnostic(f"unknown_{code}", message, hint=did_you_mean(name, names)))
