"""Compiles the money and liability of a state, and its deadline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aftersales.expr.tree import Expr, Literal, ParamRef
from aftersales.expr.types import Kind, Type
from aftersales.policy.faults import LEG, PARAM, PARTY
from aftersales.policy.frames import Frame
from aftersales.policy.model import (
    Bearing,
    ByTime,
    MoneyLine,
    PostageTerm,
    Share,
    Terms,
    Within,
    WithinDays,
    WithinDuration,
    WithinHours,
)
from aftersales.policy.values import KIND_NAMES
from aftersales.syntax.tree import (
    BearingSyntax,
    ByTimeSyntax,
    ExprText,
    MoneyLineSyntax,
    Name,
    PostageSyntax,
    SharesSyntax,
    TermsSyntax,
    UndecidedSyntax,
    WithinDaysSyntax,
    WithinHoursSyntax,
    WithinLength,
    WithinParam,
    WithinSyntax,
)
from aftersales.text import Text

_COUNT = Type(Kind.COUNT)
_MONEY = Type(Kind.MONEY)
#: Those who bought and sold, and nobody: from none of them is anything recovered.
NO_THIRD_PARTY: Final = frozenset({"buyer", "seller", "nobody"})
_NOTHING_WRITTEN: Final = TermsSyntax()
_NOTHING: Final = Terms()
_CHARGE_INSTEAD = Text("买家付给卖家的写在 charge 下", "put what the buyer pays the seller under charge")


def read_terms(written: TermsSyntax, frame: Frame) -> Terms:
    """Return what a state says of liability, postage and money; most say nothing."""
    if written == _NOTHING_WRITTEN:
        return _NOTHING
    return Terms(
        says_liable=written.liable is not None,
        liable=None if written.liable is None else _bearing(written.liable, frame),
        postage=tuple(_postage(leg, frame) for leg in written.postage if _is_leg(leg.leg, frame)),
        refund=_lines(written.refund, frame),
        deductions=_lines(written.deductions, frame),
        charge=_lines(written.charge, frame),
        recover=_lines(written.recover, frame),
    )


def read_within(written: WithinSyntax, frame: Frame) -> Within:
    """Return a deadline."""
    match written:
        case WithinLength(length=length):
            return WithinDuration(Literal(Type(Kind.DURATION), length))
        case WithinParam(param=param):
            return WithinDuration(_param(param, Kind.DURATION, frame))
        case WithinDaysSyntax():
            return WithinDays(_count(written.days, frame), written.end_of_day)
        case WithinHoursSyntax():
            return WithinHours(_count(written.hours, frame), written.opens, written.closes)
        case ByTimeSyntax(param=param):
            return ByTime(_param(param, Kind.TIME_OF_DAY, frame))


def _is_leg(name: Name, frame: Frame) -> bool:
    return frame.faults.known(name, frame.shelf.vocabulary.legs, LEG)


def _postage(written: PostageSyntax, frame: Frame) -> PostageTerm:
    advanced = written.advanced
    return PostageTerm(
        leg=written.leg.text,
        advanced=frame.read(advanced, frame.shelf.vocabulary.words.party) if isinstance(advanced, ExprText) else None,
        borne=_bearing(written.borne, frame),
        insured=written.insured,
        span=written.span,
    )


def _bearing(written: BearingSyntax, frame: Frame) -> Bearing:
    match written:
        case UndecidedSyntax():
            return None
        case SharesSyntax():
            return _shares(written, frame)
        case _:
            return frame.read(written, frame.shelf.vocabulary.words.party)


def _shares(written: SharesSyntax, frame: Frame) -> tuple[Share, ...]:
    found = tuple(Share(share.party.text, share.rate) for share in written.shares if _is_party(share.party, frame))
    parties = [share.party for share in found]
    if len(set(parties)) < len(parties):
        frame.faults.add("party_twice", written.span, Text("同一方出现了两次", "one party is named twice"))
    if sum(1 for share in found if share.rate is None) != 1:
        message = Text("份额中要有且只有一个 rest", "shares name exactly one party as the rest")
        frame.faults.add(
            "no_rest", written.span, message, Text("例如 {buyer: 30%, rest: seller}", "{buyer: 30%, rest: seller}")
        )
    if sum(share.rate for share in found if share.rate is not None) > 1:
        frame.faults.add(
            "shares_above_all", written.span, Text("份额合计超过 100%", "the shares add up to more than 100%")
        )
    return found


def _is_party(name: Name, frame: Frame) -> bool:
    return frame.faults.known(name, frame.shelf.vocabulary.words.parties, PARTY)


def _lines(written: Iterable[MoneyLineSyntax], frame: Frame) -> tuple[MoneyLine, ...]:
    return tuple(
        MoneyLine(
            name=line.name.text,
            amount=frame.read(line.amount, _MONEY),
            cap=frame.read(line.at_most, _MONEY) if line.at_most else None,
            span=line.span,
            party=line.party.text if line.party and _is_third_party(line.party, frame) else None,
        )
        for line in written
    )


def _is_third_party(name: Name, frame: Frame) -> bool:
    """Tell whether something can be recovered from a party; what the buyer owes the seller is a charge."""
    if name.text in NO_THIRD_PARTY:
        message = Text(
            f"追偿是向第三方要钱，{name.text} 不是第三方", f"a third party owes what is recovered, not the {name.text}"
        )
        frame.faults.add("no_third_party", name.span, message, _CHARGE_INSTEAD if name.text == "buyer" else None)
        return False
    return _is_party(name, frame)


def _count(written: ExprText, frame: Frame) -> Expr:
    """Return a number of days or hours: a whole number, or an expression over counts."""
    text = written.text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return Literal(_COUNT, int(text))
    return frame.read(written, _COUNT)


def _param(name: Name, kind: Kind, frame: Frame) -> Expr:
    params = frame.shelf.vocabulary.params
    if not frame.faults.known(name, params, PARAM):
        return ParamRef(Type(kind), name.text)
    param = params[name.text]
    if param.type.kind is not kind:
        wanted = KIND_NAMES[kind]
        message = Text(
            f"这里应是{wanted.zh}参数，{name} 不是", f"a {wanted.en} param belongs here, which {name} is not"
        )
        frame.faults.add("wrong_type", name.span, message)
    return ParamRef(param.type, name.text)
