"""What generated functions look at besides a case, and how a later start makes it again from plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from aftersales.dataclass import dataclass
from aftersales.expr.types import Kind
from aftersales.policy.model import Share, Target
from aftersales.run.function.changes import Change
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.reached import NO_FEN, NOTHING, Reached

if TYPE_CHECKING:  # a first decision does without it
    from aftersales.run.function.answer import Answer

#: How something is made: what it is, and plain values that say all of it.
Recipe = tuple[str, tuple[Any, ...]]


class Answers(dict[str | None, "Answer | Reached"]):
    """The answers about one place that differ in what they ask for, made as they are first given."""

    def __init__(self, plain: Answer | Reached) -> None:
        super().__init__()
        self.plain = plain

    def __missing__(self, need: str | None) -> Answer | Reached:
        self[need] = answer = self.plain.asking(need)
        return answer


class Numbers(dict[object, int]):
    """The number of a row by what a fact says; -1 where none has it."""

    def __missing__(self, value: object) -> int:
        return -1


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
        case Numbers():
            return "numbers", (dict(value),)
        case Answers(plain=Reached() as plain):
            return "answers", _of_reached(plain)
        case Reached():
            return "reached", _of_reached(value)
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


def _of_reached(reached: Reached) -> tuple[Any, ...]:
    return *reached[:3], dict(reached.borne), dict(reached.fen), *reached[5:]


def _reached(
    _nodes: Nodes,
    state: str,
    outcome: str | None,
    liable: str,
    borne: Mapping[str, str],
    fen: Mapping[str, int | None],
    need: str | None,
    error: str | None,
) -> Reached:
    shared = MappingProxyType(borne) if borne else NOTHING
    return Reached(state, outcome, liable, shared, MappingProxyType(fen) if fen else NO_FEN, need, error)


_MAKERS: Final[Mapping[str, Callable[..., object]]] = {
    "leaf": lambda nodes, edges, number: Leaf(edges, nodes.numbered(number)),
    "change": lambda _, *target: Change(Target(*target)),
    "answers": lambda nodes, *parts: Answers(_reached(nodes, *parts)),
    "reached": _reached,
    "borne": lambda _, borne: MappingProxyType(borne),
    "fraction": lambda _, *ratio: Fraction(*ratio),
    "kind": lambda _, kind: Kind(kind),
    "shares": lambda _, *shares: tuple(_share(*share) for share in shares),
    "numbers": lambda _, numbers: Numbers(numbers),
    "plain": lambda _, value: value,
}
