"""YAML read by PyYAML's events: whatever may stand in a file, and every fault of it at its place."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import Final, Literal, cast

import yaml

from aftersales.dataclass import dataclass, field
from aftersales.errors import Diagnostic
from aftersales.source import Source, Span, Style
from aftersales.text import Text
from aftersales.yaml_problems import explain
from aftersales.yaml_tree import DEEPEST, MOST_FAULTS, MOST_NODES, Mapping, Node, Scalar, Sequence

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STYLES: Final[dict[str | None, Style]] = {"'": "single", '"': "double", ">": "folded", "|": "literal"}


def compose_events(source: Source) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Return the node of ``source`` and all faults found; ``None`` where what was read makes no sense."""
    composer = _Composer(source)
    composer.run()
    return (composer.root if composer.sound else None), tuple(composer.faults)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end was not read yet; a mapping's keys and values alternate in ``nodes``."""

    kind: Literal["sequence", "mapping"]
    start: Span
    in_braces: bool
    nodes: list[Node] = field(default_factory=list)

    @property
    def wants_key(self) -> bool:
        return self.kind == "mapping" and len(self.nodes) % 2 == 0


#: What begins a node: an alias aside, which is refused before.
_Checked = yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent


class _Stop(Exception):  # noqa: N818  # it ends the reading; the fault is already noted
    """Nothing after this place is read."""


