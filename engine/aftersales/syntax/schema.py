"""The JSON Schema of every file kind, and every key of the language, from the shapes that read the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.syntax.case_shapes import CASE_FILE, CASES_FILE
from aftersales.syntax.conduct_shapes import CONDUCT_FILE
from aftersales.syntax.flow_shapes import FLOW_FILE
from aftersales.syntax.law_shapes import LAWS_FILE
from aftersales.syntax.records import Record
from aftersales.syntax.shapes import Schema, Shape
from aftersales.syntax.vocabulary_shapes import (
    ACTIONS_FILE,
    FACTS_FILE,
    PARAMS_FILE,
    PLATFORM_FILE,
    POLICY_FILE,
    SHOP_FILE,
    SOURCES_FILE,
)
from aftersales.text import Text

#: Every kind of file with its shape, in the order in which somebody meets them.
FILE_KINDS: Final[Mapping[str, Shape[object]]] = {
    "policy": POLICY_FILE,
    "facts": FACTS_FILE,
    "params": PARAMS_FILE,
    "actions": ACTIONS_FILE,
    "sources": SOURCES_FILE,
    "conduct": CONDUCT_FILE,
    "laws": LAWS_FILE,
    "flow": FLOW_FILE,
    "platform": PLATFORM_FILE,
    "shop": SHOP_FILE,
    "cases": CASES_FILE,
    "case": CASE_FILE,
}
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the language: the record it stands in, and its line of documentation."""

    record: str
    key: str
    doc: Text


def schema(kind: str) -> Schema:
    """Return the JSON Schema (draft 2020-12) of one of ``FILE_KINDS``.

    It is for editors: they see types as YAML 1.2 does, and what spans several keys is left to ``check``. Raises
    ``KeyError`` for a kind that there is not.
    """
    defs: dict[str, Schema] = {}
    root = FILE_KINDS[kind].schema(defs)
    return {"$schema": _DRAFT, "title": f"aftersales {kind}", **root, "$defs": defs}


def keys() -> tuple[Key, ...]:
    """Return every key of every file kind once a record, in the order in which the records are met."""
    found: dict[tuple[str, str], Key] = {}
    for record in _records():
        for each in record.fields:
            found.setdefault((record.name, each.key), Key(record.name, each.key, each.doc))
    return tuple(found.values())


def _records() -> Iterator[Record[object]]:
    """Yield every record of the language once."""
    seen: set[int] = set()
    waiting: list[Shape[object]] = list(reversed(list(FILE_KINDS.values())))
    while waiting:
        shape = waiting.pop()
        if id(shape) in seen:
            continue
        seen.add(id(shape))
        if isinstance(shape, Record):
            yield shape
        waiting.extend(reversed(list(shape.parts())))
