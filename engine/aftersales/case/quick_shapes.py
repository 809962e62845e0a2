"""Readers of records that come again and again with the same keys: written for these keys, each value one look-up.

A record's keys stand in the text as quoted texts and numbers; nothing that is told is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from aftersales.case.fields import LARGEST_COUNT
from aftersales.expr.types import Kind, Value
from aftersales.policy.model import Fact

#: Reads a record of the keys that it was written for.
Reader = Callable[[Mapping[str, object]], dict[str, Value]]
Keys = tuple[str, ...]

#: So often the same keys come before a reader is written for them, and so many readers there are at most.
OFTEN: Final = 8
MOST_SHAPES: Final = 256
#: Keys that are counted at the same time; where there are more, what was counted is forgotten.
MOST_COUNTED: Final = 1_000


class Shapes:
    """The readers of one kind of record; ``write`` makes one. Threads may share it: at worst one is made twice."""

    def __init__(self, write: Callable[[Keys], Reader]) -> None:
        self._write = write
        #: The readers that are there, by the keys of their records.
        self.readers: dict[Keys, Reader] = {}
        self._counted: dict[Keys, int] = {}

    def count(self, record: Mapping[str, object]) -> Reader | None:
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


def write_reader(
    keys: Sequence[str],
    facts: Mapping[str, Fact],
    texts: Mapping[str, Mapping[object, Value]],
    value: Callable[[str, object], Value],
) -> Reader:
    """Return a reader of records with these keys; what is told by those that are no ``facts`` is left out.

    A record is copied, and what means something else than is written is then put in its place. ``texts`` say what is
    told as a text, ``value`` what is told in any way.
    """
    space: dict[str, Any] = {"value": value}
    lines = []
    for number, name in enumerate(keys):
        if name in facts:
            space[f"t{number}"], space[f"w{number}"] = texts[name], frozenset(facts[name].type.values)
            lines.append(_entry(facts[name], name, number))
        else:
            lines.append(f"del told[{name!r}]")
    taken = "".join(f"a{number}, " for number in range(len(keys)))
    lines = ["def read(record):", f"[{taken}] = record.values()", "told = record.copy()", *lines, "return told"]
    exec(compile("\n ".join(lines), "<reader>", "exec"), space)  # noqa: S102 (our own text: see the top)
    reader: Reader = space["read"]
    return reader


def _entry(fact: Fact, name: str, number: int) -> str:
    """Return the line that puts in place what a value means; words, flags and counts mostly mean themselves."""
    told, put = f"a{number}", f"told[{name!r}] = "
    match fact.type.kind:
        case Kind.FLAG:
            return f"if {told} is not True and {told} is not False: {put}value({name!r}, {told})"
        case Kind.CHOICE:
            return f"if {told} not in w{number}: {put}value({name!r}, {told})"
        case Kind.COUNT:
            low, high = fact.type.low or 0, LARGEST_COUNT if fact.type.high is None else fact.type.high
            inside = f"{max(0, low)} <= {told} <= {min(high, LARGEST_COUNT)}"
            return f"if type({told}) is not int or not {inside}: {put}value({name!r}, {told})"
        case _:
            return f"{put}t{number}[{told}]"
