"""A picture before it is drawn: boxes and arrows that know nothing of Graphviz or Mermaid.

How a picture can be lit up from outside (the trainer does): in an SVG

- a node that stands for a state has the id ``state_id(key)``: ``s-wrong_item-verify``; an inlined sub-flow's states
  stand together in one box, which has the id of the state that uses it (``Node.states`` names all that it stands for);
- whatever lies on a way (answers, questions between them, arrows, stubs) has the class ``way_class(edge_key)``, once
  for every way that passes there: ``.w-wrong_item-verify-b0`` selects all of branch 0 of ``wrong_item.verify``;
- every node also has the class of its kind (``NodeKind``), every arrow ``arrow`` and the class of its ``EdgeKind``;
  ``main`` marks the main path, ``lit`` what a case has walked, ``here`` where it stands, ``next`` what may come next,
  ``pale`` the rest of such a picture.

Ids are unique on a page and the same in every language; other nodes are ``n1``, ``n2`` …, arrows ``e1``, ``e2`` ….
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aftersales.policy.edges import source_of

#: The same words once per language shown: one entry, or Chinese and English.
Words = tuple[str, ...]

_NOT_ASCII: Final = re.compile(r"[^A-Za-z0-9_-]")
_LETTERS: Final = {"-": "b", "~": "l", "!": "a", "^": "r"}


class NodeKind(StrEnum):
    """What a node stands for; a renderer gives each kind its own shape.

    ``card`` a state, ``box`` an inlined sub-flow, ``end`` an end, ``desk`` a state whose answers lead to other flows
    and are listed in it; ``question`` what is asked after the first answer, ``answer`` a pill, ``late`` a deadline that
    passed, ``stub`` a way back or to an end listed below, ``flow`` another flow, ``page`` another page of this flow,
    ``start`` where it starts.
    """

    START = "start"
    CARD = "card"
    BOX = "box"
    DESK = "desk"
    END = "end"
    QUESTION = "question"
    ANSWER = "answer"
    LATE = "late"
    STUB = "stub"
    FLOW = "flow"
    PAGE = "page"


class EdgeKind(StrEnum):
    """Why one comes along an arrow: a branch, or a deadline that passed."""

    WAY = "way"
    LATE = "late"


class LineKind(StrEnum):
    """What a line of a card is about; a ``row`` is one of a list of answers and where they lead, ``late``
    where a deadline leads that gets no arrow.
    """

    PLAIN = "plain"
    ASK = "ask"
    CLOCK = "clock"
    MONEY = "money"
    SOURCE = "source"
    ROW = "row"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: a short label in front (``()``: none, ``""``: that of the line above) and what it says."""

    label: Words
    text: Words
    kind: LineKind = LineKind.PLAIN


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of the strip on top of a card: who acts (``actor`` counts roles and parties), or ``None``: an outcome.

    ``here`` strips say that the case stands there.
    """

    text: Words
    actor: int | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A node with an ASCII ``id``, unique in its graph.

    ``states`` are the policy's state keys it stands for, ``ways`` the edge keys that pass through it. ``main`` nodes
    lie on the main path. ``below`` nodes stand in rows under the picture, those with
    a lower number higher up. ``marks`` are further classes: ``lit``, ``here``, ``next``, ``pale``.
    """

    id: str
    kind: NodeKind
    title: Words
    header: tuple[Strip, ...] = ()
    lines: tuple[Line, ...] = ()
    states: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    below: int = 0
    main: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two nodes, by their ids; ``back`` ones lead to a stub and have no head."""

    tail: str
    head: str
    kind: EdgeKind = EdgeKind.WAY
    back: bool = False
    ways: tuple[str, ...] = ()
    main: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table below the picture: a heading, and rows of the same number of cells."""

    heading: Words
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """What the picture's marks mean: the actors on the page, and samples of other marks by name.

    ``stub`` is what a stub is called, for one that is only drawn because ways would cross.
    """

    actors: tuple[Strip, ...] = ()
    samples: tuple[tuple[str, Words], ...] = ()
    stub: Words = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """One page: ``title`` and ``subtitle`` (stage and page), ``stamp`` (policy, version, digest) above, the rest below.

    ``across`` runs it from left to right instead of top to bottom.
    """

    title: Words
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    across: bool = False
    subtitle: Words = ()
    stamp: Words = ()
    tables: tuple[Table, ...] = ()
    legend: Legend = Legend()
    page: int = 1
    pages: int = 1


def state_id(key: str) -> str:
    """Return the id of the node that stands for a state: ``s-wrong_item-trip-parcel``."""
    return f"s-{_ascii(key)}"


def way_class(key: str) -> str:
    """Return the class of all that lies on an edge (a key of ``policy.edges``): ``w-wrong_item-verify-b0``.

    The last letter tells a branch (``b``), a deadline (``l``), an interrupt (``a``) and a reopening (``r``).
    """
    source = source_of(key)
    number = key[len(source) :].lstrip("->~!^")
    return f"w-{_ascii(source)}-{_LETTERS[key[len(source)]]}{number}"


def _ascii(key: str) -> str:
    """Return a key with dashes for dots: no name of a policy has one, so two keys never become the same."""
    return _NOT_ASCII.sub("_", key.replace(".", "-"))
