"""Pictures as bytes: a flow page by page, how the flows hang together, and the path of one decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from aftersales.draw.dot import AT_ONCE, Rendered, dot_text, render_all
from aftersales.draw.from_path import Path, marked
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import Graph, NodeKind
from aftersales.draw.mermaid import mermaid_text
from aftersales.draw.overview import overview_graph
from aftersales.draw.ways import sub_flows
from aftersales.errors import Diagnostic, DrawingError, did_you_mean
from aftersales.policy.edges import branch_key, late_key
from aftersales.policy.model import Flow, Policy
from aftersales.run.decision import Decision
from aftersales.text import Lang, Text

#: What a picture can be made as; ``dot`` and ``mmd`` (Mermaid) are text and need no Graphviz.
Format = Literal["svg", "png", "pdf", "dot", "mmd"]

#: The languages of a picture; ``both`` shows Chinese above English.
_LANGS: Final[dict[str, tuple[Lang, ...]]] = {"zh": (Lang.ZH,), "en": (Lang.EN,), "both": (Lang.ZH, Lang.EN)}
_RENDERED: Final[tuple[Rendered, ...]] = ("svg", "png", "pdf")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of a flow as SVG text, with the ids of the nodes that stand for its states (by state key).

    ``draw.graph`` says how nodes and ways are found in it. A state whose card is on another page is not in ``nodes``.
    """

    page: int
    pages: int
    title: str
    svg: str
    nodes: Mapping[str, str]


def drawable(policy: Policy) -> dict[str, Flow]:
    """Return every flow that has a picture of its own, by name: the flows, then the sub-flows that they use."""
    return {**policy.flows, **sub_flows(policy)}


def flow_pictures(
    policy: Policy, flows: Iterable[str] | None = None, *, lang: str = "zh"
) -> dict[str, tuple[Picture, ...]]:
    """Return the pages of every flow and sub-flow (or of those named) as SVG text, by flow.

    ``lang`` and errors as in ``draw_pages``. All together take a few seconds for the shipped policy.
    """
    return drawn_flows(flow_atlas(policy, lang=lang), drawable(policy) if flows is None else flows)


def flow_atlas(policy: Policy, *, lang: str = "zh") -> Atlas:
    """Return what the pictures of a policy have in common, for ``drawn_flows``; ``lang`` as in ``draw_pages``.

    Working it out takes about half a second for the shipped policy.
    """
    return Atlas.of(policy, _langs(lang))


def drawn_flows(atlas: Atlas, flows: Iterable[str], *, at_once: int = AT_ONCE) -> dict[str, tuple[Picture, ...]]:
    """Return the pages of the flows and sub-flows that are named as SVG text, by flow; errors as in ``draw_pages``.

    ``at_once`` says how many runs of Graphviz share them: where several processes draw side by side, one does.
    """
    names = tuple(flows)
    pages = [(name, graph) for name in names for graph in flow_pages(atlas, _flow(atlas.policy, name))]
    drawn = render_all([graph for _, graph in pages], "svg", at_once=at_once)
    found: dict[str, tuple[Picture, ...]] = dict.fromkeys(names, ())
    for (name, graph), svg in zip(pages, drawn, strict=True):
        found[name] = (*found[name], _picture(graph, svg))
    return found


def draw_pages(
    policy: Policy, flow: Flow | str, *, lang: str = "zh", fmt: str = "svg", sources: bool = False
) -> tuple[bytes, ...]:
    """Draw every page of one flow; an inlined sub-flow is one box, and has a picture under its own name.

    ``lang`` is ``zh``, ``en`` or ``both``; ``fmt`` is ``svg``, ``png``, ``pdf``, ``dot`` or ``mmd`` (text in UTF-8).
    With ``sources`` the picture says which source stands behind each state and branch.
    Raises ``DrawingError`` for a name that is none of these, and where Graphviz is missing.
    """
    return _made(flow_pages(Atlas.of(policy, _langs(lang), sources=sources), _flow(policy, flow)), fmt)


def draw_flow(
    policy: Policy, flow: Flow | str, *, page: int = 1, lang: str = "zh", fmt: str = "svg", sources: bool = False
) -> bytes:
    """Draw one page of a flow, the first unless ``page`` says otherwise; the rest and errors as in ``draw_pages``.

    Raises ``DrawingError`` where there is no such page.
    """
    pages = flow_pages(Atlas.of(policy, _langs(lang), sources=sources), _flow(policy, flow))
    if not 1 <= page <= len(pages):
        raise _unknown("page", Text("页", "page"), str(page), map(str, range(1, len(pages) + 1)))
    return _made(pages[page - 1 : page], fmt)[0]


