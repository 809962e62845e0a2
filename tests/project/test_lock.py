"""The lock: complete, hashed, without addresses, in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Name and version of every entry; a marker and the hashes follow on its line and on the next ones.
ENTRIES = dict(re.findall(r"^([a-z0-9][a-z0-9-]*)==(\S+)", LOCK, re.MULTILINE))


def wanted() -> list[Requirement]:
    """Return everything that pyproject.toml asks for: to run, to test, to lint and to build."""
    project = PROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in (*project["dependencies"], *extras, *PROJECT["build-system"]["requires"])]


def test_no_address() -> None:
    """The lock names packages and hashes, never where they came from."""
    assert "http" not in LOCK
    assert "--index" not in LOCK


def test_every_entry_is_hashed() -> None:
    """Every entry is pinned exactly and has at least one SHA-256, so that pip can require them."""
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) == len(ENTRIES)
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_lock_fits_the_project() -> None:
    """Every requirement of pyproject.toml is in the lock, in a version that it allows: else run ``./dev lock``."""
    versions = {canonicalize_name(name): version for name, version in ENTRIES.items()}
    for requirement in wanted():
        name = canonicalize_name(requirement.name)
        assert name in versions, f"{name} is not in the lock"
        assert requirement.specifier.contains(versions[name]), f"{requirement} is not met by {versions[name]}"


def test_dependencies_say_why() -> None:
    """Every dependency stands in pyproject.toml with a reason beside it, and so does every lint rule left out."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(
        r"^(?:dependencies|verify|handbook|test|lint|ignore|\"tests/\*\*\") = \[\n(.*?)^\]",
        text,
        re.MULTILINE | re.DOTALL,
    )
    lines = [line for block in lists for line in block.splitlines()]
    assert len(lists) == 7
    assert [line for line in lines if not re.search(r"#\s*\w.{5,}", line)] == []
