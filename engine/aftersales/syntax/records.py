"""Records: sets of keys that the language names, each with its shape, a line of documentation, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import combinations, islice
from typing import Any, Final, Generic, Literal, TypeVar, cast

from aftersales.dataclass import dataclass, field
from aftersales.errors import did_you_mean
from aftersales.source import Span
from aftersales.syntax.atoms import Name
from aftersales.syntax.shapes import BAD, Bad, Reading, RefusedError, Schema, Shape, first_line
from aftersales.text import Text, clip
from aftersales.yaml_nodes import Mapping as MappingNode
from aftersales.yaml_nodes import Node, Scalar, joined

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


#: Keys with their values, by what the keys say.
_Entry = tuple[Scalar, Node]
_Entries = Mapping[str, _Entry]


class _Must(Enum):
    """Marks a key that must be there."""

    MUST = "must"


#: Longer lists of keys help nobody in a hint, and more unknown keys are not compared.
_MOST_LISTED: Final = 12
_MUST: Final = _Must.MUST
#: How many ways to write a kind of record are remembered.
_MOST_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Field(Generic[T_co]):
    """A key of a record; ``default`` stands where it is not written. Make one with ``required`` or ``optional``."""

    key: str
    shape: Shape[T_co]
    doc: Text
    default: T_co | _Must


def required(key: str, shape: Shape[T], zh: str, en: str) -> Field[T]:
    """Return a key that must be there."""
    return Field(key, shape, Text(zh, en), _MUST)


def optional(key: str, shape: Shape[T], zh: str, en: str) -> Field[T | None]:
    """Return a key that may be left out; then it is ``None``."""
    return Field(key, shape, Text(zh, en), None)


def defaulted(key: str, shape: Shape[T], default: T, zh: str, en: str) -> Field[T]:
    """Return a key that may be left out; then it is ``default``."""
    return Field(key, shape, Text(zh, en), default)


@dataclass(frozen=True, slots=True)
class Got:
    """What was read of a record: each field's value, the key it stands under, and its place with that key."""

    values: Mapping[str, Any]
    span: Span
    key: Name | None
    others: object = None

    def __getitem__(self, wanted: Field[T]) -> T:
        found: T = self.values[wanted.key]
        return found

    @property
    def name(self) -> Name:
        """Return the key that the record stands under; only for records that always have one."""
        return cast("Name", self.key)


