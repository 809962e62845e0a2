"""Laws of reading cases and of what follows from an order: no fen is lost, no order of telling matters, no traceback."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from aftersales.case.model import Case
from aftersales.case.prices import STAGES
from aftersales.case.read import read_case
from aftersales.case.view import CaseView
from aftersales.errors import CaseError
from aftersales.expr.types import UNKNOWN
from aftersales.money import show_money
from aftersales.text import Lang
from small_policy import SMALL, look


@dataclass(frozen=True)
class Bought:
    """An order line and how its units are claimed, case by case."""

    paid: int
    claims: tuple[int, ...]

    @property
    def quantity(self) -> int:
        """Return the units bought."""
        return sum(self.claims)


bought = st.builds(Bought, st.integers(0, 10**7), st.lists(st.integers(1, 50), min_size=1, max_size=4).map(tuple))
orders = st.lists(bought, min_size=1, max_size=4)


def in_turn(lines: Sequence[Bought], turns: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield every claim of the order, (line, units taken before, units), the lines taking turns."""
    gone, places = [0] * len(lines), [0] * len(lines)
    for line in turns:
        units = lines[line].claims[places[line]]
        yield line, gone[line], units
        gone[line], places[line] = gone[line] + units, places[line] + 1


def goods(line: int, units: int) -> dict[str, object]:
    """Return another case's refund of goods."""
    return {"case": "C0", "line": line + 1, "quantity": units, "for": "goods", "amount": 0, "status": "done"}


@given(st.data(), orders, st.integers(0, 10**6), st.booleans())
def test_every_way_of_claiming_an_order_refunds_what_was_paid(
    data: st.DataObject, lines: list[Bought], postage: int, shipped: bool
) -> None:
    """In whatever groups and order its units come back: goods and postage add up to what was paid, to the fen."""
    turns = data.draw(st.permutations([line for line, one in enumerate(lines) for _ in one.claims]))
    order = {
        "lines": [
            {"sku": str(n), "quantity": one.quantity, "paid": show_money(one.paid)} for n, one in enumerate(lines)
        ],
        "postage_paid": show_money(postage),
        "paid_at": "2026-11-01T10:00+08:00",
        "shipped_at": "2026-11-02T10:00+08:00" if shipped else None,
    }
    refunds: list[dict[str, object]] = []
    goods_back = postage_back = 0
    for line, _, units in in_turn(lines, turns):
        view = look(
            {"order": {**order, "refunds": refunds}, "claim": {"lines": [{"line": line + 1, "quantity": units}]}}
        )
        paid, share = view.fact("claimed_paid"), view.fact("postage_claimed")
        assert isinstance(paid, int)
        assert isinstance(share, int)
        assert min(paid, share) >= 0
        goods_back, postage_back = goods_back + paid, postage_back + share
        refunds.append(goods(line, units))
        if share:
            refunds.append({"case": "C0", "for": "outbound", "amount": show_money(share), "status": "pending"})
    assert (goods_back, postage_back) == (sum(one.paid for one in lines), postage)


@given(st.data(), st.integers(1, 60), st.integers(0, 10**6))
def test_what_buyers_kept_is_counted_once(data: st.DataObject, quantity: int, paid: int) -> None:
    """A lower price for some units is counted in full when all come back, and never twice when they come in parts."""
    kept_units, kept = data.draw(st.integers(1, quantity)), data.draw(st.integers(0, paid))
    refunds = [{**goods(0, kept_units), "amount": show_money(kept), "kept": True}]
    order = {"lines": [{"sku": "A", "quantity": quantity, "paid": show_money(paid)}]}
    first = data.draw(st.integers(0, quantity))
    total = 0
    for units, gone in ((first, 0), (quantity - first, first)):
        before = [*refunds, goods(0, gone)] if gone else refunds
        if units:
            claim = {"lines": [{"line": 1, "quantity": units}]}
            counted = look({"order": {**order, "refunds": before}, "claim": claim}).fact("already_refunded")
            assert isinstance(counted, int)
            total += counted
    assert total == kept


prices = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 10**6)), min_size=1, max_size=6)


