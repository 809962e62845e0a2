"""Registers from cases: what is entered, when it goes out, and to whom."""

import datetime as dt

import pytest

from aftersales import LoadedPolicy, load
from aftersales.instants import parse_instant, zone_named
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file, read_case_text
from aftersales.study.lists import UNDATED, Goods, Lists, Wanted, make_lists, period_of
from small_lists import case, with_lists

ZONE = zone_named("Asia/Shanghai")
PAID = '  events: [{at: 2026-11-07T00:30+08:00, done: refund, amount: "20.00"}]\n'


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> LoadedPolicy:
    """The small shop with registers."""
    return load(with_lists(tmp_path_factory.mktemp("small")))


def made(policy: LoadedPolicy, text: str, wanted: Wanted = Wanted()) -> Lists:  # noqa: B008
    """Make the lists of a text with worked cases."""
    return make_lists(policy, read_case_text("cases.yaml", text.encode()), wanted)


def entries(lists: Lists) -> list[tuple[str, str, str, str, int, bool]]:
    """Return every entry: list, period, receiver, case, amount, and whether it is open."""
    return [
        (entry.list, sheet.period, sheet.to, entry.case, entry.amount, entry.is_open)
        for sheet in lists.sheets
        for entry in sheet.entries
    ]


def test_a_payment_and_what_is_left_of_it(policy: LoadedPolicy) -> None:
    """Every payment is one row of the day it was made; what is still due is an open one."""
    lists = made(policy, case("back", "2026-11-06", "return_and_refund") + PAID)
    assert entries(lists) == [
        ("daily_refund_sheet", "2026-11-06", "finance", "back", 3900, True),
        ("daily_refund_sheet", "2026-11-07", "finance", "back", 2000, False),
        ("reships", "2026-W45", "agent", "back", 5900, True),
    ]


def test_what_is_done_stays_on_the_list(policy: LoadedPolicy) -> None:
    """An action reported done is entered at the instant it was done, once."""
    done = "  events: [{at: 2026-12-01T00:10+08:00, done: reship}]\n"
    assert entries(made(policy, case("sent", "2026-11-30", "reship") + done)) == [
        ("reships", "2026-12", "finance", "sent", 0, False)
    ]


def test_where_a_case_rests(policy: LoadedPolicy) -> None:
    """What goes out at once is kept by the day; a list's own receiver holds where the action names none."""
    text = "- {name: new, claim: {opened_at: 2026-11-06T23:59+08:00}}\n- {name: undated, facts: {photos_sent: true}}\n"
    assert entries(made(policy, text)) == [
        ("checks", "2026-11-06", "warehouse", "new", 0, True),
        ("checks", UNDATED, "warehouse", "undated", 0, True),
    ]


def test_an_entry_tells_the_case(policy: LoadedPolicy) -> None:
    """Order, shop, goods in and out, who is liable, how it ended, and the facts that the list shows."""
    text = case("other", "2026-11-06", "reship").replace("quantity: 1}]", "quantity: 1, replacement: 大茶几}]")
    (sheet,) = made(policy, text).sheets
    (entry,) = sheet.entries
    assert (entry.order, entry.shop, entry.liable, entry.outcome) == ("3301", "木器店", "seller", "reship")
    assert (entry.goods_in, entry.goods_out) == ((Goods("茶几", 1),), (Goods("大茶几", 1),))
    assert entry.facts["wants"] == "reship"


def test_every_part_of_a_case_is_entered(policy: LoadedPolicy) -> None:
    """Several problems of one order are several rows, each with its own goods and amount."""
    text = case("both", "2026-11-06", "return_and_refund").replace(
        "lines: [{line: 1, quantity: 1}]}",
        "parts: [{lines: [{line: 1, quantity: 1}]}, {lines: [{line: 1, quantity: 1}], facts: {wants: reship}}]}",
    )
    shared = text.replace(", wants: return_and_refund", "").replace(
        "quantity: 1}]}, {", "quantity: 1}], facts: {wants: return_and_refund}}, {"
    )
    lists = made(policy, shared)
    assert lists.faults == ()
    assert [(row[0], row[4]) for row in entries(lists)] == [
        ("daily_refund_sheet", 5900),
        ("reships", 0),
        ("reships", 5900),
    ]


