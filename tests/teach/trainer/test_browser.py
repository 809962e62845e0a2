"""The trainer in a real browser, opened from the disk: practice, deadlines, quiz, phone, print, both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aftersales import LoadedPolicy, load
from aftersales.teach.trainer import trainer_page
from aftersales.text import Lang
from chromium import CHROMIUM, Browser, chromium
from same_decision import as_the_page_says_it

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: the page cannot be opened here")

#: Chinese in what an English reader sees.
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WIDTH = 390


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start one browser for all tests of this file."""
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(opened: Browser) -> Iterator[Browser]:
    """Return the browser at desktop size; afterwards nothing was complained about and nothing fetched but the file."""
    opened.complaints.clear()
    opened.fetched.clear()
    opened.resize(1360, 860)
    yield opened
    assert opened.complaints == []
    assert all(address.startswith(("file:", "about:", "data:")) for address in opened.fetched), opened.fetched


def answer(browser: Browser, fact: str, value: object) -> None:
    """Click the button of one answer to a question."""
    wanted = json.dumps(json.dumps(value))
    browser.run(
        f"[...document.querySelectorAll('.answer[data-fact={fact}]')].find(one => one.dataset.value === {wanted}).focus()"
    )
    browser.run("document.activeElement.classList.add('wanted')")
    browser.click(".answer.wanted")


