"""What an expression may name at the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aftersales.dataclass import dataclass, field
from aftersales.expr.raw import Raw
from aftersales.expr.tree import Expr
from aftersales.expr.types import Type
from aftersales.source import Span

#: Turns character offsets of an expression's text (start, end exclusive) into a place in the author's file.
Place = Callable[[int, int], Span | None]


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use.

    ``facts`` and ``params`` are the visible ones, ``lines`` the attributes of an order line, ``parties`` the party
    words. ``derives`` is true in a fact's ``is:``, where ``present``, dates and order lines may be used. ``elsewhere``
    names facts local to another flow, with that flow, for a better message.

    ``groups`` are lists by name with the words that ``x in group`` may ask for; only laws have them, and only there
    names may hold dots. ``cases`` are the two cases that a law compares: every name then begins with one of them.

    ``read`` keeps the expressions that were read here without a fault, by their texts and the types that were expected,
    ``parsed`` what texts are before names are resolved; several scopes may share the latter. Those of laws share it with
    none but laws, where a name may be read otherwise than elsewhere: with a dot in it, or in a group.
    """

    facts: Mapping[str, Type]
    params: Mapping[str, Type] = field(default_factory=dict)
    lines: Mapping[str, Type] = field(default_factory=dict)
    parties: tuple[str, ...] = ()
    derives: bool = False
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cases: tuple[str, ...] = ()
    read: dict[tuple[str, Type], Expr] = field(default_factory=dict, repr=False)
    parsed: dict[str, Raw] = field(default_factory=dict, repr=False)
