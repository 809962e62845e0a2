"""Rows of scalar facts for tests of the fast engines: random ones, and such as answer what a policy asks."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from random import Random

from aftersales import LoadedPolicy
from aftersales.expr.types import Kind, Value
from aftersales.policy.model import Fact, Policy
from aftersales.run.function.answer import Answer
from aftersales.run.function.reference import by_machine

Row = dict[str, Value]

#: Every row is told at this instant, as far as it says when.
OPENED = dt.datetime(2026, 11, 6, 3, 0, tzinfo=dt.UTC)

_FEN = (0, 1, 300, 301, 1000, 2000, 2001, 5900, 10_000, 29_999, 30_000)
_COUNTS = (0, 1, 2, 3, 7, 8, 15, 16, 30)
_HOURS = (-2000, -400, -200, -170, -168, -100, -48, -24, -1, 0, 1)
_ELAPSED_HOURS = (0, 1, 24, 48, 49, 72, 168, 169, 240, 1000)


def draw_value(fact: Fact, policy: Policy, dice: Random) -> Value:
    """Draw a value of a fact's type, often one at a bound."""
    kind = fact.type
    if fact.flag is not None and dice.random() < 0.3:
        return None
    most = kind.high if kind.high is not None else 10**12
    drawn: dict[Kind, Value] = {
        Kind.FLAG: dice.random() < 0.5,
        Kind.CHOICE: dice.choice(kind.values or ("-",)),
        Kind.PARTY: dice.choice(kind.values or tuple(policy.parties)),
        Kind.COUNT: min(most, dice.choice(_COUNTS)),
        Kind.MONEY: min(most, dice.choice(_FEN)),
        Kind.RATE: Fraction(dice.choice((0, 1, 3, 10)), 10),
        Kind.INSTANT: OPENED + dt.timedelta(hours=dice.choice(_HOURS)),
        Kind.DURATION: dt.timedelta(hours=dice.choice((1, 24, 48))),
        Kind.TIME_OF_DAY: dt.time(dice.randrange(24)),
    }
    return drawn[kind.kind]


def draw_row(policy: Policy, dice: Random) -> Row:
    """Draw a row: some facts without a plan, most often over an order whose figures fit together."""
    row: Row = {"opened_at": OPENED} if dice.random() < 0.9 else {}
    told = [fact for fact in policy.facts.values() if not fact.counter and fact.name != "opened_at"]
    if dice.random() < 0.85:
        told = [fact for fact in told if fact.derived is None]
    share = dice.choice((0.0, 0.1, 0.3, 0.7))
    row.update({fact.name: draw_value(fact, policy, dice) for fact in told if dice.random() < share})
    if dice.random() < 0.9:
        row.update({name: value for name, value in _order(dice).items() if name in policy.facts})
    for name in dict.fromkeys(way.on for flow in policy.flows.values() for way in flow.anytime):
        if dice.random() < 0.9:
            row.pop(name, None)
    return row


def _order(dice: Random) -> Row:
    paid, days = dice.choice((1, 1, 999, 2000, 5900, 10_001, 29_999)), dice.choice((None, 1, 3, 6))
    goods = paid + dice.choice((0, 500))
    return {
        "goods_paid": goods,
        "order_paid": max(goods, dice.choice((300, 301, 30_000, paid + 2000))),
        "claimed_paid": paid,
        "already_refunded": dice.choice((0, 0, min(paid, 100))),
        "postage_claimed": dice.choice((0, 800)),
        "postage_paid": 800,
        "paid_at": OPENED - dt.timedelta(days=9),
        "shipped_at": None if days is None else OPENED - dt.timedelta(days=7),
        "delivered_at": None if days is None else OPENED - dt.timedelta(days=days),
        "cash_on_delivery": False,
    }


def draw_elapsed(dice: Random) -> dt.timedelta | None:
    """Draw how long after it was told a row is seen; ``None`` as often as not."""
    return dt.timedelta(hours=dice.choice(_ELAPSED_HOURS)) if dice.random() < 0.4 else None


def questioned(policy: LoadedPolicy, dice: Random, most: int) -> Iterator[tuple[Row, dt.timedelta | None, Answer]]:
    """Yield rows with the machine's answers; each row answers what the case of the one before was asked."""
    row = draw_row(policy.model, dice)
    for _ in range(most):
        elapsed = draw_elapsed(dice)
        answer = by_machine(policy.machine, policy.model, row, elapsed)
        yield row, elapsed, answer
        if answer.need is None:
            return
        row = {**row, answer.need: _reply(policy.model, answer, dice)}


def _reply(policy: Policy, answer: Answer, dice: Random) -> Value:
    offers = policy.states[answer.state].offers
    offered = [option for offer in offers if offer.fact == answer.need for option, _ in offer.options]
    if offered and dice.random() < 0.8:
        return dice.choice(offered)
    return draw_value(policy.facts[str(answer.need)], policy, dice)
