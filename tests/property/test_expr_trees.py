"""Laws of the expression language that hold for every typed tree and every case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from hypothesis import assume, example, given
from hypothesis import strategies as st

from aftersales.expr.build import conjoin, disjoin, negate, simplify
from aftersales.expr.check import unguarded_nullables
from aftersales.expr.evaluate import blocker, evaluate, facts_of, params_of
from aftersales.expr.plain import plain
from aftersales.expr.tree import All, Either, Expr, Not
from aftersales.expr.types import UNKNOWN, Kind, Type, Unknown, Value
from aftersales.expr.words import code, derivation
from expression_trees import FLAGS_OF, amounts, cases, conditions, instants, parties, value_of
from expressions import FACTS, PARAMS, PlainCase, faults_of, read

PYTHON: Final[Mapping[Kind, type]] = {
    Kind.FLAG: bool,
    Kind.CHOICE: str,
    Kind.COUNT: int,
    Kind.MONEY: int,
    Kind.RATE: Fraction,
    Kind.INSTANT: dt.datetime,
    Kind.DURATION: dt.timedelta,
    Kind.TIME_OF_DAY: dt.time,
    Kind.PARTY: str,
}
EXPRESSIONS = st.one_of(
    conditions(),
    amounts(Kind.MONEY),
    amounts(Kind.COUNT),
    amounts(Kind.RATE),
    amounts(Kind.DURATION),
    instants(),
    parties(),
)

#: Conditions about few facts, so that their parts say the same, imply each other or contradict each other.
AKIN: st.SearchStrategy[Expr] = st.recursive(
    st.sampled_from(
        [
            read(text)
            for text in (
                "intact",
                "not intact",
                "days > rounds",
                "days <= rounds",
                "evidence == none",
                "evidence != none",
                "evidence in (none, confirmed)",
                "evidence not in (insufficient, confirmed)",
            )
        ]
    ),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Either(tuple(parts))),
    ),
    max_leaves=8,
)


def truth(expr: Expr, case: PlainCase) -> bool | Unknown:
    """Return what a condition is worth."""
    value = evaluate(expr, case)
    assert isinstance(value, bool) or value is UNKNOWN
    return value


@given(EXPRESSIONS)
def test_code_is_read_back(expr: Expr) -> None:
    """What ``code`` writes is read as the same tree."""
    text = code(expr)
    assume(len(text) <= 1000)
    assert read(text, Type(expr.type.kind, expr.type.values)) == expr


@given(EXPRESSIONS, cases())
def test_every_tree_has_a_worth(expr: Expr, case: PlainCase) -> None:
    """Evaluating never raises and gives a value of the tree's kind, or unknown; so does deriving it."""
    value = evaluate(expr, case)
    assert value is UNKNOWN or isinstance(value, PYTHON[expr.type.kind])
    assert derivation(expr, case)


@given(conditions(), cases())
@example(
    read("not (delivered and days > rounds) and delivered"), PlainCase({"delivered": True, "days": 1, "rounds": 2})
)
@example(read("delivered and not (delivered and intact)"), PlainCase({"delivered": True, "intact": False}))
def test_a_plain_condition_says_the_same(expr: Expr, case: PlainCase) -> None:
    """What is told is true and false in the same cases; only where a value is missing may it be false too soon."""
    worth = truth(expr, case)
    assert truth(plain(expr), case) in ((UNKNOWN, False) if worth is UNKNOWN else (worth,))


@given(EXPRESSIONS, cases(), st.data())
def test_telling_a_fact_never_changes_what_is_known(expr: Expr, case: PlainCase, data: st.DataObject) -> None:
    """Kleene monotonicity: with less told a result is the same or unknown, never another."""
    silent = data.draw(st.sets(st.sampled_from([*facts_of(expr), *params_of(expr), "nothing"])))
    facts = {name: value for name, value in case.facts.items() if name not in silent}
    params = {name: value for name, value in case.params.items() if name not in silent}
    assert evaluate(expr, PlainCase(facts, params, case.rows)) in (UNKNOWN, evaluate(expr, case))


