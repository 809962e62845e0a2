"""Where a way leads, as the book says it: the step or end with its number, or the chapter of another flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aftersales.draw.reasons import asked_again
from aftersales.draw.wording import is_figure
from aftersales.expr.types import Value
from aftersales.policy.model import State, Target
from aftersales.teach.handbook import words
from aftersales.teach.handbook.atlas import Atlas, FlowMap
from aftersales.teach.handbook.model import Line, Run, Words
from aftersales.teach.handbook.voice import Voice, plain, quiet, strong


@dataclass(frozen=True, slots=True)
class Here:
    """What every part of a chapter knows: the book's atlas, the chapter's own flow, and the languages."""

    atlas: Atlas
    map: FlowMap
    voice: Voice

    def place_name(self, key: str) -> tuple[Words, str]:
        """Return what the place of a state of this chapter is called, and its anchor."""
        place = self.map.places[key]
        name = self.voice.filled(words.END if place.is_end else words.STEP, self.voice.same(place.number))
        return name, place.anchor(self.map.chapter)

    def places_line(self, keys: Iterable[str]) -> Line:
        """Return the numbers of several places, steps before ends: ``步骤 1、6；结局 3``."""
        found = [(self.map.places[key], self.place_name(key)[1]) for key in dict.fromkeys(keys)]
        runs: list[Run] = []
        for is_end, name in ((False, words.STEP), (True, words.END)):
            of_kind = [(place, anchor) for place, anchor in found if place.is_end is is_end]
            for number, (place, anchor) in enumerate(sorted(of_kind, key=lambda pair: pair[0].number)):
                said = self.voice.same(place.number)
                if number:
                    runs.append(quiet(self.voice.of(words.LIST)))
                elif runs:
                    runs.append(quiet(self.voice.of(words.JOINT)))
                runs.append(quiet(said if number else self.voice.filled(name, said), anchor))
        return tuple(runs)

    def chapter_name(self, flow: str) -> Run:
        """Return the number of a flow's chapter, leading there."""
        chapter = self.atlas.flows[flow]
        return strong(self.voice.filled(words.CHAPTER, self.voice.same(chapter.chapter)), chapter.anchor)


def target_line(target: Target, here: Here, source: State | None = None) -> Line:
    """Say where a way leads, and what happens to the answers on it; ``source`` is the step that it leaves."""
    if _stays(target, here, source) and target.take:
        return (plain(counted_as(target, here.voice)), *_notes(replace(target, take=()), here.voice))
    return (*_place(target, here, source), *_notes(target, here.voice))


def _stays(target: Target, here: Here, source: State | None) -> bool:
    places = here.map.places
    return source is not None and target.state in places and places[target.state] == places[source.key]


def _place(target: Target, here: Here, source: State | None) -> Line:
    voice = here.voice
    if target.state in here.map.places:
        return (plain(voice.of(words.SAME_STEP)),) if _stays(target, here, source) else _step(target.state, here)
    if here.map.inlined and not target.hands_over:
        return (plain(voice.of(words.BACK_TO_USER)),)
    there = here.atlas.of_state(target.state)
    title = voice.filled(words.BLANK, voice.of(there.flow.title))
    chapter = (here.chapter_name(there.flow.name), plain(title))
    if target.state == there.flow.start:
        return chapter
    return (*chapter, plain(voice.of(words.COMMA)), *_step(target.state, Here(here.atlas, there, voice)))


def _step(key: str, here: Here) -> Line:
    name, anchor = here.place_name(key)
    place = here.map.places[key]
    state = here.map.ends[place.number - 1] if place.is_end else here.map.steps[place.number - 1][0]
    return strong(name, anchor), plain(here.voice.filled(words.BLANK, here.voice.of(state.title)))


def _notes(target: Target, voice: Voice) -> Iterator[Run]:
    again = asked_again(target)
    said = [
        *([voice.filled(words.ASK_AGAIN, voice.joined(map(voice.fact, again)))] if again else []),
        *([voice.filled(words.TAKEN_AS, taken(target, voice))] if target.take else []),
        *(voice.filled(words.COUNTED_UP, voice.fact(name), voice.same(count)) for name, count in target.add),
        *([voice.of(words.NEW_DEADLINE)] if target.restart else []),
    ]
    if said:
        yield quiet(voice.filled(words.BRACKETS, voice.joined(said, words.JOINT)))


def counted_as(target: Target, voice: Voice) -> Words:
    """Say what counts as answered where the case stays in its step."""
    return voice.joined(
        voice.filled(words.COUNTED_AS, voice.value(name, value))
        if _tells(name, value, voice)
        else voice.filled(
            words.COUNTS_AS_FIGURE if is_figure(value) else words.COUNTS_AS, voice.fact(name), voice.value(name, value)
        )
        for name, value in target.take
    )


def taken(target: Target, voice: Voice) -> Words:
    """Say which answers a way takes for given."""
    return voice.joined(
        voice.value(name, value)
        if _tells(name, value, voice)
        else voice.filled(words.IS, voice.fact(name), voice.value(name, value))
        for name, value in target.take
    )


def _tells(name: str, value: Value, voice: Voice) -> bool:
    """Tell whether a value says enough without its fact: a side of a flag with a title of its own."""
    fact = voice.policy.facts.get(name)
    return fact is not None and isinstance(value, bool) and str(value).lower() in fact.value_titles
