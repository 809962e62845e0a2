"""What generated functions call while a case is decided."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from aftersales.expr.types import Kind
from aftersales.money import allocate, half_up
from aftersales.policy.model import Share


def insured(advanced: str | None, amount: int | None, covered: object, payout: object, upto: object) -> int | None:
    """Return the insurer's share of a leg in fen: only of what the buyer advanced; ``None`` while it is not known."""
    if advanced != "buyer" or amount == 0:
        return 0
    if covered is None or amount is None:
        return None
    if covered is not True:
        return 0
    limit = payout if isinstance(payout, int) else upto
    return min(amount, limit) if isinstance(limit, int) else None


def leg(
    fen: dict[str, int | None],
    name: str,
    advanced: str | None,
    borne: str,
    shares: tuple[Share, ...] | None,
    amount: int | None,
    insurer: int | None,
) -> bool:
    """Enter what a leg moves into ``fen``; return whether it waits, and enter that too."""
    if insurer:
        fen[f"insured_{name}"] = insurer
    if amount is not None and insurer is not None and advanced is not None and borne != "undecided":
        for party, part in _shared(borne, shares, amount - insurer):
            _move(fen, name, advanced, party, part)
        return False
    if advanced == borne or (advanced not in {None, "buyer"} and borne not in {"buyer", "undecided", "shared"}):
        return False
    if advanced in {None, "buyer"}:
        fen[f"refund_{name}"] = None
    if advanced != "buyer":
        fen[f"charge_{name}"] = None
    return True


def _shared(borne: str, shares: tuple[Share, ...] | None, rest: int) -> Sequence[tuple[str, int]]:
    if shares is None:
        return ((borne, rest),)
    named = sum((share.rate for share in shares if share.rate is not None), Fraction(0))
    parts = allocate(rest, [1 - named if share.rate is None else share.rate for share in shares])
    return [(share.party, part) for share, part in zip(shares, parts, strict=True)]


def _move(fen: dict[str, int | None], name: str, advanced: str, party: str, part: int) -> None:
    if party == advanced or not part:
        return
    book = "refund" if advanced == "buyer" else "charge" if party == "buyer" else None
    if book is not None:
        fen[f"{book}_{name}"] = (fen.get(f"{book}_{name}") or 0) + part
    if party not in {"buyer", "seller", "nobody"}:
        fen[f"recover_{name}"] = (fen.get(f"recover_{name}") or 0) + part


def multiply(factors: Sequence[int | Fraction], kind: Kind) -> int | Fraction:
    """Multiply exactly; money is rounded half up to the fen once, a negative product as its positive twin."""
    exact = Fraction(1)
    for factor in factors:
        exact *= factor
    if kind is Kind.MONEY:
        return half_up(exact) if exact >= 0 else -half_up(-exact)
    return exact if kind is Kind.RATE or exact.denominator != 1 else int(exact)
