"""The shapes of what a state lays down: liability, postage and money."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from aftersales.errors import did_you_mean
from aftersales.money import MoneyFormatError, parse_rate
from aftersales.source import Span
from aftersales.syntax.atoms import ExprText, Name, ScalarText
from aftersales.syntax.flow import (
    BearingSyntax,
    MoneyLineSyntax,
    PostageSyntax,
    SharesSyntax,
    ShareSyntax,
    TermsSyntax,
    UndecidedSyntax,
)
from aftersales.syntax.leaves import EXPR, FLAG, NAME, VALUE
from aftersales.syntax.records import Got, Record, defaulted, optional, required
from aftersales.syntax.shapes import ByKey, ByKind, Keyed, Made, RefusedError, Shape
from aftersales.text import Text

_PARTY: Final = Text("一方、按比例分担或 undecided", "a party, shares, or undecided")


def _decided(text: ExprText, span: Span) -> ExprText | UndecidedSyntax:
    """Return the party expression, or the mark of one that is still open."""
    return UndecidedSyntax(span) if text.text == "undecided" else text


def _share(party: Name, value: ScalarText, _: Span) -> ShareSyntax:
    """Return one share; ``rest: PARTY`` names who bears what is left."""
    if party.text == "rest":
        return ShareSyntax(Name(value.text, value.span), None)
    return ShareSyntax(party, _rate(value, party.text))


def _rate(value: ScalarText, key: str) -> Fraction:
    """Return the rate of a share."""
    try:
        return parse_rate(value.text)
    except MoneyFormatError as error:
        near = did_you_mean(key, [each.key for each in _POSTAGE_FIELDS])
        raise RefusedError(error.message, near) from None


_PARTY_EXPR: Final[Shape[ExprText | UndecidedSyntax]] = Made(EXPR, _decided)
_SHARES: Final[Shape[SharesSyntax]] = Made(Keyed(Text("各方比例", "shares"), NAME, VALUE, _share), SharesSyntax)
BEARING: Final[Shape[BearingSyntax]] = ByKind(_PARTY, scalar=_PARTY_EXPR, mapping=_SHARES)

_ADVANCED: Final = optional("advanced", _PARTY_EXPR, "谁先垫付", "who advances it")
_BORNE: Final = required("borne", BEARING, "最终由谁承担", "who bears it in the end")
_INSURED: Final = defaulted("insured", FLAG, default=True, zh="运费险是否适用", en="whether the insurer pays here")
_POSTAGE_FIELDS: Final = (_ADVANCED, _BORNE, _INSURED)
_POSTAGE: Final = Record(
    "postage",
    Text("一程运费", "a leg of postage"),
    _POSTAGE_FIELDS,
    lambda got: PostageSyntax(got.name, got[_BORNE], got.span, got[_ADVANCED], got[_INSURED]),
)


def _leg(leg: Name, said: PostageSyntax | BearingSyntax, span: Span) -> PostageSyntax:
    """Return what is said of one leg; the short form names only who bears it."""
    return said if isinstance(said, PostageSyntax) else PostageSyntax(leg, said, span)


_LEG: Final[Shape[PostageSyntax | BearingSyntax]] = ByKind(
    _PARTY,
    scalar=_PARTY_EXPR,
    mapping=ByKey(_PARTY, tuple((each.key, _POSTAGE) for each in _POSTAGE_FIELDS), otherwise=_SHARES),
)

_AMOUNT: Final = required("amount", EXPR, "金额", "the amount")
_AT_MOST: Final = optional("at_most", EXPR, "上限", "the most it may come to")
_MONEY: Final[Shape[tuple[ExprText, ExprText | None]]] = ByKind(
    Text("金额", "an amount"),
    scalar=Made(EXPR, lambda amount, _: (amount, None)),
    mapping=Record(
        "money_line", Text("金额", "an amount"), (_AMOUNT, _AT_MOST), lambda got: (got[_AMOUNT], got[_AT_MOST])
    ),
)


def _line(name: Name, money: tuple[ExprText, ExprText | None], span: Span) -> MoneyLineSyntax:
    """Return one named amount."""
    return MoneyLineSyntax(name, *money, span)


_LINES: Final = Keyed(Text("具名金额", "named amounts"), NAME, _MONEY, _line)
_RECOVER_FROM: Final = required("from", NAME, "向谁追偿", "the party that pays")


def _recovered(got: Got) -> tuple[MoneyLineSyntax, ...]:
    """Return what a third party owes the seller."""
    lines = got.others if isinstance(got.others, tuple) else ()
    if not lines:
        raise RefusedError(Text("缺少追偿的金额", "an amount to recover is missing"))
    party = got[_RECOVER_FROM]
    return tuple(MoneyLineSyntax(each.name, each.amount, each.at_most, each.span, party) for each in lines)


_RECOVER_LINES: Final = Record("recover", Text("追偿", "a recovery"), (_RECOVER_FROM,), _recovered, others=_LINES)

_LIABLE: Final = optional("liable", BEARING, "责任方", "whose fault or risk it is")
_POSTAGE_TERMS: Final = defaulted(
    "postage",
    Keyed(Text("各程运费", "legs of postage"), NAME, _LEG, _leg),
    (),
    "各程运费由谁承担",
    "who bears each leg of postage",
)
_REFUND: Final = defaulted("refund", _LINES, (), "卖家退给买家", "what the seller pays the buyer")
_DEDUCTIONS: Final = defaulted("deductions", _LINES, (), "从货款中扣除", "what lowers the goods line")
_CHARGE: Final = defaulted("charge", _LINES, (), "买家付给卖家", "what the buyer pays the seller")
_RECOVER: Final = defaulted("recover", _RECOVER_LINES, (), "向第三方追偿", "what a third party owes the seller")
TERMS_FIELDS: Final = (_LIABLE, _POSTAGE_TERMS, _REFUND, _DEDUCTIONS, _CHARGE, _RECOVER)


def terms(got: Got) -> TermsSyntax:
    """Return the terms among a state's keys."""
    return TermsSyntax(got[_LIABLE], got[_POSTAGE_TERMS], got[_REFUND], got[_DEDUCTIONS], got[_CHARGE], got[_RECOVER])
