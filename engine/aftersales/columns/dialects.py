"""What SQL engines write differently: names, whole division, dates, a table written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Name = Literal["duckdb", "spark", "clickhouse", "postgres"]


def select(what: str, source: str) -> str:
    """Return a query of a source; every name in it is quoted, every word a literal."""
    return "\n".join(("SELECT", f"  {what}", f"FROM {source}"))


def part(name: str, what: str, source: str) -> str:
    """Return a named part of a ``WITH``."""
    return f"{name} AS (\n{select(what, source)}\n)"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine writes what the others write differently.

    ``divide`` cuts a quotient that is not negative, ``seconds`` makes an instant seconds since 1970, ``months`` adds
    months to a wall clock in seconds (UTC) and gives seconds again.
    """

    name: Name
    quote: str
    divide: str
    seconds: str
    months: str
    whole: str
    text: str

    def quoted(self, name: str) -> str:
        """Return a name as an identifier."""
        return f"{self.quote}{name.replace(self.quote, 2 * self.quote)}{self.quote}"

    def word(self, word: str) -> str:
        """Return a text as a literal."""
        escaped = word.replace("'", "''")
        return f"'{escaped}'"

    def over(self, dividend: str, divisor: int) -> str:
        """Return a whole quotient, rounded down, of what is never negative."""
        return self.divide.format(dividend=dividend, divisor=divisor)

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
        """Return a table of whole numbers, written down, as a part of a ``WITH``."""
        listed = ", ".join(self.quoted(column) for column in columns)
        values = ",\n    ".join(f"({', '.join(map(str, row))})" for row in rows)
        if self.name == "clickhouse":
            kinds = ", ".join(f"{column} Int64" for column in columns)
            return part(self.quoted(name), "*", f"values('{kinds}',\n    {values})")
        return part(self.quoted(name), "*", f"(VALUES\n    {values}) AS t({listed})")


DIALECTS: Final[Mapping[str, Dialect]] = {
    "duckdb": Dialect(
        "duckdb",
        '"',
        "(({dividend}) // {divisor})",
        "CAST(floor(epoch({column})) AS BIGINT)",
        "CAST(epoch(make_timestamp(({wall}) * 1000000) + to_months(CAST({months} AS INTEGER))) AS BIGINT)",
        "CAST({value} AS BIGINT)",
        "VARCHAR",
    ),
    "spark": Dialect(
        "spark",
        "`",
        "(({dividend}) DIV {divisor})",
        "unix_seconds({column})",
        "(CAST(datediff(add_months(date_add(DATE'1970-01-01', CAST(({wall}) DIV 86400 AS INT)), CAST({months} AS INT)),"
        " DATE'1970-01-01') AS BIGINT) * 86400 + ({wall}) % 86400)",
        "CAST({value} AS BIGINT)",
        "STRING",
    ),
    "clickhouse": Dialect(
        "clickhouse",
        '"',
        "intDiv({dividend}, {divisor})",
        "toUnixTimestamp64Second(toDateTime64({column}, 0))",
        "toUnixTimestamp64Second(addMonths(toDateTime64({wall}, 0, 'UTC'), {months}))",
        "CAST({value} AS Nullable(Int64))",
        "Nullable(String)",
    ),
    "postgres": Dialect(
        "postgres",
        '"',
        "(({dividend}) / {divisor})",
        "CAST(floor(EXTRACT(EPOCH FROM {column})) AS BIGINT)",
        "CAST(EXTRACT(EPOCH FROM (TIMESTAMP '1970-01-01 00:00:00' + ({wall}) * INTERVAL '1 second'"
        " + ({months}) * INTERVAL '1 month')) AS BIGINT)",
        "CAST({value} AS BIGINT)",
        "TEXT",
    ),
}
