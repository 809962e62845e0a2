"""The page that explains a case, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len

from aftersales import LoadedPolicy, load
from aftersales.show.explain import explanation_text
from aftersales.show.explain_json import explanation_json
from aftersales.study.explain import Explanation, explain
from aftersales.text import Lang

SMALL = Path(__file__).parents[1] / "study" / "small"
GOLDEN = Path(__file__).parent / "golden"
OPENED = "2026-11-06T11:00+08:00"
REFUSED: Mapping[str, object] = {
    "claim": {"opened_at": OPENED},
    "facts": {"photos_sent": True},
    "events": [{"at": "2026-11-06T12:00+08:00", "tell": {"warehouse_record": "confirms_seller"}}],
}
LATE: Mapping[str, object] = {
    "claim": {"opened_at": OPENED},
    "facts": {"warehouse_record": "confirms_buyer"},
    "as_of": "2026-11-12T12:00+08:00",
}


@pytest.fixture(scope="module")
def shop() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


def page(shop: LoadedPolicy, explanation: Explanation, lang: Lang = Lang.ZH, width: int = 80) -> str:
    """Return an explanation as it stands on a terminal."""
    return explanation_text(explanation, shop.model, lang, width=width)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize(("name", "case"), [("explain_refused", REFUSED), ("explain_late", LATE)])
def test_the_page_reads_as_the_golden_page(
    shop: LoadedPolicy, name: str, case: Mapping[str, object], lang: Lang
) -> None:
    """A refusal and a deadline that passed: the way, what was read, what stopped it, the smallest change; word for word."""
    made = page(shop, explain(shop, case, why_not="return_and_refund"), lang)
    assert made == (GOLDEN / f"{name}.{lang}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_page(shop: LoadedPolicy, lang: Lang, width: int) -> None:
    """Chinese characters count two columns: no line runs over the edge at any width."""
    lines = page(shop, explain(shop, REFUSED, why_not="reship"), lang, width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_titles_stand_in_place_of_names(shop: LoadedPolicy) -> None:
    """States, facts, roles and outcomes are called by their titles."""
    made = page(shop, explain(shop, REFUSED, why_not="return_and_refund"))
    for name in ("warehouse_record", "confirms_seller", "sent_right", "return_and_refund", "photos_sent"):
        assert name not in made


def test_a_case_that_is_there_already_is_told_so(shop: LoadedPolicy) -> None:
    """Asked for what it is, the page says it and shows no change."""
    made = page(shop, explain(shop, REFUSED, why_not="拒绝"))
    assert "本案已经是“拒绝”。" in made
    assert "最小的改变" not in made


@pytest.mark.parametrize(("lang", "said"), [(Lang.ZH, "查到上限（1 种）"), (Lang.EN, "stopped at its limit of 1")])
def test_a_cut_search_is_never_silent(shop: LoadedPolicy, lang: Lang, said: str) -> None:
    """Where the limit is reached the page says that there may be a change."""
    assert said in page(shop, explain(shop, REFUSED, why_not="reship", limit=1), lang)


def test_what_was_shown_is_not_repeated(shop: LoadedPolicy) -> None:
    """A value that two states read is told with its source once, in the first of them."""
    facts = {"photos_sent": True, "warehouse_record": "confirms_buyer", "wants": "reship"}
    made = page(shop, explain(shop, {"claim": {"opened_at": OPENED}, "facts": facts}))
    assert made.count("（买家，2026-11-06 11:00）") == 2


def test_json_holds_the_whole_of_it(shop: LoadedPolicy) -> None:
    """Stages with conditions in code and both languages, values as a case writes them, the change old and new."""
    made = json.loads(json.dumps(explanation_json(explain(shop, REFUSED, why_not="return_and_refund"), shop.model)))
    verify, end = made["stages"]
    assert (made["outcome"], verify["left"], verify["to"], end["left"]) == (
        "refused",
        "branch",
        "wrong_item.sent_right",
        "ended",
    )
    assert verify["condition"]["code"] == "warehouse_record == confirms_seller"
    assert verify["read"][1] == {
        "fact": "warehouse_record",
        "value": "confirms_seller",
        "origin": "told",
        "by": "warehouse",
        "at": "2026-11-06T12:00:00+08:00",
        "rests_on": [],
    }
    assert [(other["to"], other["why"], other["part"]) for other in verify["not_taken"]] == [
        ("wrong_item.no_evidence", "failed", "not photos_sent"),
        ("wrong_item.choose_remedy", "above", None),
    ]
    (change,) = made["why_not"]["changes"]
    assert change["told_otherwise"] == [{"fact": "warehouse_record", "old": "confirms_seller", "new": "confirms_buyer"}]
    assert [(step["fact"], step["new"], "old" in step) for step in change["then"]] == [
        ("wants", "return_and_refund", False)
    ]
    assert (made["why_not"]["stopped_at"]["state"], made["why_not"]["complete"]) == ("verify", True)


def test_json_of_several_parts_lists_them(shop: LoadedPolicy) -> None:
    """Each part stands for itself, with no answer where none was asked for."""
    lines = [{"sku": "A", "quantity": 1, "paid": "10.00"}, {"sku": "B", "quantity": 1, "paid": "20.00"}]
    parts = [{"lines": [{"sku": sku, "quantity": 1}], "facts": {"photos_sent": False}} for sku in "AB"]
    case = {"order": {"lines": lines}, "claim": {"opened_at": OPENED, "parts": parts}}
    explanation = explain(shop, case)
    made = explanation_json(explanation, shop.model)
    assert [part["why_not"] for part in made["parts"]] == [None, None]  # type: ignore[attr-defined]
    assert "第 2 部分" in page(shop, explanation)
