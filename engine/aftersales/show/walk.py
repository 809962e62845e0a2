"""A case walked through question by question, on a terminal or a pipe."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rich.console import Console

from aftersales.errors import AftersalesError
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision, Need
from aftersales.show import words
from aftersales.show.answers import Answer, NoAnswerError, format_of, read_answer
from aftersales.show.decision import show_decision, show_headline, show_need, show_outlook
from aftersales.show.page import Page
from aftersales.show.titles import Titles
from aftersales.text import Lang, Text

_MOMENT: Final = dt.timedelta(seconds=1)
_EVENT: Final = re.compile(r"^events#\d+[\w.]*(：|: )")


class WalkedCase(Protocol):
    """An open case as far as a walk uses it."""

    @property
    def decision(self) -> Decision:
        """Return what is decided now."""

    def tell(self, *, at: dt.datetime, id: str | None = None, part: int | None = None, **values: Answer) -> object:
        """Take answers in at an instant."""

    def advance(self, *, as_of: dt.datetime) -> object:
        """Let time pass."""

    def outlook(self) -> Decision:
        """Return the decision with the ends that are still reachable."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that happened on the walk: an answer to ``fact``, or (``None``) time that passed."""

    at: dt.datetime
    fact: str | None = None
    answer: Answer = None


class CaseWalk:
    """Asks what a case needs until nothing is asked any more; can go back by walking anew.

    ``start`` opens the case afresh, ``now`` is when the first answer is told (each later one a second after the one
    before), ``read`` returns the next typed line or ``None`` at the end of the input.
    """

    def __init__(
        self,
        start: Callable[[], WalkedCase],
        policy: Policy,
        lang: Lang,
        console: Console,
        read: Callable[[], str | None],
        now: dt.datetime,
    ) -> None:
        self._start = start
        self._policy = policy
        self._titles = Titles(policy, lang)
        self._lang = lang
        self._console = console
        self._page = Page(console)
        self._read = read
        self._now = now
        self._begin = now
        self._steps: list[_Step] = []
        self._case = start()
        self._asked = 0

    def run(self) -> Decision:
        """Walk to the end, or until ``q`` or the input's end; write and return the last decision."""
        while needs := self._case.decision.needs:
            need = needs[self._asked % len(needs)]
            self._show(need)
            if not self._take(need):
                self._say(words.QUIT)
                break
        decision = self._case.decision
        self._console.print()
        show_decision(decision, self._policy, self._lang, self._console)
        return decision

    def _show(self, need: Need) -> None:
        decision = self._case.outlook()
        self._console.print()
        show_headline(decision, self._page, self._titles)
        if decision.outlook is not None:
            show_outlook(decision.outlook, self._page, self._titles)
        self._page.heading(self._titles.of(words.NEEDS))
        show_need(need, self._page, self._titles, numbered=True)
        keys = words.KEYS if need.options else words.FREE_KEYS
        self._page.line(self._titles.of(keys).format(self._titles.of(format_of(need, self._policy))), style="dim")

    def _take(self, need: Need) -> bool:
        """Take one typed line after another until one moves the case on; return whether the walk goes on."""
        while True:
            self._console.print("> ", end="")
            typed = self._read()
            if typed is None or typed.strip() == "q":
                return False
            fault = self._follow(typed.strip(), need)
            if fault is None:
                return True
            self._say(fault)

    def _follow(self, typed: str, need: Need) -> Text | None:
        """Do what was typed; return why it cannot be done."""
        command = {"b": self._back, "t": self._let_time_pass, "n": self._other}.get(typed)
        return command() if command else self._answer(typed, need)

    def _answer(self, typed: str, need: Need) -> Text | None:
        try:
            answer = read_answer(typed, need, self._policy)
            self._do(_Step(self._now, need.fact, answer))
        except NoAnswerError as fault:
            return fault.message
        except AftersalesError as fault:
            self._again()
            return _without_place(fault)
        return None

    def _back(self) -> Text | None:
        if not self._steps:
            return words.AT_START
        self._steps.pop()
        self._again()
        return None

    def _let_time_pass(self) -> Text | None:
        due = self._case.decision.due
        if due is None:
            return words.NO_DEADLINE
        try:
            self._do(_Step(max(due + _MOMENT, self._now)))
        except AftersalesError as fault:
            self._again()
            return _without_place(fault)
        self._page.line(self._titles.of(words.TIME_PASSED).format(self._titles.instant(self._steps[-1].at)), indent=0)
        return None

    def _other(self) -> Text | None:
        if len(self._case.decision.needs) == 1:
            return words.ONLY_ONE
        self._asked += 1
        return None

    def _do(self, step: _Step) -> None:
        if step.fact is None:
            self._case.advance(as_of=step.at)
        else:
            answer: Mapping[str, Any] = {step.fact: step.answer}
            self._case.tell(at=step.at, **answer)
        self._steps.append(step)
        self._now, self._asked = step.at + _MOMENT, 0

    def _again(self) -> None:
        """Open the case anew and repeat every step that stands."""
        steps, self._steps = self._steps, []
        self._case, self._now, self._asked = self._start(), self._begin, 0
        for step in steps:
            self._do(step)

    def _say(self, text: Text) -> None:
        self._page.line(self._titles.of(text), indent=0, style="yellow")


def _without_place(fault: AftersalesError) -> Text:
    """Return what is wrong without its place in the data: whoever answers a question sees no data."""
    zh, en = ("\n".join(_EVENT.sub("", one.message.to(lang)) for one in fault.diagnostics) for lang in Lang)
    return Text(zh, en)
