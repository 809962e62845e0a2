"""Functions of records (see ``case/records``): facts are attributes, which is faster still than to look up keys.

Nothing derived is told by a record. What takes more than such a function can do is left to the functions of all cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from aftersales.expr.tree import Expr, Present
from aftersales.policy.model import Fact
from aftersales.run.function.params import by_platform, has_few_rows, is_tabular
from aftersales.run.function.sheet import Gone
from aftersales.run.function.sure import WHOLE, SureSheet


class RecordSheet(SureSheet):
    """The body of a function of a record ``f``."""

    def begin(self, relations: Iterable[Expr]) -> None:
        """Write nothing: what a record does not tell is there to be read, and found out where it is looked at."""

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

    def _told(self, local: str, fact: Fact) -> None:
        """Write that a fact is read which may be told."""
        self.put(f"{local} = f.v{self.names.facts[fact.name]}")

    def _read_into(self, local: str, fact: Fact) -> None:
        source = fact.derived.fact if isinstance(fact.derived, Present) and self._is_told(fact.derived.fact) else None
        if fact.counter:
            self.put(f"{local} = 0")
            self._known.add(fact.name)
        elif fact.derived is None:
            self._told(local, fact)
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
