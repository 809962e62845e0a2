"""Formulas fold, are shared and are settled by the solver as plain arithmetic and plain logic would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aftersales.money import times
from aftersales.verify.solver import Model, Session, Unsettled, possible
from aftersales.verify.terms import (
    Formula,
    Number,
    all_of,
    any_of,
    at_most_one,
    choose,
    choose_number,
    compare,
    flag,
    least,
    most,
    negate,
    number,
    rounded,
    total,
)

FLAGS: Final = ("a", "b", "c")
NUMBERS: Final = ("m", "n")
WITHIN: Final = range(-1, 3)
OPS: Final = ("==", "!=", "<", "<=", ">", ">=")
Case = Mapping[str, int]
#: A formula or a number beside the plain function that it stands for.
FormulaTwin = tuple[Formula, Callable[[Case], int]]
NumberTwin = tuple[Number, Callable[[Case], int]]


def cases() -> Iterator[Case]:
    """Yield every case there is."""
    for values in product(*([(False, True)] * len(FLAGS)), *([WITHIN] * len(NUMBERS))):
        yield dict(zip((*FLAGS, *NUMBERS), values, strict=True))


def model(case: Case) -> Model:
    """Return a case as the solver would give it."""
    free = {**{flag(name): int(case[name]) for name in FLAGS}, **{number(name): case[name] for name in NUMBERS}}
    return Model(None, free)


class Grower:
    """Draws formulas and numbers together with what they mean."""

    def __init__(self, draw: st.DrawFn) -> None:
        """Take what draws."""
        self._draw = draw

    def formula(self, depth: int) -> FormulaTwin:
        """Draw a formula."""
        ways: list[Callable[[], FormulaTwin]] = [self._free, self._compared, self._plain]
        deep = [self._joined, self._negated, self._chosen, self._one_at_most] if depth else []
        ways += [partial(grow, depth - 1) for grow in deep]
        return self._draw(st.sampled_from(ways))()

    def number(self, depth: int) -> NumberTwin:
        """Draw a number."""
        ways: list[Callable[[], NumberTwin]] = [self._literal, self._counted]
        deep = [self._sum, self._share, self._picked, self._extreme] if depth else []
        ways += [partial(grow, depth - 1) for grow in deep]
        return self._draw(st.sampled_from(ways))()

    def _plain(self) -> FormulaTwin:
        value = self._draw(st.booleans())
        return value, lambda _case: value

    def _literal(self) -> NumberTwin:
        value = self._draw(st.integers(-2, 2))
        return value, lambda _case: value

    def _counted(self) -> NumberTwin:
        name = self._draw(st.sampled_from(NUMBERS))
        return number(name), lambda case: case[name]

    def _free(self) -> FormulaTwin:
        name = self._draw(st.sampled_from(FLAGS))
        return flag(name), lambda case: case[name]

    def _compared(self) -> FormulaTwin:
        op, (one, left), (other, right) = self._draw(st.sampled_from(OPS)), self.number(1), self.number(1)
        plain = {"==": int.__eq__, "!=": int.__ne__, "<": int.__lt__, "<=": int.__le__, ">": int.__gt__}
        meant = plain.get(op, int.__ge__)
        return compare(op, one, other), lambda case: meant(left(case), right(case))

    def _joined(self, depth: int) -> FormulaTwin:
        parts = [self.formula(depth) for _ in range(self._draw(st.integers(0, 3)))]
        join, meant = self._draw(st.sampled_from([(all_of, all), (any_of, any)]))
        return join(part for part, _ in parts), lambda case: meant(told(case) for _, told in parts)

    def _negated(self, depth: int) -> FormulaTwin:
        inner, meant = self.formula(depth)
        return negate(inner), lambda case: not meant(case)

    def _chosen(self, depth: int) -> FormulaTwin:
        (when, if_), (then, yes), (other, no) = (self.formula(depth) for _ in range(3))
        return choose(when, then, other), lambda case: yes(case) if if_(case) else no(case)

    def _one_at_most(self, depth: int) -> FormulaTwin:
        parts = [self.formula(depth) for _ in range(3)]
        return at_most_one([part for part, _ in parts]), lambda case: sum(bool(told(case)) for _, told in parts) <= 1

    def _sum(self, depth: int) -> NumberTwin:
        parts = [(self._draw(st.integers(-2, 2)), *self.number(depth)) for _ in range(2)]
        value = total([(factor, part) for factor, part, _ in parts])
        return value, lambda case: sum(factor * told(case) for factor, _, told in parts)

    def _share(self, depth: int) -> NumberTwin:
        (amount, told), rate = (
            self.number(depth),
            Fraction(self._draw(st.integers(0, 6)), self._draw(st.integers(1, 4))),
        )
        top, bottom = rate.numerator, rate.denominator
        return rounded(amount, rate), lambda case: (2 * told(case) * top + bottom) // (2 * bottom)

    def _picked(self, depth: int) -> NumberTwin:
        (when, if_), (then, yes), (other, no) = self.formula(depth), self.number(depth), self.number(depth)
        return choose_number(when, then, other), lambda case: yes(case) if if_(case) else no(case)

    def _extreme(self, depth: int) -> NumberTwin:
        (one, left), (other, right) = self.number(depth), self.number(depth)
        pick, meant = self._draw(st.sampled_from([(least, min), (most, max)]))
        return pick(one, other), lambda case: meant(left(case), right(case))


@st.composite
def formulas(draw: st.DrawFn) -> FormulaTwin:
    """Draw a formula and what it means."""
    return Grower(draw).formula(3)


@given(formulas())
def test_what_a_formula_is_in_a_case(twin: FormulaTwin) -> None:
    """Folding and sharing change nothing: in each case a formula is what its parts say."""
    formula, meant = twin
    for case in cases():
        assert model(case).holds(formula) is bool(meant(case))


@settings(max_examples=60)
@given(formulas())
@example((False, lambda _case: False))
def test_what_the_solver_says(twin: FormulaTwin) -> None:
    """The solver finds a case of a formula where there is one, and what it finds is one."""
    formula, meant = twin
    session = Session()
    for name in NUMBERS:
        session.assume(all_of((compare(">=", number(name), WITHIN[0]), compare("<=", number(name), WITHIN[-1]))))
    found = session.find(formula)
    assert not isinstance(found, Unsettled)
    assert (found is not None) is any(meant(case) for case in cases())
    if found is not None:
        free = {
            **{name: found.holds(flag(name)) for name in FLAGS},
            **{name: found.value(number(name)) for name in NUMBERS},
        }
        assert found.holds(formula)
        assert meant(free)


def test_equal_terms_are_one() -> None:
    """The same formula made twice is one term, so that folding sees it cancel."""
    one, other = (all_of((flag("a"), compare("<", number("m"), 3))) for _ in range(2))
    assert one is other
    assert any_of((one, negate(other))) is True
    assert compare(">=", number("m"), 3) is negate(compare("<", number("m"), 3))


def test_plain_terms_never_reach_the_solver() -> None:
    """What is settled by itself is a plain value: no guard of constants costs a question."""
    assert all_of(()) is True
    assert any_of(()) is False
    assert all_of((flag("a"), False)) is False
    assert total([(2, 3), (1, -1)]) == 5
    assert rounded(3, Fraction(1, 2)) == 2
    assert at_most_one([all_of((flag("a"), flag("b"))), negate(flag("a"))]) is True


@pytest.mark.parametrize(("amount", "percent"), [(1, 50), (333, 15), (19_999, 30), (0, 7)])
def test_shares_are_those_of_money(amount: int, percent: int) -> None:
    """A share of an open amount is rounded as ``money.times`` rounds a told one."""
    rate, free = Fraction(percent, 100), number("m")
    session = Session()
    session.assume(compare("==", free, amount))
    assert session.find(compare("!=", rounded(free, rate), times(amount, rate))) is None


def test_questions_leave_no_trace() -> None:
    """What was asked is not assumed: the opposite can be asked next."""
    session = Session()
    assert isinstance(session.find(flag("a")), Model)
    assert isinstance(session.find(negate(flag("a"))), Model)
    session.assume(flag("a"))
    assert session.find(negate(flag("a"))) is None
    assert possible(negate(flag("a"))) is True


def test_patience_runs_out() -> None:
    """A question that takes too long is unsettled and says why; it is never taken for "there is none"."""
    session = Session(patience=1)
    sides = [number(f"side {name}") for name in range(40)]
    for one in sides:
        session.assume(all_of((compare(">=", one, 0), compare("<=", one, 38))))
    session.assume(all_of(compare("!=", one, other) for n, one in enumerate(sides) for other in sides[:n]))
    answer = session.find(compare(">=", total([(1, one) for one in sides]), 0))
    assert isinstance(answer, Unsettled)
    assert answer.why
