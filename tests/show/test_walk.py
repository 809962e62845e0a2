"""The walk: questions one by one, driven by scripted lines as a pipe would hand them in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Callable

import pytest

from aftersales.errors import AmountError, Diagnostic
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision, Need
from aftersales.show.page import terminal
from aftersales.show.walk import CaseWalk
from aftersales.text import Lang, Text

NOW = dt.datetime(2026, 11, 6, 3, 0, tzinfo=dt.UTC)
Walked = Callable[..., tuple[Decision, str, list["FakeCase"]]]


class FakeCase:
    """A case that asks for photos, then for the record, then for what the way back cost; silence closes it."""

    def __init__(self, resting: Decision, settled: Decision, policy: Policy) -> None:
        self._resting, self._settled, self._policy = resting, settled, policy
        self.told: dict[str, tuple[dt.datetime, object]] = {}
        self.closed = False

    @property
    def decision(self) -> Decision:
        """Return the open decision with the next question, or the settled one."""
        names = [name for name in ("photos_sent", "warehouse_record", "return_postage") if name not in self.told]
        if not names or self.closed:
            return self._settled
        asked = names[:2] if names[0] == "photos_sent" else names[:1]
        return dataclasses.replace(self._resting, needs=tuple(self._need(name) for name in asked))

    def _need(self, name: str) -> Need:
        fact = self._policy.facts[name]
        titles = fact.value_titles
        return Need(name, fact.ask or fact.title, fact.answered_by, tuple(titles), tuple(titles.values()))

    def tell(self, *, at: dt.datetime, **values: object) -> object:
        """Take an answer in; 99.99 for the way back is more than the policy allows."""
        if values.get("return_postage") == "99.99":
            raise AmountError(Diagnostic("above_maximum", Text("超过上限 20.00", "the maximum is 20.00")))
        self.told |= {name: (at, value) for name, value in values.items()}
        return None

    def advance(self, *, as_of: dt.datetime) -> object:
        """Close the case once its deadline has passed."""
        due = self.decision.due
        self.closed = due is not None and as_of > due
        return None

    def outlook(self) -> Decision:
        """Return the decision with its outlook."""
        return self.decision


@pytest.fixture
def walked(resting: Decision, settled: Decision, policy: Policy) -> Walked:
    """Walk the fake case with the given lines; return the decision, what was written, and every case opened."""

    def walk(*lines: str, lang: Lang = Lang.EN) -> tuple[Decision, str, list[FakeCase]]:
        opened: list[FakeCase] = []

        def start() -> FakeCase:
            opened.append(FakeCase(resting, settled, policy))
            return opened[-1]

        script, page = iter(lines), io.StringIO()
        console = terminal(page, width=80, colour=False)
        decision = CaseWalk(start, policy, lang, console, lambda: next(script, None), NOW).run()
        return decision, page.getvalue(), opened

    return walk


def test_answers_lead_to_the_final_decision(walked: Walked) -> None:
    """A number, a word and an amount answer the three questions; the page ends with the decision."""
    decision, page, opened = walked("1", "confirms_buyer", "12.00")
    assert decision.status == "settled"
    assert [value for _, value in opened[-1].told.values()] == ["true", "confirms_buyer", "12.00"]
    assert "Wrong item > refund goods and postage" in page


def test_options_are_numbered_with_titles_and_words(walked: Walked) -> None:
    """Every option stands with its number, its title and the word that may be typed."""
    page = walked("q")[1]
    assert "1. yes (true)" in page
    assert "2. no (false)" in page


@pytest.mark.parametrize(
    "typed", ["2", "confirms_seller", "confirms the seller", "证实发货无误", "CONFIRMS THE SELLER"]
)
def test_an_option_is_chosen_by_number_word_or_title(walked: Walked, typed: str) -> None:
    """All three ways of naming an option give the same answer, in either language."""
    told = walked("1", typed, "q")[2][-1].told
    assert told["warehouse_record"][1] == "confirms_seller"


def test_what_is_no_option_is_asked_again(walked: Walked) -> None:
    """A wrong number or word is named and the question stays."""
    _, page, opened = walked("3", "perhaps", "", "1", "q")
    assert "there is no such option: 3" in page
    assert "there is no such option: perhaps" in page
    assert "please answer" in page
    assert list(opened[-1].told) == ["photos_sent"]


def test_a_malformed_amount_is_asked_again(walked: Walked) -> None:
    """The message of the amount's own format is shown, then the next line counts."""
    decision, page, opened = walked("1", "1", "12.345", "12.30")
    assert "at most two decimals" in page
    assert opened[-1].told["return_postage"][1] == "12.30"
    assert decision.status == "settled"


def test_an_answer_that_the_case_refuses_is_asked_again(walked: Walked) -> None:
    """The engine's own message is shown and nothing of the refused answer stays."""
    _, page, opened = walked("1", "1", "99.99", "20.00")
    assert "the maximum is 20.00" in page
    assert opened[-1].told["return_postage"][1] == "20.00"


def test_back_takes_the_last_answer_away(walked: Walked) -> None:
    """``b`` asks the question before again; the answers before that stand, at the same instants."""
    _, _, opened = walked("1", "1", "b", "2", "q")
    told = opened[-1].told
    assert told["photos_sent"] == (NOW, "true")
    assert told["warehouse_record"][1] == "confirms_seller"


def test_back_at_the_first_question_says_so(walked: Walked) -> None:
    """There is nothing before the first question."""
    assert "this is the first step already" in walked("b", "q")[1]


def test_time_passes_to_just_after_the_deadline(walked: Walked, resting: Decision) -> None:
    """``t`` goes one second past the deadline: an answer at the deadline would still be in time."""
    decision, page, _ = walked("t")
    assert decision.status == "settled"
    assert "time is now 2026-11-08 11:00:01" in page


def test_another_question_may_come_first(walked: Walked) -> None:
    """``n`` turns to the next open question; with only one there is no other."""
    _, page, opened = walked("n", "1", "1", "n", "q")
    assert list(opened[-1].told) == ["warehouse_record", "photos_sent"]
    assert "there is no other question" in page


def test_every_answer_has_its_own_instant(walked: Walked) -> None:
    """Answers are a second apart, so that one fact can be answered again after it was forgotten."""
    told = walked("1", "1", "12")[2][-1].told
    assert [at - NOW for at, _ in told.values()] == [dt.timedelta(seconds=n) for n in range(3)]


@pytest.mark.parametrize("lines", [("1", "q"), ("1",)])
def test_quitting_shows_how_far_the_case_came(walked: Walked, lines: tuple[str, ...]) -> None:
    """``q``, like the end of a pipe, ends the walk with the decision as it stands."""
    decision, page, _ = walked(*lines)
    assert decision.status == "open"
    assert "the case is not finished" in page


def test_the_walk_speaks_chinese(walked: Walked) -> None:
    """Questions, options and messages are Chinese where Chinese is asked for."""
    page = walked("7", "q", lang=Lang.ZH)[1]
    assert "买家发来照片或视频了吗" in page
    assert "没有这个选项：7" in page
