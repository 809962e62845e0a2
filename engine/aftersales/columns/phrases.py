"""Formulas and amounts as SQL text.

Text is two-valued where it is asked: a comparison over an unknown number is NULL, which no ``WHEN`` takes, and the
formula around it says by itself where the number must be known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from aftersales.columns import days
from aftersales.columns.dialects import Dialect
from aftersales.columns.nodes import (
    Any_,
    Both,
    Calendar,
    Const,
    Extreme,
    Floor,
    Formula,
    Holds,
    Number,
    Opposite,
    Pick,
    Product,
    Term,
    Test,
    Total,
)
from aftersales.columns.sight import words_of
from aftersales.columns.symbols import beyond
from aftersales.expr.types import Kind
from aftersales.instants import EARLIEST, LATEST
from aftersales.policy.model import Policy

_FIRST: Final = int(EARLIEST.timestamp())
_LAST: Final = int(LATEST.timestamp())


@dataclass(slots=True)
class Phrases:
    """Writes formulas and amounts over the columns of one policy; each is written once and kept."""

    policy: Policy
    dialect: Dialect
    calendar_used: bool = False
    _named: int = 1
    _formulas: dict[Formula, str] = field(default_factory=dict)
    _terms: dict[Term, str] = field(default_factory=dict)

    def name(self, nodes: Iterable[Formula | Term]) -> list[str]:
        """Return columns that hold some formulas and amounts; from now on these are written by their columns' names."""
        texts: dict[str, str] = {}
        for node in nodes:
            if isinstance(node, bool | Test | Holds | Both | Any_ | Opposite):
                column = self.dialect.quoted(f"_is{self._named}")
                texts[column] = self.truth(node)
                self._formulas[node] = column
            else:
                column = self.dialect.quoted(f"_n{self._named}")
                texts[column] = self.amount(node)
                self._terms[node] = column
            self._named += 1
        return [f"{text} AS {column}" for column, text in texts.items()]

    def truth(self, formula: Formula) -> str:
        """Return text that is true where a formula is, and false or NULL elsewhere."""
        if isinstance(formula, bool):
            return "TRUE" if formula else "FALSE"
        if formula not in self._formulas:
            self._formulas[formula] = self._written(formula)
        return self._formulas[formula]

    def _written(self, formula: Test | Holds | Both | Any_ | Opposite) -> str:
        match formula:
            case Test():
                return self._test(formula)
            case Holds(op, left, right):
                return f"{self.amount(left)} {'=' if op == '==' else op} {self.amount(right)}"
            case Opposite(part):
                return f"NOT ({self.truth(part)})"
            case Both(parts):
                return "(" + " AND ".join(self.truth(part) for part in parts) + ")"
            case Any_(parts):
                return "(" + " OR ".join(self.truth(part) for part in parts) + ")"

    def _test(self, test: Test) -> str:
        column = self.dialect.quoted(test.column)
        known = frozenset(range(1, test.size))
        if test.codes == known:
            return f"{column} IS NOT NULL"
        told = self._told(test, column)
        if 0 not in test.codes:
            return told
        return f"({column} IS NULL OR {told})" if test.codes != {0} else f"{column} IS NULL"

    def _told(self, test: Test, column: str) -> str:
        """Return where a column tells one of some values."""
        codes = sorted(test.codes - {0})
        kind = self.policy.facts[test.column].type
        if kind.kind is Kind.FLAG:
            return f"{column} = {'TRUE' if codes == [2] else 'FALSE'}"
        words = words_of(self.policy, kind)
        said = [self.dialect.word(words[code - 1]) for code in codes]
        return f"{column} = {said[0]}" if len(said) == 1 else f"{column} IN ({', '.join(said)})"

    def amount(self, term: Term) -> str:
        """Return text of a whole number."""
        if term not in self._terms:
            self._terms[term] = self._worked_out(term)
        return self._terms[term]

    def _worked_out(self, term: Term) -> str:
        match term:
            case Const(value):
                return str(value) if value >= 0 else f"({value})"
            case Number(column):
                return self.dialect.quoted(column)
            case Total(parts):
                return "(" + " + ".join(self._times(factor, part) for factor, part in parts) + ")"
            case Product():
                return self._product(term)
            case Floor(part, divisor):
                return self.dialect.over(self.amount(part), divisor)
            case Extreme(which, parts):
                inside = ", ".join(self.amount(part) for part in parts)
                return f"{'LEAST' if which == 'min' else 'GREATEST'}({inside})"
            case Pick(when, then, otherwise):
                return f"CASE WHEN {self.truth(when)} THEN {self.amount(then)} ELSE {self.amount(otherwise)} END"
            case Calendar():
                return self._calendar(term)

    def _times(self, factor: int, part: Term) -> str:
        return self.amount(part) if factor == 1 else f"({factor}) * {self.amount(part)}"

    def _product(self, term: Product) -> str:
        product = "(" + " * ".join(self.dialect.whole.format(value=self.amount(part)) for part in term.factors) + ")"
        if term.divisor == 1:
            return product
        plus = self.dialect.over(f"2 * {product} + {term.divisor}", 2 * term.divisor)
        minus = self.dialect.over(f"2 * (-{product}) + {term.divisor}", 2 * term.divisor)
        return f"CASE WHEN {product} >= 0 THEN {plus} ELSE -{minus} END"

    def _calendar(self, term: Calendar) -> str:
        self.calendar_used = True
        offset = int(days.zone(self.policy.timezone).offsets[-1])
        first, second = (self.amount(part) for part in term.parts)
        wall = f"({first} + {offset})"
        match term.function:
            case "days_between":
                later = self.dialect.over(f"{second} + {offset}", days.DAY)
                return f"({later} - {self.dialect.over(wall, days.DAY)})"
            case "add_days":
                moved = f"{first} + {days.DAY} * {second}"
            case "add_months":
                moved = f"{self.dialect.months.format(wall=wall, months=second)} - {offset}"
        return f"LEAST(GREATEST({moved}, {_FIRST}), {_LAST})"

    def first_instant(self) -> int:
        """Return the instant (seconds since 1970) from which on the timezone's clock is never changed.

        Raises BeyondColumnsError where it still is.
        """
        last = int(days.zone(self.policy.timezone).starts[-1])
        if last > _CHANGED_BEFORE:
            raise beyond(
                f"时区 {self.policy.timezone} 会调整时钟，SQL 无法表示",
                f"the clock of timezone {self.policy.timezone} is still put forward and back, SQL text cannot say it",
            )
        return last


#: A timezone whose clock was changed after this (1 January 2000) may be changed again.
_CHANGED_BEFORE: Final = 946_684_800
