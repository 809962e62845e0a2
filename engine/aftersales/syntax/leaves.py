"""Single values: names, words, expressions, texts, flags, counts, money, rates, durations, times and days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, TypeVar

from aftersales.errors import did_you_mean
from aftersales.instants import TimeFormatError, parse_day, parse_duration, parse_time_of_day
from aftersales.money import MoneyFormatError, parse_money, parse_rate
from aftersales.syntax.atoms import ExprText, Name, ScalarText, TextSyntax
from aftersales.syntax.flow import WithinLength, WithinParam
from aftersales.syntax.records import Got, Record, required
from aftersales.syntax.shapes import Bad, Leaf, Listed, Reading, RefusedError
from aftersales.text import Text, clip
from aftersales.yaml_nodes import NULLS, Mapping, Node, Scalar, from_to

T = TypeVar("T")

#: What ``_name`` takes, in words of a JSON Schema.
_NAME: Final = "[A-Za-z][A-Za-z0-9_]*"
_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_BETWEEN: Final = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})", re.ASCII)
_YAML_FLAGS: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_LONGEST_NAME: Final = 80
_LONGEST_TEXT: Final = 2000
_LONGEST_EXPR: Final = 1000


def _text(scalar: Scalar) -> str:
    """Return a text that says something."""
    if not scalar.text.strip():
        raise RefusedError(Text("这里的文字是空的", "the text is empty"))
    if len(scalar.text) > _LONGEST_TEXT:
        raise RefusedError(
            Text(f"文字超过 {_LONGEST_TEXT} 个字", f"the text is longer than {_LONGEST_TEXT} characters")
        )
    return scalar.text.strip()


def _said(scalar: Scalar) -> ExprText:
    """Return a text that says something, with its place."""
    return ExprText(_text(scalar), scalar.place, scalar.style)


def _name(scalar: Scalar) -> Name:
    """Return a name."""
    text = scalar.text
    if len(text) > _LONGEST_NAME or not (text.isascii() and text.isidentifier() and text[0] != "_"):
        raise RefusedError(
            Text(f"不是名称：{clip(scalar.text)}", f"not a name: {clip(scalar.text)}"),
            Text(
                "名称以字母开头，只含英文字母、数字和下划线",
                "a name begins with a letter and holds only letters a to z, digits and underscores",
            ),
        )
    return Name(text, scalar.place)


def _value(scalar: Scalar) -> ScalarText:
    """Return the value as it is."""
    return ScalarText(scalar.text, scalar.place, scalar.quoted)


def _expr(scalar: Scalar) -> ExprText:
    """Return an expression as text."""
    if not scalar.text.strip():
        raise RefusedError(Text("表达式是空的", "the expression is empty"))
    if len(scalar.text) > _LONGEST_EXPR:
        message = Text(
            f"表达式超过 {_LONGEST_EXPR} 个字符", f"the expression is longer than {_LONGEST_EXPR} characters"
        )
        raise RefusedError(message, Text("拆成几个具名条件（派生事实）", "name parts of it as derived facts"))
    return ExprText(scalar.text, scalar.place, scalar.style)


def _flag(scalar: Scalar) -> bool:
    """Return a flag: ``true`` or ``false`` and no other spelling."""
    if scalar.text in {"true", "false"} and not scalar.quoted:
        return scalar.text == "true"
    meant = _YAML_FLAGS.get(scalar.text.lower(), scalar.text.lower())
    hint = Text(f"请写 {meant}", f"write {meant}") if meant in {"true", "false"} else None
    if scalar.quoted and hint:
        hint = Text(f"请写 {meant}，不加引号", f"write {meant} without quotes")
    shown = clip(scalar.text)
    raise RefusedError(Text(f"只能是 true 或 false：{shown}", f"only true or false stands here: {shown}"), hint)


def _count(scalar: Scalar) -> int:
    """Return a whole number in plain digits."""
    if _COUNT.fullmatch(scalar.text) and not scalar.quoted:
        return int(scalar.text)
    shown = clip(scalar.text)
    raise RefusedError(
        Text(f"不是整数：{shown}", f"not a whole number: {shown}"),
        Text(
            "只写数字，不加引号、前导零、下划线或符号", "plain digits without quotes, leading zero, underscore or sign"
        ),
    )


def _money(scalar: Scalar) -> int:
    """Return an amount in fen."""
    try:
        return parse_money(scalar.text)
    except MoneyFormatError as error:
        raise RefusedError(error.message) from None


def _rate(scalar: Scalar) -> Fraction:
    """Return a rate."""
    try:
        return parse_rate(scalar.text)
    except MoneyFormatError as error:
        raise RefusedError(error.message) from None


def _money_or_rate(scalar: Scalar) -> int | Fraction:
    """Return what a tier pays: fen, or a rate where a percent sign stands."""
    return _rate(scalar) if scalar.text.endswith("%") else _money(scalar)


def _timed(parse: Callable[[str], T]) -> Callable[[Scalar], T]:
    """Return a conversion that says what is wrong with a time as ``parse`` does."""

    def convert(scalar: Scalar) -> T:
        try:
            return parse(scalar.text)
        except TimeFormatError as error:
            raise RefusedError(error.message) from None

    return convert


def _between(scalar: Scalar) -> tuple[dt.time, dt.time]:
    """Return the two ends of ``09:00-18:00``."""
    match = _BETWEEN.fullmatch(scalar.text)
    shown = clip(scalar.text)
    if match is None:
        message = Text(
            f'不是时段（例如 "09:00-18:00"）：{shown}', f'not a stretch of the day such as "09:00-18:00": {shown}'
        )
        raise RefusedError(message)
    try:
        opens, closes = parse_time_of_day(match[1]), parse_time_of_day(match[2])
    except TimeFormatError as error:
        raise RefusedError(error.message) from None
    if opens >= closes:
        raise RefusedError(Text(f"时段的结束要晚于开始：{shown}", f"the end must be later than the start: {shown}"))
    return opens, closes


def _length(scalar: Scalar) -> WithinLength | WithinParam:
    """Return a length of time, or the param that holds it."""
    if scalar.text[:1].isdigit():
        return WithinLength(_timed(parse_duration)(scalar), scalar.span)
    return WithinParam(_name(scalar), scalar.span)


def one_of(what: Text, *words: str) -> Leaf[Name]:
    """Return the shape of one of the language's own words."""

    def convert(scalar: Scalar) -> Name:
        if scalar.text in words:
            return Name(scalar.text, scalar.place)
        shown, listed = clip(scalar.text), ", ".join(words)
        message = Text(f"{what.zh}没有 {shown} 这个值", f"{what.en} is never {shown}")
        raise RefusedError(message, did_you_mean(scalar.text, words) or Text(f"可选：{listed}", f"one of {listed}"))

    return Leaf(what, convert, {"enum": list(words)})


