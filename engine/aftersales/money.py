"""Money in whole fen: reading, showing, exact rates, the one rounding, and the two ways of sharing an amount.

No other module does arithmetic on money beyond adding, subtracting and comparing fen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from aftersales.text import Text, clip, pattern

#: The largest amount that is read, in fen: with rates up to ``LARGEST_RATE`` every product fits 64 bits.
LARGEST: Final = 10**12
#: The largest rate that is read; with its two decimals of a percent the denominator is at most 10,000.
LARGEST_RATE: Final = Fraction(10)

_AMOUNT: Final = pattern(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?", re.ASCII)
_SIGNED: Final = pattern(r"-[0-9]+(\.[0-9]+)?", re.ASCII)
_TOO_FINE: Final = pattern(r"[0-9]+\.[0-9]{3,}", re.ASCII)
_DIGITS: Final = pattern(r"[1-9][0-9]{12,}(\.[0-9]{1,2})?", re.ASCII)
_RATE: Final = pattern(r"(0|[1-9][0-9]{0,3})(?:\.([0-9]{1,2}))?%", re.ASCII)


class MoneyFormatError(ValueError):
    """An amount or a rate that cannot be read; ``message`` says why in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def parse_money(value: object) -> int:
    """Read an amount of money and return it in fen.

    Text and ``Decimal`` are yuan with at most two decimals, a whole number is whole yuan (``12`` is 12.00, never 12
    fen). Signs, exponents, leading zeros and digits other than 0 to 9 are refused, and so are floats, which cannot
    hold most amounts. At most ``LARGEST`` fen. Raises ``MoneyFormatError``.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise MoneyFormatError(_not_text(value))
    text = _as_text(value)
    match = _AMOUNT().fullmatch(text)
    if match is None:
        raise MoneyFormatError(_why_not(text))
    fen = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    if fen > LARGEST:
        raise MoneyFormatError(_too_large(text))
    return fen


def show_money(fen: int) -> str:
    """Return ``fen`` as yuan with two decimals: ``1200`` → ``12.00``, ``-5`` → ``-0.05``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02}"


def parse_rate(value: object) -> Fraction:
    """Read a rate such as ``30%`` or ``12.5%`` exactly.

    At most two decimals of a percent and at most 1000%. Raises ``MoneyFormatError``.
    """
    match = _RATE().fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise MoneyFormatError(
            Text(
                f"比率要写成百分数，最多两位小数，例如 30%：{_quoted(value)}",
                f"a rate is a percentage with at most two decimals, such as 30%: {_quoted(value)}",
            )
        )
    rate = Fraction(int(match[1] + (match[2] or "").ljust(2, "0")), 10_000)
    if rate > LARGEST_RATE:
        raise MoneyFormatError(Text(f"比率不能超过 1000%：{value}", f"a rate is at most 1000%: {value}"))
    return rate


def show_rate(rate: Fraction) -> str:
    """Return ``rate`` as a percentage without needless zeros: ``1/8`` → ``12.5%``.

    A rate that no finite decimal can show (none is ever read) is rounded to eight decimals.
    """
    digits = f"{Decimal(half_up(abs(rate) * 10**10)) / 10**8:f}"
    plain = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{'-' if rate < 0 else ''}{plain}%"


def half_up(exact: Fraction) -> int:
    """Round to the nearest whole number, halves up: ``(2·p + q) // (2·q)`` for ``p/q``.

    A negative value is rounded by the same formula with a dividend floored (``-1/2`` → ``0``); the policy never
    makes one.
    """
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def times(amount: int, rate: Fraction) -> int:
    """Return ``rate`` of ``amount`` fen, rounded half up to the fen: ``(2·x·p + q) // (2·q)``."""
    return half_up(amount * rate)


