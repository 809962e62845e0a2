"""What a fact that is computed of an order waits for: the same as where the whole case is put together and looked at."""

from random import Random
from typing import Any

import pytest

import aftersales
from aftersales import LoadedPolicy
from aftersales.case.quick_case import QuickCases
from aftersales.case.quick_values import Unread
from aftersales.case.view import CaseView
from aftersales.run.function.opened import Opened
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


def worked() -> list[Any]:
    """Return worked cases with an order."""
    paths = sorted((shipped_folder() / "cases").glob("*.yaml"))
    every: list[Any] = [case.data for path in paths for case in read_case_file(path, path.name)[::4]]
    return [data for data in every if data.get("order") and not data.get("events")]


def test_what_is_not_known_of_an_order_is_asked_for(policy: LoadedPolicy) -> None:
    """Of worked cases with parts of their order left out, each computed fact that nobody told is opened as by a view."""
    opened, cases = Opened(policy.model), QuickCases(policy.model)
    dice, asked = Random(20_261_104), set[tuple[str, ...]]()  # noqa: S311 (no secret)
    for data in worked():
        kept = {name: part for name, part in data["order"].items() if dice.random() < 0.6}
        try:
            case = cases.read({**data, "order": kept})
        except Unread:
            continue
        view = CaseView(policy.model, case.whole(), case.told)
        for name in opened.names - case.told.keys():
            found = opened.needs(name, case.told, has_lines=case.has_lines)
            assert found == view.base_needs(name), (name, kept)
            asked.add(found)
    assert {("cash_on_delivery",), ("postage_paid",), ("free_shipping",), ("goods_paid",)} <= asked
    assert any(len(found) > 1 for found in asked)


def test_a_case_says_whether_it_has_lines(policy: LoadedPolicy) -> None:
    """However a case was read, it has lines where its whole order has some."""
    cases, found = QuickCases(policy.model), set[bool]()
    for data in worked()[::3]:
        for read in (cases.read, cases.read_whole):
            case = read(data)
            order = case.whole().order
            assert case.has_lines is bool(order is not None and order.lines)
            found.add(case.has_lines)
    assert found == {True, False}