def test_wanted_days_and_lists(policy: LoadedPolicy) -> None:
    """Both days are included, on the policy's clock; entries without an instant are on no day."""
    text = case("back", "2026-11-06", "return_and_refund") + PAID + "- {name: undated, facts: {photos_sent: true}}\n"
    sixth, seventh = dt.date(2026, 11, 6), dt.date(2026, 11, 7)
    assert {row[1] for row in entries(made(policy, text, Wanted("daily_refund_sheet", seventh)))} == {"2026-11-07"}
    assert {row[1] for row in entries(made(policy, text, Wanted("daily_refund_sheet", None, sixth)))} == {"2026-11-06"}
    assert {row[0] for row in entries(made(policy, text, Wanted(None, sixth, seventh)))} == {
        "daily_refund_sheet",
        "reships",
    }
    assert entries(made(policy, text, Wanted(None, dt.date(2026, 12, 1)))) == []


def test_cases_at_fault_do_not_stop_the_others(policy: LoadedPolicy) -> None:
    """A case that cannot be decided is told; one that is there to be refused is left out."""
    wrong = "- {name: wrong, facts: {photos_snt: true}}\n"
    refused = "- {name: refused, facts: {photos_snt: true}, expect: {error: unknown_name}}\n"
    lists = made(policy, case("sent", "2026-11-30", "reship") + wrong + refused)
    assert [fault.code for fault in lists.faults] == ["unknown_name"]
    assert [row[3] for row in entries(lists)] == ["sent"]


@pytest.mark.parametrize(
    ("at", "every", "period"),
    [
        ("2026-11-06T23:59:59+08:00", "day", "2026-11-06"),
        ("2026-11-06T16:00:00+00:00", "day", "2026-11-07"),
        ("2026-11-06T16:00:00+00:00", "at_once", "2026-11-07"),
        ("2027-01-03T12:00:00+08:00", "week", "2026-W53"),
        ("2027-01-04T12:00:00+08:00", "week", "2027-W01"),
        ("2026-10-31T16:00:00+00:00", "month", "2026-11"),
    ],
)
def test_periods_are_local(at: str, every: str, period: str) -> None:
    """Days, ISO weeks and months begin at midnight on the policy's clock."""
    assert period_of(parse_instant(at), every, ZONE) == period


SHIPPED_LISTS = {
    "lost_parcels": ("month", "specialist"),
    "quality_issues": ("week", "purchasing"),
    "missing_and_wrong_items": ("at_once", "warehouse"),
    "daily_refund_sheet": ("day", "finance"),
    "returns": ("day", "finance"),
    "exchanges": ("day", "finance"),
    "shortages": ("day", "agent"),
    "problem_classes": ("month", "supervisor"),
}


def test_the_shipped_registers_fill_up() -> None:
    """The worked cases of the shipped policy fill every register that the field keeps, and none at fault."""
    policy = load()
    cases = [
        case for path in sorted((shipped_folder() / "cases").glob("*.yaml")) for case in read_case_file(path, path.name)
    ]
    lists = make_lists(policy, cases, Wanted())
    assert lists.faults == ()
    filled = {sheet.register.name: (sheet.every, sheet.to) for sheet in lists.sheets}
    assert {name: filled.get(name) for name in SHIPPED_LISTS} == SHIPPED_LISTS


def test_no_list_asks_for_personal_data() -> None:
    """No column of a shipped register is filled from personal data; a case that holds such is refused anyway."""
    lists = load().model.lists.values()
    columns = {column for register in lists for column in register.columns if column not in register.fill_in}
    assert not columns & {"phone", "address", "name", "buyer_account"}
