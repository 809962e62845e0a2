"""What SQL engines write differently: names, whole division, dates, a table written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Name = Literal["duckdb", "spark", "clickhouse", "postgres"]


def select(what: str, source: str) -> str:
    """Return a query of a source; every name in it is quoted, every word a literal."""
    return "\n".join(("SELECT", f"  {what}", f"FROM {source}"))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine writes what the others write differently.

    ``divide`` cuts a quotient that is not negative, ``seconds`` makes an instant seconds since 1970, ``months`` adds
    months to a wall clock in seconds (UTC) and gives seconds again. ``begin`` and ``fence`` are around a part of a
    query whose columns are not to be written out again wherever a later part names them. ``recursive``: a part may name
    itself.
    """

    name: Name
    quote: str
    divide: str
    seconds: str
    months: str
    whole: str
    text: str
    begin: str = ""
    fence: str = ""
    recursive: bool = True

    def part(self, name: str, what: str, source: str) -> str:
        """Return a named part of a ``WITH``."""
        return f"{name} AS{self.begin} (\n{select(what, source)}{self.fence}\n)"

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

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int | str | None]]) -> str:
        """Return a table of whole numbers and words, written down, as a part of a ``WITH``."""
        listed = ", ".join(self.quoted(column) for column in columns)
        values = ",\n    ".join(f"({', '.join(map(self._cell, row))})" for row in rows)
        if self.name == "clickhouse":
            kinds = zip(columns, zip(*rows, strict=True), strict=True)
            held = ", ".join(f"{column} {_held(cells)}" for column, cells in kinds)
            return self.part(self.quoted(name), "*", f"values('{held}',\n    {values})")
        return self.part(self.quoted(name), "*", f"(VALUES\n    {values}) AS t({listed})")

    def _cell(self, cell: int | str | None) -> str:
        if cell is None:
            return "NULL"
        return self.word(cell) if isinstance(cell, str) else str(cell)


def _held(cells: Sequence[int | str | None]) -> str:
    """Return the type of a column of ClickHouse that has some cells."""
    kind = "String" if any(isinstance(cell, str) for cell in cells) else "Int64"
    return f"Nullable({kind})" if None in cells else kind


DIALECTS: Final[Mapping[str, Dialect]] = {
    "duckdb": Dialect(
        "duckdb",
        '"',
        "(({dividend}) // {divisor})",
        "CAST(floor(epoch({column})) AS BIGINT)",
        "CAST(epoch(make_timestamp(({wall}) * 1000000) + to_months(CAST({months} AS INTEGER))) AS BIGINT)",
        "CAST({value} AS BIGINT)",
        "VARCHAR",
        begin=" MATERIALIZED",
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
        recursive=False,
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
        fence="\nOFFSET 0",
    ),
}
