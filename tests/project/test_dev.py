"""The task script: every task is explained, and the demo shows cases that there are."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from aftersales import Lang, load
from aftersales.show.decision import decision_text
from aftersales.study.case_file import read_case_file
from aftersales.study.decide import decide_written

ROOT = Path(__file__).parents[2]
DEV = (ROOT / "dev").read_text(encoding="utf-8")


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script with arguments that set nothing up."""
    return subprocess.run([ROOT / "dev", *arguments], capture_output=True, text=True, check=False)


def test_help_names_every_task() -> None:
    """``./dev help`` has a line for every task, and for nothing else."""
    tasks = re.findall(r"^([a-z]+)(?: \| [^)]*)?\)$", DEV, re.MULTILINE)
    told = re.findall(r"^\./dev ([a-z]+)", dev("help").stdout, re.MULTILINE)
    assert sorted(tasks) == sorted(told)


def test_unknown_task() -> None:
    """An unknown task is named, the help follows on stderr, and the exit code is 2."""
    done = dev("tset")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("no task is called 'tset'\n./dev demo")


def test_demo_shows_cases_that_there_are() -> None:
    """Every case that the demo decides is in its file."""
    shown = re.findall(r"^    show_case (\w+) (\w+)", DEV, re.MULTILINE)
    assert len(shown) >= 10
    for file, name in shown:
        cases = (ROOT / "flows" / "cases" / f"{file}.yaml").read_text(encoding="utf-8")
        assert f"- name: {name}\n" in cases, f"{file}: {name}"


def test_demo_shows_the_cap_of_an_amount() -> None:
    """One case of the demo rests where the amount is asked, and its page names the most that may be offered."""
    assert "show_case quality_issue minor_cap_shown " in DEV
    (case,) = (
        one
        for one in read_case_file(ROOT / "flows" / "cases" / "quality_issue.yaml", "quality_issue.yaml")
        if one.name == "minor_cap_shown"
    )
    policy = load()
    page = decision_text(decide_written(policy, case), policy.model, Lang.EN)
    assert "\n    - at most 18.00\n" in page


def test_script_is_plain_sh() -> None:
    """The scripts can be run as they are, and stop at the first fault."""
    assert DEV.startswith("#!/bin/sh\n")
    assert "set -eu\n" in DEV
    for script in (ROOT / "dev", ROOT / ".ci" / "run"):
        assert script.stat().st_mode & 0o111
