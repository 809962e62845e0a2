"""Worked cases: every case of a policy folder's ``cases/`` is decided, compared with what it expects, and held to the laws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aftersales.errors import CaseError, Diagnostic
from aftersales.policy.laws import Law
from aftersales.policy.model import Policy
from aftersales.run.as_json import decision_to_dict
from aftersales.run.decision import Decision
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.parts import decide_parts
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.study.coverage import FlowCoverage, cover
from aftersales.study.decide import fold_written
from aftersales.study.expect import compare
from aftersales.study.laws import hold
from aftersales.syntax.shapes import first_line
from aftersales.text import Text
from aftersales.yaml_nodes import Mapping, Node, Scalar

_ERROR: Final = "error"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One worked case: its name and place, what differs from what it expects, the edges it walked, the laws it met.

    A law is met where it asks something of the case: its ``if`` is known true there. One that is broken is a fault.
    """

    name: str
    place: str
    faults: tuple[Diagnostic, ...]
    edges: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All worked cases of a policy, in the order of files and lines, and the branches that they cover.

    ``unmet`` are the laws about one case that ask nothing of any of them: nobody knows what they would say.
    """

    results: tuple[CaseResult, ...]
    coverage: tuple[FlowCoverage, ...]
    unmet: tuple[Law, ...] = ()

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
        """Return how many branches no case walks, and how many laws no case meets."""
        return sum(len(flow.missing) for flow in self.coverage) + len(self.unmet)


def run_worked(policy: LoadedPolicy, folder: Path) -> Report:
    """Decide every case in ``folder/cases/*.yaml`` under ``policy``; a file that cannot be read is one failed case."""
    results = tuple(result for path in sorted((folder / "cases").glob("*.yaml")) for result in _file(policy, path))
    walked = frozenset(edge for result in results for edge in result.edges)
    met = {law for result in results for law in result.laws}
    unmet = (law for law in policy.model.laws.values() if not law.two_cases and law.name not in met)
    return Report(results, cover(policy.model, walked), tuple(unmet))


def run_one(policy: LoadedPolicy, case: WrittenCase) -> CaseResult:
    """Decide one worked case, compare it with its ``expect``, and hold it to the laws; a case without one fails."""
    name, place = case.name or "", str(case.node.span)
    if case.expect is None:
        message = Text("案例没有写 expect", "the worked case expects nothing")
        return CaseResult(name, place, (Diagnostic("expect_missing", message, case.node.span),))
    try:
        walks = fold_written(policy, case)
        decision = decide_parts(walks)
        held = [hold(policy.model, walk, first_line(case.node.span)) for walk in walks]
    except CaseError as fault:
        return CaseResult(name, place, against_fault(case.expect, fault))
    broken = tuple(fault for part in held for fault in part.faults)
    met = tuple(law for part in held for law in part.met)
    faults = (*against_decision(case.expect, decision, policy.model), *broken)
    return CaseResult(name, place, faults, walked_edges(decision), met)


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


def against_decision(expect: Mapping, decision: Decision, policy: Policy) -> tuple[Diagnostic, ...]:
    """Return every difference between what a case expects and what was decided."""
    wanted = expect.get(_ERROR)
    if wanted is not None:
        message = Text(
            f"error：应为 {_code(wanted)}，实际判定为 {decision.state}",
            f"error: expected {_code(wanted)}, got a decision: {decision.flow}.{decision.state}",
        )
        return (Diagnostic("not_as_expected", message, wanted.span),)
    return compare(expect, decision_to_dict(decision, policy))


def against_fault(expect: Mapping, fault: CaseError) -> tuple[Diagnostic, ...]:
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
