"""Functions of rows as records of one type (see ``case/typed_rows``): facts are attributes, which is faster still.

Nothing derived is told by a row. What takes more than such a function can do is left to the functions of all cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NoReturn

from aftersales.case.date_order import DATES, DELIVERED_AT, SHIPPED_AT
from aftersales.expr.tree import Expr, Present
from aftersales.policy.model import Fact
from aftersales.run.function.params import by_platform, has_few_rows, is_tabular
from aftersales.run.function.sheet import Gone, Names
from aftersales.run.function.sure import WHOLE, SureSheet


class RowSheet(SureSheet):
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

    def returned(self, function: str) -> str:
        """Return the line that goes on in another function."""
        return WHOLE if function.startswith("N") else super().returned(function)

    def change(self, change: str, *, binding: bool) -> None:  # noqa: ARG002 (the functions of all cases do it)
        """Write that a case of which something changes goes on elsewhere."""
        self._go()

    def param_need(self, name: str) -> str:  # noqa: ARG002 (as above)
        """Write that a case where a param is not known goes on elsewhere."""
        self._go()

    def _go(self) -> NoReturn:
        self.put(WHOLE)
        raise Gone

    def _read_into(self, local: str, fact: Fact) -> None:
        source = fact.derived.fact if isinstance(fact.derived, Present) and self._is_told(fact.derived.fact) else None
        if fact.counter:
            self.put(f"{local} = 0")
            self._known.add(fact.name)
        elif fact.derived is None:
            self.put(f"{local} = f.{local}")
            if fact.name in self._texts:
                unknown = "U" if self.may_be_none(fact.name) else None
                self.put(f"if {local} is not {unknown}: {local} = t{local[1:]}[{local}]")
        elif source is None:
            self._go()
        elif self._is_loose:
            held = self.read_fact(source)
            self.put(f"{local} = None if {held} is U else {held} is not None")
        else:
            super()._read_into(local, fact)

    def _read_param(self, name: str) -> None:
        param = self.policy.params[name]
        if self.always(name) or f"param {name}" in self._held:
            return
        is_plain = is_tabular(self.policy, param) and has_few_rows(param)
        if self._is_loose or not is_plain or (param.on is not None and self.may_be_none(param.on)):
            self._go()
        self._held[f"param {name}"] = local = f"p{self.names.params[name]}"
        self.put(f"{local} = {by_platform(self, param)}")
        self.make_sure(f"param {name}", f"{local} is None")
