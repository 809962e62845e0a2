"""The chapters to look things up in: figures, registers, sources, glossary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from aftersales.instants import zone_named
from aftersales.money import show_money, show_rate
from aftersales.policy.model import Param, ParamValue, PolicySource, Tier
from aftersales.policy.reads import PLATFORM
from aftersales.policy.registers import COLUMNS, Register
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Cell, Chapter, Paragraph, Row, Section, Table, Words
from aftersales.teach.handbook.voice import Voice, cell, plain, quiet, source_anchor, strong
from aftersales.text import Text

#: The shop whose files ship as a sample.
_SAMPLE_SHOP: Final = "example"


def figures(voice: Voice, number: int) -> Chapter:
    """Return every figure that law, platform or shop sets: each value with its bounds and source."""
    heads = (words.FIGURE, words.VALUE, words.BOUNDS, words.BEHIND)
    rows = tuple(_figure(param, voice) for param in voice.policy.params.values())
    return _chapter(words.FIGURES, number, voice, (Table(tuple(map(voice.of, heads)), rows, (27, 33, 12, 28)),))


def _figure(param: Param, voice: Voice) -> Row:
    values: Cell = tuple(line for entry in param.values for line in _entry(param, entry, voice))
    on = param.on
    title: Cell = ((strong(voice.of(param.title)),),)
    if on is not None:
        title = (*title, (quiet(voice.filled(words.TIERS_ON, voice.fact(on))),))
    bounds = [
        voice.filled(pattern, voice.bare(bound, param.type.kind))
        for pattern, bound in ((words.FLOOR, param.floor), (words.CEILING, param.ceiling))
        if bound is not None
    ]
    return Row((title, values, cell(*bounds), (voice.sources(entry.source for entry in param.values),)))


def _entry(param: Param, entry: ParamValue, voice: Voice) -> Cell:
    said = [_dated(entry, one, voice) for one in _values(param, entry, voice)]
    if entry.shop is not None:
        said = [_of_shop(entry.shop, one, voice) for one in said]
    elif entry.platform is not None:
        said = [voice.filled(words.ON_PLATFORM, voice.value(PLATFORM, entry.platform), one) for one in said]
    elif any(one.shop or one.platform for one in param.values):
        said = [voice.filled(words.FOR_OTHERS, one) for one in said]
    return cell(*said)


def _of_shop(shop: str, said: Words, voice: Voice) -> Words:
    if shop == _SAMPLE_SHOP:
        return voice.filled(words.SAMPLE_SHOP, said)
    return voice.filled(words.FOR_SHOP, voice.same(shop), said)


def _values(param: Param, entry: ParamValue, voice: Voice) -> tuple[Words, ...]:
    value = entry.value
    if entry.none_found:
        return (voice.of(words.NONE_FOUND),)
    if isinstance(value, tuple):
        return (voice.joined((_tier(tier, voice, only=len(value) == 1) for tier in value), words.JOINT),)
    titled = param.value_titles.get(str(value).lower() if isinstance(value, bool) else str(value))
    return (voice.of(titled) if titled else voice.bare(value, param.type.kind),)


def _tier(tier: Tier, voice: Voice, *, only: bool) -> Words:
    """Say what a tier pays, and where; the ``only`` one pays that everywhere."""
    pay = show_money(tier.pay) if isinstance(tier.pay, int) else show_rate(tier.pay)
    said = voice.same(pay)
    if tier.least is not None:
        said = voice.filled(words.AT_LEAST_PAY, said, voice.same(show_money(tier.least)))
    if tier.most is not None:
        said = voice.filled(words.AT_MOST_PAY, said, voice.same(show_money(tier.most)))
    if tier.up_to is not None:
        return voice.filled(words.UP_TO, voice.same(show_money(tier.up_to)), said)
    if tier.below is not None:
        return voice.filled(words.BELOW, voice.same(show_money(tier.below)), said)
    return said if only else voice.filled(words.ELSE, said)


def _dated(entry: ParamValue, said: Words, voice: Voice) -> Words:
    zone = zone_named(voice.policy.timezone)
    first, last = (
        None if at is None else voice.same(at.astimezone(zone).date()) for at in (entry.valid_from, entry.valid_until)
    )
    if first is not None and last is not None:
        return voice.filled(words.FROM_TO, said, first, last)
    if first is not None:
        return voice.filled(words.FROM_DAY, said, first)
    return said if last is None else voice.filled(words.UNTIL_DAY, said, last)


def registers(voice: Voice, number: int) -> Chapter:
    """Return every register: how often it goes out and to whom, what is entered, its columns."""
    heads = (words.REGISTER, words.EVERY, words.RECEIVER, words.ENTERED_BY, words.COLUMNS)
    rows = tuple(_register(register, voice) for register in voice.policy.lists.values())
    return _chapter(words.REGISTERS, number, voice, (Table(tuple(map(voice.of, heads)), rows, (22, 10, 12, 28, 28)),))


def _register(register: Register, voice: Voice) -> Row:
    entered = (action.title for action in voice.policy.actions.values() if action.list == register.name)
    columns = voice.joined(_column(name, register, voice) for name in register.columns)
    return Row(
        (
            ((strong(voice.of(register.title)),),),
            cell(voice.of(words.HOW_OFTEN[register.every])),
            cell(voice.who(register.to)),
            cell(voice.joined(map(voice.of, entered))),
            ((quiet(columns),),),
        )
    )


def _column(name: str, register: Register, voice: Voice) -> Words:
    head = register.fill_in.get(name) or COLUMNS.get(name)
    return voice.of(head) if head else voice.fact(name)


def sources(voice: Voice, number: int) -> Chapter:
    """Return every law, platform rule, shop choice and document that stands behind a line, in the order of their ids."""
    heads = (words.SOURCE_ID, words.SOURCE_TITLE, words.SOURCE_LAYER, words.SOURCE_DATE)
    rows = []
    for source in sorted(voice.policy.sources.values(), key=_by_id):
        name = voice.of(words.DASH) if "_" in source.id else voice.same(source.id)
        if source.article is not None:
            name = voice.filled(words.WITH_ARTICLE, name, voice.same(source.article))
        date = cell(voice.same(source.date)) if source.date else ()
        layer = cell(voice.of(words.LAYER[source.layer]))
        rows.append(Row((((strong(name),),), cell(voice.of(source.title)), layer, date), source_anchor(source.id)))
    return _chapter(words.SOURCES, number, voice, (Table(tuple(map(voice.of, heads)), tuple(rows), (15, 61, 11, 13)),))


def _by_id(source: PolicySource) -> tuple[int, bool, str, int]:
    """Order sources by layer and id, ``T7`` before ``T15``; those without a short id come last."""
    letters = source.id.rstrip("0123456789")
    return list(words.LAYER).index(source.layer), "_" in source.id, letters, int(source.id[len(letters) :] or 0)


def glossary(voice: Voice, number: int) -> Chapter:
    """Return every title of the policy in Chinese and English, by kind.

    In a Chinese book the order is that of GB 18030, which for common characters is by pinyin; else alphabetical.
    """
    by_chinese = voice.langs[0] == "zh"
    heads = (words.CHINESE, words.ENGLISH)[:: 1 if by_chinese else -1]
    sections = []
    for kind, texts in _kinds(voice).items():
        titles = sorted(_each_once(texts, by_chinese=by_chinese), key=lambda text: _order(text, by_chinese=by_chinese))
        rows = tuple(_pair(text, voice, by_chinese=by_chinese) for text in titles)
        if rows:
            table = Table(tuple(map(voice.of, heads)), rows, (45, 55))
            sections.append(Section(voice.of(kind), (table,), narrow=True))
    lead = (Paragraph((quiet(voice.of(words.GLOSSARY_NOTE)),)),)
    return Chapter(f"c{number}", number, voice.of(words.GLOSSARY), tuple(sections), lead)


def _kinds(voice: Voice) -> Mapping[Text, Iterable[Text]]:
    policy = voice.policy
    return {
        words.KIND_PEOPLE: (*policy.roles.values(), *policy.parties.values()),
        words.KIND_OUTCOMES: policy.outcomes.values(),
        words.KIND_LEGS: (leg.title for leg in policy.legs.values()),
        words.KIND_FLOWS: (*(flow.title for flow in policy.flows.values()), *policy.sub_flows.values()),
        words.KIND_FACTS: (fact.title for fact in (*policy.facts.values(), *policy.line_facts.values())),
        words.KIND_ACTIONS: (action.title for action in policy.actions.values()),
        words.KIND_STATES: (state.title for state in policy.states.values()),
    }


def _each_once(texts: Iterable[Text], *, by_chinese: bool) -> Iterator[Text]:
    """Yield what is said in the book's own language once, with all that it is called in the other."""
    called: dict[str, dict[str, Text]] = {}
    for text in dict.fromkeys(texts):
        own, other = (text.zh, text.en) if by_chinese else (text.en, text.zh)
        called.setdefault(own.casefold(), {}).setdefault(other.casefold(), text)
    for found in called.values():
        chinese = dict.fromkeys(text.zh for text in found.values())
        english = dict.fromkeys(text.en for text in found.values())
        yield Text("；".join(chinese), "; ".join(english))


def _order(text: Text, *, by_chinese: bool) -> tuple[bytes, str]:
    english = text.en.casefold()
    return (text.zh.encode("gb18030", "replace") if by_chinese else b""), english


def _pair(text: Text, voice: Voice, *, by_chinese: bool) -> Row:
    both = (text.zh, text.en) if by_chinese else (text.en, text.zh)
    return Row(tuple(((plain(voice.same(word)),),) for word in both))


def _chapter(title: Text, number: int, voice: Voice, blocks: tuple[Table, ...]) -> Chapter:
    return Chapter(f"c{number}", number, voice.of(title), (Section((), blocks),))
