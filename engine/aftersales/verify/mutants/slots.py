"""Where a state as written holds expressions, each with its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aftersales.expr.tree import Expr, Literal
from aftersales.expr.types import FLAG, Kind, Type
from aftersales.expr.words import code
from aftersales.syntax.tree import (
    BranchSyntax,
    ExprText,
    MoneyLineSyntax,
    OfferSyntax,
    OptionSyntax,
    PostageSyntax,
    ReopenSyntax,
    StateSyntax,
    TermsSyntax,
    WithinDaysSyntax,
    WithinHoursSyntax,
)
from aftersales.verify.mutants.expressions import Rule, alternatives
from aftersales.verify.mutants.nodes import nodes_in
from aftersales.verify.mutants.workshop import Edit, Place

_COUNT = Type(Kind.COUNT)
_MONEY = Type(Kind.MONEY)


@dataclass(frozen=True, slots=True)
class Slot:
    """One expression of a state: as written, as it is understood, and the key it stands under (empty: a condition)."""

    text: ExprText
    expr: Expr
    key: str


def edits_by(place: Place, rule: Rule, *, payers: bool = False) -> Iterator[Edit]:
    """Yield what ``rule`` makes of every expression of a state; with ``payers`` of those over parties alone."""
    for slot in slots(place):
        if not payers or slot.expr.type.kind is Kind.PARTY:
            for other in alternatives(slot.expr, rule):
                after = code(other)
                other_text = replace(slot.text, text=after)
                yield Edit(slot.text, other_text, slot.text.span, f"{slot.key}{slot.text.text}", f"{slot.key}{after}")


def slots(place: Place) -> Iterator[Slot]:
    """Yield every expression of a state, in the order in which it is written."""
    for node in nodes_in(place.written):
        for key, text, kind in _held(node, place):
            if isinstance(text, ExprText):
                yield Slot(text, _read(text, kind, place), f"{key}: " if key else "")


def _read(text: ExprText, kind: Type, place: Place) -> Expr:
    if kind == _COUNT and text.text.strip().isdigit():
        return Literal(_COUNT, int(text.text))
    return place.frame.read(text, kind)


def _held(node: object, place: Place) -> tuple[tuple[str, object, Type], ...]:
    """Return what a written element itself holds where an expression may stand: its key, itself, its type."""
    party = place.frame.shelf.vocabulary.words.party
    match node:
        case BranchSyntax(when=when):
            return (("", when, FLAG),)
        case ReopenSyntax(when=when):
            return (("reopen", when, FLAG),)
        case StateSyntax(until=until):
            return (("until", until, FLAG),)
        case OptionSyntax(value=value, condition=condition):
            return ((f"offer {value.text}", condition, FLAG),)
        case OfferSyntax(fact=fact, at_most=most):
            bounded = replace(place.frame.shelf.vocabulary.facts[fact.text].type, low=None, high=None)
            return ((f"offer {fact} at_most", most, bounded),)
        case TermsSyntax(liable=liable):
            return (("liable", liable, party),)
        case PostageSyntax(leg=leg, borne=borne, advanced=advanced):
            return ((f"{leg} borne", borne, party), (f"{leg} advanced", advanced, party))
        case MoneyLineSyntax(name=name, amount=amount, at_most=most):
            return ((str(name), amount, _MONEY), (f"{name} at_most", most, _MONEY))
        case WithinDaysSyntax(days=number) | WithinHoursSyntax(hours=number):
            return (("within", number, _COUNT),)
        case _:
            return ()
