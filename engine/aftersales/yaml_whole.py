"""Sound YAML composed as a whole by PyYAML's fast parser, and turned into nodes of ours.

Whatever is at fault, or might be, is not looked into: then nothing is read at all, and ``yaml_events`` has its say, which
says where the fault is. Where something is read, it is what would be read there, to the last column.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from aftersales.source import Source, Style
from aftersales.text import pattern
from aftersales.yaml_tree import DEEPEST, MOST_NODES, Mapping, Node, Scalar, Sequence

_STYLES: Final[dict[str | None, Style]] = {
    None: "plain", "": "plain", "'": "single", '"': "double", ">": "folded", "|": "literal"
}  # fmt: skip
#: A node as the parser composes it.
_Written = Any


class _UnusualError(Exception):
    """Something that is not read here."""


class _Untold:
    """What the parser asks for while it composes: no node gets a tag, so one that has one was written with it."""

    def descend_resolver(self, parent: object, index: object) -> None:
        """Go down to a node."""

    def ascend_resolver(self) -> None:
        """Come back up from a node."""

    def resolve(self, kind: object, value: object, implicit: object) -> None:
        """Return no tag."""


class _Deep(_Untold):
    """The same where a file may get too deep: that is unusual, before the parser itself gets too deep."""

    deep = 0

    def descend_resolver(self, parent: object, index: object) -> None:  # noqa: ARG002 (the parser's own words)
        """Go down to a node."""
        self.deep = deep = self.deep + 1
        if deep > DEEPEST + 1:
            raise _UnusualError

    def ascend_resolver(self) -> None:
        """Come back up from a node."""
        self.deep -= 1


#: PyYAML's fast parser; ``None`` where PyYAML was built without it.
_PARSER: Final[type[Any] | None] = getattr(getattr(yaml, "_yaml", None), "CParser", None)
_COMPOSER, _CAREFUL = (
    (None, None)
    if _PARSER is None
    else (type("_Composer", (_Untold, _PARSER), {}), type("_Careful", (_Deep, _PARSER), {}))
)
#: So many signs that may each open a level lead no parser too deep.
_FEW: Final = 500


def compose_whole(source: Source) -> Node | None:
    """Return the node of ``source``; ``None`` where anything in it is out of the ordinary."""
    text = source.text
    if _COMPOSER is None or _CAREFUL is None or 2 * len(text) > MOST_NODES or "&" in text or _has_lone(text):
        return None
    try:
        root: _Written = (_COMPOSER if _is_flat(text) else _CAREFUL)(text).get_single_node()
        return None if root is None else _Whole(source).node(root, 1)
    except (yaml.YAMLError, _UnusualError):
        return None


def _is_flat(text: str) -> bool:
    """Return whether the parser gets nowhere deep, so that it need not be watched.

    A level is opened by a bracket, by a line that is indented further, or by one sign behind the other on one line.
    """
    return sum(text.count(sign) for sign in _OPENING) < _FEW and "\n" + " " * _FEW not in text


#: What may open a level on a line that is open already; behind ``-`` may stand more than one space.
_OPENING: Final = ("[", "{", "- -", "-  ", "? ")


def _has_lone(text: str) -> bool:
    """Return whether a ``!`` that names no tag may stand before a node: the parser says nothing of it."""
    return (text[-1:] == "!" or any(alone in text for alone in _ALONE)) and _BEFORE().search(text) is not None


#: How a ``!`` begins that names nothing, and how any stands before a node.
_ALONE: Final = ("! ", "!\n", "!\r", "!\t", "!,", "!<")
_BEFORE: Final = pattern(r"(?:^|[-:?,\[{])[ \t]*!", re.MULTILINE)


class _Whole:
    """Turns the nodes of one file into ours."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def node(self, node: _Written, deep: int) -> Node:
        """Return our node, the root being 1 ``deep``."""
        if node.tag is not None or deep > DEEPEST:
            raise _UnusualError
        if type(node) is yaml.ScalarNode:
            return Scalar(node.value, (self.source, node.start_mark, node.end_mark), _STYLES[node.style])
        return self.mapping(node, deep + 1) if type(node) is yaml.MappingNode else self.sequence(node, deep + 1)

    def sequence(self, node: _Written, deep: int) -> Sequence:
        """Return our list; with a parenthesis in brackets it may have been cut apart by a comma."""
        items = tuple([self.node(item, deep) for item in node.value])
        end = items[-1] if items and not node.flow_style else node.end_mark
        if node.flow_style and any(isinstance(item, Scalar) and "(" in item.text for item in items):
            raise _UnusualError
        return Sequence(items, (self.source, node.start_mark, end))

    def mapping(self, node: _Written, deep: int) -> Mapping:
        """Return our mapping; a key comes once and is a word, and in braces each has a value, as far as that is usual."""
        entries: list[tuple[Scalar, Node]] = []
        source, read, word = self.source, self.node, yaml.ScalarNode
        for key, value in node.value:
            if type(key) is not word or key.tag is not None:
                raise _UnusualError
            ours = Scalar(key.value, (source, key.start_mark, key.end_mark), _STYLES[key.style])
            entries.append((ours, read(value, deep)))
        if len({key.text for key, _ in entries}) < len(entries):
            raise _UnusualError
        if node.flow_style and not all(_says(value) for _, value in entries):
            raise _UnusualError
        end = entries[-1][1] if entries and not node.flow_style else node.end_mark
        return Mapping(tuple(entries), (source, node.start_mark, end))


def _says(node: Node) -> bool:
    """Return whether something stands there."""
    return not isinstance(node, Scalar) or node.text != ""
