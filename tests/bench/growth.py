"""How the cost of a decision grows: with the size of the policy (it should not), and with the length of the path."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import aftersales
from aftersales.expr.types import Value
from aftersales.run.fold import fold
from aftersales.run.function.reference import case_of
from random_cases import SMALL, WISHES, draw_cases
from report import Section, Target
from rounds import measure, over_all, seconds

#: So many times as many flows.
TIMES: Final = 10
_CASES: Final = 2_000
_TIMED: Final = 400
_FLOWS: Final = tuple(dict.fromkeys((*WISHES, "lost_parcel")))
_HAND_OVER: Final = re.compile(r"flow: (\w+)")


def run(rounds: int) -> tuple[Section, Section]:
    """Measure decisions under the small policy and under one of ten times as many flows, and by the length of the path."""
    small = aftersales.load(SMALL)
    with tempfile.TemporaryDirectory() as folder:
        large = aftersales.load(larger(Path(folder) / "large"))
    cases = draw_cases(_CASES, seed=1)
    for case in cases:
        if small.function(case) != large.function(case):
            message = f"the larger policy decides {case} otherwise"
            raise ValueError(message)
    return _size(small, large, cases[:_TIMED], rounds), _length(small, cases, rounds)


def larger(folder: Path, times: int = TIMES) -> Path:
    """Write the small policy with every flow ``times`` times, each behind an issue of its own; return the folder."""
    shutil.copytree(SMALL, folder)
    facts = folder / "facts.yaml"
    issues = [f"      {issue}_{copy}: {{zh: 副本, en: copy}}\n" for copy in range(1, times) for issue in WISHES]
    last = "      warranty: {zh: 保修, en: warranty}\n"
    facts.write_text(facts.read_text(encoding="utf-8").replace(last, last + "".join(issues)), encoding="utf-8")
    reception = folder / "reception.yaml"
    by = reception.read_text(encoding="utf-8")
    ways = re.findall(r"^        \w+: \{flow: \w+\}$", by, re.MULTILINE)
    more = (
        re.sub(r"(\w+): \{flow: (\w+)\}", rf"\1_{copy}: {{flow: \2_{copy}}}", way)
        for copy in range(1, times)
        for way in ways
    )
    reception.write_text(by + "".join(f"{way}\n" for way in more), encoding="utf-8")
    for path in [path for path in sorted(folder.glob("*.yaml")) if path.stem in _FLOWS]:
        text = path.read_text(encoding="utf-8")
        for copy in range(1, times):
            copied = _HAND_OVER.sub(rf"flow: \1_{copy}", text)
            (folder / f"{path.stem}_{copy}.yaml").write_text(copied, encoding="utf-8")
    return folder


def _size(
    small: aftersales.LoadedPolicy, large: aftersales.LoadedPolicy, cases: list[dict[str, Value]], rounds: int
) -> Section:
    # A difference of a few percent needs more rounds than a factor: what else runs on the machine weighs as much.
    candidates = {"small": over_all(small.function, cases), "large": over_all(large.function, cases)}
    measured = measure(candidates, 5 * rounds)
    ratio = measured["large"].over(measured["small"])
    rows = [
        (name, str(len(policy.model.flows)), str(len(policy.model.states)), seconds(measured[key].middle))
        for key, name, policy in (("small", "the small policy", small), ("large", "ten times as many flows", large))
    ]
    target = Target("a decision under ten times as many flows", ratio.middle, 1.1, spread=ratio)
    about = f"The same {_TIMED} cases under the small policy and under one that has each of its flows {TIMES} times."
    return Section(
        "Cost and the size of the policy", about, ("policy", "flows", "states", "a decision"), rows, (target,)
    )


def _length(policy: aftersales.LoadedPolicy, cases: list[dict[str, Value]], rounds: int) -> Section:
    by_length: dict[int, list[dict[str, Value]]] = {}
    for case in cases:
        by_length.setdefault(_states(policy, case), []).append(case)
    groups = {str(length): by_length[length] for length in sorted(by_length) if len(by_length[length]) >= 20}
    measured = measure({name: over_all(policy.function, group) for name, group in groups.items()}, rounds)
    first = next(iter(measured.values()))
    rows = [
        (name, str(len(groups[name])), seconds(found.middle), f"{found.over(first)}×")
        for name, found in measured.items()
    ]
    about = "The same cases by the number of states on their path, from the reception to the end."
    return Section("Cost and the length of the path", about, ("states", "cases", "a decision", "to the shortest"), rows)


def _states(policy: aftersales.LoadedPolicy, case: Mapping[str, Value]) -> int:
    return len(fold(policy.machine, policy.model, case_of(policy.model, case)).path)
