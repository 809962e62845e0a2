"""What a picture says: the policy's titles and the fixed words, in the languages shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import not_
from typing import Final

from aftersales.draw import deadlines
from aftersales.draw.graph import Line, LineKind, Strip, Words
from aftersales.draw.questions import Answer, Subject
from aftersales.expr.tree import Compare, Expr, Literal, ParamRef
from aftersales.expr.types import Kind, Type, Value
from aftersales.expr.words import say, show
from aftersales.instants import show_duration, show_time_of_day
from aftersales.money import show_money, show_rate
from aftersales.policy.model import Offer, Param, Policy, PolicySource, Within
from aftersales.text import Lang, Text

#: Where an answer or a party stands that the policy itself does not title.
_WHO: Final = {
    "order": Text("订单记录", "order record"),
    "policy": Text("规则", "policy"),
    "derived": Text("推算", "derived"),
    "undecided": Text("未定", "undecided"),
    "shared": Text("分担", "shared"),
    "nobody": Text("无人承担", "nobody"),
}
_FLAGS: Final = {True: Text("是", "yes"), False: Text("否", "no")}
_NONE: Final = Text("无", "none")
_LINES: Final = {
    "goods": Text("货款", "goods"),
    "compensation": Text("赔偿", "compensation"),
    "counterfeit_compensation": Text("假货赔偿", "compensation for counterfeit goods"),
    "damages": Text("法定赔偿", "statutory damages"),
    "postage_paid_out": Text("运费", "postage"),
    "postage_top_up": Text("补邮费", "postage top-up"),
    "price_difference": Text("差价", "price difference"),
}
_QUESTION: Final = Text("{}？", "{}?")
_ASKED: Final = Text("{}？", "{}")
#: Who "answers" what nobody is asked: it stands in the order or follows from it.
RECORDS: Final = frozenset({"order", "policy", "derived"})
_TAKEN: Final = Text("{0}视为“{1}”", "{0}: taken as {1}")
_TAKEN_FIGURE: Final = Text("{0}视为 {1}", "{0}: taken as {1}")
_TAKEN_SIDE: Final = Text("按“{}”算", "taken as: {}")
_TAKEN_ELSEWHERE: Final = Text("{0}按“{1}”算", "{0}: taken as {1}")
_IF: Final = Text("{0}（{1} 时）", "{0} (if {1})")
_SOURCE: Final = Text("依据", "source")
_OTHER: Final = Text("其他", "any other")
#: So many values that no branch names are still told one by one.
_MOST_UNNAMED: Final = 3
_OR: Final = Text("或", " or ")
_THEN: Final = Text("，", ", ")
_BLANK: Final = Text(" ", " ")
_AND: Final = Text("、", ", ")
_LAST: Final = Text("、", " and ")
_UNITS: Final = {"d": Text(" 天", " days"), "h": Text(" 小时", " h"), "m": Text(" 分钟", " min")}
#: What may follow a title that an amount begins with.
_GOES_ON: Final = (" (", "（", ", ", "，")
_YUAN: Final = Text("{} 元", "¥{}")
#: Where a pattern keeps the distance that only a figure needs.
_LOOSE: Final = re.compile("(?<=[至最]多) (?=[一-鿿“（])|(?<=[一-鿿”）]) (?=时）)")


def tight(said: str) -> str:
    """Take out the blank that a pattern has for a figure, where a Chinese word stands there: ``至多单笔赔付上限``."""
    return _LOOSE.sub("", said)


def in_yuan(said: str, lang: Lang) -> str:
    """Return a figure with its currency: ``50.00 元``, ``¥50.00``."""
    return _YUAN.to(lang).format(said)


def begins_with(said: str, title: str) -> bool:
    """Tell whether words are a title, or go on from it: ``threshold discount taken back (if …)``."""
    return said == title or said.startswith(tuple(title + sign for sign in _GOES_ON))


def is_figure(value: Value) -> bool:
    """Tell whether a value is a number, an amount or a time, which stands without quotation marks."""
    return value is not None and not isinstance(value, bool | str)


def line_title(policy: Policy, name: str) -> Text | None:
    """Return the title of a money line: a known word, or that of the leg, param or fact of the same name."""
    titled = policy.legs.get(name) or policy.params.get(name) or policy.facts.get(name)
    return _LINES.get(name) or (titled.title if titled else None)


@dataclass(frozen=True, slots=True)
class Titles:
    """The policy's titles in one language, as conditions are said with them."""

    policy: Policy
    lang: Lang

    def fact(self, name: str) -> str:
        """Return the title of a fact, or of an attribute of an order line."""
        fact = self.policy.facts.get(name) or self.policy.line_facts.get(name)
        return fact.title.to(self.lang) if fact else name

    def param(self, name: str) -> str:
        """Return the title of a param."""
        return self.policy.params[name].title.to(self.lang) if name in self.policy.params else name

    def value(self, fact: str, value: Value) -> str:
        """Return what a value of a fact or param is called: its own title where it has one."""
        known = self.policy.facts.get(fact) or self.policy.line_facts.get(fact) or self.policy.params.get(fact)
        key = str(value).lower() if isinstance(value, bool) else str(value)
        if known and key in known.value_titles:
            return known.value_titles[key].to(self.lang)
        return self.plain(value, known.type.kind if known else None)

    def plain(self, value: Value, kind: Kind | None) -> str:
        """Return a value that has no title of its own: money with two decimals, a duration in hours or days."""
        match value:
            case bool():
                return _FLAGS[value].to(self.lang)
            case None:
                return _NONE.to(self.lang)
            case Fraction():
                return show_rate(value)
            case dt.timedelta():
                return self.duration(value)
            case dt.time():
                return show_time_of_day(value)
            case int() if kind is Kind.MONEY:
                return show_money(value)
        return self.who(str(value))

    def duration(self, length: dt.timedelta) -> str:
        """Return a length of time in days, hours or minutes."""
        written = show_duration(length)
        return written[:-1] + _UNITS[written[-1]].to(self.lang)

    def who(self, name: str) -> str:
        """Return the title of a role or a party, or of where an answer comes from."""
        text = self.policy.roles.get(name) or self.policy.parties.get(name) or _WHO.get(name)
        return text.to(self.lang) if text else name

    def line(self, name: str) -> str:
        """Return what a money line is for: the goods, a leg of postage, or the param or fact of that name."""
        text = line_title(self.policy, name)
        return text.to(self.lang) if text else name.replace("_", " ")

    def written(self, value: Value, type_: Type) -> str:
        """Return a value in a condition or formula: an amount as everywhere, any other as it is written in files."""
        return self.plain(value, type_.kind) if type_.kind is Kind.MONEY and value is not None else show(value, type_)

    def amount(self, expr: Expr) -> str:
        """Return a length, time or number: as a figure where it is one for every case, else by the param's title."""
        match expr:
            case Literal(type=kind, value=value):
                return self.plain(value, kind.kind)
            case ParamRef(name=name):
                only = _only(self.policy.params[name])
                return self.param(name) if only is None else self.plain(only, expr.type.kind)
        return say(expr, self, self.lang, self.written)

    def within(self, within: Within) -> str:
        """Return a deadline in words: ``48 小时``, ``20:00 前``."""
        return deadlines.told(within, self)

    def is_titled(self, expr: Expr) -> bool:
        """Tell whether a length, time or number is told by the param's title: it differs from case to case."""
        return isinstance(expr, ParamRef) and _only(self.policy.params[expr.name]) is None


