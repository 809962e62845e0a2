"""The first parts of a query: the table's columns as whole numbers and words, and the rows that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aftersales.columns.dialects import Dialect
from aftersales.columns.sight import BOUNDS, words_of
from aftersales.columns.steps import PLACE
from aftersales.columns.symbols import beyond
from aftersales.expr.types import Kind
from aftersales.instants import EARLIEST, LATEST
from aftersales.policy.model import Fact, Policy

#: The faults of values that cannot be read.
UNREAD: Final = ("unknown_value", "out_of_bounds", "instant_format", "beyond_columns")
_WORDS: Final = (Kind.FLAG, Kind.CHOICE, Kind.PARTY)
_UNSAID: Final = (Kind.RATE, Kind.DURATION, Kind.TIME_OF_DAY)


@dataclass(frozen=True, slots=True)
class Given:
    """A table of facts; ``fault`` gives the number below 0 that stands for a fault."""

    policy: Policy
    dialect: Dialect
    table: str
    columns: Sequence[str]
    keep: Sequence[str]
    fault: Callable[[str], int]

    def parts(self, calendar_from: int | None) -> Iterator[str]:
        """Yield the parts of the query, the last of them as ``given``.

        ``calendar_from`` is the first instant that dates are worked out from, ``None`` where none is.
        """
        facts = [self.policy.facts[name] for name in self.columns]
        name, part, here = self.dialect.quoted, self.dialect.part, self.dialect.quoted(PLACE)
        kept = [name(each) for each in self.keep]
        table = ".".join(name(part) for part in self.table.split("."))
        yield part(name("read"), ", ".join([*kept, *map(self._as_read, facts)]), table)
        checks = [(text, code) for fact in facts for text, code in self._bad(fact, calendar_from)]
        whens = " ".join(f"WHEN {text} THEN {self.fault(code)}" for text, code in checks)
        wrong = f"CASE {whens} ELSE 0 END" if whens else "0"
        yield part(name("checked"), f"{name('read')}.*, {wrong} AS {here}", name("read"))
        yield part(name("given"), ", ".join([*kept, *map(self._as_given, facts), here]), name("checked"))

    def _as_given(self, fact: Fact) -> str:
        """Return a column that has no number out of its bounds: such a row is refused, and is not worked with."""
        column = self.dialect.quoted(fact.name)
        if fact.type.kind in _WORDS:
            return column
        return f"CASE WHEN {self.dialect.quoted(PLACE)} = 0 THEN {column} END AS {column}"

    def _as_read(self, fact: Fact) -> str:
        column = self.dialect.quoted(fact.name)
        if fact.type.kind in _UNSAID:
            raise beyond(f"事实 {fact.name} 的类型", f"fact {fact.name} of its type")
        if fact.type.kind is Kind.INSTANT:
            return f"{self.dialect.seconds.format(column=column)} AS {column}"
        if fact.type.kind in _WORDS:
            return f"{column} AS {column}"
        return f"{self.dialect.whole.format(value=column)} AS {column}"

    def _bad(self, fact: Fact, calendar_from: int | None) -> Iterator[tuple[str, str]]:
        """Yield where a value of a column cannot be read, with the fault's code."""
        column, kind = self.dialect.quoted(fact.name), fact.type
        if kind.kind in (Kind.CHOICE, Kind.PARTY):
            words = ", ".join(self.dialect.word(word) for word in words_of(self.policy, kind))
            yield f"{column} NOT IN ({words})", "unknown_value"
        elif kind.kind is Kind.INSTANT:
            first, last = int(EARLIEST.timestamp()), int(LATEST.timestamp())
            if calendar_from is not None:
                yield f"{column} < {calendar_from} AND {column} >= {first}", "beyond_columns"
            yield f"{column} < {first} OR {column} > {last}", "instant_format"
        elif kind.kind is not Kind.FLAG:
            high = BOUNDS[kind.kind] if kind.high is None else min(kind.high, BOUNDS[kind.kind])
            yield f"{column} < {kind.low or 0} OR {column} > {high}", "out_of_bounds"