def draw_overview(policy: Policy, *, lang: str = "zh", fmt: str = "svg") -> bytes:
    """Draw how the flows hang together; ``lang``, ``fmt`` and errors as in ``draw_pages``."""
    return _made((overview_graph(policy, _langs(lang)),), fmt)[0]


def draw_all(policy: Policy, *, lang: str = "zh", fmt: str = "svg", sources: bool = False) -> dict[str, bytes]:
    """Draw the overview and every page of every flow and sub-flow, by name: ``overview``, ``wrong_item-2``.

    ``lang``, ``fmt``, ``sources`` and errors as in ``draw_pages``.
    """
    atlas = Atlas.of(policy, _langs(lang), sources=sources)
    graphs = {"overview": overview_graph(policy, _langs(lang))}
    for name, flow in drawable(policy).items():
        graphs |= {paged(name, graph.page): graph for graph in flow_pages(atlas, flow)}
    return dict(zip(graphs, _made(tuple(graphs.values()), fmt), strict=True))


def paged(name: str, page: int) -> str:
    """Return the name of a page: the first bears the flow's own, the second is ``name-2``."""
    return name if page == 1 else f"{name}-{page}"


def draw_path(
    policy: Policy, decision: Decision, *, flow: Flow | str | None = None, lang: str = "zh", fmt: str = "svg"
) -> bytes:
    """Draw the page where the case stands, its path strong and what is next marked, the rest pale.

    Of ``flow``, if the case came through several, the last page that it was on. ``lang``, ``fmt`` and errors as in
    ``draw_pages``.
    """
    return _made(_path_pages(policy, decision, flow, _langs(lang))[-1:], fmt)[0]


def draw_path_pages(
    policy: Policy, decision: Decision, *, flow: Flow | str | None = None, lang: str = "zh", fmt: str = "svg"
) -> tuple[bytes, ...]:
    """Draw every page of a flow that the case was on, the one where it stands last; the rest as in ``draw_path``."""
    return _made(_path_pages(policy, decision, flow, _langs(lang)), fmt)


def _path_pages(
    policy: Policy, decision: Decision, flow: Flow | str | None, langs: tuple[Lang, ...]
) -> tuple[Graph, ...]:
    atlas = Atlas.of(policy, langs)
    graphs = flow_pages(atlas, _flow(policy, flow or decision.flow))
    visited = [f"{step.flow}.{step.state}" for step in decision.path]
    here = f"{decision.flow}.{decision.state}"
    state = policy.states[here]
    following = (
        *(branch_key(here, index) for index in range(len(state.branches))),
        *(late_key(here, index) for index in range(len(state.late))),
    )
    path = Path(frozenset(visited), {step.edge for step in decision.path if step.edge}, here, following)
    last = {key: number for number, key in enumerate(visited)}
    shown = [(max((last.get(key, -1) for key in _cards(graph)), default=-1), graph.page, graph) for graph in graphs]
    walked = [graph for when, _, graph in sorted(shown, key=lambda entry: entry[:2]) if when >= 0]
    if not any(here in node.states for graph in walked for node in graph.nodes):
        walked += [graph for graph in graphs if any(here in node.states for node in graph.nodes)][:1]
    return tuple(marked(graph, path, atlas.wording) for graph in walked or graphs[:1])


def _cards(graph: Graph) -> tuple[str, ...]:
    """Return the states whose card is on a page; an end may be on several."""
    return tuple(key for node in graph.nodes if node.kind is not NodeKind.END for key in node.states)


def _picture(graph: Graph, svg: bytes) -> Picture:
    nodes = {key: node.id for node in graph.nodes for key in node.states}
    return Picture(graph.page, graph.pages, " / ".join((*graph.title, *graph.subtitle)), svg.decode(), nodes)


def _made(graphs: tuple[Graph, ...], fmt: str) -> tuple[bytes, ...]:
    if fmt == "dot":
        return tuple(dot_text(graph).encode() for graph in graphs)
    if fmt == "mmd":
        return tuple(mermaid_text(graph).encode() for graph in graphs)
    for rendered in _RENDERED:
        if fmt == rendered:
            return tuple(render_all(graphs, rendered))
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
