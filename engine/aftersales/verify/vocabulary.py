"""The free values of a proof: one for every fact that is told, with the rules that keep it within its type.

A derived fact is worked out from what it is made of, unless it reads dates, folds over order lines or asks whether a
value is there: such a fact is told as it is, exactly as a case may tell it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from aftersales.expr.names import facts_of, nodes, params_of
from aftersales.expr.tree import Call, Expr, FactRef, LineRef, Over, Present
from aftersales.expr.types import Kind, Type, Value
from aftersales.policy.arrival import goes_into
from aftersales.policy.checks.nulls import flags_of
from aftersales.policy.flat_names import BOOKS, flat_names, line_names
from aftersales.policy.model import Fact, Policy
from aftersales.policy.reads import choosing_facts
from aftersales.verify.symbols import Amount, OneOf, Symbol, Truth, beyond, certain
from aftersales.verify.terms import Formula, Number, all_of, compare, flag, negate, number

_FOLDS = (Call, Over, LineRef, Present)


def is_worked_out(fact: Fact) -> bool:
    """Return whether a proof works a derived fact out from what it is made of; any other fact is told."""
    return fact.derived is not None and not any(
        isinstance(node, _FOLDS) or (isinstance(node, FactRef) and node.type.kind is Kind.INSTANT)
        for node in nodes(fact.derived)
    )


@dataclass(slots=True, repr=False)
class Vocabulary:
    """The free values of one policy, made as they are asked for.

    ``rules`` are to be assumed of every case, ``prefix`` and the facts in ``own`` tell the values of one case from those
    of another in one question. ``lines`` are those of each book of money, ``flat`` all flat names.
    """

    policy: Policy
    prefix: str = ""
    own: frozenset[str] = frozenset()
    rules: list[Formula] = field(default_factory=list)
    made: dict[tuple[str, str], Symbol] = field(default_factory=dict)
    flags: Mapping[str, str] = field(init=False)
    goes_into: Mapping[str, frozenset[str]] = field(init=False)
    lines: Mapping[str, tuple[str, ...]] = field(init=False)
    flat: frozenset[str] = field(init=False)
    bases: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.flags = flags_of(self.policy)
        self.goes_into = goes_into(self.policy)
        self.lines = {book: line_names(self.policy, book) for book in BOOKS}
        self.flat = frozenset(flat_names(self.policy))

    def derivation(self, name: str) -> Expr | None:
        """Return the expression that a fact is worked out from; ``None`` for one that is told."""
        fact = self.policy.facts[name]
        return fact.derived if is_worked_out(fact) else None

    def told_behind(self, name: str) -> frozenset[str]:
        """Return the told facts that a fact rests on: itself, or what it is worked out from."""
        if name not in self.bases:
            derived = self.derivation(name)
            inner = () if derived is None else facts_of(derived)
            self.bases[name] = (
                frozenset({name}) if derived is None else frozenset().union(*(self.told_behind(part) for part in inner))
            )
        return self.bases[name]

    def told_in(self, expr: Expr) -> frozenset[str]:
        """Return the told facts that an expression rests on, those that choose its params included."""
        chosen = (fact for name in params_of(expr) for fact in choosing_facts(self.policy, self.policy.params[name]))
        return frozenset().union(*(self.told_behind(name) for name in (*facts_of(expr), *chosen)))

    def told(self, name: str, where: str = "") -> Symbol:
        """Return the free value of a told fact; ``where`` says which of its answers is meant, the first if empty."""
        key = name, where
        if key not in self.made:
            fact = self.policy.facts[name]
            mine = self.prefix if name in self.own else ""
            self.made[key] = self._free(fact.type, f"{mine}{name}@{where}" if where else f"{mine}{name}", fact)
        return self.made[key]

    def _free(self, type_: Type, name: str, fact: Fact) -> Symbol:
        match type_.kind:
            case Kind.FLAG:
                return certain(flag(name))
            case Kind.CHOICE | Kind.PARTY:
                return self._one_of(type_.values, name)
            case Kind.COUNT | Kind.MONEY | Kind.INSTANT | Kind.DURATION:
                return Amount(self._bounded(name, type_))
            case _:
                raise beyond(f"{fact.name} 的类型没有公式", f"{fact.name} is of a kind that has no formula")

    @staticmethod
    def _one_of(words: tuple[str, ...], name: str) -> OneOf:
        """Return a free word: the first of which a free truth value holds, the last where none does.

        Put so, just one word holds by itself, and the solver need not decide about facts that do not matter.
        """
        by: dict[str, Formula] = {}
        before: Formula = True
        for word in words[:-1]:
            here = flag(f"{name}={word}")
            by[word] = all_of((before, here))
            before = all_of((before, negate(here)))
        return OneOf({**by, words[-1]: before}, some=True)

    def _bounded(self, name: str, type_: Type) -> Number:
        free = number(name)
        low = 0 if type_.low is None and type_.kind is not Kind.INSTANT else type_.low
        bounds = [compare(">=", free, low)] if low is not None else []
        bounds += [compare("<=", free, type_.high)] if type_.high is not None else []
        self.rules.append(all_of(bounds))
        return free


def constant(value: Value) -> Symbol:
    """Return an answer that is written in the policy as a symbol. Raises BeyondProofError for kinds without one."""
    match value:
        case bool():
            return certain(value)
        case int():
            return Amount(value)
        case str():
            return OneOf({value: True}, some=True)
        case dt.datetime():
            return Amount(int(value.timestamp()))
        case dt.timedelta():
            return Amount(int(value.total_seconds()))
        case _:
            raise beyond(f"{value} 没有对应的公式", f"{value} has no formula")


def there(symbol: Symbol) -> Formula:
    """Return when a flag is known to hold; any other symbol is no flag and never does."""
    return symbol.yes if isinstance(symbol, Truth) else False
