"""Faults as people and programs read them, and the exceptions that carry them."""

from __future__ import annotations

import pytest

from aftersales import errors
from aftersales.errors import (
    AftersalesError,
    CaseError,
    CaseShapeError,
    Diagnostic,
    PolicyError,
    did_you_mean,
    render,
)
from aftersales.source import Source, Span
from aftersales.text import Lang, Text

SOURCE = Source("flows/退货.yaml", "flow: trip\n  titel: {zh: 退货, en: Return}\n")
FAULT = Diagnostic(
    "unknown_key",
    Text("流程文件没有 titel 这个键", "a flow file has no key titel"),
    Span(SOURCE, 2, 3, 2, 8),
    Text("是不是 title？", "did you mean title?"),
)
ENGLISH = """\
flows/退货.yaml:2:3: a flow file has no key titel
      titel: {zh: 退货, en: Return}
      ^^^^^
  hint: did you mean title?"""
CHINESE = """\
flows/退货.yaml:2:3: 流程文件没有 titel 这个键
      titel: {zh: 退货, en: Return}
      ^^^^^
  提示：是不是 title？"""


def test_a_fault_is_shown_with_its_place_its_line_and_its_hint() -> None:
    """File, line and column come first, carets stand under the place, the hint comes last; in either language."""
    assert render(FAULT, Lang.EN) == ENGLISH
    assert render(FAULT, Lang.ZH) == CHINESE


def test_a_fault_without_place_or_hint_is_its_message() -> None:
    """Nothing is invented where there is no file."""
    assert render(Diagnostic("x", Text("缺少文件", "the file is missing")), Lang.ZH) == "缺少文件"


def test_a_fault_cannot_act_on_the_terminal() -> None:
    """Names and lines of a stranger's file are shown without what does not print."""
    source = Source("a\x1b[2J.yaml", "key\x1b]0;x\x07\u202e: 1")
    fault = Diagnostic("x", Text("键\x1b[31m", "key\x1b[31m\nb"), Span(source, 1, 1, 1, 4), Text("\x07", "\x07"))
    assert render(fault, Lang.EN) == "a [2J.yaml:1:1: key [31m b\n    key ]0;x  : 1\n    ^^^\n  hint:  "


def test_an_exception_shows_all_its_faults() -> None:
    """One exception carries the faults of a whole run, in English unless asked."""
    error = PolicyError(FAULT, Diagnostic("y", Text("另一处", "another one")))
    assert str(error) == f"{ENGLISH}\nanother one"
    assert error.to(Lang.ZH) == f"{CHINESE}\n另一处"


def test_a_fault_as_data() -> None:
    """Programs get the code, both languages and the place; what there is none of is null."""
    assert FAULT.to_dict() == {
        "code": "unknown_key",
        "message": {"zh": "流程文件没有 titel 这个键", "en": "a flow file has no key titel"},
        "file": "flows/退货.yaml",
        "line": 2,
        "column": 3,
        "hint": {"zh": "是不是 title？", "en": "did you mean title?"},
    }
    bare = Diagnostic("x", Text("缺", "missing")).to_dict()
    assert [bare[key] for key in ("file", "line", "column", "hint")] == [None] * 4


@pytest.mark.parametrize(
    ("word", "hint"),
    [("titel", "did you mean title?"), ("evidnce", "did you mean evidence?"), ("zebra", None), ("", None)],
)
def test_a_near_word_is_offered(word: str, hint: str | None) -> None:
    """Only a word that is near enough is named."""
    found = did_you_mean(word, ["title", "evidence", "states"])
    assert (found.en if found else None) == hint


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    """Every exception class stands in the module's docstring, under its parent's name."""
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, AftersalesError)]
    assert errors.__doc__ is not None
    assert {each.__name__ for each in classes} <= set(errors.__doc__.split())
    assert issubclass(CaseShapeError, CaseError)
    assert not issubclass(CaseError, PolicyError)