class _Composer:
    """Builds nodes from YAML's events; stops at the first event beyond a limit."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Diagnostic] = []
        self.root: Node | None = None
        self.sound = True
        self.open: list[_Open] = []
        self.count = 0

    def run(self) -> None:
        """Read all events; faults and the root are kept."""
        try:
            loader = _LOADER(self.source.text)
            try:
                while not isinstance(event := loader.get_event(), yaml.StreamEndEvent):
                    if type(event) is yaml.ScalarEvent:  # two events in three
                        self.scalar(event)
                    else:
                        self.read(event)
            finally:
                loader.dispose()
        except yaml.YAMLError as error:
            self.sound = False
            self.faults.append(explain(error, self.source))
        except _Stop:
            self.sound = False
        if self.sound and self.root is None:
            self.fault("empty_file", Text("文件是空的", "the file is empty"), Span(self.source, 1, 1, 1, 1))

    def read(self, event: yaml.Event) -> None:
        """Take one event that is no single value; the most frequent kinds are looked for first."""
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            span = self.span(event)
            self.check(event, span)
            kind: Literal["sequence", "mapping"] = "mapping" if type(event) is yaml.MappingStartEvent else "sequence"
            self.open.append(_Open(kind, span, bool(event.flow_style)))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.close(self.span(event))
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            message = Text("一个文件里只能有一份文档", "a file holds one document only")
            self.stop("several_documents", message, self.span(event))
        elif isinstance(event, yaml.AliasEvent):
            self.stop("yaml_alias", Text("这里不能用别名 *", "no aliases (*) here"), self.span(event), _WRITE_OUT)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        """Take a single value."""
        start: yaml.Mark = event.start_mark  # type: ignore[assignment]
        end: yaml.Mark = event.end_mark  # type: ignore[assignment]
        span = Span(self.source, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        self.check(event, span)
        node = Scalar(event.value, span, _STYLES.get(event.style, "plain"))
        if self.open:
            self.open[-1].nodes.append(node)
        else:
            self.root = node

    def check(self, event: _Checked, span: Span) -> None:
        """Refuse what no file may hold: too deep, too much, anchors, tags."""
        self.count += 1
        if self.count <= MOST_NODES and len(self.open) <= DEEPEST and event.anchor is None and event.tag is None:
            return
        if self.count > MOST_NODES:
            message = Text(f"文件超过 {MOST_NODES:,} 个值", f"more than {MOST_NODES:,} values in one file")
            self.stop("too_many_values", message, span)
        if len(self.open) > DEEPEST:
            self.stop("too_deep", Text(f"嵌套超过 {DEEPEST} 层", f"nested more than {DEEPEST} levels deep"), span)
        if event.anchor is not None:
            self.fault("yaml_anchor", Text("这里不能用锚点 &", "no anchors (&) here"), span, _WRITE_OUT)
        if event.tag is not None:
            message = Text("这里不能用标签 !", "no tags (!) here")
            self.fault("yaml_tag", message, span, Text("需要文字时加引号", "put it in quotes where text is meant"))

    def add(self, node: Node) -> None:
        """Put a finished node where it belongs."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if parent.wants_key and not isinstance(node, Scalar):
            message = Text("键必须是一个词", "a key must be a single word")
            hint = Text("以 { 或 [ 开头的文字要加引号", "put text that begins with { or [ in quotes")
            self.stop("key_not_a_word", message, node.span, hint)
        parent.nodes.append(node)

    def close(self, end: Span) -> None:
        """Finish the innermost list or mapping."""
        done = self.open.pop()
        last = done.nodes[-1].span if done.nodes and not done.in_braces else end
        start = done.start
        span = Span(self.source, start.line, start.column, last.end_line, last.end_column)
        if done.kind == "sequence":
            self.add(Sequence(tuple(self.mend_items(done) if done.in_braces else done.nodes), span))
        else:
            self.add(Mapping(tuple(self.unique(self.mend_entries(done))), span))

    def unique(self, entries: list[tuple[Scalar, Node]]) -> list[tuple[Scalar, Node]]:
        """Note every key that comes a second time; the first one stays."""
        if len({key.text for key, _ in entries}) == len(entries):
            return entries
        seen: dict[str, tuple[Scalar, Node]] = {}
        for key, value in entries:
            first = seen.setdefault(key.text, (key, value))[0]
            if first is not key:
                message = Text(f"键 {key.text} 重复了", f"key {key.text} comes twice")
                hint = Text(f"第一次在第 {first.span.line} 行", f"it first stands in line {first.span.line}")
                self.fault("duplicate_key", message, key.span, hint)
        return list(seen.values())

    def mend_items(self, done: _Open) -> list[Node]:
        """Join items of a ``[ ]`` list that a comma inside parentheses cut apart; each such cut is a fault."""
        if not any(_is_open(node) for node in done.nodes):
            return done.nodes
        items: list[Node] = []
        at = 0
        while at < len(done.nodes):
            node = done.nodes[at]
            tail = _until_closed(done.nodes, at)
            items.append(self.joined(node, tail) if tail else node)
            at += 1 + len(tail)
        return items

    def mend_entries(self, done: _Open) -> list[tuple[Scalar, Node]]:
        """Join values of a ``{ }`` mapping that a comma cut apart; each such cut is a fault."""
        pairs = [*zip(cast("list[Scalar]", done.nodes[::2]), done.nodes[1::2], strict=True)]
        if not done.in_braces or not any(_is_nothing(value) for _, value in pairs):
            return pairs
        entries: list[tuple[Scalar, Node]] = []
        at = 0
        while at < len(pairs):
            key, value = pairs[at]
            tail = _valueless(pairs, at + 1) if _is_plain(value) else []
            if not (_is_open(value) or any(_NOT_A_WORD.search(piece.text) for piece in tail)):
                tail = []
            entries.append((key, self.joined(value, tail) if tail else value))
            at += 1 + len(tail)
        return entries

    def joined(self, head: Node, tail: list[Scalar]) -> Scalar:
        """Return the pieces of a value that commas cut apart as one, and note the fault."""
        start, end = head.span, tail[-1].span
        span = Span(self.source, start.line, start.column, end.end_line, end.end_column)
        cut = _CUT_EXPRESSION if _is_open(head) else _CUT_TEXT
        self.fault("comma_in_braces", cut[0], span, cut[1])
        return Scalar(", ".join(piece.text for piece in (cast("Scalar", head), *tail)), span)

    def span(self, event: yaml.Event) -> Span:
        """Return the place of an event."""
        start: yaml.Mark = event.start_mark  # type: ignore[assignment]
        end: yaml.Mark = event.end_mark  # type: ignore[assignment]
        return Span(self.source, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def fault(self, code: str, message: Text, span: Span, hint: Text | None = None) -> None:
        """Note a fault and read on, unless there are too many already."""
        self.faults.append(Diagnostic(code, message, span, hint))
        if len(self.faults) >= MOST_FAULTS:
            raise _Stop

    def stop(self, code: str, message: Text, span: Span, hint: Text | None = None) -> None:
        """Note a fault after which nothing can be read."""
        self.fault(code, message, span, hint)
        raise _Stop


_WRITE_OUT: Final = Text("把内容直接写在这里", "write the contents out here")


_CUT_EXPRESSION: Final = (
    Text("花括号或方括号里的逗号把这个表达式切开了", "a comma inside { } or [ ] cuts this expression in two"),
    Text(
        "改成逐行写法，一行一个键，不用花括号（或给表达式加引号）",
        "write the branch in block style, one key a line without { } (or put the expression in quotes)",
    ),
)
_CUT_TEXT: Final = (
    Text("花括号里的逗号把这段文字切开了", "a comma inside { } cuts this text in two"),
    Text("给这段文字加引号", "put the text in quotes"),
)
_NOT_A_WORD: Final = re.compile(r"[^A-Za-z0-9_]")


def _is_plain(node: Node) -> bool:
    """Say whether ``node`` is a single value without quotes that is not empty."""
    return isinstance(node, Scalar) and not node.quoted and bool(node.text)


def _is_open(node: Node) -> bool:
    """Say whether ``node`` is an unquoted value with a parenthesis left open."""
    return isinstance(node, Scalar) and "(" in node.text and not node.quoted and _depth(node) > 0


def _depth(scalar: Scalar) -> int:
    """Return how many parentheses are left open."""
    return scalar.text.count("(") - scalar.text.count(")")


def _until_closed(nodes: list[Node], at: int) -> list[Scalar]:
    """Return the plain values behind an open one that it takes to close its parentheses."""
    tail: list[Scalar] = []
    depth = _depth(head) if isinstance(head := nodes[at], Scalar) and not head.quoted else 0
    for node in islice(nodes, at + 1, None):
        if depth <= 0 or not isinstance(node, Scalar) or node.quoted:
            break
        tail.append(node)
        depth += _depth(node)
    return tail


def _valueless(pairs: list[tuple[Scalar, Node]], at: int) -> list[Scalar]:
    """Return the unquoted keys from ``at`` on that have no value: pieces that a comma cut off, or forgotten values."""
    without = takewhile(lambda pair: not pair[0].quoted and _is_nothing(pair[1]), islice(pairs, at, None))
    return [key for key, _ in without]


def _is_nothing(node: Node) -> bool:
    """Say whether nothing at all was written."""
    return isinstance(node, Scalar) and not node.quoted and not node.text
