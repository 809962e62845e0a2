"""The only file that knows z3: formulas and numbers that fold as far as they are plain, and the questions asked of them.

A ``Formula`` is a plain ``bool`` where it is settled without the solver, a ``Number`` a plain ``int`` (fen, units,
seconds) likewise. Everything else is a solver term, shared wherever it is used again.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Protocol, cast

from aftersales.errors import Diagnostic, MissingToolError
from aftersales.text import Text

try:
    import z3
except ImportError as missing:
    raise MissingToolError(
        Diagnostic(
            "solver_missing",
            Text("证明需要求解器 z3，本机没有安装", "proofs need the solver z3, which is not installed"),
            hint=Text("运行：pip install 'aftersales[verify]'", "run: pip install 'aftersales[verify]'"),
        )
    ) from missing


class Term(Protocol):
    """A formula or a number that only the solver can settle; equal terms have one id."""

    def get_id(self) -> int:
        """Return what tells it from other terms."""

    def arg(self, place: int) -> Term:
        """Return one of the terms that it is made of."""

    def as_ast(self) -> object:
        """Return it as the solver holds it."""


Formula = bool | Term
Number = int | Term

#: How long one question may take before its answer is "unknown", in milliseconds.
PATIENCE: Final = 20_000


def flag(name: str) -> Term:
    """Return the free truth value called ``name``; the same name is the same value in every formula."""
    return cast("Term", z3.Bool(name))


def number(name: str) -> Term:
    """Return the free whole number called ``name``."""
    return cast("Term", z3.Int(name))


def all_of(parts: Iterable[Formula]) -> Formula:
    """Return the formula that holds where all of ``parts`` do."""
    return _joined(parts, neutral=True)


def any_of(parts: Iterable[Formula]) -> Formula:
    """Return the formula that holds where one of ``parts`` does."""
    return _joined(parts, neutral=False)


def _joined(parts: Iterable[Formula], *, neutral: bool) -> Formula:
    kept: dict[int, Term] = {}
    for part in parts:
        if isinstance(part, bool):
            if part is not neutral:
                return part
            continue
        kept[part.get_id()] = part
    if not kept:
        return neutral
    for part in kept.values():
        if z3.is_not(part) and part.arg(0).get_id() in kept:
            return not neutral
    found = list(kept.values())
    if len(found) == 1:
        return found[0]
    return _made(z3.Z3_mk_and if neutral else z3.Z3_mk_or, found)


def _made(build: Any, parts: Sequence[Term]) -> Term:
    """Build a term without the coercions of the solver's own operators, which take most of the time otherwise."""
    context = z3.main_ctx()
    terms = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return cast("Term", z3.BoolRef(build(context.ref(), len(parts), terms), context))


def negate(formula: Formula) -> Formula:
    """Return the formula that holds where ``formula`` does not."""
    if isinstance(formula, bool):
        return not formula
    if z3.is_not(formula):
        return formula.arg(0)
    context = z3.main_ctx()
    return cast("Term", z3.BoolRef(z3.Z3_mk_not(context.ref(), formula.as_ast()), context))


