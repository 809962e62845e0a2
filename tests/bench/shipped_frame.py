"""Rows of the shipped policy as a frame: what its worked cases tell, drawn again and again in random order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from aftersales import CaseError, LoadedPolicy
from aftersales.case.model import Case, Tell
from aftersales.case.parts import read_parts
from aftersales.case.view import CaseView
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.policy.model import Fact
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file

_OPENED_AT = "opened_at"


def shipped_rows(policy: LoadedPolicy) -> list[dict[str, Value]]:
    """Return the facts of every worked case that can be read: all that was told, and what follows from its order."""
    files = sorted((shipped_folder() / "cases").glob("*.yaml"))
    cases = (case.data for path in files for case in read_case_file(path, path.name))
    return [row for data in cases for row in _rows(policy, data)]


def shipped_frame(policy: LoadedPolicy, count: int, seed: int) -> pl.DataFrame:
    """Return ``count`` rows drawn from ``shipped_rows``."""
    rows = shipped_rows(policy)
    columns = {name: _series(policy, name, [row.get(name) for row in rows]) for name in _names(policy, rows)}
    drawn = np.random.default_rng(seed).integers(0, len(rows), count)
    return pl.DataFrame(columns)[drawn]


def _rows(policy: LoadedPolicy, data: dict[str, object]) -> Iterator[dict[str, Value]]:
    try:
        parts = read_parts(policy.model, data)
        for part in parts:
            yield _row(policy, part)
    except CaseError:
        return


def _row(policy: LoadedPolicy, case: Case) -> dict[str, Value]:
    """Return what one part tells in the end. Raises a CaseError where it does not agree with itself.

    A count below 0 (days from a delivery yet to come) can only be derived, not told, and is left to be derived.
    """
    told = dict(case.told)
    for event in case.events:
        if isinstance(event, Tell):
            told.update(event.values)
    view = CaseView(policy.model, case, told)
    known = {name: view.fact(name) for name, fact in policy.model.facts.items() if not fact.counter}
    row: dict[str, Value] = {} if case.claim.opened_at is None else {_OPENED_AT: case.claim.opened_at}
    return row | {name: value for name, value in known.items() if value is not UNKNOWN and not _below_zero(value)}


def _below_zero(value: Value) -> bool:
    return isinstance(value, int) and value < 0


def _names(policy: LoadedPolicy, rows: list[dict[str, Value]]) -> list[str]:
    known = {name for row in rows for name, value in row.items() if value is not None}
    return [name for name in (*policy.model.facts, _OPENED_AT) if name in known]


def _series(policy: LoadedPolicy, name: str, values: list[Any]) -> pl.Series:
    fact = policy.model.facts.get(name)
    return pl.Series(name, values, dtype=pl.Datetime("us", "UTC") if fact is None else _type(policy, fact))


def _type(policy: LoadedPolicy, fact: Fact) -> Any:
    match fact.type.kind:
        case Kind.FLAG:
            return pl.Boolean
        case Kind.CHOICE | Kind.PARTY:
            return pl.Enum(list(fact.type.values or policy.model.parties))
        case Kind.INSTANT:
            return pl.Datetime("us", "UTC")
        case Kind.DURATION:
            return pl.Duration("us")
        case Kind.COUNT | Kind.MONEY:
            return pl.Int64
    return None