def decided_by_both(browser: Browser, policy: LoadedPolicy) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the page shows and what the engine decides about the very case on the page."""
    shown, data = browser.run("[practice.desk.decision, practice.desk.data(practice.desk.history, practice.desk.now)]")
    return shown, as_the_page_says_it(policy.to_dict(policy.decide(data)))


def test_a_wrong_item_is_walked_to_its_end(browser: Browser, shipped: LoadedPolicy, shipped_page: Path) -> None:
    """Clicks and keys lead a wrong item back to its refund; page and engine decide each step alike."""
    browser.open(shipped_page)
    browser.click(".flow[data-flow=wrong_item]")
    browser.wait_for("document.querySelector('#picture .here')")
    told = {"warehouse_record": "confirms_buyer", "photos_sent": True, "evidence": "confirmed", "in_stock": True}
    later = {"address_given": True, "return_tracking": True, "return_received": True}
    told |= {"wants": "return_and_refund", **later, "inspection_verdict": "confirmed"}
    told |= {"return_postage_advanced_by": "buyer", "return_postage": "12.00"}
    for _ in range(len(told)):
        needs = browser.run("practice.desk.decision.needs.map(need => need.fact)")
        if not needs:
            break
        fact = next(fact for fact in told if fact in needs)
        answer(browser, fact, told[fact])
        shown, decided = decided_by_both(browser, shipped)
        assert shown == decided
    assert (shown["state"], shown["outcome"], shown["refund"]["total"]) == ("refunded", "return_and_refund", "142.00")
    text = browser.run("document.querySelector('.panel').innerText")
    assert all(said in text for said in ("退款退运费", "退货退款", "卖家", "142.00", "118.00 − 0.00", "12.00"))
    assert browser.run("document.querySelectorAll('#picture .lit').length") > 8


def test_work_is_done_and_the_case_closes(browser: Browser, shipped: LoadedPolicy, shipped_page: Path) -> None:
    """What is to be done is ticked off, the refund is paid once, and the case is closed."""
    browser.open(shipped_page, "#flow/wrong_item")
    answer(browser, "warehouse_record", "confirms_seller")
    answer(browser, "explanation_answer", "accepts")
    assert browser.run("practice.desk.decision.status") == "settled"
    for _ in range(12):
        if not browser.run("document.querySelectorAll('.todo .done').length"):
            break
        browser.click(".todo .done")
    shown, decided = decided_by_both(browser, shipped)
    assert shown == decided
    assert shown["status"] == "closed"


def test_a_deadline_passes(browser: Browser, shipped: LoadedPolicy, shipped_page: Path) -> None:
    """``t`` lets the deadline pass: silence is recorded, the clock shows it, ``u`` takes it back."""
    browser.open(shipped_page, "#flow/wrong_item")
    assert browser.run("[...document.querySelectorAll('.rhythm .lit')].map(one => one.innerText)") == ["安抚", "核实"]
    before = browser.run("practice.desk.now")
    assert browser.run("document.querySelector('.late').innerText") == "到时没有答复：按“出库记录：无记录”记录"
    browser.press("t")
    shown, decided = decided_by_both(browser, shipped)
    assert shown == decided
    assert [step["edge"] for step in shown["path"][-2:]] == ["wrong_item.verify~0", "wrong_item.verify~1"]
    assert shown["state"] == "closed_without_evidence"
    assert browser.run("practice.desk.now") == before + 48 * 3600 + 1
    assert "没人答复：出库记录" in browser.run("document.querySelector('ol.path').innerText")
    browser.press("u")
    assert browser.run("[practice.desk.now, practice.desk.decision.path.length]") == [before, 2]


def test_keys_answer(browser: Browser, shipped_page: Path) -> None:
    """Digits answer the chosen question, arrows choose another, and what has the focus shows it."""
    browser.open(shipped_page, "#flow/wrong_item")
    browser.press("ArrowDown")
    assert browser.run("document.querySelector('.question.chosen .answer').dataset.fact") == "photos_sent"
    assert browser.run("document.activeElement.dataset.fact") == "photos_sent"
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
    browser.press("2")
    assert browser.run("practice.desk.history[0].written.tell") == {"photos_sent": False}
    browser.press("1")
    assert browser.run("Object.keys(practice.desk.history[1].written.tell)") == ["warehouse_record"]


def test_amount_above_its_maximum_is_refused(browser: Browser, shipped_page: Path) -> None:
    """A typed amount that is offered nowhere is said to be too much, and the case stays as it was."""
    browser.open(shipped_page, "#flow/wrong_item")
    for fact, value in (("warehouse_record", "confirms_buyer"), ("photos_sent", True), ("evidence", "confirmed")):
        answer(browser, fact, value)
    for fact, value in (("in_stock", True), ("wants", "partial_refund")):
        answer(browser, fact, value)
    browser.run("document.querySelector('.free[data-fact=offered_amount] input').value = '118.01'")
    browser.click(".free[data-fact=offered_amount] button")
    assert "118.00" in browser.run("document.querySelector('.fault').innerText")
    assert browser.run("practice.desk.history.length") == 5


def test_a_round_of_the_quiz(browser: Browser, shipped: LoadedPolicy, shipped_page: Path) -> None:
    """Three questions, right as the engine decides, are scored and explained; a wrong answer is set right."""
    browser.open(shipped_page, "#quiz/7")
    desk = "quiz.case.desk"
    shown, data = browser.run(f"[{desk}.decision, {desk}.data({desk}.history, {desk}.now)]")
    decided = as_the_page_says_it(shipped.to_dict(shipped.decide(data)))
    assert shown == decided
    rights = browser.run("quiz.case.questions.map(question => question.right)")
    leg = decided["postage"]["return"]
    assert rights[:2] == [leg["borne_by"] if leg else "no_leg", decided["refund"]["total"]]
    assert rights[2] in {action["action"] for action in decided["next_actions"]}
    for right in rights:
        place = browser.run(f"quiz.case.questions[quiz.question].options.indexOf({json.dumps(right)})")
        browser.press(str(place + 1))
        assert "答对了" in browser.run("document.querySelector('.verdict').innerText")
        assert browser.run("document.querySelector('.why').innerText.length") > 20
        browser.press("Enter")
    assert browser.run("[quiz.score, quiz.asked]") == [3, 3]
    browser.press("Enter")
    wrong = browser.run("quiz.case.questions[0].options.findIndex(one => one !== quiz.case.questions[0].right)")
    browser.press(str(wrong + 1))
    assert "正确答案是" in browser.run("document.querySelector('.verdict').innerText")
    assert browser.run("[quiz.score, quiz.asked, quiz.round]") == [3, 4, 2]


def test_quiz_cases_are_the_engine_s_and_vary(browser: Browser, shipped: LoadedPolicy, shipped_page: Path) -> None:
    """Thirty quiz cases are decided as the engine decides them, come from many flows, and offer four answers each."""
    browser.open(shipped_page, "#quiz/1")
    flows = set()
    for _ in range(30):
        shown, data, options = browser.run(
            "[quiz.case.desk.decision, quiz.case.desk.data(quiz.case.desk.history, quiz.case.desk.now),"
            "quiz.case.questions.map(question => question.options)]"
        )
        assert shown == as_the_page_says_it(shipped.to_dict(shipped.decide(data)))
        assert all(len(set(offered)) == len(offered) >= 3 for offered in options)
        flows.add(shown["flow"])
        browser.run("nextCase()")
    assert len(flows) >= 8


def test_every_flow_can_be_started(browser: Browser, shipped: LoadedPolicy, shipped_page: Path) -> None:
    """Each flow of the policy has a card, and its case comes through the flow that the card names."""
    browser.open(shipped_page)
    started = browser.run(
        "Object.keys(POLICY.flows).map(name => {start(name); return [name, practice.desk.decision.path.map(step => step.flow)]})"
    )
    assert [name for name, path in started if name not in path] == []
    assert [name for name, _ in started] == list(shipped.model.flows)


@pytest.mark.parametrize("folder", ["flows/good/minimal", "study/small", "run/desk"])
def test_other_policies_have_a_trainer_too(browser: Browser, folder: str, tmp_path: Path) -> None:
    """A policy without platforms, insurance or most legs can be practised and asked about as well."""
    path = tmp_path / "small.html"
    path.write_text(trainer_page(load(Path(__file__).parents[2] / folder).model), encoding="utf-8")
    browser.open(path)
    for flow in browser.run("Object.keys(practice.found)"):
        browser.open(path, f"#flow/{flow}")
        for key in "111t1":
            browser.press(key)
        assert browser.run("practice.desk.decision.path.length") > 0
    browser.open(path, "#quiz/1")
    for key in ("1", "Enter") * 8:
        browser.press(key)
    assert browser.run("quiz.asked") >= 2


@pytest.mark.parametrize("address", ["", "#flow/quality_issue", "#quiz/3"])
def test_page_fits_a_phone(browser: Browser, shipped_page: Path, address: str) -> None:
    """At 390 pixels nothing is wider than the screen, in either language."""
    browser.resize(WIDTH, 844, phone=True)
    browser.open(shipped_page, address)
    for _ in Lang:
        assert browser.run("document.documentElement.scrollWidth") <= WIDTH
        browser.run("document.querySelector('#language').click()")


def test_english_readers_see_english(browser: Browser, shipped_page: Path) -> None:
    """With the language switched no Chinese is left in a case or in the quiz, the switch itself aside."""
    browser.open(shipped_page, "#flow/wrong_item")
    browser.click("#language")
    browser.press("1")
    browser.wait_for("document.querySelector('#picture .here') && picture.shown.endsWith('/en')")
    assert CHINESE.findall(browser.run("document.querySelector('#view').innerText")) == []
    browser.click("[data-mode=quiz]")
    browser.press("1")
    assert CHINESE.findall(browser.run("document.querySelector('.panel').innerText")) == []
    assert browser.run("document.documentElement.lang") == "en"


def test_print_leaves_the_buttons_out(browser: Browser, shipped_page: Path) -> None:
    """On paper stand the case, its money and its picture, on a few pages, without what one clicks."""
    browser.open(shipped_page, "#flow/wrong_item")
    browser.wait_for("document.querySelector('#picture .here')")
    browser.call("Emulation.setEmulatedMedia", media="print")
    hidden = "['nav', '.tools', '.time', '.todo .done', '.zoom', '.free, .keys'].map(one => getComputedStyle(document.querySelector(one)).display)"
    assert set(browser.run(hidden)) == {"none"}
    assert browser.run("document.querySelector('#picture svg').getBoundingClientRect().height") > 300
    browser.call("Emulation.setEmulatedMedia", media="")
    pages = re.findall(rb"/Type\s*/Page\b", browser.pdf())
    assert 1 <= len(pages) <= 4
