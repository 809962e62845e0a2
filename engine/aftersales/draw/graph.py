"""A picture before it is drawn: boxes and arrows that know nothing of policies, Graphviz or Mermaid."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The same words once per language shown: one entry, or Chinese and English.
Words = tuple[str, ...]


class NodeKind(StrEnum):
    """What a node stands for; a renderer gives each kind its own shape."""

    START = "start"
    CARD = "card"
    BOX = "box"
    END = "end"
    GUARD = "guard"
    LATE = "late"
    STUB = "stub"
    FLOW = "flow"
    ANYTIME = "anytime"


class EdgeKind(StrEnum):
    """Why one comes along an edge: a branch, a deadline that passed, or an interrupt."""

    WAY = "way"
    LATE = "late"
    ANYTIME = "anytime"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: a short label in front (``()``: none, ``""``: that of the line above) and what it says."""

    label: Words
    text: Words


@dataclass(frozen=True, slots=True)
class Node:
    """A node with an ASCII ``id``, unique in its graph.

    ``header`` is the strip on top (who acts, or the outcome) and ``tint`` the number of its colour (``None``: grey).
    ``states`` are the policy's state keys it stands for, ``ways`` the edge keys; ``lit`` nodes lie on the path shown.
    """

    id: str
    kind: NodeKind
    title: Words
    header: Words = ()
    lines: tuple[Line, ...] = ()
    tint: int | None = None
    states: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    lit: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two nodes, by their ids; ``back`` ones lead to a stub and are drawn short and dashed."""

    tail: str
    head: str
    kind: EdgeKind = EdgeKind.WAY
    back: bool = False
    ways: tuple[str, ...] = ()
    lit: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """A whole picture; ``across`` runs it from left to right instead of top to bottom."""

    title: Words
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    across: bool = False
