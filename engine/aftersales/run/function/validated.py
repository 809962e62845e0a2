"""Rows of facts as people and other systems write them: read and checked, answered, and written as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from msgspec import convert

from aftersales.case.date_order import DELIVERED_AT, SHIPPED_AT, dates_fit
from aftersales.case.model import Case
from aftersales.case.quick_rows import QuickRows
from aftersales.case.quick_values import QuickValues, Unread
from aftersales.case.read import read_as_of, read_case
from aftersales.case.typed_rows import NOT_READ, TypedRows
from aftersales.errors import CaseShapeError, Diagnostic
from aftersales.expr.types import Value
from aftersales.policy.model import Policy
from aftersales.run.function.answer import Answer
from aftersales.run.function.quick import OPENED_AT, Functions
from aftersales.run.function.written import Written
from aftersales.text import Text

if TYPE_CHECKING:  # a row at fault is told by the machine alone
    from aftersales.run.machine import PolicyMachine

_scan: Final = json.scanner.make_scanner(json.JSONDecoder())  # type: ignore[attr-defined]


class RowAnswers:
    """Answers rows of facts of one policy, as a case writes them under ``facts``; threads may share it.

    A row is read as a record of one type, and has functions of its own; one that cannot be read so, for a fault or for
    something rare, is read value by value, and answered by the functions of all cases.
    """

    def __init__(self, policy: Policy, functions: Functions, machine: Callable[[], PolicyMachine]) -> None:
        self._policy = policy
        self._machine = machine
        self._functions = functions
        values = QuickValues(policy)
        self._reader = RowReader(policy, values)
        self._rows = TypedRows(policy, values)
        self._answering, self._saying = self._of_records(), self._of_records()

    @cached_property
    def answer(self) -> Callable[..., Answer]:
        """Return what answers a row, seen ``elapsed`` after it was told (see ``LoadedPolicy.answer``)."""
        function, record = self._answering.start_surely(), self._rows.type

        def answer(facts: Mapping[str, object], elapsed: dt.timedelta | None = None) -> Answer:
            if elapsed is None and type(facts) is dict:
                try:
                    quick: Answer | None = function(convert(facts, record))
                except NOT_READ:
                    quick = None
                if quick is not None and quick.error is None:
                    return quick
            return self._answer_at_length(facts, elapsed)

        return answer

    def _answer_at_length(self, row: Mapping[str, object], elapsed: dt.timedelta | None) -> Answer:
        """Read a row value by value, and answer it."""
        told = self._reader.read(row)
        answer = self._functions.answer(told, elapsed)
        if answer.error is not None:
            self._raise_fault(told, elapsed)
        return answer

    @cached_property
    def answer_json(self) -> Callable[..., str]:
        """Return what answers a JSON object as the text of one (see ``LoadedPolicy.answer_json``)."""
        function, read, write = self._saying.start_said(), self._rows.read_json, self._functions.write

        def answer_json(facts: str | bytes, elapsed: dt.timedelta | None = None) -> str:
            if elapsed is None:
                try:
                    quick: Answer | str | None = function(read(facts))
                except NOT_READ:  # the long way says what is wrong, or reads it
                    quick = None
                if type(quick) is str:
                    return quick
                if isinstance(quick, Answer) and quick.error is None:
                    return write(quick)
            return self._say_at_length(facts, elapsed)

        return answer_json

    def _say_at_length(self, text: str | bytes, elapsed: dt.timedelta | None) -> str:
        """Read a JSON object value by value, and answer it as the text of one."""
        told = self._reader.read(read_json(text))
        said = self._functions.say(told, elapsed)
        if isinstance(said, str):
            return said
        if said.error is not None:
            self._raise_fault(told, elapsed)
        return self._functions.write(said)

    def _of_records(self) -> Written:
        """Return the functions of records; a record of which not all is known is answered by the one of all cases."""

        def answered(record: Any) -> Answer:
            return self._functions.answer_carefully(self._rows.told(record))

        written = Written(self._policy, trail=False)
        written.take_rows(self._rows.texts)
        written.give(whole=answered, by_machine=answered)
        return written

    def _raise_fault(self, told: dict[str, Value], elapsed: dt.timedelta | None) -> None:
        """Raise the CaseError of a row where nothing can be decided."""
        from aftersales.run.function.reference import raise_fault  # noqa: PLC0415 (rarely asked for)

        raise_fault(self._machine(), self._policy, told, elapsed)


class RowReader:
    """Reads rows of facts of one policy, one value after another or by a reader for their keys."""

    def __init__(self, policy: Policy, values: QuickValues) -> None:
        self._policy = policy
        self._rows = QuickRows(policy, values)
        self._has_dates = not policy.facts.keys().isdisjoint((SHIPPED_AT, DELIVERED_AT))

    def read(self, row: Mapping[str, object]) -> dict[str, Value]:
        """Return what a row tells, as the engine holds it. Raises the CaseErrors of reading a case."""
        try:
            told = self._rows.read(row)
        except (Unread, AttributeError):
            return self._read_all(row)
        return told if not self._has_dates or dates_fit(told) else self._read_all(row)

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
