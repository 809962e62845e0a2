"""The page's engine is the machine: random cases, decided by both, compared field by field."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from aftersales import LoadedPolicy
from aftersales.teach.javascript import compile_module
from random_walks import RandomCase, random_cases
from same_decision import as_the_page_says_it

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed: the page's engine cannot be run here")
_RUNNER = """
import { readFileSync } from "node:fs";
import { decide, Fault } from "./policy.mjs";

function decided(data) {
  try {
    return decide(data);
  } catch (fault) {
    return fault instanceof Fault ? { fault: fault.code } : { crashed: String(fault.stack) };
  }
}
process.stdout.write(JSON.stringify(JSON.parse(readFileSync("cases.json", "utf8")).map(decided)));
"""


@pytest.fixture(scope="module")
def desk_cases(desk: LoadedPolicy) -> Sequence[RandomCase]:
    """Return thirteen hundred random cases of the test desk."""
    return random_cases(desk, 1300, 3)


@pytest.fixture(scope="module")
def shipped_cases(shipped: LoadedPolicy) -> Sequence[RandomCase]:
    """Return seven hundred random cases of the shipped policy."""
    return random_cases(shipped, 700, 1)


@pytest.fixture(scope="module")
def some_cases(desk: LoadedPolicy) -> Sequence[RandomCase]:
    """Return three hundred random cases of the test desk."""
    return random_cases(desk, 300, 4)


@pytest.fixture(scope="module")
def desk_module(desk: LoadedPolicy) -> str:
    """Compile the test desk's policy."""
    return compile_module(desk.model)


def first_difference(module: str, cases: Sequence[RandomCase], folder: Path) -> str | None:
    """Return the first field in which page and engine differ, with both values and the case; ``None``: nowhere."""
    (folder / "policy.mjs").write_text(module, encoding="utf-8")
    (folder / "run.mjs").write_text(_RUNNER, encoding="utf-8")
    (folder / "cases.json").write_text(json.dumps([case.data for case in cases]), encoding="utf-8")
    run = subprocess.run([str(NODE), "run.mjs"], cwd=folder, capture_output=True, check=True, timeout=120)
    for case, by_page in zip(cases, json.loads(run.stdout), strict=True):
        by_engine = as_the_page_says_it(case.decided)
        for key in {**by_engine, **by_page}:
            if (key in by_engine, by_engine.get(key)) != (key in by_page, by_page.get(key)):
                return f"{key}: {by_engine.get(key)} is not {by_page.get(key)}\n{json.dumps(case.data)}"
    return None


@needs_node
def test_page_decides_as_the_machine_under_the_shipped_policy(
    shipped_module: str, shipped_cases: Sequence[RandomCase], tmp_path: Path
) -> None:
    """Seven hundred random cases of the shipped policy come out alike in every field, or with the same fault."""
    assert first_difference(shipped_module, shipped_cases, tmp_path) is None


@needs_node
def test_page_decides_as_the_machine_under_the_desk(
    desk_module: str, desk_cases: Sequence[RandomCase], tmp_path: Path
) -> None:
    """Thirteen hundred random cases of the test desk, with its shares, tiers, caps and shop hours, come out alike."""
    assert first_difference(desk_module, desk_cases, tmp_path) is None


def test_random_cases_are_of_many_kinds(some_cases: Sequence[RandomCase]) -> None:
    """The cases rest, end, go wrong, let deadlines pass, loop and are paid: the comparison sees all of it."""
    decided: list[dict[str, Any]] = [case.decided for case in some_cases]
    kinds = Counter(one.get("status", "fault") for one in decided)
    assert min(kinds[kind] for kind in ("open", "settled", "closed", "fault")) >= 10
    paths = [one.get("path", []) for one in decided]
    assert sum("~" in (step["edge"] or "") for path in paths for step in path) >= 5
    assert any(len(path) > len({step["state"] for step in path}) for path in paths)
    assert sum(one["refund"]["paid"] != "0.00" for one in decided if "refund" in one) >= 5
    assert sum(bool(one.get("warnings")) for one in decided) >= 5


@needs_node
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("if (!this.pinned.has(name))", "if (true)"),
        ("due >= until", "due > until"),
        ("Math.min(amount, left)", "amount"),
        ("target.forget) this.forget(name)", "target.forget) this.told.delete(name)"),
    ],
)
def test_a_broken_page_is_noticed(
    desk_module: str, some_cases: Sequence[RandomCase], right: str, wrong: str, tmp_path: Path
) -> None:
    """An engine with one line changed decides some random case otherwise: the comparison can fail."""
    assert desk_module.count(right) == 1
    assert first_difference(desk_module.replace(right, wrong), some_cases, tmp_path)


def test_same_policy_gives_the_same_module(desk: LoadedPolicy, desk_module: str) -> None:
    """The module is a pure function of the policy."""
    assert compile_module(desk.model) == desk_module
