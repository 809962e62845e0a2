"""The laws of a policy folder, held over its worked cases or proved for every case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from aftersales.errors import Diagnostic
from aftersales.expr.evaluate import evaluate
from aftersales.policy.laws import Law
from aftersales.pytest_plugin.folder import PolicyFolder
from aftersales.pytest_plugin.proof import not_proved
from aftersales.run.flat import applies, readings, verdict
from aftersales.study.laws import law_broken
from aftersales.syntax.read import read_nodes
from aftersales.syntax.shapes import first_line
from aftersales.text import Text
from aftersales.yaml_nodes import Mapping

_TWO_CASES: Final = Text(
    "比较两个案件的守则只能证明：aftersales_laws = proof",
    "a law that compares two cases can only be proved: aftersales_laws = proof",
)


def law_names(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the name and line of every law of a file; ``laws`` alone where the file says nothing of the kind."""
    root, _ = read_nodes(path, path.name)
    laws = root.get("laws") if isinstance(root, Mapping) else None
    if not isinstance(laws, Mapping) or not laws.entries:
        yield "laws", 1
        return
    yield from ((key.text, key.span.line) for key, _ in laws.entries)


def what_a_law_finds(folder: PolicyFolder, name: str) -> Iterator[Diagnostic]:
    """Yield the cases that break a law, or why it is not proved; one that cannot be held over cases is skipped by name.

    Raises PolicyError where the policy does not load.
    """
    law = folder.policy.model.laws[name]
    if folder.options.laws == "proof":
        found = folder.proofs[name]
        if found.ending != "proved":
            yield not_proved(law, found)
    elif law.two_cases:
        pytest.skip(_TWO_CASES.to(folder.options.lang))  # a worked case is one case: only the proof compares two
    else:
        yield from _over_cases(folder, law)


def _over_cases(folder: PolicyFolder, law: Law) -> Iterator[Diagnostic]:
    asked = [stand for stand in folder.where_cases_stand if applies(law, stand[0])]
    if not any(evaluate(law.condition, case) is True for _, case, _ in asked):
        message = Text(f"没有案例用到守则 {law.name}", f"no worked case meets the law {law.name}")
        yield Diagnostic("law_not_met", message, first_line(law.span))
    broken = [(case, span) for _, case, span in asked if verdict(law, case) is False]
    if broken:
        message = Text(f"违反守则 {law.name} 的案例：{len(broken)} 个", f"worked cases that break it: {len(broken)}")
        yield Diagnostic("law_broken", message, first_line(law.span))
    for case, span in broken:
        yield replace(law_broken(law, readings(law, case), first_line(span)), hint=None)
