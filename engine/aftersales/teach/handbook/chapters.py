"""The chapter of a flow: questions, decision tables, ends, scripts, worked cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aftersales.policy.model import State
from aftersales.teach.handbook import words
from aftersales.teach.handbook.ends import ends_table
from aftersales.teach.handbook.examples import Example, chosen, example_box
from aftersales.teach.handbook.model import Box, Chapter, Line, Paragraph, Run, Section
from aftersales.teach.handbook.questions import questions
from aftersales.teach.handbook.steps import step_box
from aftersales.teach.handbook.talk import sayings, warnings
from aftersales.teach.handbook.targets import Here, target_line
from aftersales.teach.handbook.terms import Carried
from aftersales.teach.handbook.voice import named, plain, quiet


def flow_chapter(here: Here, examples: Sequence[Example], held: Mapping[str, Carried], conduct: Chapter) -> Chapter:
    """Return the chapter of a flow or sub-flow, without its pictures; ``held`` are the terms that a case may carry, by state.

    A sub-flow has no ends and no cases of its own: these are the flows' that use it.
    """
    voice = here.voice
    sections = [
        Section(voice.of(words.QUESTIONS), questions(here)),
        Section(voice.of(words.DECISIONS), tuple(step_box(states, here) for _, states in here.map.steps)),
    ]
    if here.map.ends:
        sections.append(Section(voice.of(words.ENDS), (ends_table(here, held),)))
    sections.append(Section(voice.of(words.TALK), sayings(here)))
    if not here.map.inlined:
        near = warnings(here, conduct.anchor, conduct.number)
        sections += [Section(voice.of(words.NEVER), near)] if near else []
        sections.append(Section(voice.of(words.CASES), _cases(here, examples)))
    title = voice.of(here.map.flow.title)
    lead = tuple(Paragraph(line) for line in _lead(here))
    return Chapter(here.map.anchor, here.map.chapter, title, tuple(sections), lead)


def _lead(here: Here) -> Iterator[Line]:
    voice, flow = here.voice, here.map.flow
    sizes = ((words.STEPS, len(here.map.steps)), (words.END_KINDS, len(here.map.ends)))
    counts = (voice.filled(forms[count > 1], voice.same(count)) for forms, count in sizes if count)
    yield named(voice, words.IN_SHORT, plain(voice.joined(counts, words.COMMA)))
    users = tuple(_users(here))
    if users:
        name = words.USED_BY if here.map.inlined else words.COMES_FROM
        yield named(voice, name, *_listed(users, here))
    for way in flow.anytime:
        fact = voice.filled(words.ANYTIME_TO, voice.fact(way.on))
        yield named(voice, words.ANYTIME, plain(fact), *target_line(way.target, here))
    if flow.sources:
        yield named(voice, words.BEHIND, *voice.sources(flow.sources))


def _users(here: Here) -> Iterator[str]:
    """Yield the flows that lead into this one: by handing over, or by using it as a sub-flow; in the book's order."""
    policy, flow = here.voice.policy, here.map.flow
    found: Iterator[State]
    if here.map.inlined:
        found = (state for state in policy.states.values() if state.uses == flow.name)
    else:
        handing = here.atlas.ways.into(flow.name)
        found = (policy.states[edge.source] for edge in handing if edge.source in policy.states)
    users = {state.flow for state in found if state.flow != flow.name}
    yield from (name for name in here.atlas.flows if name in users)


def _listed(flows: Sequence[str], here: Here) -> tuple[Run, ...]:
    runs: list[Run] = []
    for name in flows:
        title = here.voice.filled(words.BLANK, here.voice.of(here.atlas.flows[name].flow.title))
        runs += [plain(here.voice.of(words.LIST))] if runs else []
        runs += [here.chapter_name(name), plain(title)]
    return tuple(runs)


def _cases(here: Here, examples: Sequence[Example]) -> tuple[Paragraph | Box, ...]:
    voice = here.voice
    boxes = tuple(
        example_box(example, number, voice)
        for number, example in enumerate(chosen(examples, here.map.flow.name), start=1)
    )
    return boxes or (Paragraph((quiet(voice.of(words.NO_CASES)),)),)
