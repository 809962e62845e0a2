"""Random cases of a policy, walked as a buyer's case goes: answers, second thoughts, silence, work done, amounts due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from aftersales import CaseError, LoadedPolicy
from aftersales.case.model import Case, Claim, Done, Event, Tell
from aftersales.case.view import check_agreement
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.instants import show_instant, zone_named
from aftersales.money import show_money
from aftersales.policy.model import Fact
from aftersales.run.answers import open_answers
from aftersales.run.as_json import value_to_json
from aftersales.run.fold import take
from aftersales.run.settlement import settle_money
from aftersales.run.standing import needs
from aftersales.run.walk import Walk

_FIRST = dt.datetime(2025, 12, 20, 2, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RandomCase:
    """A case as documented JSON, and the decision (or the code of the fault) that the engine makes of it."""

    data: dict[str, object]
    decided: dict[str, object]


def random_cases(policy: LoadedPolicy, count: int, seed: int) -> list[RandomCase]:
    """Return ``count`` cases of ``policy``; the same seed gives the same cases."""
    return [_Journey(policy, Random(f"{seed}/{number}")).case() for number in range(count)]  # noqa: S311 (the same cases each time, no secrets)


class _Journey:
    """One case on its way, with everything that happened written down."""

    def __init__(self, policy: LoadedPolicy, dice: Random) -> None:
        self._policy = policy
        self._dice = dice
        self._facts = policy.model.facts
        self._opened = _FIRST + dt.timedelta(minutes=dice.randrange(800 * 24 * 60))
        self._now = self._opened
        self._events: list[dict[str, object]] = []
        self._needs: tuple[str, ...] = ()

    def case(self) -> RandomCase:
        clock = self._dice.random() < 0.95
        untimed = self._some_facts()
        written = {name: self._written(name, value) for name, value in untimed.items()}
        data: dict[str, object] = {"facts": written, "id": f"C{self._dice.randrange(100)}"}
        if clock:
            data["claim"] = {"opened_at": show_instant(self._opened, dt.UTC)}
            self._walk(untimed)
            data["events"] = self._events
            if self._dice.random() < 0.5:
                data["as_of"] = show_instant(
                    self._now + dt.timedelta(hours=self._dice.choice((0, 1, 30, 2000))), dt.UTC
                )
        return RandomCase(data, engine_decides(self._policy, data))

    def _some_facts(self) -> dict[str, Value]:
        """Return answers told as the case is opened: often the issue, some of the rest, an order record that fits."""
        rate = self._dice.choice((0.0, 0.05, 0.2, 0.5))
        named = ("issue",) if "issue" in self._facts and self._dice.random() < 0.9 else ()
        asked = [fact.name for fact in self._facts.values() if _is_asked(fact) and self._dice.random() < rate]
        any_ = {name: self._any(self._facts[name]) for name in (*named, *asked) if name != "opened_at"}
        if self._dice.random() < 0.04:
            return any_
        told = {name: value for name, value in any_.items() if not _follows(self._facts[name])}
        return told | {name: value for name, value in self._order_record().items() if name in self._facts}

    def _order_record(self) -> dict[str, Value]:
        """Return the facts of an order that can be: dates one after the other, nothing refunded beyond what was paid."""
        hours = sorted(self._dice.randrange(1, 1500) for _ in range(3))
        paid, shipped, delivered = (self._opened - dt.timedelta(hours=back) for back in reversed(hours))
        gone = self._dice.randrange(3)
        goods = self._dice.choice((1, 299, 300, 5900, 29_999, 30_000, self._dice.randrange(200_000)))
        record: dict[str, Value] = {
            "paid_at": paid,
            "shipped_at": shipped if gone else None,
            "delivered_at": delivered if gone > 1 else None,
            "goods_paid": goods,
            "claimed_paid": self._dice.choice((goods, goods // 2)),
            "already_refunded": self._dice.choice((0, 0, goods // 3)),
            "postage_claimed": self._dice.choice((0, 1000)),
            "order_paid": goods + self._dice.choice((0, 1000, 1049, 1050, 1051)),
        }
        kept = self._dice.choice((0.5, 1.0, 1.0))
        return {name: value for name, value in record.items() if self._dice.random() < kept}

    def _walk(self, untimed: dict[str, Value]) -> None:
        told = {**untimed, **({"opened_at": self._opened} if "opened_at" in self._facts else {})}
        try:
            walk = Walk(self._policy.machine, self._policy.model, Case(None, None, Claim(self._opened, None), told))
            walk.settle()
            self._needs = _asked(walk)
            for _ in range(self._dice.choice((1, 4, 10, 16))):
                walk = self._step(walk)
        except CaseError:
            return

    def _step(self, walk: Walk) -> Walk:
        """Let one thing happen: an answer, a second thought, silence until a deadline, work reported done."""
        self._now += dt.timedelta(seconds=self._dice.choice((1, 60, 60, 7200)))
        chance, due = self._dice.random(), walk.due
        if chance < 0.3 and due is not None and due > self._now:
            self._now = due + self._dice.choice((0, 1)) * _SECOND
        if chance > 0.85:
            return self._work(walk)
        names = list(self._needs)
        if not names or 0.3 < chance < 0.35:
            names = [name for name, fact in self._facts.items() if not fact.counter]
        elif 0.35 < chance < 0.4 and walk.pinned:
            names = sorted(name for name in walk.pinned if not self._facts[name].counter) or names
        chosen = self._dice.sample(names, min(len(names), self._dice.choice((1, 1, 2))))
        values = {name: self._answer(walk, name) for name in chosen if name != "opened_at"}
        written = {name: self._written(name, value) for name, value in values.items()}
        return self._happen(walk, Tell(self._now, values), {"tell": written}) if values else walk

    def _work(self, walk: Walk) -> Walk:
        """Report an action of the state or a duty done, now and then one that is not owed."""
        names = [todo.action for todo in walk.at_state.do] + list(walk.duties)
        if not names or self._dice.random() < 0.03:
            names = list(self._policy.model.actions)
        name = self._dice.choice(names)
        if not self._policy.model.actions[name].pays:
            return self._happen(walk, Done(self._now, name), {"done": name})
        due = settle_money(walk).due
        amount = self._dice.choice((due, due, due // 2 + 1, due + 1))
        return self._happen(walk, Done(self._now, name, amount), {"done": name, "amount": show_money(amount)})

    def _happen(self, walk: Walk, event: Event, written: dict[str, object]) -> Walk:
        """Return the walk one event on; an event that cannot be is mostly left out, now and then it ends the case."""
        entry = {"at": show_instant(self._now, zone_named(self._policy.model.timezone)), **written}
        onward = walk.clone()
        try:
            onward.pass_time(self._now)
            onward.look_at(self._now)
            take(onward, event)
            check_agreement(self._policy.model, onward.view)
            asked = _asked(onward)
        except CaseError:
            if self._dice.random() < 0.9:
                return walk
            self._events.append(entry)
            raise
        self._events.append(entry)
        self._needs = asked
        return onward

    def _answer(self, walk: Walk, name: str) -> Value:
        open_ = [value for value in open_answers(walk, name) if value is not UNKNOWN]
        return self._dice.choice(open_) if open_ and self._dice.random() < 0.95 else self._any(self._facts[name])

    def _any(self, fact: Fact) -> Value:
        """Return any value of a fact's type, now and then a known none where there may be none."""
        if fact.flag is not None and self._dice.random() < 0.25:
            return None
        kind = fact.type
        match kind.kind:
            case Kind.FLAG:
                return self._dice.random() < 0.5
            case Kind.CHOICE | Kind.PARTY:
                return self._dice.choice(kind.values or tuple(self._policy.model.parties))
            case Kind.COUNT | Kind.MONEY:
                low, high = kind.low or 0, 10_000 if kind.high is None else kind.high
                near = (low, min(low + 1, high), high, self._dice.randint(low, high), self._dice.randint(low, high))
                return self._dice.choice(near)
            case Kind.RATE:
                return Fraction(self._dice.randrange(10_000), 10_000)
            case Kind.INSTANT:
                return self._opened + self._dice.choice((-1, 1)) * dt.timedelta(
                    minutes=self._dice.randrange(40 * 24 * 60)
                )
            case Kind.DURATION:
                return dt.timedelta(hours=self._dice.randrange(200))
            case Kind.TIME_OF_DAY:
                return dt.time(self._dice.randrange(24), self._dice.randrange(60))

    def _written(self, name: str, value: Value) -> object:
        return value_to_json(self._policy.model, name, value)


def _asked(walk: Walk) -> tuple[str, ...]:
    """Return what the case waits for; at an end what its money waits for. Raises AmountError for money that cannot be."""
    if walk.at_state.end is None:
        return tuple(need.fact for need in needs(walk.standing))
    return tuple(fact for waiting in settle_money(walk).waiting for fact in waiting.needs)


def _follows(fact: Fact) -> bool:
    return fact.computed or fact.derived is not None


def _is_asked(fact: Fact) -> bool:
    return not fact.counter and (fact.ask is not None or fact.computed)


def engine_decides(policy: LoadedPolicy, data: dict[str, object]) -> dict[str, object]:
    """Return the engine's decision as JSON, or the code of its fault."""
    try:
        return policy.to_dict(policy.decide(data))
    except CaseError as fault:
        return {"fault": fault.diagnostics[0].code}
