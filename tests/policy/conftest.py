"""What the tests of the policy room share: the small good policy and a way to change it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy

MINIMAL = Path(__file__).parent.parent / "flows" / "good" / "minimal"

Change = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def minimal() -> Policy:
    """Return the small good policy, loaded."""
    return load_folder(MINIMAL)


@pytest.fixture
def change(tmp_path: Path) -> Change:
    """Return a way to replace a text in one file of a copy of the small policy; it returns the copy's folder."""
    folder = tmp_path / "minimal"
    shutil.copytree(MINIMAL, folder)

    def replace(file: str, find: str, by: str) -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert find in text
        (folder / file).write_text(text.replace(find, by, 1), encoding="utf-8")
        return folder

    return replace
