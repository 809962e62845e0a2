"""Faults, the list of facts, the summary, and what every page has in common."""

from __future__ import annotations

import dataclasses
import io
import json

import pytest

from aftersales.errors import Diagnostic
from aftersales.policy.model import Policy
from aftersales.show.faults import show_faults
from aftersales.show.page import Page, clean, terminal
from aftersales.show.summary import show_summary
from aftersales.show.titles import Titles
from aftersales.show.vocabulary import facts_json, show_facts
from aftersales.source import Source, Span
from aftersales.text import Lang, Text

FAULT = Diagnostic(
    "unknown_name",
    Text("没有 evidense 这个事实", "there is no fact evidense"),
    Span(Source("case.yaml", "facts:\n  evidense: confirmed\n"), 2, 3, 2, 11),
    Text("是不是 evidence？", "did you mean evidence?"),
)


def test_a_fault_is_shown_with_its_line() -> None:
    """Place, message, the line with carets, and the hint."""
    stream = io.StringIO()
    show_faults([FAULT], Lang.EN, stream)
    assert stream.getvalue() == (
        "case.yaml:2:3: there is no fact evidense\n"
        "      evidense: confirmed\n"
        "      ^^^^^^^^\n"
        "  hint: did you mean evidence?\n"
    )


def test_faults_are_one_json_object() -> None:
    """Programs read code, message in both languages, place and hint; a fault without a place has nulls."""
    stream = io.StringIO()
    show_faults([FAULT, Diagnostic("no_file", Text("没有文件", "no file"))], Lang.EN, stream, as_json=True)
    first, second = json.loads(stream.getvalue())["faults"]
    assert (first["code"], first["file"], first["line"], first["column"]) == ("unknown_name", "case.yaml", 2, 3)
    assert first["message"] == {"zh": "没有 evidense 这个事实", "en": "there is no fact evidense"}
    assert (second["file"], second["line"], second["hint"]) == (None, None, None)


def test_what_does_not_print_is_a_space() -> None:
    """Escapes, bells and signs that turn the direction of text do not reach the terminal; line ends stay."""
    assert clean("a\x1b[2Jb\x07c\u202ed\ne") == "a [2Jb c d\ne"


def test_no_line_ends_in_blanks() -> None:
    """Output can be compared and pasted: tables are not filled up to the right."""
    stream = io.StringIO()
    page = Page(terminal(stream, width=80, colour=False))
    page.table(("a", "b"), [("long cell", "x"), ("y", "")])
    page.line("text")
    page.item("-", "text")
    assert all(line == line.rstrip() for line in stream.getvalue().splitlines())


def test_a_page_without_colour_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for no colour, a page has no escape sequence, whatever the environment wants."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    stream = io.StringIO()
    Page(terminal(stream, colour=False)).title("text")
    assert stream.getvalue() == "text\n"


def test_an_empty_column_is_left_out() -> None:
    """A column that no row fills takes no room."""
    stream = io.StringIO()
    Page(terminal(stream, width=80, colour=False)).table(("a", "empty", "b"), [("1", "", "2")])
    assert "empty" not in stream.getvalue()


@pytest.mark.parametrize(("told", "width"), [(None, 80), (20, 20), (200, 200)])
def test_a_pipe_is_80_columns_wide(monkeypatch: pytest.MonkeyPatch, told: int | None, width: int) -> None:
    """Where no terminal says otherwise a page is made for 80 columns."""
    monkeypatch.delenv("COLUMNS", raising=False)
    assert terminal(io.StringIO(), width=told).width == width


@pytest.mark.parametrize("lang", Lang)
def test_every_fact_is_listed_with_its_values(policy: Policy, lang: Lang) -> None:
    """Names as they are typed, titles as they are read."""
    stream = io.StringIO()
    show_facts(policy, lang, terminal(stream, width=80, colour=False))
    page = stream.getvalue()
    for fact in policy.facts.values():
        assert f"{fact.name}  {fact.title.to(lang)}" in page
        assert all(title.to(lang) in page for title in fact.value_titles.values())


def test_facts_as_json_keep_the_authors_order(policy: Policy) -> None:
    """One object a fact; money bounds with two decimals, both sides of a flag with their titles."""
    listed = facts_json(policy)
    assert [fact["name"] for fact in listed] == list(policy.facts)
    assert listed[0]["values"] == {"true": {"zh": "是", "en": "yes"}, "false": {"zh": "否", "en": "no"}}
    assert next(fact for fact in listed if fact["name"] == "return_postage")["min"] == "0.00"


@pytest.mark.parametrize("lang", Lang)
def test_the_summary_counts(policy: Policy, lang: Lang) -> None:
    """The policy by name and version, and how many flows, states and ways on it has."""
    stream = io.StringIO()
    show_summary(policy, lang, terminal(stream, width=80, colour=False))
    assert f"{policy.title.to(lang)}  cn_aftersales 2026.11" in stream.getvalue()
    assert ("5 个状态" if lang is Lang.ZH else "5 states") in stream.getvalue()


def test_a_flag_with_its_own_words_stands_alone(policy: Policy) -> None:
    """``没有照片`` says it all; a bare yes or no needs the fact's title before it."""
    titled = {"true": Text("有照片", "with photos"), "false": Text("没有照片", "no photos")}
    fact = dataclasses.replace(policy.facts["photos_sent"], value_titles=titled)
    worded = dataclasses.replace(policy, facts={**policy.facts, "photos_sent": fact})
    assert Titles(worded, Lang.ZH).facts({"photos_sent": False, "wants": "reship"}) == "没有照片；买家诉求：补发"
    assert Titles(policy, Lang.ZH).facts({"photos_sent": False}) == "已发照片：否"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("claimed_paid - already_refunded = 59.00 - 0.00", "申请部分实付 - 已退货款 = 59.00 - 0.00"),
        ("wants == exchange and not photos_sent", "买家诉求 == 换货 且 非 已发照片"),
        ("nothing_known", "nothing_known"),
    ],
)
def test_code_is_said_in_titles(policy: Policy, code: str, said: str) -> None:
    """Names of the policy become titles wherever a formula is shown; other words stay."""
    assert Titles(policy, Lang.ZH).code(code) == said
