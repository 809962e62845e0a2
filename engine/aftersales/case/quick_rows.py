"""Readers of rows of facts, each written for one set of keys, and what finds the reader of a row by a few of its keys.

A row's keys stand in the text as quoted texts and numbers; nothing that is told is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from aftersales.case.fields import LARGEST_COUNT
from aftersales.case.quick_shapes import MOST_COUNTED, OFTEN
from aftersales.case.quick_values import QuickValues, Unread
from aftersales.expr.types import Kind, Value
from aftersales.policy.model import Fact, Policy

#: So few words are compared with one after another: looking one of them up takes working out its hash first.
FEW_WORDS: Final = 6
#: So many readers there are at most.
MOST_READERS: Final = 64

Row = dict[str, object]
#: Reads a row of the keys that it was written for; raises ``Unread``, KeyError or TypeError about any other.
Reader = Callable[[Row], dict[str, Value]]
Keys = frozenset[str]


class QuickRows:
    """Reads rows of facts of one policy; threads may share it: at worst a reader is written twice.

    Rows that are ``own`` are read in their place: what they mean is put into them.
    """

    def __init__(self, policy: Policy, *, own: bool) -> None:
        self._values = QuickValues(policy)
        self._facts: Mapping[str, Fact] = {name: fact for name, fact in policy.facts.items() if not fact.counter}
        self._own = own
        self._readers: dict[Keys, Reader] = {}
        self._counted: dict[Keys, int] = {}
        self._find = _finder({})

    def read(self, row: Mapping[str, object]) -> dict[str, Value]:
        """Return what a row tells. Raises ``Unread`` where anything of it is rare or at fault."""
        if type(row) is dict:
            try:
                return self._find(row)
            except (Unread, KeyError, TypeError):
                self._count(row)
        return self._values.read_each(row)

    def _count(self, row: Row) -> None:
        """Write a reader for the keys of a row that has none, once they have come often."""
        keys = frozenset(row)
        if keys in self._readers or len(self._readers) >= MOST_READERS:
            return
        if len(self._counted) > MOST_COUNTED:
            self._counted.clear()
        times = self._counted[keys] = self._counted.get(keys, 0) + 1
        if times >= OFTEN and keys <= self._facts.keys():
            self._readers[keys] = self._reader(list(row))
            self._find = _finder(self._readers)

    def _reader(self, keys: Sequence[str]) -> Reader:
        """Return a reader of rows with these keys; nothing is put into a row before all of it is read."""
        space: dict[str, Any] = {"value": self._values.value}
        read, put = ["odd = None"], []
        for number, name in enumerate(keys):
            fact = self._facts[name]
            space[f"t{number}"], space[f"w{number}"] = self._values.texts[name], frozenset(fact.type.values)
            usual = self._usual(fact, number)
            if usual is None:
                read.append(f"v{number} = t{number}[row[{name!r}]]")
                put.append(f"told[{name!r}] = v{number}")
            else:
                read.append(f"v = row[{name!r}]")
                read.append(f"if not ({usual}): odd = {{**(odd or {{}}), {name!r}: value({name!r}, v)}}")
        lines = ["def read(row):", f"if len(row) != {len(keys)}: raise KeyError", *read]
        lines += [f"told = {'row' if self._own else 'row.copy()'}", *put, "if odd: told.update(odd)", "return told"]
        return _compiled(lines, space)

    def _usual(self, fact: Fact, number: int) -> str | None:
        """Return the text that is true where ``v`` means itself, as words, flags and counts do; ``None`` where none does.

        Own rows hold what JSON can say, of which nothing but the same text is equal to a word.
        """
        match fact.type.kind:
            case Kind.FLAG:
                return "v is True or v is False"
            case Kind.CHOICE | Kind.PARTY if self._own and 0 < len(fact.type.values) <= FEW_WORDS:
                return " or ".join(f"v == {word!r}" for word in fact.type.values)
            case Kind.CHOICE | Kind.PARTY if fact.type.values:
                return f"v in w{number}"
            case Kind.COUNT:
                low, high = fact.type.low or 0, LARGEST_COUNT if fact.type.high is None else fact.type.high
                return f"type(v) is int and {max(0, low)} <= v <= {min(high, LARGEST_COUNT)}"
            case _:
                return None


def _finder(readers: Mapping[Keys, Reader]) -> Reader:
    """Return what finds the reader of a row by keys that tell the readers apart; the reader looks at all of them."""
    space: dict[str, Any] = {f"r{number}": reader for number, reader in enumerate(readers.values())}
    numbers = {keys: number for number, keys in enumerate(readers)}
    return _compiled(
        ["def read(row):", *(_found(list(readers), numbers, "") if readers else ["raise KeyError"])], space
    )


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
