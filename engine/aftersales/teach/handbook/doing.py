"""What is to be done in a state: who, what, after what, and the register it is entered on."""

from __future__ import annotations

from collections.abc import Iterable

from aftersales.policy.model import Action, Policy, State, Todo
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Words
from aftersales.teach.handbook.voice import Voice


def doers(state: State, policy: Policy) -> tuple[str, ...]:
    """Return who acts in a state, in the order of its actions, what is owed besides last, each once."""
    names = (*(todo.action for todo in state.do), *state.duties)
    return tuple(dict.fromkeys(policy.actions[name].by for name in names))


def todo(state: State, voice: Voice) -> Words:
    """Say everything that is done in a state; who does it is said where several people act."""
    several = len(doers(state, voice.policy)) > 1
    return voice.joined((_one(each, voice, several=several) for each in state.do), words.JOINT)


def besides(state: State, voice: Voice) -> Words:
    """Say what is owed besides in a state; what is done there anyway is not said again."""
    several = len(doers(state, voice.policy)) > 1
    done = {each.action for each in state.do}
    names = (name for name in dict.fromkeys(state.duties) if name not in done)
    return voice.joined((_action(name, voice, several=several) for name in names), words.JOINT)


def _one(each: Todo, voice: Voice, *, several: bool) -> Words:
    said = _action(each.action, voice, several=several)
    return voice.filled(words.AFTER, said, voice.joined(map(voice.action, each.after))) if each.after else said


def _action(name: str, voice: Voice, *, several: bool) -> Words:
    said = voice.action(name)
    return voice.filled(words.BY, said, voice.who(voice.policy.actions[name].by)) if several else said


def how_often(action: Action, policy: Policy) -> str | None:
    """Return how often the register of an action goes out; ``None`` where it is entered on none."""
    if action.list is None:
        return None
    return action.every or policy.lists[action.list].every


def owed(names: Iterable[str], voice: Voice) -> tuple[Words, ...]:
    """Say actions one by one: who does it, and which register it is entered on, how often that goes out."""
    return tuple(_owed(voice.policy.actions[name], voice) for name in dict.fromkeys(names))


def _owed(action: Action, voice: Voice) -> Words:
    said = voice.filled(words.BY, voice.of(action.title), voice.who(action.by))
    every = how_often(action, voice.policy)
    if action.list is None or every is None:
        return said
    register = voice.of(voice.policy.lists[action.list].title)
    return voice.filled(words.ENTERED_ON, said, register, voice.of(words.HOW_OFTEN[every]))
