"""YAML read into nodes that know their place: nothing but mappings, lists and single values.

Every value stays the text that the author wrote; ``no``, ``010`` or ``12:30`` mean nothing here. Files may come from
strangers: size, depth and number are limited while reading, and what has no use in a policy (aliases, tags, several
documents, duplicate keys) is a fault.
"""

from __future__ import annotations

from aftersales.errors import Diagnostic
from aftersales.source import Source
from aftersales.yaml_text import refusal
from aftersales.yaml_tree import (
    DEEPEST,
    MOST_FAULTS,
    MOST_NODES,
    NULLS,
    Mapping,
    Node,
    Scalar,
    Sequence,
    from_to,
    joined,
    place,
    plain,
    span_at,
)
from aftersales.yaml_whole import compose_whole

__all__ = [
    "DEEPEST",
    "MOST_FAULTS",
    "MOST_NODES",
    "NULLS",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "compose",
    "from_to",
    "joined",
    "place",
    "plain",
    "span_at",
]


def compose(source: Source) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Return the node of ``source`` and all faults found; ``None`` where what was read makes no sense.

    A node may come with faults: then it is what the author most likely meant.
    """
    refused = refusal(source)
    if refused:
        return None, (refused,)
    node = compose_whole(source)
    if node is not None:
        return node, ()
    from aftersales.yaml_events import compose_events  # noqa: PLC0415 (what is sound needs none of it)

    return compose_events(source)
