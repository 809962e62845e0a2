"""The page of the proofs, in both languages, and the line that moves meanwhile."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest

from aftersales import load
from aftersales.errors import Diagnostic
from aftersales.policy.model import Policy
from aftersales.show.page import terminal
from aftersales.show.progress import progress_on
from aftersales.show.verify import show_proofs
from aftersales.source import Source, Span
from aftersales.text import Lang, Text
from aftersales.verify.replay import Document
from aftersales.verify.verdict import PROVED, Counterexample, Finding, Proofs, Verdict, unknown

SHOP = Path(__file__).parents[2] / "examples" / "small_shop"
OPENED = dt.datetime(2026, 11, 6, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
REFUNDED = {"photos_sent": True, "warehouse_record": "confirms_buyer", "wants": "return_and_refund"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The example shop's policy."""
    return load(SHOP).model


@pytest.fixture(scope="module")
def verdicts(policy: Policy) -> tuple[Verdict, ...]:
    """One verdict of every sort: a check, one refuted at a place, laws of every policy and of this one."""
    law = policy.laws["fault_never_leaves_return_postage"]
    place = Span(Source("wrong_item.yaml", "flow: wrong_item\n"), 1, 7, 1, 17)
    fault = Diagnostic("unused", Text("没有人用它", "nobody uses it"), place, Text("删去它", "leave it out"))
    case = Document(None, OPENED, None, ((OPENED, dict(REFUNDED)),), None)
    stopped = Document(None, OPENED, None, ((OPENED, {**REFUNDED, "claimed_paid": "-1.00"}),), None)
    return (
        Verdict("every_rest_ends", Text("停有所终", "a rest ends"), PROVED, 0.004),
        Verdict(
            "every_local_fact_is_read", Text("有用", "used"), Finding("refuted", fault.message, None, (fault,)), 0.0
        ),
        Verdict("money", Text("钱不为负", "no amount is negative"), Finding("refuted", None, counter(stopped)), 1.25),
        Verdict("circles", Text("循环有尽", "circles end"), unknown("没有得出答案", "no answer came"), 20.0),
        Verdict(
            law.name, law.title, Finding("refuted", None, counter(case, "liable = seller")), 0.5, law.sources, law.span
        ),
    )


def counter(case: Document, reads: str = "") -> Counterexample:
    """Return a counterexample."""
    return Counterexample(case, "wrong_item.refunded", (), reads)


def page(proofs: Proofs, policy: Policy, lang: Lang) -> str:
    """Return the page on a terminal 100 columns wide."""
    stream = io.StringIO()
    show_proofs(proofs, policy, lang, terminal(stream, width=100, colour=False))
    return stream.getvalue()


def test_the_page_in_english(verdicts: tuple[Verdict, ...], policy: Policy) -> None:
    """Counts, a line for every law by group, then each that is refuted with its case, each unknown with why."""
    assert (
        page(Proofs(verdicts, 21.75), policy, Lang.EN)
        == """\
A small shop's policy  small_shop 1
  1 of 5 laws proved, 3 refuted, 1 unknown (21.75 s)

Structure
  verdict    time  law                       says
  proved   0.00 s  every_rest_ends           a rest ends
  refuted  0.00 s  every_local_fact_is_read  used

Of every policy
  verdict     time  law      says
  refuted   1.25 s  money    no amount is negative
  unknown  20.00 s  circles  circles end

The policy's own laws
  verdict    time  law                                says
  refuted  0.50 s  fault_never_leaves_return_postage  The seller's fault never leaves return postage
                                                      with the buyer  [consumer_law]

refuted: every_local_fact_is_read
  used
  wrong_item.yaml:1:7: nobody uses it
      flow: wrong_item
            ^^^^^^^^^^
    hint: leave it out

refuted: money
  no amount is negative
  smallest case:
    - name: money
      title: {zh: 反例：钱不为负, en: "Counterexample: no amount is negative"}
      claim: {opened_at: 2026-11-06T10:00+08:00}
      facts: {photos_sent: true, warehouse_record: confirms_buyer, wants: return_and_refund, claimed_paid: "-1.00"}
      expect: {error: money_format}
  path: Wrong item > Check the claim → Agree on a remedy → Refund goods and postage
  the machine stops: facts.claimed_paid: money is never negative: -1.00

refuted: fault_never_leaves_return_postage
  The seller's fault never leaves return postage with the buyer
  [law] consumer_law Consumer protection law art. 24
  laws.yaml:2:3
  smallest case:
    - name: fault_never_leaves_return_postage
      title:
        zh: 反例：卖家的错，退回运费不由买家承担
        en: "Counterexample: The seller's fault never leaves return postage with the buyer"
      claim: {opened_at: 2026-11-06T10:00+08:00}
      facts: {photos_sent: true, warehouse_record: confirms_buyer, wants: return_and_refund}
      expect:
        flow: wrong_item
        state: refunded
        outcome: return_and_refund
        liable: seller
        postage: {return: seller}
        refund: {total: "0.00"}
        next_actions: [restock]
  reads: liable = seller
  path: Wrong item > Check the claim → Agree on a remedy → Refund goods and postage

unknown: circles
  circles end
  why: no answer came
"""
    )


def test_the_page_in_chinese(verdicts: tuple[Verdict, ...], policy: Policy) -> None:
    """The same in Chinese; an unknown law that is allowed says so."""
    shown = page(Proofs(verdicts, 21.75, frozenset({"circles"})), policy, Lang.ZH)
    assert shown.startswith("小店售后规则  small_shop 1\n  5 条中证明 1 条，推翻 3 条，未知 1 条（21.75 秒）\n\n结构\n")
    assert "\n未知（允许）：circles\n  循环有尽\n  原因：没有得出答案\n" in shown
    assert "  读到：liable = seller\n  走过：错发 > 核实错发 → 协商方案 → 退货退款\n" in shown
    assert "  [法律] consumer_law 消费者权益保护法 第 24 条\n" in shown


def test_all_hold(verdicts: tuple[Verdict, ...], policy: Policy) -> None:
    """Only where nothing is open the page says that all hold."""
    said = "Every case, every order of answers, every deadline kept or passed: they hold.\n"
    assert page(Proofs(verdicts[:1], 0.0), policy, Lang.EN).endswith(said)
    assert page(Proofs(verdicts[3:4], 0.0, frozenset({"circles"})), policy, Lang.EN).endswith(said)
    assert said not in page(Proofs(verdicts[3:4], 0.0), policy, Lang.EN)
    assert said not in page(Proofs((), 0.0), policy, Lang.EN)


def test_nothing_moves_in_a_pipe() -> None:
    """A stream that is no terminal gets nothing."""
    stream = io.StringIO()
    with progress_on(stream) as line:
        line.at(1, 2, "a law")
    assert stream.getvalue() == ""


def test_progress_on_a_terminal() -> None:
    """A terminal shows how many of how many are done and what was last, and is clean at the end."""
    stream = io.StringIO()
    with progress_on(stream, wanted=True) as line:
        line.at(1, 2, "[red]a law\x1b[31m")
    shown = stream.getvalue()
    assert "1/2" in shown
    assert "[red]a law" in shown
    assert "law\x1b[31m" not in shown
    assert shown.endswith("\x1b[2K")
