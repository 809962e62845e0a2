"""What staff say to the buyer in a flow, and which rules of conduct are near there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aftersales.expr.names import facts_of
from aftersales.expr.types import Value
from aftersales.policy.model import Branch
from aftersales.policy.rules import ConductRule
from aftersales.policy.scripts import PLACEHOLDER
from aftersales.teach.handbook import words
from aftersales.teach.handbook.decisions import conditions_of, decision_of, values_of
from aftersales.teach.handbook.model import Paragraph, Row, Table, Tone, Words
from aftersales.teach.handbook.rules import rules_table
from aftersales.teach.handbook.targets import Here
from aftersales.teach.handbook.voice import Voice, plain, quiet, strong
from aftersales.text import Lang

_WIDTHS = (30, 70)


def sayings(here: Here) -> tuple[Paragraph | Table, ...]:
    """Return the scripts of a flow's actions, in the order in which they come up, with the steps they belong to."""
    voice = here.voice
    rows = tuple(_row(name, states, here) for name, states in _said(here).items())
    if not rows:
        return (Paragraph((quiet(voice.of(words.NO_SCRIPTS)),)),)
    return (Table((voice.of(words.MATTER), voice.of(words.SCRIPT)), rows, _WIDTHS, Tone.SAY),)


def warnings(here: Here, conduct_chapter: str, number: int) -> tuple[Paragraph | Table, ...]:
    """Return the rules of conduct that a case of this flow comes near to, and where those for every flow stand.

    Nothing where a case comes near to none.
    """
    voice = here.voice
    entering = tuple(_entering(here))
    asked = frozenset(fact for _, states in here.map.steps for fact in decision_of(states).facts)
    near = [rule for rule in voice.policy.conduct.rules.values() if _comes_near(rule, entering, asked)]
    if not near:
        return ()
    everywhere = voice.filled(words.NEVER_ELSE, voice.same(number))
    return rules_table(near, voice, every_language=False), Paragraph((quiet(everywhere, conduct_chapter),))


def script(text: str, voice: Voice, lang: Lang) -> str:
    """Return a script with the title of each figure where the case fills one in."""
    return PLACEHOLDER.sub(lambda found: words.SLOT.to(lang).format(_slot(found[1], voice, lang)), text)


def _slot(name: str, voice: Voice, lang: Lang) -> str:
    policy = voice.policy
    known = words.SLOTS.get(name)
    if known is not None:
        return known.to(lang)
    titled = policy.facts.get(name) or policy.params.get(name)
    return titled.title.to(lang) if titled else name


def _said(here: Here) -> Mapping[str, list[str]]:
    """Return the actions with words of the chapter's steps and ends, each with the states that owe it."""
    found: dict[str, list[str]] = {}
    for state in (*(states[0] for _, states in here.map.steps), *here.map.ends):
        for name in dict.fromkeys((*(each.action for each in state.do), *state.duties)):
            if here.voice.policy.actions[name].say is not None:
                found.setdefault(name, []).append(state.key)
    return found


def _row(name: str, states: Sequence[str], here: Here) -> Row:
    voice = here.voice
    action = voice.policy.actions[name]
    say = action.say or action.title
    said: Words = tuple(script(say.to(lang), voice, lang) for lang in voice.langs)
    who = quiet(voice.filled(words.BRACKETS, voice.who(action.by)))
    return Row((((strong(voice.of(action.title)), who), here.places_line(states)), ((plain(said),),)))


def _comes_near(rule: ConductRule, entering: Sequence[Mapping[str, tuple[Value, ...]]], asked: frozenset[str]) -> bool:
    """Tell whether a case of a flow can be near to breaking a rule: it is about what the flow is, or asks, about.

    ``entering`` is what is known on each way into the flow, ``asked`` what its tables ask.
    """
    if rule.near is None:
        return False
    tests = {name: set(values) for name, values in map(values_of, conditions_of(rule.near)) if name is not None}
    known: dict[str, set[Value]] = {}
    for answers in entering:
        for name, values in answers.items():
            known.setdefault(name, set()).update(values)
    if any(name in known and known[name].isdisjoint(values) for name, values in tests.items()):
        return False
    return any(name in known for name in tests) or not (asked - known.keys()).isdisjoint(facts_of(rule.near))


def _entering(here: Here) -> Iterator[Mapping[str, tuple[Value, ...]]]:
    """Yield what is known, by fact, on every way by which another flow hands over to this one."""
    for edge in here.atlas.ways.into(here.map.flow.name):
        if isinstance(edge.way, Branch):
            tests = map(values_of, conditions_of(edge.way.when))
            yield {name: values for name, values in tests if name is not None}
