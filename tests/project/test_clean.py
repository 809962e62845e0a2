"""What is committed names no machine, no address of a registry, and leaves nothing half done."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: One letter of each word stands in brackets, so that this file passes its own test.
MACHINE = re.compile(r"/[w]ork/|/[h]ome/\w|/[r]oot/|/[U]sers/\w|[A-Z]:\\[U]sers|[.]venv/[l]ib")
REGISTRY = re.compile(r"[p]ypi[.]org|[p]ythonhosted|[n]pmjs|--[i]ndex-url|[p]roxy[.]golang")
#: Before 3.11.5 Python finds too much by some patterns with a possessive quantifier.
POSSESSIVE = re.compile(r"(?<!\\)[*+?}]\+|\(\?>")
UNFINISHED = re.compile(r"\b([T]ODO|[F]IXME|[X]XX)\b")


def tracked() -> list[Path]:
    """Return the text files that git would commit; outside a clone there is nothing to look at."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a clone")  # in an unpacked sdist nothing tells what is committed
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file() and not name.endswith((".png", ".pdf"))]


@pytest.mark.parametrize(
    ("what", "pattern"), [("a machine", MACHINE), ("a registry", REGISTRY), ("work left", UNFINISHED)]
)
def test_nothing_names(what: str, pattern: re.Pattern[str]) -> None:
    """No committed file holds a path of somebody's machine, a registry's address, or a note of work left over."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {what}"
        for path in tracked()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_text_is_clean() -> None:
    """Every text file is UTF-8 with plain line ends, no trailing blanks, and one newline at its end."""
    dirty = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8")
        if "\r" in text or (text and not text.endswith("\n")) or re.search(r"[ \t]$", text, re.MULTILINE):
            dirty.append(str(path.relative_to(ROOT)))
    assert dirty == []


def test_patterns_mean_the_same_to_every_python() -> None:
    """No text of the package is a pattern with a possessive quantifier or an atomic group."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "engine")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and POSSESSIVE.search(node.value)
    ]
    assert found == []
