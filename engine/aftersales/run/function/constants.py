"""What generated functions look at besides a case, and how a later start makes it again from plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from aftersales.dataclass import dataclass
from aftersales.expr.types import Kind
from aftersales.policy.model import Share, Target
from aftersales.run.function.answer import NO_FEN, NOTHING, Answer
from aftersales.run.function.changes import Change
from aftersales.run.function.nodes import Node, Nodes

#: How something is made: what it is, and plain values that say all of it.
Recipe = tuple[str, tuple[Any, ...]]


class Answers(dict[str | None, Answer]):
    """The answers about one place that differ in what they ask for, made as they are first given."""

    def __init__(self, plain: Answer) -> None:
        super().__init__()
        self.plain = plain

    def __missing__(self, need: str | None) -> Answer:
        self[need] = answer = self.plain._replace(need=need)
        return answer


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a function stops: the edges taken in it, and the node that the case is in."""

    edges: tuple[str, ...]
    node: Node


def recipe(value: object) -> Recipe:
    """Return how a constant is made again; one that nothing else is known of is taken for a plain value."""
    match value:
        case Leaf(edges=edges, node=node):
            return "leaf", (edges, node.number)
        case Change(target=target):
            return "change", (target.state, target.forget, target.take, target.add)
        case Answers(plain=plain):
            return "answers", _of_answer(plain)
        case Answer():
            return "answer", _of_answer(value)
        case MappingProxyType():
            return "borne", (dict(value),)
        case (Share(), *_):
            return "shares", _of_shares(value)
        case Kind():
            return "kind", (value.value,)
        case Fraction():
            return "fraction", value.as_integer_ratio()
        case _:
            return "plain", (value,)


def made(how: Recipe, nodes: Nodes) -> object:
    """Make a constant. Raises ValueError, KeyError, TypeError or IndexError where nothing can be made so."""
    what, values = how
    return _MAKERS[what](nodes, *values)


def _of_shares(shares: Any) -> tuple[Any, ...]:
    return tuple((share.party, share.rate and share.rate.as_integer_ratio()) for share in shares)


def _share(party: str, rate: tuple[int, int] | None) -> Share:
    return Share(party, None if rate is None else Fraction(*rate))


def _of_answer(answer: Answer) -> tuple[Any, ...]:
    return *answer[:3], dict(answer.borne), dict(answer.fen), *answer[5:]


def _answer(
    _nodes: Nodes,
    state: str,
    outcome: str | None,
    liable: str,
    borne: Mapping[str, str],
    fen: Mapping[str, int | None],
    need: str | None,
    error: str | None,
) -> Answer:
    shared = MappingProxyType(borne) if borne else NOTHING
    return Answer(state, outcome, liable, shared, MappingProxyType(fen) if fen else NO_FEN, need, error)


_MAKERS: Final[Mapping[str, Callable[..., object]]] = {
    "leaf": lambda nodes, edges, number: Leaf(edges, nodes.numbered(number)),
    "change": lambda _, *target: Change(Target(*target)),
    "answers": lambda nodes, *parts: Answers(_answer(nodes, *parts)),
    "answer": _answer,
    "borne": lambda _, borne: MappingProxyType(borne),
    "fraction": lambda _, *ratio: Fraction(*ratio),
    "kind": lambda _, kind: Kind(kind),
    "shares": lambda _, *shares: tuple(_share(*share) for share in shares),
    "plain": lambda _, value: value,
}
