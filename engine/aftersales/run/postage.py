"""Postage money from postage terms: who advanced a leg, who bears it, what the insurer pays, and what moves."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from aftersales.case.view import CaseView
from aftersales.dataclass import dataclass, field
from aftersales.expr.evaluate import blocker, evaluate
from aftersales.expr.types import UNKNOWN
from aftersales.expr.words import code
from aftersales.money import allocate, show_money
from aftersales.policy.model import Policy, PostageLeg, PostageTerm, Share
from aftersales.run.decision import Leg, Waiting

#: Parties that settle with the buyer directly; what others bear passes through the seller.
_DIRECT = ("buyer", "seller")


@dataclass(slots=True)
class Postage:
    """What the named legs come to, in fen.

    ``refund`` moves seller → buyer, ``charge`` buyer → seller, ``insured`` insurer → buyer, ``recover`` third party →
    seller.
    """

    legs: dict[str, Leg] = field(default_factory=dict)
    refund: dict[str, int] = field(default_factory=dict)
    charge: dict[str, int] = field(default_factory=dict)
    insured: dict[str, int] = field(default_factory=dict)
    recover: dict[tuple[str, str], int] = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)


def derive_postage(policy: Policy, terms: Iterable[PostageTerm], view: CaseView) -> Postage:
    """Derive the money of every named leg.

    A leg whose amount, insurance or advancer is not known waits only where money would move between buyer and seller.
    """
    postage = Postage()
    for term in terms:
        _settle_leg(postage, policy.legs[term.leg], term, view)
    return postage


def _settle_leg(postage: Postage, leg: PostageLeg, term: PostageTerm, view: CaseView) -> None:
    advanced = _advanced(leg, term, view)
    borne = _borne(term, view)
    amount = leg_amount(leg, view)
    insurer = _insurer_pays(leg, term, advanced, amount, view)
    shares: dict[str, int] = {}
    if amount is not None and insurer is not None and advanced is not None and borne != "undecided":
        shares = _shares(term, borne, amount - insurer)
        _move(postage, leg.name, advanced, shares, insurer)
    elif _moves_money(advanced, borne):
        postage.waiting.append(Waiting(leg.name, _missing(leg, term, view)))
    postage.because[leg.name] = _because(leg, term, amount, insurer)
    postage.legs[leg.name] = Leg(advanced, borne, amount, insurer or 0, shares, postage.because[leg.name])


def _advanced(leg: PostageLeg, term: PostageTerm, view: CaseView) -> str | None:
    if term.advanced is None:
        return leg.advanced
    party = evaluate(term.advanced, view)
    return party if isinstance(party, str) else None


def _borne(term: PostageTerm, view: CaseView) -> str:
    if term.borne is None:
        return "undecided"
    if isinstance(term.borne, tuple):
        return "shared"
    party = evaluate(term.borne, view)
    return party if isinstance(party, str) else "undecided"


def leg_amount(leg: PostageLeg, view: CaseView) -> int | None:
    """Return what a leg cost, in fen; ``None`` where nobody told, or where the policy does not count it."""
    value = view.fact(leg.amount) if leg.amount is not None else None
    return value if isinstance(value, int) else None


def _insurer_pays(
    leg: PostageLeg, term: PostageTerm, advanced: str | None, amount: int | None, view: CaseView
) -> int | None:
    """Return the insurer's share in fen: only of what the buyer advanced; ``None`` while it is not known."""
    if leg.insured is None or not term.insured or advanced != "buyer" or amount == 0:
        return 0
    covered = view.fact(leg.insured)
    if covered is UNKNOWN or amount is None:
        return None
    if covered is not True:
        return 0
    known = (view.fact(name) for name in ("insurance_payout", "insured_up_to") if name in view.policy.facts)
    limit = next((value for value in known if isinstance(value, int)), None)
    return None if limit is None else min(amount, limit)


def _shares(term: PostageTerm, borne: str, rest: int) -> dict[str, int]:
    if not isinstance(term.borne, tuple):
        return {borne: rest}
    parts = allocate(rest, [_rate(share, term.borne) for share in term.borne])
    return {share.party: part for share, part in zip(term.borne, parts, strict=True)}


def _rate(share: Share, shares: tuple[Share, ...]) -> Fraction:
    return (
        share.rate if share.rate is not None else 1 - sum((other.rate or Fraction(0) for other in shares), Fraction(0))
    )


def _move(postage: Postage, leg: str, advanced: str, shares: dict[str, int], insurer: int) -> None:
    if insurer:
        postage.insured[leg] = insurer
    for party, part in shares.items():
        if party == advanced or not part:
            continue
        if advanced == "buyer":
            postage.refund[leg] = postage.refund.get(leg, 0) + part
        elif party == "buyer":
            postage.charge[leg] = postage.charge.get(leg, 0) + part
        if party not in (*_DIRECT, "nobody"):
            postage.recover[leg, party] = part


def _moves_money(advanced: str | None, borne: str) -> bool:
    return advanced != borne and (advanced in (None, "buyer") or borne in ("buyer", "undecided", "shared"))


def _missing(leg: PostageLeg, term: PostageTerm, view: CaseView) -> tuple[str, ...]:
    """Name the askable facts that a leg waits for: who advanced it, what it cost, whether it is insured."""
    facts = []
    if term.advanced is not None:
        facts.append(blocker(term.advanced, view))
    if term.borne is not None and not isinstance(term.borne, tuple):
        facts.append(blocker(term.borne, view))
    facts.extend(
        name
        for name in (leg.amount, leg.insured if term.insured else None)
        if name is not None and view.fact(name) is UNKNOWN
    )
    return tuple(dict.fromkeys(base for fact in facts if fact for base in view.base_needs(fact) or (fact,)))


def _because(leg: PostageLeg, term: PostageTerm, amount: int | None, insurer: int | None) -> str:
    if amount is None or leg.amount is None:
        return code(term.borne) if term.borne is not None and not isinstance(term.borne, tuple) else leg.name
    less = f" - {show_money(insurer)}" if insurer else ""
    name = f"{leg.amount} - insurer" if insurer else leg.amount
    return f"{name} = {show_money(amount)}{less}"
