"""Shapes: what may stand where in a file. One definition reads nodes, names every fault, and gives the JSON Schema.

A shape never stops at the first fault: everything below it is read, all faults are noted, and ``BAD`` stands for what
could not be made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from aftersales.dataclass import dataclass
from aftersales.errors import Diagnostic, did_you_mean
from aftersales.source import Span
from aftersales.text import Text
from aftersales.yaml_nodes import MOST_FAULTS, NULLS, Mapping, Node, Scalar, Sequence, joined

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K")
V = TypeVar("V")
#: A JSON Schema, or a part of one.
Schema = dict[str, Any]
#: More unknown keys are not compared with the known ones.
_MOST_COMPARED: Final = 12


class Bad(Enum):
    """What stands for a thing that could not be read; its faults are noted."""

    BAD = "bad"


BAD: Final = Bad.BAD


class RefusedError(Exception):
    """A value does not fit; ``message`` says why, ``hint`` what would."""

    def __init__(self, message: Text, hint: Text | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint


@dataclass(slots=True)
class Reading:
    """One reading of a file: where faults are noted, and the key that the present node stands under.

    Whoever reads several nodes, one behind the other, may use one for all of them, with the key of each in turn.
    """

    faults: list[Diagnostic]
    key: Scalar | None = None

    def under(self, key: Scalar | None) -> Reading:
        """Return the reading of what stands under ``key``."""
        return Reading(self.faults, key)

    @property
    def full(self) -> bool:
        """Say whether as many faults are noted as anybody reads; further ones are not."""
        return len(self.faults) >= MOST_FAULTS

    def fault(self, code: str, message: Text, span: Span, hint: Text | None = None) -> Bad:
        """Note a fault."""
        if not self.full:
            self.faults.append(Diagnostic(code, message, span, hint))
        return BAD

    def misfit(self, what: Text, node: Node) -> Bad:
        """Note that ``node`` is not ``what`` belongs here."""
        if isinstance(node, Scalar) and node.is_null:
            span = self.key.span if self.key and not node.text else node.span
            return self.fault(
                "value_missing",
                Text(f"这里是空的，应是{what.zh}", f"nothing stands here, it should be {what.en}"),
                span,
            )
        found = _FOUND[type(node)]
        message = Text(f"这里应是{what.zh}，不能是{found.zh}", f"this should be {what.en}, not {found.en}")
        return self.fault("wrong_kind", message, first_line(node.span))


_FOUND: Final[dict[type, Text]] = {
    Scalar: Text("单个值", "a single value"),
    Sequence: Text("列表", "a list"),
    Mapping: Text("一组键", "a set of keys"),
}


class Shape(ABC, Generic[T_co]):
    """What may stand somewhere."""

    @abstractmethod
    def read(self, node: Node, at: Reading) -> T_co | Bad:
        """Return what ``node`` says, or note the faults and return ``BAD``."""

    @abstractmethod
    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return the JSON Schema; named parts are put into ``defs`` once and referred to."""

    @abstractmethod
    def parts(self) -> Iterator[Shape[object]]:
        """Yield the shapes below this one."""


