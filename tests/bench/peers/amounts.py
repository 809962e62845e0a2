"""Conditions of the tree, and the answer at an end, in Python, for peers that leave these to Python."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final

from aftersales.run.function.answer import Answer
from peers.found import Facts
from peers.tree import Row, rows

Condition = Callable[[Facts], bool]
Lines = Callable[[Facts], dict[str, int | None]]


def condition(text: str) -> Condition:
    """Return a condition of the tree as a function of the facts."""
    made: Condition = _function(in_python(text))
    return made


def at_end(state: str, facts: Facts) -> Answer:
    """Return the whole answer about a case that has come to the end ``state``."""
    row, lines = _ENDS[state]
    return Answer(state, row.outcome, row.liable, row.borne, lines(facts), None, None)


def in_python(text: str) -> str:
    """Return an expression of the tree with every fact read from ``facts``."""
    return ast.unparse(ast.fix_missing_locations(_Read().visit(ast.parse(text, mode="eval"))))


class _Read(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in {"min", "max"}:
            return node
        return ast.Subscript(ast.Name("facts", ast.Load()), ast.Constant(node.id), ast.Load())


def _lines(fen: Mapping[str, str]) -> Lines:
    made: Lines = _function("{" + ", ".join(f"'{name}': {in_python(text)}" for name, text in fen.items()) + "}")
    return made


def _function(text: str) -> Any:
    """Return a function of ``facts``. The text is the tree's own; nothing of a case ever gets here."""
    return eval(f"lambda facts: {text}")  # noqa: S307


_ENDS: Final[Mapping[str, tuple[Row, Lines]]] = {row.state: (row, _lines(row.fen)) for row in rows()}
