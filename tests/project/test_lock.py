"""The lock: complete, hashed, without addresses, in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
#: What only the benchmarks compare with, and what that needs.
BENCH_LOCK = (ROOT / "requirements-bench.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Name and version of every entry; a marker and the hashes follow on its line and on the next ones.
ENTRIES, BENCH_ENTRIES = (
    dict(re.findall(r"^([a-z0-9][a-z0-9-]*)==(\S+)", lock, re.MULTILINE)) for lock in (LOCK, BENCH_LOCK)
)


def wanted() -> list[Requirement]:
    """Return everything that pyproject.toml asks for but the benchmarks: to run, to test, to lint and to build."""
    project = PROJECT["project"]
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "bench" for line in lines]
    return [Requirement(line) for line in (*project["dependencies"], *extras, *PROJECT["build-system"]["requires"])]


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK], ids=["project", "bench"])
def test_no_address(lock: str) -> None:
    """A lock names packages and hashes, never where they came from."""
    assert "http" not in lock
    assert "--index" not in lock


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK], ids=["project", "bench"])
def test_every_entry_is_hashed(lock: str) -> None:
    """Every entry is pinned exactly and has at least one SHA-256, so that pip can require them."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert all(re.match(r"[a-z0-9][a-z0-9-]*==\S+", entry) for entry in entries)
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_lock_fits_the_project() -> None:
    """Every requirement of pyproject.toml is in the lock, in a version that it allows: else run ``./dev lock``."""
    versions = {canonicalize_name(name): version for name, version in ENTRIES.items()}
    for requirement in wanted():
        name = canonicalize_name(requirement.name)
        assert name in versions, f"{name} is not in the lock"
        assert requirement.specifier.contains(versions[name]), f"{requirement} is not met by {versions[name]}"


def test_bench_lock_fits() -> None:
    """The peers are in their own lock, in versions that pyproject.toml allows; what both locks have is the same."""
    for requirement in map(Requirement, PROJECT["project"]["optional-dependencies"]["bench"]):
        name = canonicalize_name(requirement.name)
        assert requirement.specifier.contains(BENCH_ENTRIES[name]), f"{requirement} is not met"
    assert {name: BENCH_ENTRIES[name] for name in BENCH_ENTRIES.keys() & ENTRIES.keys()} == {
        name: ENTRIES[name] for name in BENCH_ENTRIES.keys() & ENTRIES.keys()
    }


def test_dependencies_say_why() -> None:
    """Every dependency stands in pyproject.toml with a reason beside it, and so does every lint rule left out."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(
        r"^(?:dependencies|verify|columns|handbook|test|bench|lint|ignore|\"tests/\*\*\") = \[\n(.*?)^\]",
        text,
        re.MULTILINE | re.DOTALL,
    )
    lines = [line for block in lists for line in block.splitlines()]
    assert len(lists) == 9
    assert [line for line in lines if not re.search(r"#\s*\w.{5,}", line)] == []
