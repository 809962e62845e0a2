"""Cases for property tests: walks that answer what a policy asks, and facts thrown at it without a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from aftersales import CaseError, Decision, LoadedPolicy
from aftersales.case.read import read_case
from aftersales.expr.types import Kind
from aftersales.policy.model import Fact, Policy
from aftersales.run.fold import fold
from aftersales.run.live import LiveFacts

#: Every generated case is opened here.
OPENED = dt.datetime.fromisoformat("2026-11-06T11:00:00+08:00")
#: Facts that interrupt a flow; the order laws leave them out, as the language says.
INTERRUPTS = frozenset({"claim_withdrawn", "platform_stepped_in"})

_DAYS = st.sampled_from([-400, -31, -16, -15, -10, -8, -7, -3, -1, 0])
_FEN = st.sampled_from([0, 1, 300, 500, 999, 1000, 1999, 2000, 5900, 29999, 30000])


def value_of(fact: Fact) -> st.SearchStrategy[object]:
    """Return values that a caller may tell for ``fact``, boundary values first."""
    kind = fact.type
    match kind.kind:
        case Kind.FLAG:
            plain: st.SearchStrategy[object] = st.booleans()
        case Kind.CHOICE | Kind.PARTY:
            plain = st.sampled_from(kind.values)
        case Kind.MONEY:
            plain = _FEN.map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
        case Kind.COUNT:
            plain = st.integers(kind.low or 0, min(kind.high or 20, 20))
        case Kind.INSTANT:
            plain = _DAYS.map(lambda days: (OPENED + dt.timedelta(days=days)).isoformat())
        case _:
            plain = st.nothing()
    return st.one_of(plain, st.none()) if fact.flag is not None else plain


def tellable(policy: Policy) -> list[Fact]:
    """Return the facts that a case may tell, in the policy's order."""
    return [
        fact
        for fact in policy.facts.values()
        if not fact.counter
        and fact.name != "opened_at"
        and fact.type.kind not in (Kind.RATE, Kind.DURATION, Kind.TIME_OF_DAY)
    ]


@st.composite
def any_facts(draw: st.DrawFn, policy: Policy) -> dict[str, object]:
    """Draw well-typed facts without a plan; most contradict each other or are never read."""
    facts = draw(st.lists(st.sampled_from(tellable(policy)), unique_by=lambda fact: fact.name, max_size=25))
    return {fact.name: draw(value_of(fact)) for fact in facts}


@dataclass(frozen=True)
class Answer:
    """One answer of a guided walk, given ``hours`` after the case was opened."""

    fact: str
    value: object
    hours: int

    @property
    def at(self) -> str:
        """Return the instant of the answer."""
        return (OPENED + dt.timedelta(hours=self.hours)).isoformat()

    @property
    def event(self) -> dict[str, object]:
        """Return the answer as an event of a case."""
        return {"at": self.at, "tell": {self.fact: self.value}}


def case_of(answers: list[Answer], start: Mapping[str, object]) -> dict[str, object]:
    """Return the case with ``start`` told at its opening and ``answers`` as events."""
    return {
        "claim": {"opened_at": OPENED.isoformat()},
        "facts": dict(start),
        "events": [answer.event for answer in answers],
    }


@st.composite
def starts(draw: st.DrawFn, policy: LoadedPolicy) -> dict[str, object]:
    """Draw the issue and the order's amounts, so that a walk gets past the reception and its money is known."""
    facts: dict[str, object] = {"issue": draw(st.sampled_from(asked_about(policy)))}
    paid = draw(_FEN)
    amounts = {
        "goods_paid": paid,
        "claimed_paid": paid,
        "already_refunded": draw(st.integers(0, paid)),
        "postage_claimed": draw(_FEN),
    }
    for name, fen in amounts.items():
        if name in policy.model.facts:
            facts[name] = f"{fen // 100}.{fen % 100:02d}"
    return facts


@cache
def asked_about(policy: LoadedPolicy) -> list[str]:
    """Return the issues that lead to a question; the others are settled at once."""
    issues = policy.model.facts["issue"].type.values
    return [issue for issue in issues if policy.decide_facts(issue=issue).status == "open"]


@st.composite
def guided(draw: st.DrawFn, policy: LoadedPolicy, *, most: int = 14) -> tuple[dict[str, object], list[Answer]]:
    """Draw a walk: what the case asks is answered with what is open there, until it ends or ``most`` answers.

    Hours pass between the answers, so that deadlines do.
    """
    start = draw(starts(policy))
    answers: list[Answer] = []
    hours = 0
    for _ in range(draw(st.sampled_from([most, most, most, 5, 2, 1]))):
        decision = decided(policy, case_of(answers, start))
        if decision is None or not decision.needs or decision.outcome is not None:
            break
        need = draw(st.sampled_from(decision.needs))
        value = draw(open_value(policy.model.facts[need.fact], need.options))
        hours += draw(st.sampled_from([0, 1, 5, 30, 100, 300]))
        hours += any((answer.fact, answer.hours) == (need.fact, hours) for answer in answers)
        answers.append(Answer(need.fact, value, hours))
    return start, answers


@st.composite
def answers_at_once(draw: st.DrawFn, policy: LoadedPolicy) -> tuple[dict[str, object], list[Answer]]:
    """Draw an issue and one answer each to most of the facts that its flow may read; no interrupt among them."""
    start = draw(starts(policy))
    case = read_case(policy.model, case_of([], start))
    walk = fold(policy.machine, policy.model, case)
    live = LiveFacts(policy.model).at(walk) - set(start) - INTERRUPTS
    facts = [fact for fact in tellable(policy.model) if fact.name in live and not fact.computed]
    told = [fact for fact in facts if draw(st.integers(0, 5))]
    return start, [Answer(fact.name, draw(value_of(fact)), 0) for fact in told]


def open_value(fact: Fact, options: tuple[str, ...]) -> st.SearchStrategy[object]:
    """Return the answers to ``fact`` that are open where it is asked."""
    if options and fact.type.kind is Kind.FLAG:
        return st.sampled_from([option == "true" for option in options])
    return st.sampled_from(options) if options else value_of(fact)


def decided(policy: LoadedPolicy, case: Mapping[str, object]) -> Decision | None:
    """Return the decision, ``None`` where the case is at fault."""
    try:
        return policy.decide(case)
    except CaseError:
        return None
