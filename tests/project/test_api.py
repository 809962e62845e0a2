"""The front door: exactly these names."""

from __future__ import annotations

import importlib
import inspect
import re
import tomllib
from pathlib import Path

import pytest

import aftersales

ENGINE = Path(aftersales.__file__).parent
ROOMS = sorted(path.parent.name for path in ENGINE.glob("*/__init__.py"))


def test_front_door() -> None:
    """``aftersales.__all__`` is what the README and CONTRIBUTING promise, no more and no less."""
    assert sorted(aftersales.__all__) == [
        "AftersalesError",
        "AmountError",
        "Answer",
        "CaseError",
        "CaseShapeError",
        "ConflictError",
        "Decision",
        "Diagnostic",
        "DrawingError",
        "Lang",
        "LoadedPolicy",
        "NotOwedError",
        "OpenCase",
        "PolicyChangedError",
        "PolicyError",
        "SnapshotError",
        "Text",
        "TooLateError",
        "UnknownNameError",
        "UnmatchedCaseError",
        "load",
    ]


def test_front_door_opens() -> None:
    """Every exported name is there, and everything public that a class or function offers has a docstring."""
    for name in aftersales.__all__:
        thing = getattr(aftersales, name)
        assert inspect.getdoc(thing), name
        members = vars(thing) if inspect.isclass(thing) else {}
        for member, value in members.items():
            if not member.startswith("_") and inspect.isfunction(value):
                assert value.__doc__, f"{name}.{member}"


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_export_what_they_have(room: str) -> None:
    """Where a room lists ``__all__``, every name in it exists and the list is sorted."""
    module = importlib.import_module(f"aftersales.{room}")
    names = list(getattr(module, "__all__", ()))
    assert names == sorted(names)
    assert [name for name in names if not hasattr(module, name)] == []


def test_exceptions_have_one_root() -> None:
    """Whoever catches ``AftersalesError`` catches all that this package raises on purpose."""
    errors = [thing for name in aftersales.__all__ if name.endswith("Error") for thing in [getattr(aftersales, name)]]
    assert all(issubclass(error, aftersales.AftersalesError) for error in errors)


def test_version_is_one() -> None:
    """The version of pyproject.toml is the newest of CHANGELOG.md."""
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## \[([^]]+)\]", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == project["version"]
