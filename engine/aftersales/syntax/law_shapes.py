"""The shape of ``laws.yaml``."""

from __future__ import annotations

from typing import Final

from aftersales.syntax.laws import LawSyntax
from aftersales.syntax.leaves import BOTH, EXPR, NAME, NAMES, one_of
from aftersales.syntax.records import Got, Record, defaulted, optional, required
from aftersales.syntax.vocabulary_shapes import keyed
from aftersales.text import Text

_AT: Final = one_of(Text("at", "at"), "end", "open")
_SCOPE: Final = one_of(Text("scope", "scope"), "same_end", "same_answers")

_TITLE: Final = required("title", BOTH, "这条守则，给人看的一句话", "the law, as people read it")
_SOURCE: Final = optional("source", NAME, "依据，只有一个时", "the source that stands behind it, where it is one")
_SOURCES: Final = defaulted("sources", NAMES, (), "依据", "the sources that stand behind it")
_WHERE: Final = optional(
    "at", _AT, "end：终点（默认）；open：停着等答复的状态", "end (default), or open: where a case rests"
)
_IF: Final = optional("if", EXPR, "什么情况下；不写为一切情况", "where it holds; left out: in every case")
_THEN: Final = required("then", EXPR, "必定如此", "what is then so")
_TWO_CASES: Final = defaulted(
    "two_cases", NAMES, (), "比较两个案件：只在这些事实上不同", "compares two cases that differ in these facts"
)
_ALIKE: Final = optional(
    "scope",
    _SCOPE,
    "两案的相同之处：same_end 终点相同；same_answers 其余答复相同、都按时",
    "what two cases have in common: same_end, or same_answers: every other fact equal, everybody in time",
)


def _law(got: Got) -> LawSyntax:
    source = got[_SOURCE]
    return LawSyntax(
        name=got.name,
        title=got[_TITLE],
        sources=got[_SOURCES] if source is None else (source,),
        then=got[_THEN],
        span=got.span,
        condition=got[_IF],
        at=got[_WHERE],
        two_cases=got[_TWO_CASES],
        scope=got[_ALIKE],
    )


LAW: Final = Record(
    "law",
    Text("守则", "a law"),
    (_TITLE, _SOURCE, _SOURCES, _WHERE, _TWO_CASES, _ALIKE, _IF, _THEN),
    _law,
    one_of=(("source", "sources"),),
    needs={"two_cases": "scope", "scope": "two_cases"},
)
_LAWS: Final = required("laws", keyed(Text("守则", "laws"), LAW), "全部守则", "the laws that every case keeps")
LAWS_FILE: Final = Record("laws_file", Text("laws.yaml", "laws.yaml"), (_LAWS,), lambda got: got[_LAWS])
