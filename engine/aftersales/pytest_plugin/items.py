"""What pytest collects: one item for loading, for each check, worked case and law, and for the branch coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

from aftersales.errors import AftersalesError, CaseError, Diagnostic
from aftersales.policy.checks.whole import CHECKS
from aftersales.pytest_plugin.coverage import coverage_too_low
from aftersales.pytest_plugin.folder import PolicyFolder
from aftersales.pytest_plugin.laws import law_names, what_a_law_finds
from aftersales.study.case_file import WrittenCase

#: Answers with the faults that an item is about; none: it passes.
Question = Callable[[], Iterable[Diagnostic]]


class PolicyItem(pytest.Item):
    """One question asked of a policy folder; it fails with the faults that ``aftersales`` itself would report."""

    folder: PolicyFolder
    question: Question
    line: int

    @classmethod
    def of(cls, parent: PolicyFile, name: str, question: Question, line: int = 1) -> Self:
        """Return the item ``name`` of a file, standing at ``line`` (from 1) of it."""
        item = cls.from_parent(parent, name="".join(sign if sign.isprintable() else " " for sign in name))
        item.folder, item.question, item.line = parent.folder, question, line
        item.add_marker("aftersales")
        return item

    def runtest(self) -> None:
        """Ask, and fail with every fault, its place and the line it stands in."""
        try:
            faults = tuple(self.question())
        except AftersalesError as fault:
            faults = fault.diagnostics
        if faults:
            pytest.fail(self.folder.tell(faults), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the item stands, for editors and for the headings of failures."""
        return self.path, self.line - 1, self.name


class LawItem(PolicyItem):
    """One law, over the worked cases or proved."""


class PolicyFile(pytest.File):
    """``policy.yaml``: does the folder load, does each check pass, do the cases walk the branches."""

    folder: PolicyFolder

    @classmethod
    def of(cls, folder: PolicyFolder, **around: Any) -> Self:
        """Return the collector of one file of ``folder``."""
        file = cls.from_parent(around["parent"], path=around["path"])
        file.folder = folder
        return file

    def collect(self) -> Iterator[pytest.Item]:
        """Yield what is asked of the whole folder."""
        yield PolicyItem.of(self, "loads", self.folder.faults)
        for check in CHECKS:
            yield PolicyItem.of(self, check.__name__, partial(self.folder.ask, check))
        yield PolicyItem.of(self, "coverage", partial(coverage_too_low, self.folder))


class CasesFile(PolicyFile):
    """One file of ``cases/``: each of its cases is decided as it expects."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the cases; a file that cannot be read is one item that says why."""
        try:
            cases = self.folder.cases(self.path)
        except CaseError as fault:
            faults = fault.diagnostics
            yield PolicyItem.of(self, "can_be_read", lambda: faults)
            return
        for case in cases:
            yield PolicyItem.of(self, case.name or self.path.stem, partial(self._decide, case), case.node.span.line)

    def _decide(self, case: WrittenCase) -> tuple[Diagnostic, ...]:
        return self.folder.result(case).faults


class LawsFile(PolicyFile):
    """``laws.yaml``: each law is kept."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the laws, in the author's order."""
        for name, line in law_names(self.path):
            yield LawItem.of(self, name, partial(what_a_law_finds, self.folder, name), line)
