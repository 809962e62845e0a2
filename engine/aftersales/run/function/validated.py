"""Rows of facts as people and other systems write them: read and checked, answered, and written as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from aftersales.case.date_order import DATES, DELIVERED_AT, SHIPPED_AT, dates_fit
from aftersales.case.model import Case
from aftersales.case.quick_rows import NOT_READ, ByKeys, QuickRows, RowValues
from aftersales.case.quick_values import QuickValues, Unread
from aftersales.case.read import read_as_of, read_case
from aftersales.errors import CaseShapeError, Diagnostic
from aftersales.expr.types import Value
from aftersales.policy.model import Policy
from aftersales.run.function.answer import Answer
from aftersales.run.function.quick import OPENED_AT, Functions
from aftersales.text import Text

if TYPE_CHECKING:  # a row at fault is told by the machine alone
    from aftersales.run.machine import PolicyMachine

#: So often the same facts are told before a function is written for them: that takes some milliseconds, and then saves
#: a microsecond or two a row.
OFTEN: Final = 1_000


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


class RowAnswers:
    """Answers rows of facts of one policy, as a case writes them under ``facts``; threads may share it.

    Rows that tell the same facts again and again have a function of their own, which reads them and answers at once.
    """

    def __init__(self, policy: Policy, functions: Functions, machine: Callable[[], PolicyMachine]) -> None:
        self._policy = policy
        self._machine = machine
        self._functions = functions
        values = QuickValues(policy)
        self._reader = RowReader(policy, values)
        self._by_row = self._by_keys(RowValues(policy, values, own=False), said=False)
        self._by_text = self._by_keys(RowValues(policy, values, own=True), said=True)

    def answer(self, row: Mapping[str, object], elapsed: dt.timedelta | None) -> Answer:
        """Answer a row. Raises the CaseErrors of reading a case, and those about one that cannot be decided."""
        if elapsed is None:
            quick: Answer | None = self._by_row.find(row)
            if quick is not None and quick.error is None:
                return quick
        told = self._reader.read(row)
        answer = self._functions.answer(told, elapsed)
        if answer.error is not None:
            self._raise_fault(told, elapsed)
        return answer

    def answer_json(self, text: str | bytes, elapsed: dt.timedelta | None) -> str:
        """Answer a JSON object as the text of one. Raises as ``answer`` does, and CaseShapeError where it is none."""
        try:
            row = read_json(text) if _orjson_loads is None else _orjson_loads(text)
        except (ValueError, RecursionError):  # Python's reader says what is wrong, or reads it
            row = None
        if elapsed is None and type(row) is dict:
            try:  # as in ``find``: every call less is some hundredths of the time
                quick: Answer | str | None = self._by_text.read(row)
            except NOT_READ:
                quick = None
            if type(quick) is str:
                return quick
            if quick is None:
                self._by_text.count(row)
            elif isinstance(quick, Answer) and quick.error is None:
                return self._functions.write(quick)
        told = self._reader.read_text(text, row)
        said = self._functions.say(told, elapsed)
        if isinstance(said, str):
            return said
        if said.error is not None:
            self._raise_fault(told, elapsed)
        return self._functions.write(said)

    def _raise_fault(self, told: dict[str, Value], elapsed: dt.timedelta | None) -> None:
        """Raise the CaseError of a row where nothing can be decided."""
        from aftersales.run.function.reference import raise_fault  # noqa: PLC0415 (rarely asked for)

        raise_fault(self._machine(), self._policy, told, elapsed)

    def _by_keys(self, values: RowValues, *, said: bool) -> ByKeys:
        def write(keys: Sequence[str]) -> Callable[..., Answer | str] | None:
            read, space = values.lines(keys), {**values.space(keys), "dates_fit": dates_fit}
            if not {SHIPPED_AT, DELIVERED_AT}.isdisjoint(keys):
                read.append(f"if not dates_fit({values.mapping(DATES.intersection(keys))}): return None")
            return self._functions.of_rows(keys, read, space, said=said)

        return ByKeys(values, write, OFTEN)


class RowReader:
    """Reads rows of facts of one policy, one value after another or by a reader for their keys."""

    def __init__(self, policy: Policy, values: QuickValues) -> None:
        self._policy = policy
        self._rows, self._own_rows = QuickRows(policy, values, own=False), QuickRows(policy, values, own=True)
        self._has_dates = not policy.facts.keys().isdisjoint((SHIPPED_AT, DELIVERED_AT))

    def read(self, row: Mapping[str, object]) -> dict[str, Value]:
        """Return what a row tells, as the engine holds it. Raises the CaseErrors of reading a case."""
        try:
            told = self._rows.read(row)
        except (Unread, AttributeError):
            return self._read_all(row)
        return told if not self._has_dates or dates_fit(told) else self._read_all(row)

    def read_text(self, text: str | bytes, row: object) -> dict[str, Value]:
        """Return what a JSON object tells, of which ``row`` was made, if it could be. Raises as ``read`` does.

        What ``orjson`` reads otherwise than Python does (large numbers, no numbers, broken text) is no everyday value:
        such a row is read anew without it. Raises CaseShapeError where the text is no object.
        """
        if isinstance(row, dict):
            try:
                told = self._own_rows.read(row)
            except Unread:
                return self.read(read_json(text))
            if not self._has_dates or dates_fit(told):
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


def read_json(text: str | bytes) -> dict[str, object]:
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
