"""What staff say to the buyer in a flow, and which rules of conduct are near there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.expr.types import Value
from aftersales.policy.rules import ConductRule
from aftersales.policy.scripts import PLACEHOLDER
from aftersales.teach.handbook import words
from aftersales.teach.handbook.decisions import conditions_of, values_of
from aftersales.teach.handbook.model import Paragraph, Row, Table, Tone, Words
from aftersales.teach.handbook.rest import brought
from aftersales.teach.handbook.rules import rules_table
from aftersales.teach.handbook.targets import Here
from aftersales.teach.handbook.voice import Voice, plain, quiet, strong
from aftersales.text import Lang

_WIDTHS = (40, 60)


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
    arriving = brought(here)
    guards = [(guard, facts_of(guard)) for guard in _guards_inside(here)]
    near = [rule for rule in voice.policy.conduct.rules.values() if _comes_near(rule, here, arriving, guards)]
    if not near:
        return ()
    everywhere = voice.filled(words.NEVER_ELSE, voice.same(number))
    return Paragraph((quiet(everywhere, conduct_chapter),)), rules_table(near, voice)


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


def _comes_near(
    rule: ConductRule, here: Here, arriving: Mapping[str, set[Value]], guards: Sequence[tuple[Expr, tuple[str, ...]]]
) -> bool:
    """Tell whether a case of a flow can be near to breaking a rule: all that the rule is about fits the flow.

    Each fact is brought along (``arriving``) into the flow, or else asked there, and the case goes on inside as the rule
    needs it: by one of the ``guards``, which are given with the facts that they read.
    """
    near = rule.near
    if near is None:
        return False
    names = frozenset(facts_of(near))
    asking = ((guard, read) for guard, read in guards if not names.isdisjoint(read))
    asked = {name for guard, read in asking if here.atlas.ways.go_together(near, guard) for name in read}
    tests = dict(map(values_of, conditions_of(near)))
    fits = [not arriving[name].isdisjoint(tests.get(name, ())) if name in arriving else name in asked for name in names]
    return bool(fits) and all(fits)


def _guards_inside(here: Here) -> Iterator[Expr]:
    """Yield the guards of all branches that lead from one step of the flow to another."""
    steps = {state.key: state for _, states in here.map.steps for state in states}
    for state in steps.values():
        yield from (branch.guard for branch in state.branches if branch.target.state in steps)
