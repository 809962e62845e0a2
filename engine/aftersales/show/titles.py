"""The policy's words: a name of the policy in, its title in the reader's language out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from aftersales.draw import wording
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.expr.words import say
from aftersales.instants import zone_named
from aftersales.money import show_money
from aftersales.policy.model import State
from aftersales.show import words
from aftersales.text import Lang, Text

_WORD = re.compile(r"\w+(?:\.\w+)*|\W")
#: Full-width brackets and commas keep their own distance.
_SPACED = re.compile(r" ?([（）]) ?|(?<=、) ")
_SIGNS = {
    Lang.ZH: {
        "and": "且",
        "or": "或",
        "not": "非",
        "in": "属于",
        "if": "若",
        "else": "否则",
        "otherwise": "其他情况",
        "min": "较小者",
        "max": "较大者",
        "(": "（",
        ")": "）",
        ",": "、",
    },
    Lang.EN: {"min": "the smaller of ", "max": "the larger of "},
}


class Titles(wording.Titles):
    """The titles of one policy in one language; a name that the policy does not know stays as it is."""

    __slots__ = ()

    def of(self, text: Text) -> str:
        """Return ``text`` in the reader's language."""
        return text.to(self.lang)

    def plain(self, value: Value, kind: Kind | None) -> str:
        """Return a value that has no title of its own; an instant is a local one."""
        if value is UNKNOWN:
            return self.of(words.UNKNOWN)
        return self.instant(value) if isinstance(value, dt.datetime) else super().plain(value, kind)

    def who(self, name: str | None) -> str:
        """Return the title of a party, a role or where an answer comes from; ``None`` reads as a dash."""
        return words.DASH if name is None else super().who(name)

    def outcome(self, name: str | None) -> str:
        """Return the title of an outcome; ``None`` is *not yet*."""
        text = words.NOT_YET if name is None else self.policy.outcomes.get(name)
        return self.of(text) if text else str(name)

    def flow(self, name: str) -> str:
        """Return the title of a flow."""
        flow = self.policy.flows.get(name)
        return self.of(flow.title) if flow else name

    def state(self, name: str, flow: str) -> str:
        """Return the title of a state, given by its key or by its name inside ``flow``."""
        state = self.find_state(name, flow)
        return self.of(state.title) if state else name

    def find_state(self, name: str, flow: str) -> State | None:
        """Return the state with this key, or with this name inside ``flow``; ``None`` where there is none."""
        return self.policy.states.get(name) or self.policy.states.get(f"{flow}.{name}")

    def param(self, name: str) -> str:
        """Return a param's value where all cases share it, else (and of a word) its title."""
        param = self.policy.params.get(name)
        if param is None:
            return name
        value = param.values[0].value if len(param.values) == 1 and param.type.kind is not Kind.CHOICE else None
        return self.of(param.title) if value is None or isinstance(value, tuple) else self.plain(value, param.type.kind)

    def leg(self, name: str) -> str:
        """Return the title of a leg of postage."""
        leg = self.policy.legs.get(name)
        return self.of(leg.title) if leg else name

    def action(self, name: str) -> str:
        """Return the title of an action."""
        action = self.policy.actions.get(name)
        return self.of(action.title) if action else name

    def instant(self, at: dt.datetime | None) -> str:
        """Return an instant on the policy's own clock, to the minute (to the second where it has one)."""
        if at is None:
            return words.DASH
        local = at.astimezone(zone_named(self.policy.timezone))
        return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")

    def money(self, fen: int | None) -> str:
        """Return an amount of fen with two decimals; ``None`` reads as a dash."""
        return words.DASH if fen is None else show_money(fen)

    def facts(self, values: Mapping[str, Value]) -> str:
        """Return facts with their values, ``title: value``, joined for one line; a flag's side with its own title alone."""
        return self.of(words.JOINT).join(self._told(name, value) for name, value in values.items())

    def _told(self, name: str, value: Value) -> str:
        said = self.value(name, value)
        has_own_title = isinstance(value, bool) and said != self.plain(value, Kind.FLAG)
        return said if has_own_title else f"{self.fact(name)}{self.of(words.COLON)}{said}"

    def named(self, name: Text, value: str) -> str:
        """Return ``name: value`` with the language's colon."""
        return f"{self.of(name)}{self.of(words.COLON)}{value}"

    def names(self, names: tuple[str, ...]) -> str:
        """Return the titles of facts as a list in a sentence."""
        return self.of(words.COMMA).join(self.fact(name) for name in names)

    def condition(self, expr: Expr) -> str:
        """Return a condition of the policy in words."""
        return say(expr, self, self.lang)

    def code(self, text: str) -> str:
        """Return a condition or formula of the policy with titles in place of its names."""
        said, asked = [], ""
        for word in _WORD.findall(text):
            if word in self.policy.facts:
                asked = word
                said.append(self.fact(word))
            else:
                said.append(self._word(word, asked))
        return _SPACED.sub(lambda found: found[1] or "", "".join(said))

    def _word(self, word: str, asked: str) -> str:
        titles = self.policy.facts[asked].value_titles if asked else {}
        if word in titles:
            return self.of(titles[word])
        if word in self.policy.params:
            return self.of(self.policy.params[word].title)
        return self.who(word) if word in self.policy.parties else _SIGNS[self.lang].get(word, word)
