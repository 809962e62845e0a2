"""A way to an end as a reader follows it: every answer that matters once, and again where it is asked again."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Not, ParamRef
from aftersales.expr.types import Value
from aftersales.policy.arrival import fact_values
from aftersales.policy.model import Anytime, Late, Target
from aftersales.teach.handbook import words
from aftersales.teach.handbook.knowing import Read
from aftersales.teach.handbook.model import Words
from aftersales.teach.handbook.voice import Voice, only_known
from aftersales.teach.handbook.ways import Stretch, Way

#: An answer that may be one of more values than these says too little to be worth its place.
_MOST_VALUES = 3
#: A condition on more facts than these is no answer that one can give.
_MOST_FACTS = 3


def way_said(way: Way, voice: Voice) -> Words:
    """Say the answers along a way, and who was silent on it; what the reader knows already is left out."""
    teller = _Teller(voice)
    said = [each for stretch in way for each in teller.stretch(stretch)]
    return tuple(words.STEP_ON.to(lang).join(each[i] for each in said) for i, lang in enumerate(voice.langs))


class _Teller:
    """Tells a way stretch by stretch and keeps in mind what it told, and which facts are asked again."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._said: dict[str, frozenset[Value] | range] = {}
        self._again: set[str] = set()

    def stretch(self, stretch: Stretch) -> Iterator[Words]:
        edge, voice = stretch.edge, self._voice
        match edge.way:
            case Late(fact=None):
                title = voice.of(voice.policy.states[edge.source].title)
                yield voice.filled(words.DEADLINE_PASSED_AT, title)
            case Late(fact=str(fact)):
                yield voice.filled(words.SILENT, voice.fact(fact))
            case Anytime(on=on):
                yield voice.filled(words.INTERRUPTED, voice.fact(on))
            case _:
                yield from self._answers(stretch)
        self._forget(edge.target)

    def _answers(self, stretch: Stretch) -> Iterator[Words]:
        for place, read in enumerate(stretch.read):
            known = stretch.known[read.about]
            more = any(later.about == read.about for later in stretch.read[place + 1 :])
            if self._said.get(read.about) == known or (more and only_known(read.condition)):
                continue
            answer = self._answer(read, known)
            if answer is not None:
                self._said[read.about] = known
                yield self._voice.filled(words.ANEW, answer) if read.about in self._again else answer

    def _forget(self, target: Target) -> None:
        for name in (*target.forget, *(name for name, _ in target.take)):
            if self._said.pop(name, None) is not None:
                self._again.add(name)

    def _answer(self, read: Read, known: frozenset[Value] | range) -> Words | None:
        """Say what was answered; ``None`` where it is a matter of counting, of the shop's figures, or says too little."""
        voice, facts = self._voice, _asked(self._voice, read)
        if isinstance(read.condition, ParamRef) and read.truth:
            return voice.filled(words.CHOSEN, voice.param(read.condition.name))
        if not 0 < len(facts) <= _MOST_FACTS:
            return None
        fact = voice.policy.facts.get(read.about)
        if fact is None or isinstance(known, range):
            return voice.expr(read.condition if read.truth else Not(read.condition))
        values = [value for value in fact_values(fact) or () if value in known]
        if len(values) == 1:
            return voice.told({fact.name: values[0]})
        if len(values) > _MOST_VALUES:
            return None
        said = voice.joined((voice.value(fact.name, value) for value in values), words.OR)
        return voice.filled(words.ANSWERED, voice.fact(fact.name), said)


def _asked(voice: Voice, read: Read) -> tuple[str, ...]:
    """Return the facts that people are asked for in a condition: what is only counted is left out."""
    return tuple(name for name in facts_of(read.condition) if not voice.policy.facts[name].counter)
