"""Worked cases: every case of a policy folder's ``cases/`` is decided and compared with what it expects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aftersales.errors import CaseError, Diagnostic
from aftersales.run.as_json import decision_to_dict
from aftersales.run.decision import Decision
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.study.coverage import FlowCoverage, cover
from aftersales.study.decide import decide_written
from aftersales.study.expect import compare
from aftersales.text import Text
from aftersales.yaml_nodes import Mapping, Node, Scalar

_ERROR: Final = "error"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One worked case: its name and place, what differs from what it expects, and the edges it walked."""

    name: str
    place: str
    faults: tuple[Diagnostic, ...]
    edges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All worked cases of a policy, in the order of files and lines, and the branches that they cover."""

    results: tuple[CaseResult, ...]
    coverage: tuple[FlowCoverage, ...]

    @property
    def passed(self) -> int:
        """Return how many cases are decided as they expect."""
        return sum(1 for result in self.results if not result.faults)

    @property
    def failed(self) -> int:
        """Return how many are not."""
        return len(self.results) - self.passed

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """Return every difference, in order."""
        return tuple(fault for result in self.results for fault in result.faults)

    @property
    def gaps(self) -> int:
        """Return how many branches no case walks."""
        return sum(len(flow.missing) for flow in self.coverage)


def run_worked(policy: LoadedPolicy, folder: Path) -> Report:
    """Decide every case in ``folder/cases/*.yaml`` under ``policy``; a file that cannot be read is one failed case."""
    results = tuple(result for path in sorted((folder / "cases").glob("*.yaml")) for result in _file(policy, path))
    walked = frozenset(edge for result in results for edge in result.edges)
    return Report(results, cover(policy.model, walked))


def run_one(policy: LoadedPolicy, case: WrittenCase) -> CaseResult:
    """Decide one worked case and compare it with its ``expect``; a case without one fails."""
    name, place = case.name or "", str(case.node.span)
    if case.expect is None:
        message = Text("案例没有写 expect", "the worked case expects nothing")
        return CaseResult(name, place, (Diagnostic("expect_missing", message, case.node.span),))
    try:
        decision = decide_written(policy, case)
    except CaseError as fault:
        return CaseResult(name, place, _compare_error(case.expect, fault))
    return CaseResult(name, place, _compare(case.expect, decision, policy), walked_edges(decision))


def walked_edges(decision: Decision) -> tuple[str, ...]:
    """Return the keys of the edges on a decision's path, in order."""
    return tuple(step.edge for step in decision.path if step.edge is not None)


def _file(policy: LoadedPolicy, path: Path) -> tuple[CaseResult, ...]:
    name = f"cases/{path.name}"
    try:
        cases = read_case_file(path, name)
    except CaseError as fault:
        return (CaseResult(name, name, fault.diagnostics),)
    return tuple(run_one(policy, case) for case in cases)


def _compare(expect: Mapping, decision: Decision, policy: LoadedPolicy) -> tuple[Diagnostic, ...]:
    wanted = expect.get(_ERROR)
    if wanted is not None:
        message = Text(
            f"error：应为 {_code(wanted)}，实际判定为 {decision.state}",
            f"error: expected {_code(wanted)}, got a decision: {decision.flow}.{decision.state}",
        )
        return (Diagnostic("not_as_expected", message, wanted.span),)
    return compare(expect, decision_to_dict(decision, policy.model))


def _compare_error(expect: Mapping, fault: CaseError) -> tuple[Diagnostic, ...]:
    """Return nothing where the fault is the expected one, else the case's own faults."""
    wanted = expect.get(_ERROR)
    if wanted is None:
        return fault.diagnostics
    codes = [diagnostic.code for diagnostic in fault.diagnostics]
    if _code(wanted) in codes:
        return ()
    listed = ", ".join(codes)
    message = Text(f"error：应为 {_code(wanted)}，实为 {listed}", f"error: expected {_code(wanted)}, got {listed}")
    return (Diagnostic("not_as_expected", message, wanted.span),)


def _code(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else "?"
