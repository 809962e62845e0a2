"""The only file that knows z3: terms as the solver holds them, and the questions that are asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aftersales.errors import Diagnostic, MissingToolError
from aftersales.text import Text
from aftersales.verify.terms import COMPARED, Formula, Number, Part, Term

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

#: How long one question may take before its answer is "unknown", in milliseconds.
PATIENCE: Final = 20_000


def _built(term: Term) -> Any:
    """Return a term as the solver holds it; what it is made of is built first, deepest first."""
    waiting = [term]
    while waiting:
        here = waiting[-1]
        if here.built is None:
            open_ = [part for part in here.args if isinstance(part, Term) and part.built is None]
            if open_:
                waiting += open_
                continue
            here.built = _RULES[here.op](here, [_part(part) for part in here.args])
        waiting.pop()
    return term.built


def _part(part: Part) -> Any:
    return part.built if isinstance(part, Term) else z3.IntVal(part)


def _joined(build: Callable[..., Any]) -> Callable[[Term, list[Any]], Any]:
    """Build without the coercions of the solver's own operators, which take most of the time otherwise."""

    def join(_term: Term, parts: list[Any]) -> Any:
        context = z3.main_ctx()
        asts = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
        return z3.BoolRef(build(context.ref(), len(parts), asts), context)

    return join


def _sum(term: Term, parts: list[Any]) -> Any:
    factors, plain = term.detail
    scaled = [part if factor == 1 else z3.IntVal(factor) * part for factor, part in zip(factors, parts, strict=True)]
    return z3.Sum([*scaled, z3.IntVal(plain)] if plain else scaled)


def _rounded(term: Term, parts: list[Any]) -> Any:
    top, bottom = term.detail
    return (z3.IntVal(2 * top) * parts[0] + bottom) / z3.IntVal(2 * bottom)


_RULES: Final[Mapping[str, Callable[[Term, list[Any]], Any]]] = {
    "flag": lambda term, _parts: z3.Bool(term.detail),
    "number": lambda term, _parts: z3.Int(term.detail),
    "and": _joined(z3.Z3_mk_and),
    "or": _joined(z3.Z3_mk_or),
    "not": lambda _term, parts: z3.Not(parts[0]),
    "if": lambda _term, parts: z3.If(*parts),
    "number if": lambda _term, parts: z3.If(*parts),
    "==": lambda _term, parts: parts[0] == parts[1],
    "<=": lambda _term, parts: parts[0] <= parts[1],
    ">=": lambda _term, parts: parts[0] >= parts[1],
    "sum": _sum,
    "rounded": _rounded,
    "at most one": lambda _term, parts: z3.AtMost(*parts, 1),
}


@dataclass(frozen=True, slots=True)
class Model:
    """One case that meets a question: what every free value is in it; one that does not matter is false or 0."""

    inner: z3.ModelRef
    known: dict[Term, int] = field(default_factory=dict)

    def holds(self, formula: Formula) -> bool:
        """Return whether ``formula`` holds in this case."""
        return formula if isinstance(formula, bool) else bool(self._worth(formula))

    def value(self, amount: Number) -> int:
        """Return what ``amount`` is in this case."""
        return amount if isinstance(amount, int) else self._worth(amount)

    def _worth(self, term: Term) -> int:
        """Return what a term comes to; only what decides it is looked at, and each term once."""
        waiting = [term]
        while waiting:
            here = waiting[-1]
            if here not in self.known:
                found = self._from_parts(here)
                if isinstance(found, Term):
                    waiting.append(found)
                    continue
                self.known[here] = found
            waiting.pop()
        return self.known[term]

    def _from_parts(self, term: Term) -> int | Term:
        """Return what a term comes to, or the part of it that is to be known first."""
        match term.op:
            case "flag" | "number":
                return self._free(term)
            case "and" | "or":
                return self._first(term, stops=term.op == "or")
            case "if" | "number if":
                return self._chosen(term)
            case _:
                open_ = next((part for part in term.args if isinstance(part, Term) and part not in self.known), None)
                return _WORTH[term.op](term, [self._plain(part) for part in term.args]) if open_ is None else open_

    def _free(self, term: Term) -> int:
        found = self.inner[_built(term)]
        if found is None:
            return 0
        return int(z3.is_true(found)) if term.op == "flag" else int(found.as_long())

    def _first(self, term: Term, *, stops: bool) -> int | Term:
        for part in term.args:
            if part not in self.known:
                return part
            if self._plain(part) == stops:
                return stops
        return not stops

    def _chosen(self, term: Term) -> int | Term:
        condition, then, otherwise = term.args
        if condition not in self.known:
            return condition
        part = then if self._plain(condition) else otherwise
        return part if isinstance(part, Term) and part not in self.known else self._plain(part)

    def _plain(self, part: Part) -> int:
        return self.known[part] if isinstance(part, Term) else part


def _worth_of_sum(term: Term, parts: list[int]) -> int:
    factors, plain = term.detail
    return int(plain + sum(factor * part for factor, part in zip(factors, parts, strict=True)))


def _worth_rounded(term: Term, parts: list[int]) -> int:
    top, bottom = term.detail
    return int((2 * top * parts[0] + bottom) // (2 * bottom))


_WORTH: Final[Mapping[str, Callable[[Term, list[int]], int]]] = {
    "not": lambda _term, parts: not parts[0],
    **{op: lambda _term, parts, op=op: COMPARED[op](*parts) for op in ("==", "<=", ">=")},  # type: ignore[misc]  # bound
    "sum": _worth_of_sum,
    "rounded": _worth_rounded,
    "at most one": lambda _term, parts: sum(parts) <= 1,
}


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
            self._solver.add(formula if isinstance(formula, bool) else _built(formula))

    def find(self, formula: Formula) -> Model | Unsettled | None:
        """Return a case in which ``formula`` holds, ``None`` where there surely is none.

        The question gets a name and is asked by it: what the solver made of everything else stays.
        """
        if formula is False:
            return None
        self.asked += 1
        question = z3.Bool(f"question {self.asked}")
        if not isinstance(formula, bool):
            self._solver.add(z3.Implies(question, _built(formula)))
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
    solver.add(_built(formula))
    return bool(solver.check() != z3.unsat)
