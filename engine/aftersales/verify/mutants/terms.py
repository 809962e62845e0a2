"""Faults in who pays and how much: parties, legs, lines, caps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aftersales.policy.terms import NO_THIRD_PARTY
from aftersales.syntax.tree import (
    ExprText,
    MoneyLineSyntax,
    Name,
    PostageSyntax,
    SharesSyntax,
    ShareSyntax,
    TermsSyntax,
    UndecidedSyntax,
)
from aftersales.verify.mutants.expressions import mispaid
from aftersales.verify.mutants.nodes import nodes_in
from aftersales.verify.mutants.slots import edits_by
from aftersales.verify.mutants.workshop import Edit, Place

_Lines = tuple[MoneyLineSyntax, ...]


def wrong_party(place: Place) -> Iterator[Edit]:
    """Name another party as liable, as bearing or advancing a leg, or as the one money is recovered from."""
    yield from edits_by(place, mispaid, payers=True)
    for node in nodes_in(place.written):
        match node:
            case MoneyLineSyntax(party=Name() as party):
                parties = place.frame.shelf.vocabulary.words.parties
                for other in [word for word in parties if word not in {*NO_THIRD_PARTY, party.text}][:1]:
                    yield Edit(party, replace(party, text=other), party.span, f"from: {party}", f"from: {other}")
            case SharesSyntax(shares=shares):
                after = replace(node, shares=_turned(shares))
                yield Edit(node, after, node.span, _listed(node), _listed(after))
            case TermsSyntax(liable=UndecidedSyntax() as nobody) | PostageSyntax(borne=UndecidedSyntax() as nobody):
                yield Edit(nobody, ExprText("seller", nobody.span), nobody.span, "undecided", "seller")
            case _:
                pass


def dropped_postage(place: Place) -> Iterator[Edit]:
    """Leave out a leg, who advances it, or whether the insurer pays for it."""
    for leg in place.written.terms.postage:
        terms = place.written.terms
        left = tuple(other for other in terms.postage if other is not leg)
        yield Edit(terms, replace(terms, postage=left), leg.span, f"postage: {leg.leg}", None)
        if isinstance(leg.advanced, ExprText):
            before = f"{leg.leg} advanced: {leg.advanced.text}"
            yield Edit(leg, replace(leg, advanced=None), leg.span, before, None)
        if place.frame.shelf.vocabulary.legs[leg.leg.text].insured is not None:
            before, after = (f"{leg.leg} insured: {str(said).lower()}" for said in (leg.insured, not leg.insured))
            yield Edit(leg, replace(leg, insured=not leg.insured), leg.span, before, after)


def dropped_liable(place: Place) -> Iterator[Edit]:
    """Say nothing of who is liable."""
    terms = place.written.terms
    if terms.liable is not None:
        yield Edit(terms, replace(terms, liable=None), terms.liable.span, "liable", None)


def dropped_line(place: Place) -> Iterator[Edit]:
    """Leave out an amount, or the cap of one."""
    terms = place.written.terms
    for book, lines in _books(terms).items():
        for line in lines:
            left = tuple(other for other in lines if other is not line)
            before = f"{book}: {line.name}: {line.amount.text}"
            yield Edit(terms, _with(terms, book, left), line.span, before, None)
            if line.at_most is not None:
                capless = replace(line, at_most=None)
                yield Edit(line, capless, line.span, f"{line.name} at_most: {line.at_most.text}", None)


def _books(terms: TermsSyntax) -> Mapping[str, _Lines]:
    return {
        "refund": terms.refund, "deductions": terms.deductions, "charge": terms.charge, "recover": terms.recover,
    }  # fmt: skip


def _with(terms: TermsSyntax, book: str, lines: _Lines) -> TermsSyntax:
    books = {**_books(terms), book: lines}
    return replace(
        terms,
        refund=books["refund"],
        deductions=books["deductions"],
        charge=books["charge"],
        recover=books["recover"],
    )


def _turned(shares: tuple[ShareSyntax, ...]) -> tuple[ShareSyntax, ...]:
    """Give every party the share of the one after it."""
    return tuple(replace(share, rate=other.rate) for share, other in zip(shares, (*shares[1:], shares[0]), strict=True))


def _listed(shares: SharesSyntax) -> str:
    return ", ".join(f"{share.party}: {'rest' if share.rate is None else share.rate}" for share in shares.shares)