class Figures(Titles):
    """The titles of a picture: a param is the figure itself where it is one for every case."""

    __slots__ = ()

    def plain(self, value: Value, kind: Kind | None) -> str:
        """Return a value that has no title of its own; an amount has its currency."""
        said = super().plain(value, kind)
        return in_yuan(said, self.lang) if kind is Kind.MONEY and value is not None else said

    def param(self, name: str) -> str:
        """Return a param as its figure, or by its title where it is a word or differs from case to case."""
        param = self.policy.params.get(name)
        only = _only(param) if param and param.type.kind is not Kind.CHOICE else None
        return self.plain(only, param.type.kind) if param and only is not None else super().param(name)


def _only(param: Param) -> Value:
    """Return the value that a param has in every case; ``None`` where it differs, or is a table."""
    first, *others = (entry.value for entry in param.values)
    return None if isinstance(first, tuple) or any(other != first for other in others) else first


def _never_negative(expr: Expr) -> bool:
    """Tell whether a number or an amount is always 0 or more."""
    return expr.type.kind in {Kind.COUNT, Kind.MONEY} and expr.type.low is not None and expr.type.low >= 0


@dataclass(frozen=True, slots=True)
class Wording:
    """Says one thing in every language shown."""

    policy: Policy
    langs: tuple[Lang, ...]

    def each(self, say_it: Callable[[Titles], str]) -> Words:
        """Return what ``say_it`` makes of each language's titles."""
        return tuple(say_it(Figures(self.policy, lang)) for lang in self.langs)

    def of(self, text: Text) -> Words:
        """Return a text of the policy or of ours."""
        return tuple(text.to(lang) for lang in self.langs)

    def filled(self, pattern: Text, *parts: Words) -> Words:
        """Fill a pattern's ``{}`` with parts, language by language."""
        return tuple(pattern.to(lang).format(*(part[i] for part in parts)) for i, lang in enumerate(self.langs))

    def beside(self, pattern: Text, *parts: Words) -> Words:
        """Fill a pattern that sets a blank beside a part: a figure keeps it, a Chinese word needs none."""
        return tuple(map(tight, self.filled(pattern, *parts)))

    def either(self, parts: tuple[Words, ...]) -> Words:
        """Join alternatives: ``错发、少发或漏发``."""
        *others, last = parts
        return self.joined(_OR, (self.all(tuple(others)), last)) if others else last

    def every(self, parts: tuple[Words, ...]) -> Words:
        """Join the entries of a whole list: ``2、3、4``, ``2, 3 and 4``."""
        *others, last = parts
        return self.joined(_LAST, (self.all(tuple(others)), last)) if others else last

    def all(self, parts: tuple[Words, ...]) -> Words:
        """Join the entries of a list: ``买家、仓库``."""
        return self.joined(_AND, parts)

    def cited_short(self, sources: tuple[str, ...]) -> Words:
        """Return the sources of a branch, in brackets."""
        return tuple(f"〔{' '.join(sources)}〕" for _ in self.langs)

    def source_row(self, source: PolicySource) -> tuple[Words, ...]:
        """Return a source as a row of a table: its id, title and article."""
        articles = tuple(source.article or "" for _ in self.langs)
        return (tuple(source.id for _ in self.langs), self.of(source.title), articles)

    def then(self, parts: tuple[Words, ...]) -> Words:
        """Join an answer and the one given after it: ``取消订单 · 已签收``."""
        return self.joined(_THEN, parts)

    def together(self, parts: tuple[Words, ...]) -> Words:
        """Set several words behind each other in one line."""
        return self.joined(_BLANK, parts)

    def expr(self, expr: Expr) -> Words:
        """Return a condition or an amount in words."""
        return self.each(lambda titles: say(expr, titles, titles.lang, titles.written))

    def within(self, within: Within) -> Words:
        """Return a deadline in words."""
        return self.each(lambda titles: titles.within(within))

    def overdue(self, within: Within) -> Words:
        """Return a deadline that has passed, in words."""
        return self.each(lambda titles: deadlines.passed(within, titles))

    def fact(self, name: str) -> Words:
        """Return the title of a fact."""
        return self.each(lambda titles: titles.fact(name))

    def question(self, subject: Subject) -> Words:
        """Return what is asked: the title of a fact or of a switch of the shop's, or a condition.

        It has a question mark; in English one that is answered by other than yes or no stands as it is.
        """
        match subject:
            case str():
                said = self.fact(subject)
            case ParamRef(name=name):
                said = self.of(self.policy.params[name].title)
            case _:
                said = self.expr(self.put(subject)[0])
        pattern = _QUESTION if self._yes_or_no(subject) else _ASKED
        return tuple(
            entry if entry.endswith("?") else asked
            for entry, asked in zip(said, self.filled(pattern, said), strict=True)
        )

    def put(self, condition: Expr) -> tuple[Expr, bool]:
        """Return a condition as it is best asked, and whether that is its opposite: not whether there is none."""
        match condition:
            case Compare("==" | "<=" as op, left, Literal(value=0)) if op == "<=" or _never_negative(left):
                return replace(condition, op=">"), True
            case Compare(op="<", left=left, right=right) if left.type.kind is Kind.COUNT and self._is_one(right):
                return replace(condition, op=">="), True
        return condition, False

    def _is_one(self, expr: Expr) -> bool:
        return Titles(self.policy, self.langs[0]).amount(expr) == "1"

    def _yes_or_no(self, subject: Subject) -> bool:
        named = self.policy.facts.get(subject) if isinstance(subject, str) else None
        return named.type.kind is Kind.FLAG if named else not isinstance(subject, str)

    def answer(self, subject: Subject, answer: Answer, offers: tuple[Offer, ...] = ()) -> Words:
        """Return the answers of one pill: ``证实买家或无记录``; ``其他`` for the many that nobody names.

        One that is offered on a condition says so.
        """
        if answer.rest and len(answer.values) > _MOST_UNNAMED:
            return self.of(_OTHER)
        name = subject if isinstance(subject, str) else subject.name if isinstance(subject, ParamRef) else ""
        only = {value: when for offer in offers if offer.fact == name for value, when in offer.options}
        values = answer.values if isinstance(subject, str) or not self.put(subject)[1] else map(not_, answer.values)
        return self.either(tuple(self._offered(name, value, only.get(value)) for value in values))

    def _offered(self, name: str, value: Value, when: Expr | None) -> Words:
        said = self.value(name, value)
        return said if when is None or isinstance(when, Literal) else self.beside(_IF, said, self.expr(when))

    def cited(self, sources: tuple[str, ...]) -> Line:
        """Return the sources that stand behind something, by their ids."""
        ids = tuple(" ".join(sources) for _ in self.langs)
        return Line(self.of(_SOURCE), ids, LineKind.SOURCE)

    def taken(self, name: str, value: Value, asked: Subject | None = None) -> Words:
        """Return what counts as answered where nobody does: ``主管复核结论视为“认可”``, ``视为 0``.

        A side with a title of its own stands alone where it answers what is ``asked``, or says the same as the fact:
        ``按“货物完好”算``.
        """
        said, fact = self.value(name, value), self.fact(name)
        if self.tells(name, value):
            short = name == asked or not set(said).isdisjoint(fact)
            return self.filled(_TAKEN_SIDE, said) if short else self.filled(_TAKEN_ELSEWHERE, fact, said)
        return self.filled(_TAKEN_FIGURE if is_figure(value) else _TAKEN, fact, said)

    def tells(self, fact: str, value: Value) -> bool:
        """Tell whether a value needs no fact's title before it: a side of a flag with a title of its own."""
        known = self.policy.facts.get(fact)
        return known is not None and isinstance(value, bool) and str(value).lower() in known.value_titles

    def is_looked_up(self, fact: str) -> bool:
        """Tell whether nobody is asked for a fact: the order, the policy or other facts tell it."""
        return self.policy.facts[fact].answered_by in RECORDS

    @property
    def actors(self) -> tuple[str, ...]:
        """Return who can act: the roles, then the parties, each once."""
        return tuple(dict.fromkeys((*self.policy.roles, *self.policy.parties)))

    def strip(self, name: str) -> Strip:
        """Return the strip of who acts, with the looks of the actor; a role param has those of the first it may be."""
        param = self.policy.params.get(name)
        first = str(param.values[0].value) if param else name
        return Strip(self.who(name), self.actors.index(first) if first in self.actors else None)

    def value(self, fact: str, value: Value) -> Words:
        """Return what a value of a fact is called."""
        return self.each(lambda titles: titles.value(fact, value))

    def who(self, name: str) -> Words:
        """Return the title of a role or a party; a role param reads as the roles it may be."""
        param = self.policy.params.get(name)
        if param is None:
            return self.each(lambda titles: titles.who(name))
        roles = dict.fromkeys(str(entry.value) for entry in param.values)
        return self.either(tuple(map(self.who, roles)))

    def joined(self, by: Text, parts: tuple[Words, ...]) -> Words:
        """Join parts by a text between them."""
        return tuple(by.to(lang).join(part[i] for part in parts) for i, lang in enumerate(self.langs))
