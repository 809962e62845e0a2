"""One policy folder under test: loaded once a process, each case decided once, faults told with their places."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aftersales.errors import CaseError, Diagnostic, PolicyError, render
from aftersales.policy.checks.whole import Check
from aftersales.policy.faults import distinct
from aftersales.policy.from_syntax import compile_policy
from aftersales.policy.load import load_folder
from aftersales.policy.narrow import narrow
from aftersales.policy.possible import Analysis, analyse
from aftersales.pytest_plugin.options import Options
from aftersales.pytest_plugin.proof import verdicts
from aftersales.run.flat import FlatCase
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.walk import Walk
from aftersales.source import Span
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.study.coverage import FlowCoverage, cover
from aftersales.study.decide import fold_written
from aftersales.study.worked import CaseResult, run_one
from aftersales.syntax.read import read_folder
from aftersales.text import Text

if TYPE_CHECKING:  # the solver is an extra
    from aftersales.verify.verdict import Verdict


class PolicyFolder:
    """A policy folder, and what was found out about it so far."""

    def __init__(self, path: Path, options: Options) -> None:
        self.path = path
        self.options = options
        self.name = Path(os.path.relpath(path, options.start)).as_posix()
        self.laws_chosen: list[str] = []
        self._read: dict[str, tuple[WrittenCase, ...]] = {}
        self._results: dict[str, CaseResult] = {}

    @cached_property
    def analysis(self) -> Analysis | PolicyError:
        """Return what the checks ask, or every fault of reading and compiling the folder."""
        written, unread = read_folder(self.path)
        if written is None:
            return PolicyError(*distinct(unread))
        try:
            return analyse(compile_policy(written))
        except PolicyError as fault:
            return fault

    def ask(self, check: Check) -> tuple[Diagnostic, ...]:
        """Return what one check finds; that nothing can be asked where the folder does not compile."""
        if isinstance(self.analysis, PolicyError):
            return (self._not_loaded(self.analysis),)
        return distinct(check(self.analysis))

    @cached_property
    def _loaded(self) -> LoadedPolicy | PolicyError:
        platform, shop = self.options.platform, self.options.shop
        try:
            return LoadedPolicy(narrow(load_folder(self.path), platform=platform, shop=shop))
        except PolicyError as fault:
            return fault

    @property
    def policy(self) -> LoadedPolicy:
        """Return the policy, narrowed as the options say. Raises PolicyError with one line that points to its faults."""
        if isinstance(self._loaded, PolicyError):
            raise PolicyError(self._not_loaded(self._loaded)) from self._loaded
        return self._loaded

    def faults(self) -> tuple[Diagnostic, ...]:
        """Return what keeps the folder from loading, all at once as ``aftersales check`` does."""
        return self._loaded.diagnostics if isinstance(self._loaded, PolicyError) else ()

    def cases(self, path: Path) -> tuple[WrittenCase, ...]:
        """Return the cases of one file. Raises CaseShapeError where it cannot be read."""
        if path.name not in self._read:
            self._read[path.name] = read_case_file(path, f"cases/{path.name}")
        return self._read[path.name]

    def result(self, case: WrittenCase) -> CaseResult:
        """Return how a case was decided and what differs; the laws are held on their own. Raises PolicyError."""
        place = str(case.node.span)
        if place not in self._results:
            self._results[place] = run_one(self._without_laws, case)
        return self._results[place]

    @cached_property
    def _without_laws(self) -> LoadedPolicy:
        return LoadedPolicy(replace(self.policy.model, laws={}))

    @cached_property
    def proofs(self) -> Mapping[str, Verdict]:
        """Return what became of each law chosen for this run. Raises MissingToolError, and PolicyError."""
        return verdicts(self.policy.model, self.laws_chosen)

    def every_case(self) -> Iterator[WrittenCase]:
        """Yield every case of the folder that can be read."""
        for path in sorted((self.path / "cases").glob("*.yaml")):
            try:
                yield from self.cases(path)
            except CaseError:
                continue

    @cached_property
    def where_cases_stand(self) -> tuple[tuple[Walk, FlatCase, Span], ...]:
        """Return every part of every case that can be decided: where it stands, and the place of the case."""
        return tuple(stand for case in self.every_case() for stand in self._stands(case))

    def _stands(self, case: WrittenCase) -> list[tuple[Walk, FlatCase, Span]]:
        try:
            return [(walk, FlatCase(walk), case.node.span) for walk in fold_written(self._without_laws, case)]
        except CaseError:
            return []

    def coverage(self) -> tuple[FlowCoverage, ...]:
        """Return which branches the worked cases walk. Raises PolicyError."""
        walked = frozenset(edge for case in self.every_case() for edge in self.result(case).edges)
        return cover(self.policy.model, walked)

    def tell(self, faults: Iterable[Diagnostic]) -> str:
        """Return faults as people read them, their files named from where pytest was called."""
        return "\n".join(render(self._placed(fault), self.options.lang) for fault in faults)

    def place(self, span: Span) -> str:
        """Return a place as editors follow it, ``flows/cases/wrong_item.yaml:12:3``."""
        return f"{self.name}/{span}"

    def _placed(self, fault: Diagnostic) -> Diagnostic:
        if fault.span is None:
            return fault
        source = replace(fault.span.source, name=f"{self.name}/{fault.span.source.name}")
        return replace(fault, span=replace(fault.span, source=source))

    def _not_loaded(self, fault: PolicyError) -> Diagnostic:
        count, first = len(fault.diagnostics), fault.diagnostics[0]
        return Diagnostic(
            "policy_not_loaded",
            Text(
                f"{self.name} 无法加载（错误 {count} 处）：{first.message.zh}",
                f"{self.name} does not load (faults: {count}): {first.message.en}",
            ),
        )
