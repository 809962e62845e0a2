"""Functions of rows as records of one type (see ``case/typed_rows``), which have some facts as the row's text."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from aftersales.case.date_order import DATES, DELIVERED_AT, SHIPPED_AT
from aftersales.expr.tree import Expr
from aftersales.policy.model import Fact
from aftersales.run.function.by_record import RecordSheet
from aftersales.run.function.sheet import Names
from aftersales.run.function.sure import WHOLE


class RowSheet(RecordSheet):
    """The body of a function of a record ``f``; of the facts ``texts`` it has what a row has."""

    def __init__(self, names: Names, texts: Collection[str]) -> None:
        super().__init__(names)
        self._texts = texts

    def begin(self, relations: Iterable[Expr]) -> None:  # noqa: ARG002 (they are looked at as in any case)
        """Write that every text is read, whether it is looked at or not: one that cannot be read is a fault of the row."""
        for name in self._texts:
            self.read_row(name)
        dates = [name for name in sorted(DATES) if name in self.policy.facts and not self.policy.facts[name].derived]
        if not {SHIPPED_AT, DELIVERED_AT}.isdisjoint(dates):
            told = ", ".join(f"{name!r}: {self.read_row(name)}" for name in dates)
            self.put(f"if not dates_fit({{{told}}}): {WHOLE}")

    def _told(self, local: str, fact: Fact) -> None:
        super()._told(local, fact)
        if fact.name in self._texts:
            unknown = "U" if self.may_be_none(fact.name) else None
            self.put(f"if {local} is not {unknown}: {local} = t{local[1:]}[{local}]")
