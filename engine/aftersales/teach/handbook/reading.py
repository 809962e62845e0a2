"""Reading the worked cases of a policy's folder: only those that a handbook may show are taken apart.

They are a hundred times as many as it shows, and reading them all would take longer than anything else that is made.
So a file that lists cases is cut into its entries, and what an entry expects is guessed by its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aftersales.errors import CaseError
from aftersales.study.case_file import WrittenCase, read_case_text

#: Of so many cases per flow the handbook chooses.
_MOST_TRIED: Final = 6
_ENTRY: Final = re.compile(r"^- ", re.MULTILINE)
_EXPECT: Final = re.compile(r"^  expect:", re.MULTILINE)
_WORD: Final = {key: re.compile(rf"\b{key}: *([\w.]+)") for key in ("flow", "state")}
_REFUND: Final = re.compile(r"\brefund: *\{")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One case of a list as it is written, with the flow and the state that it seems to expect."""

    text: str
    flow: str
    state: str
    money: bool


def tried_cases(folder: Path) -> tuple[WrittenCase, ...]:
    """Read a few cases for each flow, one for each state that they expect, money first, in the order of the files.

    What they expect is only guessed at: what is shown is decided anew. A case that cannot be read is left out.
    """
    tried: dict[str, dict[str, _Entry]] = {}
    written = [entry for path in sorted(folder.glob("*.yaml")) for entry in _entries(path)]
    for entry in sorted(written, key=lambda entry: not entry.money):
        states = tried.setdefault(entry.flow, {})
        if len(states) < _MOST_TRIED:
            states.setdefault(entry.state, entry)
    return tuple(case for states in tried.values() for entry in states.values() for case in _read(entry))


def _entries(path: Path) -> Iterator[_Entry]:
    """Yield the entries of a list in block style; any other file is one entry."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    starts = [found.start() for found in _ENTRY.finditer(text)] or [0]
    for start, stop in zip(starts, (*starts[1:], len(text)), strict=True):
        yield _entry(text[start:stop])


def _entry(text: str) -> _Entry:
    expect = _EXPECT.search(text)
    expected = text[expect.start() :] if expect else ""
    flow, state = (found[1] if (found := _WORD[key].search(expected)) else "" for key in ("flow", "state"))
    return _Entry(text, flow, state or text, bool(_REFUND.search(expected)))


def _read(entry: _Entry) -> tuple[WrittenCase, ...]:
    try:
        return read_case_text("", entry.text.encode())
    except CaseError:
        return ()