def choose(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    """Return ``then`` where ``condition`` holds, else ``otherwise``."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if _is_same(then, otherwise):
        return then
    if isinstance(then, bool):
        return any_of((condition, otherwise)) if then else all_of((negate(condition), otherwise))
    if isinstance(otherwise, bool):
        return any_of((negate(condition), then)) if otherwise else all_of((condition, then))
    return cast("Term", z3.If(condition, then, otherwise))


def choose_number(condition: Formula, then: Number, otherwise: Number) -> Number:
    """Return ``then`` where ``condition`` holds, else ``otherwise``."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if _is_same(then, otherwise):
        return then
    return cast("Term", z3.If(condition, _term(then), _term(otherwise)))


def _is_same(one: Formula | Number, other: Formula | Number) -> bool:
    if isinstance(one, bool | int) or isinstance(other, bool | int):
        return isinstance(one, bool | int) and isinstance(other, bool | int) and one == other
    return bool(one.get_id() == other.get_id())


def _term(value: Number) -> Term:
    return z3.IntVal(value) if isinstance(value, int) else value


def compare(op: str, left: Number, right: Number) -> Formula:
    """Return ``left op right`` for one of ``== != < <= > >=``."""
    if isinstance(left, int) and isinstance(right, int):
        return bool(_PLAIN[op](left, right))
    if _is_same(left, right):
        return op in ("==", "<=", ">=")
    return cast("Term", _BUILT[op](_term(left), _term(right)))


_PLAIN: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: A comparison and its negation are one term and its negation, so that folding sees them cancel.
_BUILT: Final[Mapping[str, Callable[[Any, Any], object]]] = {
    "==": operator.eq,
    "!=": lambda left, right: z3.Not(left == right),
    "<": lambda left, right: z3.Not(left >= right),
    "<=": operator.le,
    ">": lambda left, right: z3.Not(left <= right),
    ">=": operator.ge,
}


def total(terms: Sequence[tuple[int, Number]]) -> Number:
    """Return the sum of ``terms``, each with its factor."""
    plain = sum(factor * term for factor, term in terms if isinstance(term, int))
    open_ = [(factor, term) for factor, term in terms if not isinstance(term, int)]
    if not open_:
        return plain
    parts = [term if factor == 1 else z3.IntVal(factor) * term for factor, term in open_]
    return cast("Term", z3.Sum([*parts, z3.IntVal(plain)] if plain else parts))


def rounded(amount: Number, rate: Fraction) -> Number:
    """Return ``amount`` times ``rate``, rounded half up to a whole number, as ``money.times`` does."""
    top, bottom = rate.numerator, rate.denominator
    if isinstance(amount, int):
        return (2 * amount * top + bottom) // (2 * bottom)
    if bottom == 1:
        return total([(top, amount)])
    return cast("Term", (z3.IntVal(2 * top) * amount + bottom) / z3.IntVal(2 * bottom))


def least(one: Number, other: Number) -> Number:
    """Return the smaller number."""
    return choose_number(compare("<=", one, other), one, other)


def most(one: Number, other: Number) -> Number:
    """Return the larger number."""
    return choose_number(compare(">=", one, other), one, other)


def at_most_one(parts: Sequence[Formula]) -> Formula:
    """Return the formula that holds where no two of ``parts`` do."""
    sure = sum(part is True for part in parts)
    open_ = [part for part in parts if not isinstance(part, bool)]
    if sure:
        return sure == 1 and negate(any_of(open_))
    return cast("Term", z3.AtMost(*open_, 1)) if len(open_) > 1 else True


@dataclass(frozen=True, slots=True)
class Model:
    """One case that meets a question: what every free value is in it; one that does not matter is false or 0."""

    inner: z3.ModelRef

    def holds(self, formula: Formula) -> bool:
        """Return whether ``formula`` holds in this case."""
        if isinstance(formula, bool):
            return formula
        return bool(z3.is_true(self.inner.eval(formula, model_completion=True)))

    def value(self, amount: Number) -> int:
        """Return what ``amount`` is in this case."""
        if isinstance(amount, int):
            return amount
        return int(self.inner.eval(amount, model_completion=True).as_long())


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The solver gave no answer; ``why`` is its own word for it (``timeout``, ``canceled`` …)."""

    why: str


class Session:
    """One row of questions under the same rules; what one answer taught helps the next."""

    def __init__(self, patience: int = PATIENCE) -> None:
        """Take ``patience``, the milliseconds that one question may take."""
        self._solver = z3.SimpleSolver()
        self._solver.set("timeout", patience)
        self._solver.set("random_seed", 1)
        self.asked = 0

    def assume(self, formula: Formula) -> None:
        """Let ``formula`` hold in every case asked for from now on."""
        if formula is not True:
            self._solver.add(formula)

    def find(self, formula: Formula) -> Model | Unsettled | None:
        """Return a case in which ``formula`` holds, ``None`` where there surely is none.

        The question gets a name and is asked by it: what the solver made of everything else stays.
        """
        if formula is False:
            return None
        self.asked += 1
        question = z3.Bool(f"question {self.asked}")
        self._solver.add(z3.Implies(question, formula))
        answer = self._solver.check(question)
        found = Model(self._solver.model()) if answer == z3.sat else None
        why = self._solver.reason_unknown() if answer == z3.unknown else ""
        self._solver.add(z3.Not(question))
        return Unsettled(why) if why else found


def possible(formula: Formula) -> bool:
    """Return whether ``formula`` can hold by itself, under no rules at all; yes too where the solver does not say."""
    if isinstance(formula, bool):
        return formula
    solver = z3.SimpleSolver()
    solver.set("timeout", PATIENCE)
    solver.add(formula)
    return bool(solver.check() != z3.unsat)