@dataclass(frozen=True, slots=True)
class Record(Shape[T_co]):
    """A set of named keys.

    ``one_of``: exactly one of each group is there · ``most_one_of``: at most one · ``needs``: a key only together with
    another · ``others``: the shape of all keys that are no fields (without it they are unknown). ``build`` may raise
    ``RefusedError``.
    """

    name: str
    what: Text
    fields: tuple[Field[object], ...]
    build: Callable[[Got], T_co]
    one_of: tuple[tuple[str, ...], ...] = ()
    most_one_of: tuple[tuple[str, ...], ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    others: Shape[tuple[object, ...]] | None = None
    known: Mapping[str, Shape[object]] = field(default_factory=dict, repr=False)
    defaults: Mapping[str, object] = field(default_factory=dict, repr=False)
    sound: set[tuple[str, ...]] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", {each.key: each.shape for each in self.fields})
        object.__setattr__(self, "defaults", {each.key: each.default for each in self.fields})

    def read(self, node: Node, at: Reading) -> T_co | Bad:
        """Return what ``build`` makes of the keys."""
        if not isinstance(node, MappingNode):
            return at.misfit(self.what, node)
        if at.full:
            return BAD
        fits = tuple([key.text for key, _ in node.entries]) in self.sound or self._keys_fit(node, at)
        values = {**self.defaults}
        below, known = at.under(None), self.known
        for written, entry in node.entries:
            key = written.text
            if key in known:
                below.key = written
                values[key] = value = known[key].read(entry, below)
                fits = fits and value is not BAD
        others = None if self.others is None else self._others(self.others, node, at)
        if not fits or isinstance(others, Bad):
            return BAD
        name = Name(at.key.text, at.key.place) if at.key else None
        span = joined(at.key, node) if at.key else node.span
        try:
            return self.build(Got(values, span, name, others))
        except RefusedError as refused:
            return at.fault("wrong_value", refused.message, first_line(span), refused.hint)

    def _keys_fit(self, node: MappingNode, at: Reading) -> bool:
        """Say whether these keys may stand together, and all that must be there are; faults are noted.

        Keys that do are kept, as most records of a kind have the same few.
        """
        written = {key.text: (key, value) for key, value in node.entries}
        fits = self.others is not None or written.keys() <= self.known.keys() or self._tell_unknown(node, at)
        for group in self.one_of:
            fits = self._one_there(group, node, written, at) and fits
        fits = all([*self._groups_kept(written, at)]) and fits
        for each in self.fields:
            if each.default is _MUST and each.key not in written:
                self._lacks(each, node, at)
                fits = False
        if fits and self.others is None and len(self.sound) < _MOST_KEPT:
            self.sound.add(tuple(written))
        return fits

    def _lacks(self, each: Field[object], node: MappingNode, at: Reading) -> None:
        """Note that a field is missing."""
        if not self._misspelt((each.key,), node):
            message = Text(f"{self.what.zh}缺少键 {each.key}", f"{self.what.en} lacks its key {each.key}")
            hint = Text(f"{each.key}：{each.doc.zh}", f"{each.key}: {each.doc.en}")
            at.fault("missing_key", message, _place(node, at), hint)

    def _others(self, shape: Shape[tuple[object, ...]], node: MappingNode, at: Reading) -> object:
        """Return what the keys that are no fields say."""
        known = self.known
        rest = tuple((key, value) for key, value in node.entries if key.text not in known)
        return shape.read(MappingNode(rest, node.span), at) if rest else ()

    def _tell_unknown(self, node: MappingNode, at: Reading) -> Literal[False]:
        """Note every key that nobody knows."""
        for key, value in node.entries:
            if key.text not in self.known and not at.full:
                self._unknown(key, value, at)
        return False

    def _unknown(self, key: Scalar, value: Node, at: Reading) -> None:
        """Note a key that nobody knows."""
        known = self._keys()
        hint = did_you_mean(key.text, known) or (_NO_COLON if _is_nothing(value) else _all_of(known))
        message = Text(f"{self.what.zh}没有 {clip(key.text)} 这个键", f"{self.what.en} has no key {clip(key.text)}")
        at.fault("unknown_key", message, key.span, hint)

    def _one_there(self, group: tuple[str, ...], node: MappingNode, written: _Entries, at: Reading) -> bool:
        """Say whether exactly one key of a group is there; a fault is noted."""
        there = [key for key in group if key in written]
        if len(there) > 1:
            at.fault("keys_exclude", _only_one(there[0], there[1]), written[there[1]][0].span)
        elif not there and not self._misspelt(group, node):
            at.fault("missing_key", self._needs_one(group), _place(node, at))
        return len(there) == 1

    def _groups_kept(self, written: _Entries, at: Reading) -> Iterator[bool]:
        """Yield for keys that exclude or need each other whether they do; faults are noted."""
        for group in self.most_one_of:
            there = [key for key in group if key in written]
            if len(there) > 1:
                at.fault("keys_exclude", _only_one(there[0], there[1]), written[there[1]][0].span)
            yield len(there) <= 1
        for key, other in self.needs.items():
            if key in written and other not in written:
                message = Text(f"有 {other} 才能写 {key}", f"{key} stands only together with {other}")
                at.fault("key_needs_key", message, written[key][0].span)
            yield key not in written or other in written

    def _needs_one(self, group: tuple[str, ...]) -> Text:
        """Say that one key of a group must be there."""
        return Text(f"{self.what.zh}应有 {'、'.join(group)} 之一", f"{self.what.en} needs one of {', '.join(group)}")

    def _misspelt(self, wanted: tuple[str, ...], node: MappingNode) -> bool:
        """Say whether an unknown key is so near to a wanted one that its own fault says enough."""
        known = self._keys()
        unknown = list(islice((key.text for key, _ in node.entries if key.text not in known), _MOST_LISTED))
        return any(did_you_mean(key, unknown) for key in wanted)

    def _keys(self) -> list[str]:
        """Return the keys of the fields."""
        return [each.key for each in self.fields]

    def schema(self, defs: dict[str, Schema]) -> Schema:
        """Return a reference to the record's object schema."""
        if self.name not in defs:
            defs[self.name] = {}
            defs[self.name].update(self._object(defs))
        return {"$ref": f"#/$defs/{self.name}"}

    def _object(self, defs: dict[str, Schema]) -> Schema:
        """Return the record's own object schema."""
        properties = {
            each.key: {**each.shape.schema(defs), "description": f"{each.doc.zh} · {each.doc.en}"}
            for each in self.fields
        }
        schema: Schema = {"type": "object", "title": self.what.en, "properties": properties}
        more = self.others.schema(defs)["additionalProperties"] if self.others is not None else False
        schema["additionalProperties"] = more
        must = [each.key for each in self.fields if each.default is _MUST]
        rules = {
            "required": must,
            "allOf": self._group_rules(),
            "dependentRequired": {key: [other] for key, other in self.needs.items()},
        }
        return {**schema, **{word: rule for word, rule in rules.items() if rule}}

    def _group_rules(self) -> list[Schema]:
        """Return the schema of keys that exclude each other."""
        rules: list[Schema] = [{"oneOf": [{"required": [key]} for key in group]} for group in self.one_of]
        for group in self.most_one_of:
            rules += [{"not": {"required": list(pair)}} for pair in combinations(group, 2)]
        return rules

    def parts(self) -> Iterator[Shape[object]]:
        """Yield the fields' shapes."""
        yield from (each.shape for each in self.fields)
        if self.others is not None:
            yield self.others


def _only_one(one: str, other: str) -> Text:
    """Say that two keys exclude each other."""
    return Text(f"{one} 和 {other} 只能有一个", f"only one of {one} and {other} may stand here")


_NO_COLON: Final = Text(
    "键和值之间要有冒号和空格；花括号里的逗号会切断一段文字，这样的文字要加引号",
    "a key is followed by a colon and a space; a comma inside { } ends a text, put such a text in quotes",
)


def _is_nothing(node: Node) -> bool:
    """Say whether nothing at all stands behind a key."""
    return isinstance(node, Scalar) and not node.quoted and not node.text


def _place(node: MappingNode, at: Reading) -> Span:
    """Return where to point for something missing: the key of the record, else its first sign."""
    return at.key.span if at.key else first_line(node.span)


def _all_of(known: list[str]) -> Text | None:
    """Return a hint that lists the keys, where they are few enough to help."""
    if len(known) > _MOST_LISTED:
        return None
    return Text(f"可用的键：{'、'.join(known)}", f"its keys are {', '.join(known)}")