@dataclass(frozen=True, slots=True)
class Leaf(Shape[T_co]):
    """A single value. ``convert`` raises ``RefusedError`` for one that does not fit.

    ``null`` is refused before it, unless the leaf takes it; nothing written at all is always refused.
    """

    what: Text
    convert: Callable[[Scalar], T_co]
    as_schema: Schema
    null: bool = False

    def read(self, node: Node, at: Reading) -> T_co | Bad:
        """Return the converted value."""
        if not isinstance(node, Scalar) or (node.text in NULLS and node.is_null and not (self.null and node.text)):
            return at.misfit(self.what, node)
        try:
            return self.convert(node)
        except RefusedError as refused:
            return at.fault("wrong_value", refused.message, node.span, refused.hint)

    def schema(self, defs: dict[str, Schema]) -> Schema:  # noqa: ARG002  # a leaf has no named parts
        """Return the leaf's own schema."""
        return dict(self.as_schema)

    def parts(self) -> Iterator[Shape[object]]:
        """Yield nothing."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Listed(Shape[tuple[T_co, ...]]):
    """A list of items, at least one."""

    what: Text
    item: Shape[T_co]

    def read(self, node: Node, at: Reading) -> tuple[T_co, ...] | Bad:
        """Return the items."""
        if not isinstance(node, Sequence):
            return self._not_a_list(node, at)
        if not node.items:
            return at.fault("empty", Text("列表是空的", "the list is empty"), node.span)
        below = at.under(None)
        items = [self.item.read(item, below) for item in node.items]
        return _all_good(items)

    def _not_a_list(self, node: Node, at: Reading) -> Bad:
        """Note that no list stands here; a lone word only lacks its brackets."""
        if not isinstance(node, Scalar) or node.is_null:
            return at.misfit(self.what, node)
        message = Text(f"这里应是{self.what.zh}，不能是单个值", f"this should be {self.what.en}, not a single value")
        return at.fault("wrong_kind", message, node.span, Text("写成 […]", "write [ ] around it"))

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return an array schema."""
        return {"type": "array", "items": self.item.schema(defs), "minItems": 1}

    def parts(self) -> Iterator[Shape[object]]:
        """Yield the item."""
        yield self.item


@dataclass(frozen=True, slots=True)
class Keyed(Shape[tuple[T_co, ...]], Generic[K, V, T_co]):
    """Keys that the author names, each with a value of one shape; ``single``: exactly one key."""

    what: Text
    key: Leaf[K]
    value: Shape[V]
    build: Callable[[K, V, Span], T_co]
    single: bool = False

    def read(self, node: Node, at: Reading) -> tuple[T_co, ...] | Bad:
        """Return what ``build`` makes of each key and value."""
        if not isinstance(node, Mapping):
            return at.misfit(self.what, node)
        if not node.entries:
            return at.fault(
                "empty",
                Text(f"这里是空的，应是{self.what.zh}", f"nothing stands here, it should be {self.what.en}"),
                node.span,
            )
        if self.single and len(node.entries) > 1:
            message = Text("这里只能有一个键", "only one key may stand here")
            at.fault("one_key", message, node.entries[1][0].span)
        below = at.under(None)
        return _all_good([self._entry(key, value, at, below) for key, value in node.entries])

    def _entry(self, key: Scalar, value: Node, at: Reading, below: Reading) -> T_co | Bad:
        """Return one entry."""
        name = self.key.read(key, at)
        below.key = key
        known = self.value.read(value, below)
        if isinstance(name, Bad) or isinstance(known, Bad):
            return BAD
        try:
            return self.build(name, known, joined(key, value))
        except RefusedError as refused:
            return at.fault("wrong_value", refused.message, first_line(value.span), refused.hint)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return an object schema with free keys."""
        most = {"maxProperties": 1} if self.single else {}
        pattern = self.key.as_schema.get("pattern")
        names = {"propertyNames": {"pattern": pattern}} if pattern else {}
        value = self.value.schema(defs)
        return {"type": "object", "additionalProperties": value, "minProperties": 1, **most, **names}

    def parts(self) -> Iterator[Shape[object]]:
        """Yield the value."""
        yield self.value


@dataclass(frozen=True, slots=True)
class ByKind(Shape[T_co]):
    """A single value, a list or a set of keys, each with its own shape; what is not given may not stand here."""

    what: Text
    scalar: Shape[T_co] | None = None
    sequence: Shape[T_co] | None = None
    mapping: Shape[T_co] | None = None

    def read(self, node: Node, at: Reading) -> T_co | Bad:
        """Read ``node`` by its kind."""
        if isinstance(node, Scalar):
            shape = None if node.text in NULLS and node.is_null else self.scalar
        else:
            shape = self.mapping if isinstance(node, Mapping) else self.sequence
        return at.misfit(self.what, node) if shape is None else shape.read(node, at)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return the alternatives."""
        return {"anyOf": [shape.schema(defs) for shape in self.parts()]}

    def parts(self) -> Iterator[Shape[object]]:
        """Yield the alternatives."""
        return (shape for shape in (self.scalar, self.sequence, self.mapping) if shape is not None)


