"""The function of rows that tell the same facts: it reads a row into its locals and answers from them.

What such a row does not tell is known when the function is written, so that only what can be decided of it is in it; any
other case goes on in the functions of all cases.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn

from aftersales.expr.tree import Present
from aftersales.policy.model import Fact
from aftersales.run.function.lines import GIVE_UP
from aftersales.run.function.params import by_platform, has_few_rows, is_tabular
from aftersales.run.function.sheet import Gone, Names
from aftersales.run.function.sure import SureSheet


class RowSheet(SureSheet):
    """The body of a function of a row of which some facts, in the locals of ``Sheet``, are known and no others."""

    def __init__(self, names: Names, told: Sequence[str]) -> None:
        super().__init__(names)
        self._elsewhere = GIVE_UP
        self._held.update({name: f"v{names.facts[name]}" for name in told})
        self._known.update(told)
        self.facts = f"{{{', '.join(f'{name!r}: v{names.facts[name]}' for name in told)}}}"

    def returned(self, function: str) -> str:
        """Return the line that goes on in another function, with what the row tells."""
        return f"f = {self.facts}; {super().returned(function)}"

    def handed(self, without: Collection[str]) -> None:
        """Return nothing: no function is handed what a row tells."""

    def is_never_known(self, name: str) -> bool:
        """Return whether a fact is known nowhere here: nobody told it, and nothing says what it is."""
        fact = self.policy.facts[name]
        return name not in self._known and fact.derived is None and not fact.counter

    def change(self, change: str, *, binding: bool) -> None:  # noqa: ARG002 (the functions of all cases do it)
        """Write that a case of which something changes goes on elsewhere."""
        self._go()

    def param_need(self, name: str) -> str:  # noqa: ARG002 (as above)
        """Write that a case where a param is not known goes on elsewhere."""
        self._go()

    def _go(self) -> NoReturn:
        self.put(self._elsewhere)
        raise Gone

    def _read_into(self, local: str, fact: Fact) -> None:
        source = fact.derived.fact if isinstance(fact.derived, Present) and self._is_told(fact.derived.fact) else None
        if source is not None and self.is_known(source):
            self.put(f"{local} = {self.fact(source)} is not None")
            self._known.add(fact.name)
        elif fact.counter:
            self.put(f"{local} = 0")
            self._known.add(fact.name)
        elif self._is_loose and (fact.derived is None or source is not None):
            self.put(f"{local} = {'U' if fact.flag is not None else None}")
        else:
            self._go()

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


def may_be_written(names: Names, told: Collection[str]) -> bool:
    """Return whether rows that tell these facts may have a function of their own: none of them follows from others."""
    return all(names.policy.facts[name].derived is None for name in told)
