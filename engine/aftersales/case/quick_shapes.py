"""Readers of records that come again and again with the same keys: written for these keys, each value one look-up.

A record's keys stand in the text as quoted texts and numbers; nothing that is told is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from aftersales.case.fields import LARGEST_COUNT
from aftersales.expr.types import Kind, Value
from aftersales.policy.model import Fact

#: Reads a record of the keys that it was written for.
Reader = Callable[[Mapping[str, object]], dict[str, Value]]
Keys = tuple[str, ...]
_Reader = TypeVar("_Reader")

#: So often the same keys come before a reader is written for them, and so many readers there are at most.
OFTEN: Final = 8
MOST_SHAPES: Final = 256
#: Kinds of which no flag is a value: what is told of them is looked up without a look at what it is.
UNLIKE_FLAGS: Final = frozenset({Kind.INSTANT, Kind.MONEY})
#: Keys that are counted at the same time; where there are more, what was counted is forgotten.
MOST_COUNTED: Final = 1_000


class Shapes(Generic[_Reader]):
    """The readers of one kind of record; ``write`` makes one. Threads may share it: at worst one is made twice."""

    def __init__(self, write: Callable[[Keys], _Reader]) -> None:
        self._write = write
        #: The readers that are there, by the keys of their records.
        self.readers: dict[Keys, _Reader] = {}
        self._counted: dict[Keys, int] = {}

    def count(self, record: Mapping[str, object]) -> _Reader | None:
        """Return a reader for a record whose keys have none; ``None`` where they have not come often."""
        if len(self.readers) >= MOST_SHAPES:
            return None
        keys = tuple(record)
        if len(self._counted) > MOST_COUNTED:
            self._counted.clear()
        times = self._counted[keys] = self._counted.get(keys, 0) + 1
        if times < OFTEN:
            return None
        reader = self.readers[keys] = self._write(keys)
        return reader


def write_reader(keys: Sequence[str], facts: Mapping[str, Fact], texts: Mapping[str, Mapping[object, Value]]) -> Reader:
    """Return a reader of records with these keys; what is told by those that are no ``facts`` is left out.

    ``texts`` say what is told as a text.
    """
    space: dict[str, Any] = {}
    reader: Reader = made_reader(keys, [f"return {written_facts(keys, facts, texts, space)}"], space)
    return reader


def made_reader(
    keys: Sequence[str], lines: Sequence[str], space: dict[str, Any], more: Sequence[str] = ()
) -> Callable[..., Any]:
    """Return a function of a record with these keys, whose values ``lines`` know by their numbers (``a0``).

    It is given ``more`` as well, which they know by these names.
    """
    taken = "".join(f"a{number}, " for number in range(len(keys)))
    text = "\n ".join((f"def read({', '.join(('record', *more))}):", f"[{taken}] = record.values()", *lines))
    exec(compile(text, "<reader>", "exec"), space)  # noqa: S102 (our own text: see the top)
    reader: Callable[..., Any] = space["read"]
    return reader


def written_facts(
    keys: Sequence[str],
    facts: Mapping[str, Fact],
    texts: Mapping[str, Mapping[object, Value]],
    space: dict[str, Any],
) -> str:
    """Return the text of what a record tells of ``facts``; what it looks up is put into ``space``."""
    entries = []
    for number, name in enumerate(keys):
        if name in facts:
            entries.append(f"{name!r}: {meant(facts[name], f'a{number}', texts[name], space)}")
    return f"{{{', '.join(entries)}}}"


def meant(fact: Fact, told: str, texts: Mapping[object, Value], space: dict[str, Any]) -> str:
    """Return the text of what a local means that is ``told`` of a fact; flags and counts mostly mean themselves.

    Whatever does not is looked up as a text is. What the text looks at is put into ``space``; facts of one type look at
    the same, so that readers of many shapes come along with little in the processor's cache.
    """
    known = (name for name, thing in space.items() if thing is texts)
    table = next(known, None)
    if table is None:
        space[table := f"t{told}"] = texts
    read = f"{table}[{told}]"
    match fact.type.kind:
        case Kind.FLAG:
            return f"{told} if {told} is True or {told} is False else {read}"
        case Kind.COUNT:
            low, high = fact.type.low or 0, LARGEST_COUNT if fact.type.high is None else fact.type.high
            inside = f"{max(0, low)} <= {told} <= {min(high, LARGEST_COUNT)}"
            return f"{told} if type({told}) is int and {inside} else {read}"
        case _:
            return read
