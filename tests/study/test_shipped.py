"""The shipped policy's worked cases."""

from __future__ import annotations

import pytest

from aftersales import load
from aftersales.run.loaded import shipped_folder
from aftersales.study.worked import Report, run_worked
from aftersales.text import Lang


@pytest.fixture(scope="module")
def report() -> Report:
    """All worked cases of the shipped policy, run."""
    return run_worked(load(), shipped_folder())


def test_every_shipped_case_is_decided_as_it_expects(report: Report) -> None:
    """Nothing differs; what does is told with its place."""
    assert [f"{fault.span}: {fault.message.to(Lang.EN)}" for fault in report.faults] == []


def test_every_shipped_branch_is_walked(report: Report) -> None:
    """Each branch, deadline and interrupt of each flow is walked by a case."""
    assert [edge.key for flow in report.coverage for edge in flow.missing] == []
