"""Worked cases run against the small shop's policy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.study.case_file import read_case_text
from aftersales.study.decide import decide_written, last_instant
from aftersales.study.worked import CaseResult, run_one, run_worked, walked_edges

SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


def result(policy: LoadedPolicy, text: str) -> CaseResult:
    """Run the only case of a text."""
    (case,) = read_case_text("case.yaml", text.encode())
    return run_one(policy, case)


def told(ran: CaseResult) -> list[str]:
    """Return the English messages of what differs."""
    return [fault.message.en for fault in ran.faults]


def test_the_shipped_example_passes_and_covers_everything(policy: LoadedPolicy) -> None:
    """All eight cases hold and walk all eight edges."""
    report = run_worked(policy, SMALL)
    assert (report.passed, report.failed, report.gaps, report.faults) == (8, 0, 0, ())
    assert [(flow.flow, flow.walked, flow.total) for flow in report.coverage] == [("wrong_item", 8, 8)]


def test_a_case_tells_the_edges_it_walked(policy: LoadedPolicy) -> None:
    """Branches and late edges are named as the coverage counts them, in the order walked."""
    ran = result(
        policy,
        "{claim: {opened_at: 2026-11-06T11:00+08:00}, facts: {photos_sent: true},"
        " as_of: 2026-11-12T12:00+08:00, expect: {outcome: reship}}",
    )
    assert ran.faults == ()
    assert ran.edges == ("wrong_item.verify~1", "wrong_item.choose_remedy~0")


def test_an_expected_error_passes(policy: LoadedPolicy) -> None:
    """``expect: {error: CODE}`` holds where the case is refused with that code."""
    assert result(policy, "{facts: {photos_sent: perhaps}, expect: {error: not_a_flag}}").faults == ()


def test_another_error_than_expected_is_told(policy: LoadedPolicy) -> None:
    """The codes that came are named."""
    ran = result(policy, "{facts: {photos_sent: perhaps}, expect: {error: money_format}}")
    assert told(ran) == ["error: expected money_format, got not_a_flag"]


def test_a_decision_where_an_error_was_expected_is_told(policy: LoadedPolicy) -> None:
    """What was decided instead is named."""
    ran = result(policy, "{facts: {photos_sent: false}, expect: {error: not_a_flag}}")
    assert told(ran) == ["error: expected not_a_flag, got a decision: wrong_item.no_evidence"]


def test_an_unexpected_error_is_the_cases_own_fault(policy: LoadedPolicy) -> None:
    """A case that is refused fails with its own faults, placed in its file."""
    ran = result(policy, "facts:\n  photos_sent: perhaps\nexpect: {outcome: refused}\n")
    assert [str(fault.span) for fault in ran.faults] == ["case.yaml:2:3"]


def test_a_case_without_expectation_fails(policy: LoadedPolicy) -> None:
    """A worked case that expects nothing proves nothing."""
    assert told(result(policy, "{facts: {photos_sent: false}}")) == ["the worked case expects nothing"]


def test_a_file_that_cannot_be_read_is_one_failed_case(policy: LoadedPolicy, tmp_path: Path) -> None:
    """One broken file of cases does not stop the others."""
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    (folder / "cases" / "a_broken.yaml").write_text("- {name: a", encoding="utf-8")
    report = run_worked(policy, folder)
    assert (report.passed, report.failed) == (8, 1)
    assert report.results[0].name == "cases/a_broken.yaml"


def test_no_cases_cover_nothing(policy: LoadedPolicy, tmp_path: Path) -> None:
    """Without cases nothing fails and every edge is a gap."""
    report = run_worked(policy, tmp_path)
    assert (report.passed, report.failed, report.gaps) == (0, 0, 8)
    (flow,) = report.coverage
    assert [edge.key for edge in flow.missing] == [
        *(f"wrong_item.verify->{n}" for n in range(3)),
        *(f"wrong_item.verify~{n}" for n in range(2)),
        *(f"wrong_item.choose_remedy->{n}" for n in range(2)),
        "wrong_item.choose_remedy~0",
    ]
    assert [str(edge.way.span).split(":")[0] for edge in flow.missing] == ["wrong_item.yaml"] * 8


def test_a_file_is_decided_as_its_data_is(policy: LoadedPolicy) -> None:
    """A case from a file and the same case from a caller's dict give one decision."""
    (case,) = read_case_text("case.yaml", b'{"facts": {"photos_sent": false}}')
    assert decide_written(policy, case) == policy.decide({"facts": {"photos_sent": False}})


def test_the_edges_of_a_decision_are_those_of_its_path(policy: LoadedPolicy) -> None:
    """The start has no edge."""
    assert walked_edges(policy.decide({"facts": {"photos_sent": False}})) == ("wrong_item.verify->0",)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("{facts: {photos_sent: true}}", None),
        ("{claim: {opened_at: 2026-11-06T11:00+08:00}}", "2026-11-06T03:00:00+00:00"),
        (
            (
                "{claim: {opened_at: 2026-11-06T11:00+08:00},"
                " events: [{at: 2026-11-07T11:00+08:00, tell: {photos_sent: true}}]}"
            ),
            "2026-11-07T03:00:00+00:00",
        ),
        (
            "{claim: {opened_at: 2026-11-06T11:00+08:00}, as_of: 2026-11-06T12:00+08:00}",
            "2026-11-06T04:00:00+00:00",
        ),
    ],
)
def test_the_latest_instant_of_a_case(policy: LoadedPolicy, text: str, instant: str | None) -> None:
    """A walk goes on from the last thing that the case speaks of."""
    (case,) = read_case_text("case.yaml", text.encode())
    last = last_instant(policy, case)
    assert (last and last.isoformat()) == instant
