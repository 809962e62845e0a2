"""The ends of a flow in one table: the way there, who pays, what is refunded, what is done, and by which rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aftersales.policy.model import State
from aftersales.teach.handbook import words
from aftersales.teach.handbook.doing import owed
from aftersales.teach.handbook.model import Cell, Line, Look, Row, Run, Table, Tone
from aftersales.teach.handbook.targets import Here, target_line
from aftersales.teach.handbook.terms import Carried, amounts, payers
from aftersales.teach.handbook.voice import cell, named, plain, quiet, strong
from aftersales.teach.handbook.ways import Way
from aftersales.teach.handbook.ways_said import way_said

#: So the shipped policy's ends take the fewest lines in either language.
_WIDTHS: Final = (34, 19, 23, 22, 11)
#: Where most ends' sources are named by their titles, for they have no short ids.
_WIDTHS_TITLED: Final = (32, 18, 22, 20, 17)


def ends_table(here: Here, held: Mapping[str, Carried]) -> Table:
    """Return the table of every end of a chapter's flow; ``held`` are the terms that a case may carry, by state."""
    voice = here.voice
    shortest = here.atlas.ways.shortest(here.map.flow.name)
    heads = (words.END_HEAD, words.PAYER, words.MONEY, words.DO_AND_WHEN, words.BEHIND)
    rows = tuple(_row(end, shortest.get(end.key, ()), held[end.key], here) for end in here.map.ends)
    titled = sum(any("_" in name for name in _sources(end, here)) for end in here.map.ends)
    widths = _WIDTHS_TITLED if 2 * titled > len(rows) else _WIDTHS
    return Table(tuple(map(voice.of, heads)), rows, widths, Tone.END)


def _sources(end: State, here: Here) -> tuple[str, ...]:
    return end.sources or here.map.flow.sources


def _row(end: State, way: Way, held: Carried, here: Here) -> Row:
    voice = here.voice
    name, anchor = here.place_name(end.key)
    outcome = voice.of(voice.policy.outcomes[end.end.outcome]) if end.end else voice.same("")
    first: list[Line] = [
        (strong(name), plain(voice.filled(words.BLANK, voice.of(end.title)))),
        (Run(outcome, Look.TAG),),
    ]
    if end.end and end.end.reason:
        first.append(named(voice, words.REASON, plain(voice.of(end.end.reason))))
    if way:
        first.append((quiet(way_said(way, voice)),))
    names = [*(each.action for each in end.do), *end.duties]
    do: Cell = (*cell(*owed(names, voice)), *_reopens(end, here))
    sources = voice.sources(_sources(end, here))
    return Row(
        (tuple(first), cell(*payers(end, held, voice)), cell(*amounts(end, held, voice)), do, (sources,)), anchor
    )


def _reopens(end: State, here: Here) -> Iterator[Line]:
    voice = here.voice
    for reopen in end.reopen:
        length = voice.within(reopen.within)
        yield (quiet(voice.filled(words.REOPENS, length, voice.expr(reopen.when))), *target_line(reopen.target, here))