@dataclass(frozen=True, slots=True)
class ByKey(Shape[T_co]):
    """A set of keys told apart by the first of ``cases`` whose key is there; ``otherwise`` takes the rest."""

    what: Text
    cases: tuple[tuple[str, Shape[T_co]], ...]
    otherwise: Shape[T_co] | None = None

    def read(self, node: Node, at: Reading) -> T_co | Bad:
        """Read ``node`` by its keys."""
        if not isinstance(node, Mapping):
            return at.misfit(self.what, node)
        written = [key.text for key, _ in node.entries]
        shape = next((shape for key, shape in self.cases if key in written), self.otherwise)
        if shape is not None:
            return shape.read(node, at)
        if at.full:
            return BAD
        keys = [key for key, _ in self.cases]
        message = Text(f"这里应有 {_or_zh(keys)} 之一", f"one of {', '.join(keys)} belongs here")
        near = next((hint for word in written[:_MOST_COMPARED] if (hint := did_you_mean(word, keys))), None)
        return at.fault("missing_key", message, first_line(node.span), near)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return the alternatives."""
        return {"anyOf": list({id(shape): shape.schema(defs) for shape in self.parts()}.values())}

    def parts(self) -> Iterator[Shape[object]]:
        """Yield the alternatives."""
        yield from (shape for _, shape in self.cases)
        if self.otherwise is not None:
            yield self.otherwise


@dataclass(frozen=True, slots=True)
class Lazy(Shape[T_co]):
    """A shape that is defined further down (targets hold tables that hold targets)."""

    defined: Callable[[], Shape[T_co]]

    def read(self, node: Node, at: Reading) -> T_co | Bad:
        """Read by the shape meant."""
        return self.defined().read(node, at)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return the schema of the shape meant."""
        return self.defined().schema(defs)

    def parts(self) -> Iterator[Shape[object]]:
        """Yield the shape meant."""
        yield self.defined()


@dataclass(frozen=True, slots=True)
class Made(Shape[T_co], Generic[V, T_co]):
    """A shape whose result is made into something else; ``make`` may raise ``RefusedError``."""

    shape: Shape[V]
    make: Callable[[V, Span], T_co]

    def read(self, node: Node, at: Reading) -> T_co | Bad:
        """Read and make."""
        known = self.shape.read(node, at)
        if isinstance(known, Bad):
            return BAD
        try:
            return self.make(known, node.span)
        except RefusedError as refused:
            return at.fault("wrong_value", refused.message, first_line(node.span), refused.hint)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return the schema of the shape below."""
        return self.shape.schema(defs)

    def parts(self) -> Iterator[Shape[object]]:
        """Yield the shape below."""
        yield self.shape


@dataclass(frozen=True, slots=True)
class Anything(Shape[Node]):
    """Whatever stands there; somebody else reads it."""

    as_schema: Schema

    def read(self, node: Node, at: Reading) -> Node:  # noqa: ARG002  # nothing can be at fault
        """Return the node."""
        return node

    def schema(self, defs: dict[str, Schema]) -> Schema:  # noqa: ARG002  # nothing here is named
        """Return the schema given."""
        return dict(self.as_schema)

    def parts(self) -> Iterator[Shape[object]]:
        """Yield nothing."""
        return iter(())


def first_line(span: Span) -> Span:
    """Return ``span``; where it runs over several lines, the faults of a whole element point to its first sign only."""
    if span.line == span.end_line:
        return span
    return Span(span.source, span.line, span.column, span.line, span.column + 1)


def _all_good(items: list[T | Bad]) -> tuple[T, ...] | Bad:
    """Return the items where none is bad."""
    good = [item for item in items if item is not BAD]
    return tuple(good) if len(good) == len(items) else BAD


def _or_zh(words: list[str]) -> str:
    """Return words listed as Chinese lists them."""
    return "、".join(words)
