"""Ways through a flow gone again by the machine itself: every answer of a way is told, every silence waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aftersales.case.read import read_case
from aftersales.errors import CaseError
from aftersales.expr.names import facts_of
from aftersales.expr.types import Kind, Value
from aftersales.policy.arrival import inputs
from aftersales.policy.model import Anytime, Late
from aftersales.run.answers import open_answers
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.standing import missing
from aftersales.run.walk import Walk
from aftersales.teach.handbook.ways import Stretch, Way

ORDER = {
    "id": "1",
    "platform": "taobao",
    "lines": [{"sku": "A", "quantity": 1, "paid": "60.00"}, {"sku": "B", "quantity": 1, "paid": "40.00"}],
}
PAID = {"paid_at": "2026-09-01T10:00+08:00", "cash_on_delivery": False, "postage_paid": "10.00"}
CLAIM = {"opened_at": "2026-11-06T10:00+08:00", "lines": [{"sku": "A", "quantity": 1}]}
#: One of two pieces of an order is claimed: all else is asked, or all but the payment, without which no sum is known.
CASES = ({"order": ORDER, "claim": CLAIM}, {"order": {**ORDER, **PAID}, "claim": CLAIM})
#: Answers that are tried besides those at the bounds of what is asked: a later question may compare them.
USUAL = {Kind.MONEY: (0, 5_00, 60_00, 90_00), Kind.COUNT: (0, 1, 3)}
#: Positions tried before a way counts as one that cannot be gone.
MOST_TRIED = 3_000


def can_be_gone(policy: LoadedPolicy, way: Way, start: str) -> bool:
    """Tell whether some case that stands at ``start`` goes exactly this way, edge by edge."""
    for case in CASES:
        walk = Walk(policy.machine, policy.model, read_case(policy.model, case))
        walk.override(start, "supervisor", "a way of the handbook")
        before = len(walk.path)
        if not isinstance(way[0].edge.way, Anytime):
            walk.settle()
        if _goes(walk, way, before, [MOST_TRIED]):
            return True
    return False


def _goes(walk: Walk, way: Way, before: int, left: list[int]) -> bool:
    taken = [step.edge for step in walk.path[before:]]
    keys = [stretch.edge.key for stretch in way]
    if taken == keys:
        return True
    left[0] -= 1
    if left[0] < 0 or taken != keys[: len(taken)]:
        return False
    return any(_goes(on, way, before, left) for on in _onward(walk, way[len(taken)]))


def _onward(walk: Walk, stretch: Stretch) -> Iterator[Walk]:
    """Yield the case after the next thing that can happen to it on the way along a stretch."""
    asked = missing(walk.standing)
    match stretch.edge.way:
        case Late(fact=silent):
            due = walk.due
            if due is not None:
                yield from _after(walk, lambda on: on.pass_deadline(due))
            listed = [late.fact for late in walk.at_state.late if late.fact is not None]
            answered = (*listed, *(name for name in asked if name in stretch.known))
            asked = tuple(name for name in answered if name not in walk.told and name != silent)
        case Anytime(on=name):
            yield from _told(walk, name, True)
        case _:
            asked = next(((name,) for name in (*asked, *_behind_offers(walk)) if name not in walk.told), ())
    for name in asked:
        known = stretch.known.get(name)
        values = known if isinstance(known, frozenset) else {*open_answers(walk, name), *_usual(walk, name)}
        for value in sorted(values, key=repr):
            if known is None or value in known:
                yield from _told(walk, name, value)


def _usual(walk: Walk, name: str) -> tuple[Value, ...]:
    return USUAL.get(walk.policy.facts[name].type.kind, ())


def _behind_offers(walk: Walk) -> Iterator[str]:
    """Yield the facts on which it hangs what can be offered."""
    for offer in walk.at_state.offers:
        for _, condition in offer.options:
            for name in facts_of(condition):
                yield from (name, *inputs(walk.policy.facts[name]))


def _told(walk: Walk, name: str, value: Value) -> Iterator[Walk]:
    yield from _after(walk, lambda on: on.tell({name: value}))


def _after(walk: Walk, happens: Callable[[Walk], None]) -> Iterator[Walk]:
    on = walk.clone()
    try:
        happens(on)
        on.settle()
    except CaseError:
        return
    yield on
