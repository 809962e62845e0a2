"""The results as a page: a section for each question, with what was measured and which targets are met."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from rounds import Ratio, shown

_LIBRARIES: Final = (
    "numpy",
    "polars",
    "duckdb",
    "zen-engine",
    "cel-expr-python",
    "rule-engine",
    "transitions",
    "python-statemachine",
)


@dataclass(frozen=True)
class Target:
    """What was aimed at. ``limit`` is the most that ``found`` may be, or with ``at_least`` the least; units are ``unit``."""

    what: str
    found: float
    limit: float
    at_least: bool = False
    unit: str = "×"
    spread: Ratio | None = None

    @property
    def met(self) -> bool:
        """Return whether the figure is on the right side of its limit."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit

    def row(self) -> tuple[str, str, str, str]:
        """Return the target as a row: what, aimed at, found, met."""
        aim = f"{'at least' if self.at_least else 'at most'} {self.limit:g}{self.unit}"
        found = str(self.spread) if self.spread is not None else shown(self.found)
        return self.what, aim, f"{found}{self.unit}", "met" if self.met else "**missed**"


@dataclass(frozen=True)
class Section:
    """One question: what it is about, a table of what was measured, and its targets."""

    title: str
    about: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[Target] = ()
    notes: Sequence[str] = ()

    def text(self) -> str:
        """Return the section as Markdown."""
        parts = [f"## {self.title}", self.about, _table(self.head, self.rows)]
        if self.targets:
            parts.append(_table(("target", "aimed at", "found", ""), [target.row() for target in self.targets]))
        return "\n\n".join((*parts, *self.notes))


def write(sections: Sequence[Section], path: Path, command: str) -> None:
    """Write the sections to ``path``, behind a list of every target."""
    path.write_text("\n\n".join((*_head(sections, command), *(section.text() for section in sections))) + "\n", "utf-8")


def _head(sections: Sequence[Section], command: str) -> Iterator[str]:
    targets = [target for section in sections for target in section.targets]
    missed = [target for target in targets if not target.met]
    yield "# Results of the benchmarks"
    yield (
        f"Written by `{command}`. Figures are medians over interleaved rounds of one run; a ratio is taken round by"
        " round between neighbours, with its range in brackets. Times are CPU time unless a section says otherwise;"
        " only ratios mean the same on another machine."
    )
    yield f"{platform.python_implementation()} {platform.python_version()}, {_versions()}; {_machine()}."
    yield f"**{len(targets) - len(missed)} of {len(targets)} targets met**" + (
        "; missed: " + "; ".join(f"{target.what} ({target.row()[2]}, {target.row()[1]})" for target in missed) + "."
        if missed
        else "."
    )


def _versions() -> str:
    found = []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def _machine() -> str:
    cpu = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in _lines(cpu) if line.startswith("model name")]
    return f"{len(names) or 'some'} × {names[0] if names else platform.machine()}, {sys.platform}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