def allocate(amount: int, weights: Sequence[int | Fraction], caps: Sequence[int] | None = None) -> tuple[int, ...]:
    """Share ``amount`` fen in proportion to ``weights`` by largest remainder; the shares add up to it.

    Ties go to the earlier place. No share is above its cap (fen), and what a cap turns away is shared among the
    others. A weight of 0 gets nothing. Raises ``ValueError`` where the amount is negative or cannot be placed.
    """
    shares = [0] * len(weights)
    rest, open_ = amount, [place for place, weight in enumerate(weights) if weight > 0]
    while caps is not None and (full := _beyond_cap(rest, open_, weights, caps)):
        for place in full:
            shares[place] = caps[place]
            rest -= caps[place]
        open_ = [place for place in open_ if place not in full]
    if amount < 0 or rest < 0 or (rest > 0 and not open_):
        message = f"{amount} fen cannot be shared over these weights and caps"
        raise ValueError(message)
    _share_out(rest, open_, weights, shares)
    return tuple(shares)


def cumulative_floor(amount: int, before: int, upto: int, whole: int) -> int:
    """Return the part of ``amount`` fen that units ``before`` to ``upto`` of ``whole`` carry.

    ``⌊amount·upto/whole⌋ − ⌊amount·before/whole⌋``: every partition of the whole adds up to the amount. ``whole``
    is above 0.
    """
    return amount * upto // whole - amount * before // whole


def _beyond_cap(
    rest: int, open_: Sequence[int], weights: Sequence[int | Fraction], caps: Sequence[int]
) -> frozenset[int]:
    """Return the open places whose exact share of ``rest`` is more than their cap."""
    whole = sum(weights[place] for place in open_)
    return frozenset(place for place in open_ if rest * weights[place] > caps[place] * whole)


def _share_out(rest: int, open_: Sequence[int], weights: Sequence[int | Fraction], shares: list[int]) -> None:
    """Give ``rest`` to the open places: the floors first, then one fen each by largest remainder.

    The fen left over are fewer than the places with a remainder, so no share passes its exact value by a whole fen:
    a cap that the exact share keeps is kept.
    """
    whole = sum(weights[place] for place in open_)
    remainders = {}
    for place in open_:
        exact = rest * weights[place]
        shares[place] = int(exact // whole)
        remainders[place] = exact - shares[place] * whole
    left = rest - sum(shares[place] for place in open_)
    by_remainder = sorted(open_, key=lambda place: (-remainders[place], place))
    for place in by_remainder[:left]:
        shares[place] += 1


def _as_text(value: str | int | Decimal) -> str:
    """Return the text of an amount; a number too long to be money is cut."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        plain = value.is_finite() and isinstance(exponent, int) and -20 <= exponent <= 12
        return f"{value:f}" if plain else str(value)
    if value.bit_length() > 64:
        return ("-" if value < 0 else "") + "9" * 20
    return str(value)


def _quoted(value: object) -> str:
    """Return text or a number as a message may show it, anything else as ``…``."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return "…"
    return clip(str(value) if isinstance(value, float) else _as_text(value))


def _not_text(value: object) -> Text:
    """Say why something other than text or a whole number is no amount."""
    if isinstance(value, float):
        return Text(
            f'金额要写成带引号的文字（例如 "12.00"）或整数，小数会有误差：{_quoted(value)}',
            f'money is written as text such as "12.00" or as a whole number, a fraction may be inexact: {_quoted(value)}',
        )
    return Text('这里应是金额，例如 "12.00"', 'an amount of money belongs here, such as "12.00"')


def _why_not(text: str) -> Text:
    """Say why ``text`` is no amount."""
    shown = clip(text)
    if _SIGNED().fullmatch(text):
        return Text(f"金额不能是负数：{shown}", f"money is never negative: {shown}")
    if _TOO_FINE().fullmatch(text):
        return Text(f"金额最多两位小数：{shown}", f"money has at most two decimals: {shown}")
    if _DIGITS().fullmatch(text):
        return _too_large(text)
    return Text(f"不是金额（例如 12.00）：{shown}", f"not an amount of money such as 12.00: {shown}")


def _too_large(text: str) -> Text:
    """Say that an amount is above ``LARGEST``."""
    return Text(
        f"金额超过上限 {show_money(LARGEST)}：{clip(text)}",
        f"more than the largest amount {show_money(LARGEST)}: {clip(text)}",
    )
