"""Two answers to one fact that no condition ahead tells apart: to record one for the other changes no decision."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.expr.names import facts_of, nodes
from aftersales.expr.tree import Compare, Expr, FactRef, In, Literal
from aftersales.expr.types import Value
from aftersales.policy.live import targets_of
from aftersales.policy.model import Policy, State
from aftersales.policy.reads import asides_of
from aftersales.run.reads import names_read


def told_apart(policy: Policy, start: str, name: str, answers: tuple[Value, Value]) -> bool:
    """Return whether a state from ``start`` on may decide differently by which of two ``answers`` is given to a fact.

    Only comparisons of the fact with words are looked into; whatever else reads it may tell them apart.
    """
    return any(_reads(policy, state, name, answers) for state in _ahead(policy, start))


def _ahead(policy: Policy, start: str) -> Iterator[State]:
    """Yield ``start`` and every state that a case may come to from there."""
    waiting, seen = [start], {start}
    while waiting:
        state = policy.states[waiting.pop()]
        yield state
        further = {target.state for target in targets_of(policy, state)} - seen
        seen |= further
        waiting.extend(further)


def _reads(policy: Policy, state: State, name: str, answers: tuple[Value, Value]) -> bool:
    if any(offer.fact == name for offer in state.offers):
        return True
    exprs = [part for branch in state.branches for part in (branch.guard, branch.when)]
    exprs += [expr for expr, _ in asides_of(state)]
    exprs += [] if state.until is None else [state.until]
    return any(name in names_read(policy, expr) and not _same(expr, name, answers) for expr in exprs)


def _same(expr: Expr, name: str, answers: tuple[Value, Value]) -> bool:
    """Return whether every look at the fact is a comparison with words that comes out alike for both answers."""
    found = list(nodes(expr))
    looks = sum(isinstance(node, FactRef) and node.name == name for node in found)
    words = [words for node in found if (words := _words(node, name)) is not None]
    indirectly = name not in facts_of(expr)
    return (
        not indirectly and len(words) == looks and all((answers[0] in word) == (answers[1] in word) for word in words)
    )


def _words(node: Expr, name: str) -> tuple[Value, ...] | None:
    """Return the words that a node compares the fact with; ``None`` where it does something else."""
    match node:
        case Compare(op="==" | "!=", left=FactRef(name=fact), right=Literal(value=value)) if fact == name:
            return (value,)
        case In(operand=FactRef(name=fact), values=values) if fact == name:
            return values
        case _:
            return None
