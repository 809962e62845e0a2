"""The pictures of a whole policy as files: every flow and sub-flow and the overview, in Chinese and English.

Each SVG names the digest of the DOT text it was drawn from: whether it is fresh can be told without drawing, and
whichever version of Graphviz drew it.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from aftersales.draw.dot import dot_text, render
from aftersales.draw.from_policy import flow_graph
from aftersales.draw.graph import Graph
from aftersales.draw.overview import overview_graph
from aftersales.draw.pictures import drawable
from aftersales.policy.model import Policy
from aftersales.text import Lang

_ENDINGS: Final = {Lang.ZH: ".svg", Lang.EN: ".en.svg"}
_DIGEST: Final = re.compile(rb"<!-- drawn from DOT sha256:([0-9a-f]{64}) -->")


def gallery(policy: Policy) -> dict[str, Graph]:
    """Return the graph of every picture by its file name, such as ``wrong_item.svg`` and ``wrong_item.en.svg``."""
    graphs = {f"overview{ending}": overview_graph(policy, (lang,)) for lang, ending in _ENDINGS.items()}
    return graphs | {
        f"{name}{ending}": flow_graph(policy, flow, (lang,))
        for name, flow in drawable(policy).items()
        for lang, ending in _ENDINGS.items()
    }


def write_gallery(policy: Policy, folder: Path) -> None:
    """Draw every picture that is not fresh into ``folder``, and remove the SVG files that are none of them.

    Raises ``DrawingError`` where Graphviz is missing.
    """
    graphs = gallery(policy)
    for path in folder.glob("*.svg"):
        if path.name not in graphs:
            path.unlink()
    for name, graph in graphs.items():
        path = folder / name
        if not path.exists() or drawn_from(path.read_bytes()) != digest(graph):
            path.write_bytes(_stamped(render(graph, "svg"), digest(graph)))


def digest(graph: Graph) -> str:
    """Return the SHA-256 of a graph's DOT text."""
    return sha256(dot_text(graph).encode()).hexdigest()


def drawn_from(svg: bytes) -> str | None:
    """Return the digest of the DOT text that an SVG of ``write_gallery`` was drawn from."""
    found = _DIGEST.search(svg)
    return found[1].decode() if found else None


def _stamped(svg: bytes, of: str) -> bytes:
    declaration, _, rest = svg.partition(b"\n")
    return declaration + f"\n<!-- drawn from DOT sha256:{of} -->\n".encode() + rest.rstrip() + b"\n"
