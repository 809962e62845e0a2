"""The rules of conduct as a table: what is never said or done, when to take care, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aftersales.instants import show_time_of_day
from aftersales.money import show_money
from aftersales.policy.reads import PLATFORM
from aftersales.policy.rules import DUE, ConductRule, Penalty
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Cell, Line, Row, Table, Tone, Words
from aftersales.teach.handbook.voice import Voice, cell, plain, quiet, strong
from aftersales.text import Lang

_WIDTHS = (34, 44, 22)


def rules_table(rules: Iterable[ConductRule], voice: Voice) -> Table:
    """Return a table of rules, with the phrases of the languages shown."""
    heads = (words.RULE, words.NEVER_SAY, words.COST)
    rows = tuple(_row(rule, voice) for rule in rules)
    return Table(tuple(map(voice.of, heads)), rows, _WIDTHS, Tone.NEVER)


def _row(rule: ConductRule, voice: Voice) -> Row:
    name: Line = (strong(voice.of(rule.title)),)
    where = (_platforms(rule.platforms, voice),) if rule.platforms else ()
    first: Cell = (name, *((quiet(said),) for said in (*where, *_near(rule, voice))))
    phrases = _phrases(rule, voice)
    never: Cell = (*cell(*phrases), *((quiet(said),) for said in _besides(rule, voice)))
    costs: Cell = tuple((plain(_cost(penalty, voice)),) for penalty in rule.penalties)
    return Row((first, never or cell(voice.of(words.DASH)), (*costs, voice.sources([rule.source]))))


def _phrases(rule: ConductRule, voice: Voice) -> tuple[Words, ...]:
    """Return the forbidden phrases as one line, those of the languages shown."""
    shown = _shown(rule.words, voice)
    return (voice.joined(map(voice.same, shown), words.SLASH),) if shown else ()


def _shown(phrases: Sequence[str], voice: Voice) -> list[str]:
    """Return the phrases of the languages shown; the policy's Chinese ones stand before its English ones.

    A name or an address among the Chinese ones, ``QQ``, is written so in English as well.
    """
    chinese = [place for place, phrase in enumerate(phrases) if not phrase.isascii()]
    last = max(chinese, default=-1)
    of = {Lang.ZH: {*range(last + 1)}, Lang.EN: {*range(len(phrases))} - {*chinese}}
    return [phrase for place, phrase in enumerate(phrases) if any(place in of[lang] for lang in voice.langs)]


def _besides(rule: ConductRule, voice: Voice) -> Iterator[Words]:
    if rule.longest_number is not None:
        yield voice.filled(words.LONGEST, voice.same(rule.longest_number))
    allowed = _shown(rule.allow, voice)
    if allowed:
        yield voice.filled(words.RIGHT_PHRASES, voice.joined(map(voice.same, allowed)))
    if rule.exempt:
        yield voice.filled(words.EXEMPT, voice.joined(map(voice.action, rule.exempt)))


def _near(rule: ConductRule, voice: Voice) -> Iterator[Words]:
    """Say when a case is near to breaking the rule."""
    if rule.near is not None:
        yield voice.filled(words.CARE, voice.expr(rule.near))
    if rule.last_day == DUE:
        yield voice.of(words.LAST_DAY_DUE)
    elif rule.last_day is not None:
        yield voice.filled(words.LAST_DAY, voice.fact(rule.last_day))
    answer = rule.answer
    if answer is not None:
        length = voice.bare(answer.length, None)
        clock = (voice.same(show_time_of_day(time)) for time in (answer.opens, answer.closes))
        yield voice.filled(words.ANSWER_WITHIN, length, *clock)


def _platforms(names: tuple[str, ...], voice: Voice) -> Words:
    return voice.filled(words.ON_PLATFORMS, voice.joined(voice.value(PLATFORM, name) for name in names))


def _cost(penalty: Penalty, voice: Voice) -> Words:
    said = _figure(penalty, voice)
    if not penalty.platforms:
        return said
    names = voice.joined(voice.value(PLATFORM, name) for name in penalty.platforms)
    return voice.filled(words.IN_BRACKETS, said, names)


def _figure(penalty: Penalty, voice: Voice) -> Words:
    param = penalty.param
    if param is not None:
        return voice.filled(words.PAYS_PARAM, voice.param(param))
    if penalty.money is not None:
        return voice.filled(words.FINE, voice.same(show_money(penalty.money)))
    if penalty.up_to is not None:
        return voice.filled(words.POINTS_TO, voice.same(penalty.points), voice.same(penalty.up_to))
    return voice.filled(words.POINTS, voice.same(penalty.points))
