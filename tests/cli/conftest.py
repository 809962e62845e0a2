"""The command line run inside the test, with the small shop's policy."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from aftersales.cli import main

SMALL = Path(__file__).parents[1] / "study" / "small"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command gave back."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``aftersales`` with arguments and what comes in on standard input."""

    def run_it(*arguments: str | Path, typed: str | bytes = "") -> Ran:
        content = typed.encode() if isinstance(typed, str) else typed
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return run_it


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small shop's policy folder that a test may break."""
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case file that waits for the warehouse."""
    path = tmp_path / "case.yaml"
    path.write_text("claim: {opened_at: 2026-11-06T11:00+08:00}\nfacts: {photos_sent: true}\n", encoding="utf-8")
    return path
