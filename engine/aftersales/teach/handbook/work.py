"""The chapters before the flows: the service rhythm, the rules of conduct, how to read what follows."""

from __future__ import annotations

from aftersales.policy.rules import Phase
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Chapter, Line, Paragraph, Picture, Row, Section, Table, Tone
from aftersales.teach.handbook.rules import rules_table
from aftersales.teach.handbook.talk import script
from aftersales.teach.handbook.voice import Voice, cell, plain, quiet, strong

_READING = (
    *(words.READ_PICTURE, words.READ_QUESTIONS, words.READ_STEPS),
    *(words.READ_MARKS, words.READ_ENDS, words.READ_CASES),
)


def rhythm(voice: Voice, number: int) -> Chapter:
    """Return the service rhythm with the scripts of its phases."""
    phases = voice.policy.conduct.rhythm
    heads = (words.PHASE, words.MEANS, words.DO_THERE)
    rows = tuple(_phase(place, phase, voice) for place, phase in enumerate(phases, start=1))
    table = Table(tuple(map(voice.of, heads)), rows, (12, 26, 62), Tone.SAY)
    nothing = Paragraph((quiet(voice.of(words.NO_RHYTHM)),))
    return Chapter(f"c{number}", number, voice.of(words.RHYTHM), (Section((), (table if rows else nothing,)),))


def _phase(place: int, phase: Phase, voice: Voice) -> Row:
    lines: list[Line] = []
    for name in phase.actions:
        action = voice.policy.actions[name]
        who = quiet(voice.filled(words.BRACKETS, voice.who(action.by)))
        lines.append((strong(voice.of(action.title)), who))
        say = action.say
        if say is not None:
            lines.append((plain(tuple(script(say.to(lang), voice, lang) for lang in voice.langs)),))
    title = strong(voice.filled(words.NUMBERED, voice.same(place), voice.of(phase.title)))
    return Row((((title,),), cell(voice.of(phase.means)), tuple(lines)))


def conduct(voice: Voice, number: int) -> Chapter:
    """Return every rule of conduct with every phrase that it forbids."""
    rules = voice.policy.conduct.rules.values()
    table = rules_table(rules, voice)
    block = table if rules else Paragraph((quiet(voice.of(words.NO_RULES)),))
    return Chapter(f"c{number}", number, voice.of(words.CONDUCT), (Section((), (block,)),))


def overview(picture: Picture, voice: Voice, number: int, sources: int) -> Chapter:
    """Return how to read the chapters that follow, with the picture of how they hang together.

    The flow that every case begins in is the next chapter; ``sources`` is that of the list of sources.
    """
    start = voice.filled(words.READ_START, voice.same(number + 1), voice.same(sources))
    reading = (start, *map(voice.of, _READING))
    lines = ((strong(voice.of(words.READING)),), *((plain(text),) for text in reading))
    return Chapter(f"c{number}", number, voice.of(words.OVERVIEW), (), (*map(Paragraph, lines), picture))
