"""Rows of facts as people and other systems write them: read and checked, answered, and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from aftersales.case.date_order import DELIVERED_AT, SHIPPED_AT, dates_fit
from aftersales.case.model import Case
from aftersales.case.quick_rows import QuickRows
from aftersales.case.quick_values import Unread
from aftersales.case.read import read_as_of, read_case
from aftersales.errors import CaseShapeError, Diagnostic
from aftersales.expr.types import Value
from aftersales.policy.model import Policy
from aftersales.run.function.quick import OPENED_AT
from aftersales.text import Text


def orjson_loads() -> Callable[[str | bytes], object] | None:
    """Return the faster reader of JSON where the extra is installed."""
    try:
        from orjson import loads  # noqa: PLC0415 (an extra)
    except ImportError:
        return None
    faster: Callable[[str | bytes], object] = loads
    return faster


_orjson_loads: Final = orjson_loads()
_scan: Final = json.scanner.make_scanner(json.JSONDecoder())  # type: ignore[attr-defined]


class RowReader:
    """Reads rows of facts of one policy, as a case writes them under ``facts``."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._rows, self._own_rows = QuickRows(policy, own=False), QuickRows(policy, own=True)
        self._has_dates = not policy.facts.keys().isdisjoint((SHIPPED_AT, DELIVERED_AT))

    def read(self, row: Mapping[str, object]) -> dict[str, Value]:
        """Return what a row tells, as the engine holds it. Raises the CaseErrors of reading a case."""
        try:
            told = self._rows.read(row)
        except (Unread, AttributeError):
            return self._read_all(row)
        return told if not self._has_dates or dates_fit(told) else self._read_all(row)

    def read_text(self, text: str | bytes) -> dict[str, Value]:
        """Return what a JSON object tells. Raises CaseShapeError where it is none, else as ``read`` does.

        What ``orjson`` reads otherwise than Python does (large numbers, no numbers, broken text) is no everyday value:
        such a row is read anew without it.
        """
        if _orjson_loads is not None:
            try:
                row = _orjson_loads(text)
                told = self._own_rows.read(row) if isinstance(row, dict) else None
            except (Unread, ValueError, RecursionError):
                return self.read(read_json(text))
            if told is not None and (not self._has_dates or dates_fit(told)):
                return told
        return self.read(read_json(text))

    def _read_all(self, row: object) -> dict[str, Value]:
        """Read a row as the facts of a case, so that every fault is found and named."""
        if OPENED_AT in self._policy.facts or not isinstance(row, Mapping) or OPENED_AT not in row:
            return dict(self._case(row).told)
        at = read_as_of(row[OPENED_AT])
        rest = dict(self._case({name: value for name, value in row.items() if name != OPENED_AT}).told)
        return rest if at is None else {**rest, OPENED_AT: at}

    def _case(self, row: object) -> Case:
        return read_case(self._policy, {"facts": row})


def read_json(text: str | bytes) -> Mapping[str, object]:
    """Return the row of facts that a JSON object tells. Raises CaseShapeError where it is none."""
    try:
        row, end = _scan(text, 0) if isinstance(text, str) else (None, -1)
    except (StopIteration, ValueError, RecursionError):
        row, end = None, -1
    if end != len(text):
        row = _read_loosely(text)
    if not isinstance(row, dict):
        message = Text("这里应是一个 JSON 对象：事实和它们的值", "a JSON object belongs here: facts and their values")
        raise CaseShapeError(Diagnostic("not_json", message))
    return row


def _read_loosely(text: str | bytes) -> object:
    """Read JSON that is bytes, or has blanks around it; ``None`` where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
