"""Every bad policy of tests/flows/bad gives exactly the faults that it carries, in words and place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aftersales.errors import PolicyError
from aftersales.policy.load import load_folder
from aftersales.text import Lang

FLOWS = Path(__file__).parent.parent / "flows"


def _cases() -> Iterator[Any]:
    for file in sorted((FLOWS / "bad").glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield pytest.param(case, id=f"{file.stem}: {case['name']}")


def _made_bad(case: dict[str, Any], folder: Path) -> Path:
    """Copy the small good policy and change it as the case says."""
    shutil.copytree(FLOWS / "good" / "minimal", folder)
    for change in case.get("change", ()):
        file = folder / change["file"]
        text = file.read_text(encoding="utf-8")
        assert change["find"] in text, change
        file.write_text(text.replace(change["find"], change["with"], 1), encoding="utf-8")
    for old, new in case.get("rename", {}).items():
        (folder / old).rename(folder / new)
    for name in case.get("remove", ()):
        (folder / name).unlink()
    for name, text in case.get("add", {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize("case", list(_cases()))
def test_a_bad_policy_is_told_its_faults(case: dict[str, Any], tmp_path: Path) -> None:
    """All faults at once, each with message, place, excerpt and hint; where the case says so in Chinese too."""
    with pytest.raises(PolicyError) as raised:
        load_folder(_made_bad(case, tmp_path / "policy"))
    assert _lines(str(raised.value)) == _lines(case["expect"])
    if "expect_zh" in case:
        assert _lines(raised.value.to(Lang.ZH)) == _lines(case["expect_zh"])
