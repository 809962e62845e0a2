"""Rule tables: a row for each way to an end, the first that fits counts."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import rule_engine
import zen

from aftersales.run.function.answer import Answer
from peers.amounts import at_end
from peers.found import Facts, Peer, answer, of_answer
from peers.spelling import RULES, ZEN, parsed, spell
from peers.tree import LINES, Row, table

#: The column of the table for conditions that are about more than one fact.
_MORE: Final = "more"
_OUTPUTS: Final = (
    "state",
    "outcome",
    "liable",
    *(f"borne.{leg}" for leg in ("outbound", "return", "reship")),
    *(f"fen.{name}" for name in LINES),
)


def tables() -> tuple[Peer, ...]:
    """Return the rule tables."""
    return _zen(), _rules()


def _rules() -> Peer:
    """Every row is a rule; they are looked at in order, as the engine has no table of its own."""
    rules = [
        (rule_engine.Rule(" and ".join(f"({spell(when, RULES)})" for when in whens)), row.state)
        for whens, row in _positive()
    ]

    def decide(facts: Facts) -> Answer:
        return at_end(next(state for rule, state in rules if rule.matches(facts)), facts)

    return Peer("rule-engine, a rule a row", "table", decide, of_answer)


def _zen() -> Peer:
    rows = [_cells(whens, row) for whens, row in _positive()]
    columns = list(dict.fromkeys(name for cells in rows for name in cells if name not in _OUTPUTS))
    inputs = [{"id": name, "name": name} | ({} if name == _MORE else {"field": name}) for name in columns]
    outputs = [{"id": name, "name": name, "field": name} for name in _OUTPUTS]
    blank = dict.fromkeys((*columns, *_OUTPUTS), "")
    rules = [{"_id": str(number), **blank, **cells} for number, cells in enumerate(rows)]
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "first", "sourceId": "in", "targetId": "table"},
        {"id": "second", "sourceId": "table", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return Peer("zen-engine, decision table", "table", decision.evaluate, _first_row)


def _first_row(given: Any) -> Answer:
    result: Mapping[str, Any] = given["result"]
    said = {"outcome": result["outcome"], "liable": result["liable"], "borne": result.get("borne", {})}
    return answer(result["state"], result.get("fen", {}), said)


def _positive() -> Iterator[tuple[tuple[str, ...], Row]]:
    """Yield the rows without the conditions that the rows above them make needless."""
    for whens, row in table():
        yield tuple(when for when in whens if not when.startswith("not (")), row


def _cells(whens: tuple[str, ...], row: Row) -> dict[str, str]:
    """Return one row of the table: a cell for each fact it asks, one for what asks several, one for each amount."""
    cells: dict[str, str] = {}
    more: list[str] = []
    for part in (part for when in whens for part in _parts(parsed(when))):
        name, cell = _cell(part)
        if name is None or name in cells:
            more.append(f"({spell(ast.unparse(part), ZEN)})")
        else:
            cells[name] = cell
    fen = {f"fen.{name}": spell(text, ZEN) for name, text in row.fen.items()}
    borne = {f"borne.{leg}": f"'{party}'" for leg, party in row.borne.items()}
    words = {"state": f"'{row.state}'", "outcome": f"'{row.outcome}'", "liable": f"'{row.liable}'"}
    return cells | ({_MORE: " and ".join(more)} if more else {}) | words | borne | fen


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _parts(value)
    else:
        yield node


def _cell(node: ast.expr) -> tuple[str | None, str]:
    """Return the column and the cell of a condition about one fact; no column for any other."""
    match node:
        case ast.Name(id=name):
            return name, "true"
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return name, "false"
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=str(word))]):
            return name, f"'{word}'"
        case ast.Compare(left=ast.Name(id=name), ops=[ast.NotEq()], comparators=[ast.Constant(value=str(word))]):
            return name, f"$ != '{word}'"
    return None, ""