@given(EXPRESSIONS, cases(), st.data())
def test_the_blocker_leads_to_a_result(expr: Expr, case: PlainCase, data: st.DataObject) -> None:
    """While a result is unknown the blocker names an unknown fact that is read; telling each in turn comes to an end."""
    told: dict[str, Value] = dict(case.facts)
    params = dict(case.params)
    read_here = {*facts_of(expr), *(f"{name}_known_by" for name in params_of(expr))}
    for _ in range(len(read_here) + 1):
        here = PlainCase(told, params, case.rows)
        first = blocker(expr, here)
        assert (first is None) == (evaluate(expr, here) is not UNKNOWN)
        if first is None:
            return
        name = first.removesuffix("_known_by")
        assert first in read_here
        assert name not in (told if first == name else params)
        (told if first == name else params)[name] = data.draw(value_of(name))
    raise AssertionError(first)


@given(EXPRESSIONS, cases())
def test_only_the_named_facts_and_params_are_read(expr: Expr, case: PlainCase) -> None:
    """What ``facts_of`` and ``params_of`` do not list has no part in the result."""
    facts = {name: value for name, value in case.facts.items() if name in facts_of(expr)}
    params = {name: value for name, value in case.params.items() if name in params_of(expr)}
    assert set(facts_of(expr)) <= set(FACTS)
    assert set(params_of(expr)) <= set(PARAMS)
    assert evaluate(expr, PlainCase(facts, params, case.rows)) == evaluate(expr, case)


@given(conditions(), cases())
def test_negate_denies(expr: Expr, case: PlainCase) -> None:
    """A denied condition is false where the condition is true, true where it is false, unknown where it is unknown."""
    value = truth(expr, case)
    assert truth(negate(expr), case) is (UNKNOWN if value is UNKNOWN else not value)


@given(st.lists(conditions(2), max_size=3), cases())
def test_joined_conditions_are_their_and_and_or(exprs: list[Expr], case: PlainCase) -> None:
    """``conjoin`` and ``disjoin`` are worth what Kleene's ``and`` and ``or`` of the parts are."""
    truths = [truth(expr, case) for expr in exprs]
    every = False if False in truths else UNKNOWN if UNKNOWN in truths else True
    some = True if True in truths else UNKNOWN if UNKNOWN in truths else False
    assert truth(conjoin(exprs), case) is every
    assert truth(disjoin(exprs), case) is some


@given(EXPRESSIONS, cases())
def test_simplify_keeps_the_worth(expr: Expr, case: PlainCase) -> None:
    """A simplified expression is worth the same in every case, known or not; simplifying again changes nothing."""
    simple = simplify(expr)
    assert evaluate(simple, case) == evaluate(expr, case)
    assert simplify(simple) == simple


@given(conditions(), cases(nulls=True))
def test_guarded_nullables_leave_nothing_unknown(expr: Expr, case: PlainCase) -> None:
    """Where all is known and every nullable fact is read behind its flag, no known none is ever met."""
    assume(not unguarded_nullables(expr, FLAGS_OF, frozenset()))
    assert evaluate(expr, case) is not UNKNOWN


WORDS = st.sampled_from([*FACTS, *PARAMS, "none", "confirmed", "buyer", "true", "False", "None", "lambda", "__class__"])
SIGNS = st.sampled_from(
    [
        *"()<>=+-*/%,.:;[]{}'\"!&|^~@#$?\\`，（）＝≤“”0123456789 \n\t签é\u200b\ud800𝐝",
        "not",
        "and",
        "or",
        "if",
        "else",
        "in",
        "==",
        "min",
    ]
)


@example("9**9**9")
@example("a if b else")
@example("not in")
@given(
    st.one_of(
        st.text(max_size=60), st.lists(st.one_of(WORDS, SIGNS), max_size=30).map(" ".join), st.lists(SIGNS).map("".join)
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text raises; a fault lies inside the text and says something in both languages."""
    for kind in (Kind.FLAG, Kind.MONEY):
        for fault in faults_of(text, kind):
            assert fault.span is not None
            assert 1 <= fault.span.column <= fault.span.end_column <= len(text) + 1
            assert fault.message.zh
            assert fault.message.en
