"""The policy's titles and the handbook's own words, said in every language shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aftersales.draw.wording import in_yuan, tight
from aftersales.expr.tree import All, Compare, Expr, FactRef, Literal
from aftersales.expr.types import Kind, Value
from aftersales.expr.words import say
from aftersales.policy.model import Policy, Within
from aftersales.show import titles as show_titles
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Cell, Line, Look, Run, Words
from aftersales.text import Lang, Text

#: The languages of a handbook; ``both`` sets English below Chinese.
LANGS: Final[dict[str, tuple[Lang, ...]]] = {"zh": (Lang.ZH,), "en": (Lang.EN,), "both": (Lang.ZH, Lang.EN)}


class Titles(show_titles.Titles):
    """The titles as the handbook sets them: an amount that stands in words has its currency."""

    __slots__ = ()

    def plain(self, value: Value, kind: Kind | None) -> str:
        """Return a value that has no title of its own; an amount has its currency."""
        said = super().plain(value, kind)
        return in_yuan(said, self.lang) if kind is Kind.MONEY and isinstance(value, int) else said

    def condition(self, expr: Expr) -> str:
        """Return a condition or a formula of the policy in words."""
        return say(expr, self, self.lang, self.written)


@dataclass(frozen=True, slots=True)
class Voice:
    """Says one thing in every language shown."""

    policy: Policy
    langs: tuple[Lang, ...]

    def each(self, say: Callable[[Titles], str]) -> Words:
        """Return what ``say`` makes of each language's titles."""
        return tuple(say(Titles(self.policy, lang)) for lang in self.langs)

    def of(self, text: Text) -> Words:
        """Return a text of the policy or of ours."""
        return tuple(text.to(lang) for lang in self.langs)

    def same(self, text: object) -> Words:
        """Return what reads alike in every language: a number, an id."""
        return tuple(str(text) for _ in self.langs)

    def filled(self, pattern: Text, *parts: Words) -> Words:
        """Fill a pattern's ``{}`` with parts, language by language."""
        return tuple(pattern.to(lang).format(*(part[i] for part in parts)) for i, lang in enumerate(self.langs))

    def joined(self, parts: Iterable[Words], by: Text = words.LIST) -> Words:
        """Join the entries of a list, each once: ``买家、仓库``."""
        listed = tuple(dict.fromkeys(parts))
        return tuple(by.to(lang).join(part[i] for part in listed) for i, lang in enumerate(self.langs))

    def listed(self, parts: Sequence[Words]) -> Words:
        """Join the entries of a list, those that read alike too: ``0.00、0.00``."""
        return tuple(words.LIST.to(lang).join(part[i] for part in parts) for i, lang in enumerate(self.langs))

    def capped(self, pattern: Text, said: Words, most: Words) -> Words:
        """Say what an amount is at most: a figure keeps its distance, a Chinese title needs none."""
        return tuple(map(tight, self.filled(pattern, said, most)))

    def expr(self, expr: Expr) -> Words:
        """Return a condition or an amount as people say it; an amount of 0 or more is one that is known."""
        parts = expr.operands if isinstance(expr, All) else (expr,)
        if not any(map(only_known, parts)):
            return self.each(lambda titles: titles.condition(expr))
        return self.joined(map(self._known, parts), words.AND)

    def _known(self, part: Expr) -> Words:
        name = only_known(part)
        return self.expr(part) if name is None else self.filled(words.IS_KNOWN, self.fact(name))

    def fact(self, name: str) -> Words:
        """Return the title of a fact."""
        return self.each(lambda titles: titles.fact(name))

    def value(self, fact: str, value: Value) -> Words:
        """Return what a value of a fact is called."""
        return self.each(lambda titles: titles.value(fact, value))

    def action(self, name: str) -> Words:
        """Return the title of an action."""
        return self.each(lambda titles: titles.action(name))

    def leg(self, name: str) -> Words:
        """Return the title of a leg of postage."""
        return self.each(lambda titles: titles.leg(name))

    def line(self, name: str) -> Words:
        """Return what a line of money is for."""
        return self.each(lambda titles: titles.line(name))

    def param(self, name: str) -> Words:
        """Return the title of a param, whatever it is worth."""
        return self.of(self.policy.params[name].title)

    def bare(self, value: Value, kind: Kind | None) -> Words:
        """Return a value that has no title of its own."""
        return self.each(lambda titles: titles.plain(value, kind))

    def money(self, fen: int | None) -> Words:
        """Return an amount of fen with two decimals; ``None`` reads as a dash."""
        return self.each(lambda titles: titles.money(fen))

    def instant(self, at: dt.datetime | None) -> Words:
        """Return an instant on the policy's own clock."""
        return self.each(lambda titles: titles.instant(at))

    def within(self, within: Within) -> Words:
        """Return a deadline in words."""
        return self.each(lambda titles: titles.within(within))

    def told(self, values: Mapping[str, Value]) -> Words:
        """Return facts with what was answered to them."""
        return self.each(lambda titles: titles.facts(values))

    def who(self, name: str) -> Words:
        """Return the title of a role or a party; a role param reads as the roles it may be."""
        param = self.policy.params.get(name)
        if param is None:
            return self.each(lambda titles: titles.who(name))
        return self.joined((self.who(str(entry.value)) for entry in param.values), words.OR)

    def sources(self, names: Iterable[str]) -> Line:
        """Return sources with their articles, each leading to the list of sources: a short id, or the title.

        An id that ends with the article, ``L24``, says it.
        """
        runs: list[Run] = []
        for name in dict.fromkeys(names):
            source = self.policy.sources[name]
            said = self.of(source.title) if "_" in name else self.same(name)
            if source.article is not None and not _ends_with(name, str(source.article)):
                said = self.filled(words.WITH_ARTICLE, said, self.same(source.article))
            runs += [quiet(self.of(words.LIST))] if runs else []
            runs.append(Run(said, Look.QUIET, source_anchor(name)))
        return tuple(runs)


def only_known(condition: Expr) -> str | None:
    """Return the fact of which a condition asks only that it is known: ``amount >= 0``."""
    match condition:
        case Compare(">=", FactRef(name=name), Literal(value=int(bound))) if not bound:
            return name
    return None


def _ends_with(name: str, article: str) -> bool:
    front = name.removesuffix(article)
    return front != name and not front[-1:].isdecimal()


def source_anchor(name: str) -> str:
    """Return the anchor of a source in the list of sources."""
    return "source-" + "".join(sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):x}-" for sign in name)


def plain(said: Words, to: str | None = None) -> Run:
    """Return words as they are."""
    return Run(said, Look.PLAIN, to)


def strong(said: Words, to: str | None = None) -> Run:
    """Return words that stand out."""
    return Run(said, Look.STRONG, to)


def quiet(said: Words, to: str | None = None) -> Run:
    """Return words that stand back."""
    return Run(said, Look.QUIET, to)


def cell(*said: Words) -> Cell:
    """Return a cell of plain lines."""
    return tuple((plain(one),) for one in said)


def named(voice: Voice, name: Text, *runs: Run) -> Line:
    """Return a line with its name in front."""
    return (quiet(voice.filled(words.NAMED, voice.of(name))), *runs)
