"""Readers of rows of facts, each written for one set of keys, and what finds the reader of a row by a few of its keys.

A row's keys stand in the text as quoted texts and numbers; nothing that is told is run.
"""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from aftersales.case.fields import LARGEST_COUNT
from aftersales.case.quick_shapes import MOST_COUNTED, OFTEN
from aftersales.case.quick_values import QuickValues, Unread
from aftersales.expr.types import Kind, Value
from aftersales.policy.model import Fact, Policy

#: So many readers there are at most.
MOST_READERS: Final = 128

Row = dict[str, object]
#: Does something with a row of the keys that it was written for, ``None`` where it has others; raises ``Unread``,
#: KeyError or TypeError where it cannot.
Reader = Callable[[Row], Any]
Keys = frozenset[str]
#: What a reader raises where it cannot read a row.
NOT_READ: Final = (Unread, KeyError, TypeError)


class ByKeys:
    """What is written for rows by their keys; ``write`` makes one of the keys and the lines that read them.

    Threads may share it, and one at a time writes.
    """

    def __init__(self, values: RowValues, write: Callable[[Sequence[str]], Reader]) -> None:
        self._values = values
        self._write = write
        self._readers: dict[Keys, Reader] = {}
        self._counted: dict[Keys, int] = {}
        self._writing = RLock()
        self.read = _finder({})

    def find(self, row: object) -> Any:
        """Return what is done with a row; ``None`` where nothing is written for it, or it is at fault."""
        if type(row) is dict:
            try:
                found = self.read(row)
            except NOT_READ:
                found = None
            if found is None:
                self.count(row)
            return found
        return None

    def count(self, row: Row) -> None:
        """Write a reader for the keys of a row that has none, once they have come often."""
        keys = frozenset(row)
        if keys in self._readers or len(self._readers) >= MOST_READERS:
            return
        if len(self._counted) > MOST_COUNTED:
            self._counted.clear()
        times = self._counted[keys] = self._counted.get(keys, 0) + 1
        if times < OFTEN or not keys <= self._values.facts.keys():
            return
        with self._writing:
            if keys in self._readers:
                return
            self._readers[keys] = self._write(list(row))
            self.read = _finder(self._readers)


class RowValues:
    """Writes the lines that read the values of rows."""

    def __init__(self, policy: Policy, values: QuickValues) -> None:
        self.facts: Mapping[str, Fact] = {name: fact for name, fact in policy.facts.items() if not fact.counter}
        self.numbers = {name: number for number, name in enumerate(policy.facts)}
        self._values = values

    def space(self, keys: Sequence[str]) -> dict[str, Any]:
        """Return what the lines look at by name."""
        space: dict[str, Any] = {"value": self._values.value}
        for name in keys:
            number, fact = self.numbers[name], self.facts[name]
            space[f"t{number}"], space[f"w{number}"] = self._values.texts[name], frozenset(fact.type.values)
        return space

    def lines(self, keys: Sequence[str]) -> list[str]:
        """Return the lines that read each fact into its local, or into ``odd`` where a value does not mean itself."""
        lines = [f"if len(row) != {len(keys)}: return None"]
        for name in keys:
            number = self.numbers[name]
            local, usual = f"v{number}", self._usual(self.facts[name], number)
            if usual is None:
                lines.append(f"{local} = t{number}[row[{name!r}]]")
            else:
                meant = f"odd = {{**(odd or {{}}), {name!r}: value({name!r}, {local})}}"
                lines += (f"{local} = row[{name!r}]", f"if not ({usual}): {meant}")
        return lines

    def means_itself(self, name: str) -> bool:
        """Return whether what is told of a fact mostly means itself, as words, flags and counts do."""
        return self._usual(self.facts[name], 0) is not None

    def _usual(self, fact: Fact, number: int) -> str | None:
        """Return the text that is true where a value means itself; ``None`` where none does."""
        local = f"v{number}"
        match fact.type.kind:
            case Kind.FLAG:
                return f"{local} is True or {local} is False"
            case Kind.CHOICE | Kind.PARTY if fact.type.values:
                return f"{local} in w{number}"
            case Kind.COUNT:
                low, high = fact.type.low or 0, LARGEST_COUNT if fact.type.high is None else fact.type.high
                return f"type({local}) is int and {max(0, low)} <= {local} <= {min(high, LARGEST_COUNT)}"
            case _:
                return None


class QuickRows:
    """Reads rows of facts of one policy; threads may share it."""

    def __init__(self, policy: Policy, values: QuickValues) -> None:
        self._values = values
        self._lines = RowValues(policy, values)
        self._by_keys = ByKeys(self._lines, self._reader)

    def read(self, row: Mapping[str, object]) -> dict[str, Value]:
        """Return what a row tells. Raises ``Unread`` where anything of it is rare or at fault."""
        told: dict[str, Value] | None = self._by_keys.find(row)
        return self._values.read_each(row) if told is None else told

    def _reader(self, keys: Sequence[str]) -> Reader:
        """Return a reader of rows with these keys; nothing is put into a row before all of it is read."""
        lines = self._lines
        read = ["odd = None", *lines.lines(keys)]
        put = [f"told[{name!r}] = v{lines.numbers[name]}" for name in keys if not lines.means_itself(name)]
        last = ("told = row.copy()", *put, "if odd: told.update(odd)", "return told")
        return _compiled(["def read(row):", *read, *last], lines.space(keys))


def _finder(readers: Mapping[Keys, Reader]) -> Reader:
    """Return what finds the reader of a row by keys that tell the readers apart; the reader looks at all of them."""
    space: dict[str, Any] = {f"r{number}": reader for number, reader in enumerate(readers.values())}
    numbers = {keys: number for number, keys in enumerate(readers)}
    return _compiled(["def read(row):", *(_found(list(readers), numbers, "") if readers else ["return None"])], space)


def _found(readers: Sequence[Keys], numbers: Mapping[Keys, int], indent: str) -> Iterator[str]:
    if len(readers) == 1:
        yield f"{indent}return r{numbers[readers[0]]}(row)"
        return
    key = _splitting(readers)
    having, lacking = [keys for keys in readers if key in keys], [keys for keys in readers if key not in keys]
    few, many = (having, lacking) if len(having) <= len(lacking) else (lacking, having)
    yield f"{indent}if {key!r} {'in' if few is having else 'not in'} row:"
    yield from _found(few, numbers, f"{indent} ")
    yield from _found(many, numbers, indent)


def _splitting(readers: Sequence[Keys]) -> str:
    """Return the key that most nearly halves some sets of keys, no two of which are the same."""
    every = sorted(frozenset[str]().union(*readers))
    return min(every, key=lambda name: abs(2 * sum(name in keys for keys in readers) - len(readers)))


def _compiled(lines: Sequence[str], space: dict[str, Any]) -> Reader:
    exec(compile("\n ".join(lines), "<row reader>", "exec"), space)  # noqa: S102 (our own text: see the top)
    reader: Reader = space["read"]
    return reader
