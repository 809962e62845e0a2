"""Every case that a decision table can meet, and which rows fit it as a reader would say."""

from __future__ import annotations

from itertools import product

from aftersales.expr.types import FLAG, Type, Value
from aftersales.policy.model import Policy
from aftersales.teach.handbook.decisions import Decision, Way


def worlds(model: Policy, decision: Decision) -> list[dict[str, Value]]:
    """Return every combination of answers to a table that asks for words and flags only; none for others."""
    kinds = [model.facts[name].type if name in model.facts else None for name in decision.facts]
    if any(kind is None or not (kind.values or kind == FLAG) for kind in kinds):
        return []
    if any(said.conditions for way in decision.ways for said in way.answers.values()):
        return []
    values = [_answers(kind) for kind in kinds if kind is not None]
    return [dict(zip(decision.facts, answers, strict=True)) for answers in product(*values)]


def _answers(kind: Type) -> tuple[Value, ...]:
    return kind.values or (True, False)


def fits(way: Way, facts: dict[str, Value]) -> bool:
    """Tell whether a reader would say that a row fits the answers."""
    return all(facts[name] in said.values for name, said in way.answers.items())
