"""The pictures of a whole policy as files: every flow and sub-flow and the overview, in Chinese and English.

Each SVG names the digest of the DOT text it was drawn from: whether it is fresh can be told without drawing, and
whichever version of Graphviz drew it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from aftersales.draw.dot import dot_text, render_all
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import Graph
from aftersales.draw.index import index_page, index_text
from aftersales.draw.overview import overview_graph
from aftersales.draw.pictures import drawable, paged
from aftersales.policy.model import Policy
from aftersales.text import Lang

_ENDINGS: Final = {Lang.ZH: ".svg", Lang.EN: ".en.svg"}
_DIGEST: Final = re.compile(rb"<!-- drawn from DOT sha256:([0-9a-f]{64}) -->")


def gallery(policy: Policy) -> dict[str, Graph]:
    """Return the graph of every picture by its file name: ``wrong_item.svg``, ``wrong_item-2.svg``, ``….en.svg``."""
    first = Atlas.of(policy, (Lang.ZH,))
    graphs: dict[str, Graph] = {}
    for lang, ending in _ENDINGS.items():
        graphs[f"overview{ending}"] = overview_graph(policy, (lang,))
        atlas = replace(first, langs=(lang,))
        for name, flow in drawable(policy).items():
            graphs |= {f"{paged(name, graph.page)}{ending}": graph for graph in flow_pages(atlas, flow)}
    return graphs


def write_gallery(policy: Policy, folder: Path) -> None:
    """Draw every picture that is not fresh into ``folder``, with its index, and remove SVG files that are none of them.

    Raises ``DrawingError`` where Graphviz is missing.
    """
    graphs = gallery(policy)
    for path in folder.glob("*.svg"):
        if path.name not in graphs:
            path.unlink()
    for name, text in indexes(policy, graphs).items():
        (folder / name).write_text(text, encoding="utf-8")
    digests = {name: digest(graph) for name, graph in graphs.items()}
    stale = [name for name, made in digests.items() if not _fresh(folder / name, made)]
    for name, svg in zip(stale, render_all([graphs[name] for name in stale], "svg"), strict=True):
        (folder / name).write_bytes(_stamped(svg, digests[name]))


def indexes(policy: Policy, graphs: dict[str, Graph]) -> dict[str, str]:
    """Return the text of the index pages by file name."""
    return {"index.html": index_page(policy, graphs), "README.md": index_text(policy, graphs)}


def digest(graph: Graph) -> str:
    """Return the SHA-256 of a graph's DOT text."""
    return sha256(dot_text(graph).encode()).hexdigest()


def drawn_from(svg: bytes) -> str | None:
    """Return the digest of the DOT text that an SVG of ``write_gallery`` was drawn from."""
    found = _DIGEST.search(svg)
    return found[1].decode() if found else None


def _fresh(path: Path, made: str) -> bool:
    return path.exists() and drawn_from(path.read_bytes()) == made


def _stamped(svg: bytes, of: str) -> bytes:
    declaration, _, rest = svg.partition(b"\n")
    return declaration + f"\n<!-- drawn from DOT sha256:{of} -->\n".encode() + rest.rstrip() + b"\n"