@given(st.data(), prices)
def test_discounts_take_off_what_they_say(data: st.DataObject, lines: list[tuple[int, int]]) -> None:
    """List price less all discounts is what was paid, no line below zero, in whatever order they are written."""
    left = sum(quantity * price for quantity, price in lines)
    discounts, off = [], 0
    for stage in data.draw(st.lists(st.sampled_from(STAGES), max_size=4)):
        amount = data.draw(st.integers(0, left - off))
        discounts.append({"kind": stage, "amount": show_money(amount)})
        off += amount
    order = {
        "lines": [{"sku": str(n), "quantity": q, "unit_price": show_money(p)} for n, (q, p) in enumerate(lines)],
        "discounts": sorted(discounts, key=lambda discount: STAGES.index(discount["kind"])),
    }
    read = read_case(SMALL, {"order": order}).order
    mixed = read_case(SMALL, {"order": {**order, "discounts": discounts}}).order
    assert read is not None
    assert mixed is not None
    assert sum(line.paid for line in read.lines) == left - off
    assert all(0 <= line.paid <= line.quantity * (line.unit_price or 0) for line in read.lines)
    assert mixed.lines == read.lines


at = st.integers(0, 6).map(lambda hours: f"2026-11-06T{11 + hours}:00+08:00")
tells = st.builds(
    lambda when, said, name: {"at": when, "tell": said, **name},
    at,
    st.dictionaries(st.sampled_from(["photos_sent", "delivered"]), st.booleans(), min_size=1),
    st.sampled_from([{}, {"id": "e1"}, {"id": "e2"}]),
)
dones = st.builds(lambda when, amount: {"at": when, "done": "refund", "amount": amount}, at, st.integers(1, 3))


def outcome(data: dict[str, object]) -> Case | None:
    """Return the case as read, ``None`` where it is refused."""
    try:
        return read_case(SMALL, data)
    except CaseError:
        return None


@given(st.data(), st.lists(st.one_of(tells, dones), max_size=8))
def test_arrival_order_and_repetition_change_nothing(data: st.DataObject, events: list[dict[str, object]]) -> None:
    """The same timed events in any order, some of them twice, read the same, or are refused alike."""
    claim = {"claim": {"opened_at": "2026-11-06T12:00+08:00"}}
    again = data.draw(
        st.permutations(events + (data.draw(st.lists(st.sampled_from(events), max_size=3)) if events else []))
    )
    assert outcome({**claim, "events": events}) == outcome({**claim, "events": again})


KEYS = [
    *("id", "order", "claim", "facts", "events", "as_of", "lines", "sku", "line", "quantity", "unit_price", "paid"),
    *("discounts", "kind", "amount", "funded_by", "payments", "refunds", "case", "for", "deducted", "status", "kept"),
    *("issue", "opened_at", "parts", "at", "tell", "done", "correct", "override", "name", "phone", "platform"),
    *("paid_at", "shipped_at", "delivered_at", "postage_paid", "freight_insurance", "evidence", "photo_rounds"),
]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.decimals(),
    st.datetimes(timezones=st.sampled_from([None, dt.UTC])),
    st.dates(),
    st.sampled_from(
        ["1", "12.00", "2026-11-06T11:00+08:00", "goods", "done", "coupon", "tmall", "refund", "A", "10%", b"x"]
    ),
    st.sampled_from([1, 2, 10**30, Decimal("1.5"), object()]),
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=3), st.integers()), inner, max_size=6),
    ),
    max_leaves=25,
)
shaped = st.fixed_dictionaries(
    {},
    optional={
        "order": st.dictionaries(st.sampled_from(KEYS), anything, max_size=8),
        "claim": st.dictionaries(st.sampled_from(KEYS), anything, max_size=4),
        "facts": st.dictionaries(st.sampled_from(sorted(SMALL.facts)), scalars, max_size=6),
        "events": st.lists(st.dictionaries(st.sampled_from(KEYS), anything, max_size=4), max_size=4),
    },
)


def refusal(data: object) -> CaseError | None:
    """Return why a case, or what is known of one of its facts, is refused; check what is known otherwise."""
    try:
        case = read_case(SMALL, data)
        view = CaseView(SMALL, case, case.told)
        for name in SMALL.facts:
            assert view.base_needs(name) or view.fact(name) is not UNKNOWN
    except CaseError as error:
        return error
    return None


@given(st.one_of(anything, shaped))
def test_anything_is_a_case_or_a_named_fault(data: object) -> None:
    """Whatever a stranger hands in is a case, or is refused with messages; nothing else is ever raised."""
    error = refusal(data)
    assert error is None or all(error.to(lang) for lang in Lang)
