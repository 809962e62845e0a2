"""Rooms import one way, and each foreign library has one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "engine" / "aftersales"

#: From the ground up: a room may import from every storey below, never from one beside it or above.
STOREYS: tuple[tuple[str, ...], ...] = (
    ("dataclass", "digests", "garbage"),
    ("text",),
    ("source",),
    ("money", "instants"),
    ("errors", "steady"),
    ("yaml_problems", "yaml_text", "yaml_tree"),
    ("yaml_events", "yaml_whole"),
    ("yaml_nodes",),
    ("expr", "syntax"),
    ("policy",),
    ("case",),
    ("run",),
    ("columns",),
    ("verify",),
    ("draw",),
    ("study",),
    ("show",),
    ("teach",),
    ("cli", "pytest_plugin"),
)
#: A foreign library and the only modules that may import it.
DOORS = {
    "transitions": {"run/machine.py"},
    "graphviz": {"draw/dot.py"},
    "numpy": {
        f"columns/{name}.py"
        for name in (
            "alike",
            "answers",
            "compared",
            "days",
            "deadlines",
            "frames",
            "kernel",
            "keys",
            "mattering",
            "memory",
            "paid",
            "reading",
            "regions",
            "results",
            "rows",
            "settling",
            "sparse",
            "tables",
            "typed",
        )
    },
    "msgspec": {"case/records.py", "case/typed_rows.py", "run/function/answer.py", "run/function/validated.py"},
    "polars": {
        "run/loaded.py",
        *(f"columns/{name}.py" for name in ("files", "frames", "memory", "reading", "results", "typed")),
    },
    "pytest": {
        "pytest_plugin/__init__.py",
        "pytest_plugin/options.py",
        "pytest_plugin/items.py",
        "pytest_plugin/laws.py",
    },
    "typst": {"teach/handbook/typeset.py"},
    "yaml": {"yaml_events.py", "yaml_problems.py", "yaml_whole.py"},
    "z3": {"verify/solver.py"},
}
#: What a caller holds names what can be done with it; only these calls reach up, and only when they are made.
CALLS_UP = {"run/loaded.py": {"aftersales.columns.frames"}}
MODULES = sorted(ENGINE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            inside = [alias.name for alias in node.names if module == "aftersales" and is_module(alias.name)]
            yield from (f"aftersales.{name}" for name in inside)
            if len(inside) < len(node.names):
                yield module


def is_module(name: str) -> bool:
    """Tell whether ``from aftersales import name`` names a room, not something of the front door."""
    return (ENGINE / name).is_dir() or (ENGINE / f"{name}.py").is_file()


def room(path: Path) -> str:
    """Return the room a file belongs to: its folder, or its own name at the top."""
    inside = path.relative_to(ENGINE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def storey(name: str) -> int:
    """Return how high a room lies; the package's own front door sees the engines, not the terminal."""
    if name in {"__init__", "__main__"}:
        return len(STOREYS)
    return next(height for height, rooms in enumerate(STOREYS) if name in rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_imports_go_down(path: Path) -> None:
    """A module imports its own room and rooms below it, never one beside or above."""
    here = room(path)
    for name in imported(path):
        if name == "aftersales":
            assert here == "cli" or here.startswith("__"), f"{name}: only the command line uses the front door"
        elif name.startswith("aftersales.") and name not in CALLS_UP.get(str(path.relative_to(ENGINE)), ()):
            there = name.split(".")[1]
            assert there == here or storey(there) < storey(here), f"{here} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_each_library_has_one_door(path: Path) -> None:
    """Only the modules named in ``DOORS`` import each of these libraries."""
    for name in imported(path):
        doors = DOORS.get(name.split(".", maxsplit=1)[0])
        assert doors is None or str(path.relative_to(ENGINE)) in doors, f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_files_are_short(path: Path) -> None:
    """No file is longer than 400 lines."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400


def test_every_room_has_a_storey() -> None:
    """A new folder or module at the top must be given its place in ``STOREYS``."""
    known = {name for rooms in STOREYS for name in rooms} | {"__init__", "__main__"}
    assert {room(path) for path in MODULES} <= known


def test_no_module_is_a_drawer_for_anything() -> None:
    """No ``utils``, ``common``, ``base`` or ``helpers``: a line without a room means that a stage lacks a name."""
    assert not {path.stem for path in MODULES} & {"utils", "util", "common", "base", "helpers", "misc"}