_ANY: Final = {"type": ["string", "number", "boolean"]}

TEXT: Final = Leaf(Text("文字", "text"), _text, {"type": ["string", "number", "boolean"], "maxLength": _LONGEST_TEXT})
_SAID: Final = Leaf(TEXT.what, _said, TEXT.as_schema)
NAME: Final = Leaf(
    Text("名称", "a name"),
    _name,
    {"type": "string", "pattern": f"^{_NAME}$", "maxLength": _LONGEST_NAME},
)
#: A value whose kind the fact or param decides.
VALUE: Final = Leaf(Text("值", "a value"), _value, _ANY)
#: The same, where ``null`` is a value too (a known none).
VALUE_OR_NULL: Final = Leaf(Text("值", "a value"), _value, {"type": [*_ANY["type"], "null"]}, null=True)
EXPR: Final = Leaf(Text("表达式", "an expression"), _expr, {**_ANY, "maxLength": _LONGEST_EXPR})
FLAG: Final = Leaf(Text("true 或 false", "true or false"), _flag, {"type": "boolean"})
COUNT: Final = Leaf(Text("整数", "a whole number"), _count, {"type": "integer", "minimum": 0})
MONEY: Final = Leaf(
    Text("金额", "an amount"),
    _money,
    {"anyOf": [{"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]{1,2})?$"}, {"type": "number", "minimum": 0}]},
)
RATE: Final = Leaf(Text("比率", "a rate"), _rate, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?%$"})
MONEY_OR_RATE: Final = Leaf(
    Text("金额或比率", "an amount or a rate"),
    _money_or_rate,
    {"anyOf": [{"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?%?$"}, {"type": "number", "minimum": 0}]},
)
DAY: Final = Leaf(
    Text("日期", "a day"), _timed(parse_day), {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
)
BETWEEN: Final = Leaf(
    Text("时段", "a stretch of the day"),
    _between,
    {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"},
)
DURATION: Final = Leaf(
    Text("时长", "a length of time"), _timed(parse_duration), {"type": "string", "pattern": "^[0-9]+[dhm]$"}
)
LENGTH: Final = Leaf(
    Text("时限", "a time limit"),
    _length,
    {"type": "string", "pattern": "^([0-9]+[dhm]|[A-Za-z][A-Za-z0-9_]*)$"},
)

NAMES: Final = Listed(Text("名称列表", "a list of names"), NAME)

_ZH: Final = required("zh", _SAID, "中文", "the Chinese text")
_EN: Final = required("en", _SAID, "英文", "the English text")


def _titled(got: Got) -> TextSyntax:
    return TextSyntax(got[_ZH], got[_EN], got.span)


class _Both(Record[TextSyntax]):
    """A pair of texts: half of all records of a policy are one, and nearly all of these are written like this."""

    __slots__ = ()

    def read(self, node: Node, at: Reading) -> TextSyntax | Bad:
        """Return the pair; one that is written in any other way, or at fault, is read like every record."""
        if isinstance(node, Mapping) and [key.text for key, _ in node.entries] == ["zh", "en"] and not at.full:
            (_, zh), (_, en) = node.entries
            if isinstance(zh, Scalar) and isinstance(en, Scalar) and _says_something(zh) and _says_something(en):
                whole: Any = from_to(at.key, node) if at.key else node.place
                return TextSyntax(
                    ExprText(zh.text.strip(), zh.place, zh.style), ExprText(en.text.strip(), en.place, en.style), whole
                )
        return Record.read(self, node, at)


def _says_something(scalar: Scalar) -> bool:
    """Return whether a value is surely a text that ``_text`` takes."""
    text = scalar.text
    return text not in NULLS and not text.isspace() and len(text) <= _LONGEST_TEXT


#: A title, question or sentence in both languages.
BOTH: Final = _Both("text", Text("中英文对照", "a pair {zh: …, en: …}"), (_ZH, _EN), _titled)
