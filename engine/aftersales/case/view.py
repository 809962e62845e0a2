"""Looking a case up: what is told, what follows from it, which params apply, and what is missing at the root of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from aftersales.case.computed import WITHOUT_FACT, compute, waits_for
from aftersales.case.model import Case, OrderLine
from aftersales.case.params import Choice, choose
from aftersales.case.units import claimed_stretches
from aftersales.errors import CaseError, ConflictError, Diagnostic
from aftersales.expr.evaluate import blocker, evaluate, facts_of
from aftersales.expr.shown import show
from aftersales.expr.tree import Collection
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.expr.words import code
from aftersales.instants import zone_named
from aftersales.policy.model import Fact, Holds, ParamValue, Policy
from aftersales.text import Text


class CaseView:
    """A case seen with the answers told so far; it never changes and looks nothing up twice.

    The view keeps to one set of answers: after a further one, make a new view.
    """

    def __init__(self, policy: Policy, case: Case, told: Mapping[str, Value]) -> None:
        self.policy = policy
        self.case = case
        self.told = told
        self.zone: dt.tzinfo = zone_named(policy.timezone)
        self._facts: dict[str, Value] = {}
        self._params: dict[str, Choice] = {}
        self._lines: dict[Collection, Sequence[Mapping[str, Value]] | Unknown] = {}

    def fact(self, name: str) -> Value:
        """Return what is known of a fact: told, else derived, else computed, else ``UNKNOWN``.

        Raises ``ConflictError`` where it is told and follows from other facts as something else.
        """
        if name not in self._facts:
            self._facts[name] = UNKNOWN
            try:
                self._facts[name] = self._look_up(self.policy.facts[name])
            except CaseError:
                del self._facts[name]
                raise
        return self._facts[name]

    def _look_up(self, fact: Fact) -> Value:
        told, follows = self.told.get(fact.name, UNKNOWN), self._follows(fact)
        if told is UNKNOWN or follows is UNKNOWN or told == follows:
            return follows if told is UNKNOWN else told
        raise ConflictError(self._disagree(fact, told, follows))

    def _follows(self, fact: Fact) -> Value:
        if fact.derived is not None:
            return evaluate(fact.derived, self)
        return compute(fact.name, self.case, self._input) if fact.computed else UNKNOWN

    def _input(self, name: str) -> Value:
        return self.fact(name) if name in self.policy.facts else WITHOUT_FACT.get(name, UNKNOWN)

    def _disagree(self, fact: Fact, told: Value, follows: Value) -> Diagnostic:
        said, result = (show(value, fact.type, self.zone) for value in (told, follows))
        return Diagnostic(
            "told_disagrees",
            Text(
                f"{fact.name} 告知为 {said}，但由其他事实得出 {result}",
                f"{fact.name} is told as {said}, but follows from the other facts as {result}",
            ),
        )

    def param(self, name: str) -> Value:
        """Return the param's value for this case, tiers applied; ``UNKNOWN`` where a fact that chooses it is.

        Raises ``UnmatchedCaseError`` where no entry is valid at the case's date.
        """
        return self._choice(name).value

    def param_blocker(self, name: str) -> str:
        """Return the fact that keeps the param unknown: its platform, its date, or the amount of its tiers.

        Raises ``KeyError`` where the param is known.
        """
        fact = self._choice(name).blocker
        if fact is None:
            raise KeyError(name)
        return fact

    def param_note(self, name: str) -> ParamValue | None:
        """Return the entry that the param's value was taken from (its source, whether no rule was found).

        ``None`` where it is not known yet which one it is.
        """
        return self._choice(name).entry

    def _choice(self, name: str) -> Choice:
        if name not in self._params:
            shop = self.case.order.shop if self.case.order is not None else None
            self._params[name] = choose(self.policy.params[name], shop, self._input, self.zone)
        return self._params[name]

    def lines(self, collection: Collection) -> Sequence[Mapping[str, Value]] | Unknown:
        """Return the attributes of all order lines, or of the claimed ones with the claimed quantity and its price.

        ``UNKNOWN`` where the order record has no lines.
        """
        if collection not in self._lines:
            self._lines[collection] = self._read_lines(collection)
        return self._lines[collection]

    def _read_lines(self, collection: Collection) -> Sequence[Mapping[str, Value]] | Unknown:
        order = self.case.order
        if order is None or not order.lines:
            return UNKNOWN
        if collection == "lines":
            return tuple(_attributes(line, line.quantity, line.paid) for line in order.lines)
        return tuple(
            _attributes(part.line, part.last - part.first, part.paid)
            for part in claimed_stretches(order, self.case.claim)
        )

    def base_needs(self, name: str) -> tuple[str, ...]:
        """Return the facts to ask for so that an unknown fact becomes known; nothing where it is known.

        A fact with a question is asked itself; a derived or computed one without is opened to what it reads, down to
        facts that somebody can answer. Where nothing further helps, it is the fact itself.
        """
        if self.fact(name) is not UNKNOWN:
            return ()
        return tuple(dict.fromkeys(self._open(name, set()))) or (name,)

    def _open(self, name: str, seen: set[str]) -> Iterator[str]:
        """Yield the facts to ask for; nothing for one that is opened already."""
        if name in seen or name not in self.policy.facts:
            return
        seen.add(name)
        fact = self.policy.facts[name]
        inputs = () if fact.ask is not None else self._inputs(fact)
        if not inputs:
            yield name
        for part in inputs:
            yield from self._open(part, seen)

    def _inputs(self, fact: Fact) -> tuple[str, ...]:
        """Return the unknown facts that a derived or computed fact waits for."""
        if fact.computed:
            return tuple(part for part in waits_for(fact.name, self.case, self._input) if part in self.policy.facts)
        missing = blocker(fact.derived, self) if fact.derived is not None else None
        return () if missing is None else (missing,)


def check_agreement(policy: Policy, view: CaseView) -> None:
    """Check that what was told agrees with itself, whether a guard reads it or not.

    Raises ``ConflictError`` where a derived or computed fact is told as something else than follows, or with every
    relation that a case must keep and that is known to be broken.
    """
    for name in view.told:
        view.fact(name)
    broken = [holds for holds in policy.holds if evaluate(holds.condition, view) is False]
    if broken:
        raise ConflictError(*(_broken(holds, view) for holds in broken))


def _broken(holds: Holds, view: CaseView) -> Diagnostic:
    facts = view.policy.facts
    values = ", ".join(
        f"{name} = {show(view.fact(name), facts[name].type, view.zone)}"
        for name in dict.fromkeys(facts_of(holds.condition))
    )
    relation = code(holds.condition)
    return Diagnostic(
        "relation_broken",
        Text(f"{relation} 不成立：{values}", f"{relation} does not hold: {values}"),
        holds.span,
    )


def _attributes(line: OrderLine, quantity: int, paid: int) -> Mapping[str, Value]:
    unit_price = UNKNOWN if line.unit_price is None else line.unit_price
    return {**line.attributes, "quantity": quantity, "paid": paid, "unit_price": unit_price}
