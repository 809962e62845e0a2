"""Does everything that staff say and do keep the rules of conduct, and has everybody who faces a buyer something to say?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from aftersales.dataclass import dataclass
from aftersales.errors import Diagnostic
from aftersales.policy.model import Policy, State
from aftersales.policy.possible import Analysis
from aftersales.policy.rules import ConductRule
from aftersales.source import Span
from aftersales.text import Text, clip


@dataclass(frozen=True, slots=True)
class _Said:
    """One text that staff say: where it stands, and the action it belongs to (``None``: the reason of an end)."""

    what: Text
    text: Text
    span: Span
    action: str | None = None


def every_text_keeps_the_rules(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find forbidden words and overlong numbers in the titles and scripts of actions and in the reasons of ends."""
    policy = analysis.policy
    whole = _plain_text("\0".join(part for text in _said(policy) for part in (text.zh, text.en)))
    rules = [rule for rule in policy.conduct.rules.values() if _may_be_broken(rule, whole)]
    for said in _texts(policy) if rules else ():
        for rule in rules:
            found = None if said.action in rule.exempt else _broken(rule, said.text)
            if found is not None:
                message, hint = _forbidden(_says(said, found), rule, policy)
                yield Diagnostic("forbidden_words", message, said.span, hint)


def every_flow_keeps_the_rules(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find states that do or owe a forbidden action."""
    policy = analysis.policy
    forbidden = policy.actions.keys() & {action for rule in policy.conduct.rules.values() for action in rule.actions}
    for state in policy.states.values() if forbidden else ():
        for action in _actions(state):
            for rule in policy.conduct.rules.values():
                if action in rule.actions:
                    what = Text(f"状态 {state.key} 有动作 {action}", f"state {state.key} has the action {action}")
                    message, hint = _forbidden(what, rule, policy)
                    yield Diagnostic("forbidden_action", message, state.span, hint)


def whoever_faces_the_buyer_has_words(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find actions of the roles that face the buyer that have no script and are not internal."""
    for action in analysis.policy.actions.values():
        if action.by in analysis.policy.conduct.speakers and action.say is None and not action.internal:
            message = Text(f"动作 {action.name} 没有话术", f"action {action.name} has nothing to say to the buyer")
            hint = Text(
                "写上 say: {zh, en}；不面对买家的写 internal: true",
                "give say: {zh, en}, or internal: true where it does not face the buyer",
            )
            yield Diagnostic("nothing_to_say", message, action.span, hint)


def _said(policy: Policy) -> Iterator[Text]:
    """Yield everything that staff say, as ``_texts`` does without its places."""
    for action in policy.actions.values():
        yield action.title
        if action.say is not None:
            yield action.say
    yield from (state.end.reason for state in policy.states.values() if state.end and state.end.reason)


def _texts(policy: Policy) -> Iterator[_Said]:
    for action in policy.actions.values():
        what = Text(f"动作 {action.name} ", f"action {action.name} ")
        yield _Said(what, action.title, action.span, action.name)
        if action.say is not None:
            yield _Said(what, action.say, action.span, action.name)
    for state in policy.states.values():
        if state.end is not None and state.end.reason is not None:
            yield _Said(Text(f"结束 {state.key} 的理由", f"the reason of {state.key} "), state.end.reason, state.span)


def _actions(state: State) -> Iterator[str]:
    yield from dict.fromkeys((*(todo.action for todo in state.do), *state.duties))


def _may_be_broken(rule: ConductRule, whole: str) -> bool:
    """Return whether some of all texts, taken together as ``whole``, can break a rule: few of them do."""
    number = rule.longest_number
    return any(_plain(word) in whole for word in rule.words) or (
        number is not None and re.search(rf"\d{{{number + 1},}}", whole) is not None
    )


def _broken(rule: ConductRule, text: Text) -> str | None:
    """Return what of a text a rule forbids, ``None`` where it keeps it."""
    for said in (text.zh, text.en):
        left = _outside(said, rule.allow)
        for word in rule.words:
            if _plain(word) in left:
                return word
        longest = rule.longest_number
        number = None if longest is None else re.search(rf"\d{{{longest + 1},}}", unicodedata.normalize("NFKC", said))
        if number:
            return number[0]
    return None


def holds(text: str, phrase: str, allow: tuple[str, ...] = ()) -> bool:
    """Return whether ``text`` holds ``phrase`` outside the phrases of ``allow``.

    Width, case and blanks make no difference.
    """
    return _plain(phrase) in _outside(text, allow)


def _outside(text: str, allow: tuple[str, ...]) -> str:
    left = _plain(text)
    for right in allow:
        left = left.replace(_plain(right), "\n")
    return left


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    return _plain_text(text)


def _plain_text(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _says(said: _Said, found: str) -> Text:
    return Text(f"{said.what.zh}说了“{clip(found)}”", f'{said.what.en}says "{clip(found)}"')


def _forbidden(what: Text, rule: ConductRule, policy: Policy) -> tuple[Text, Text]:
    """Return what is wrong, and where the rule stands."""
    source = policy.sources[rule.source]
    message = Text(
        f"{what.zh}，违反行为规则“{rule.title.zh}”（{source.id} {source.title.zh}）",
        f"{what.en}, which a rule of conduct forbids: {rule.title.en} ({source.id} {source.title.en})",
    )
    hint = Text(f"规则写在 {rule.span}", f"the rule stands at {rule.span}")
    return message, hint
