"""Past cases from files: lists of worked cases, single cases, and JSON lines, one case a line, of any length."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from aftersales.errors import CaseShapeError, Diagnostic
from aftersales.study.case_file import read_case_file
from aftersales.text import Text, clip

#: Files of JSON lines, and files that hold one case or a list of cases.
LINES: Final = (".jsonl", ".ndjson")
_FILES: Final = (".yaml", ".yml", ".json")
#: Keys of a worked case that are not the case's own.
_AROUND: Final = ("name", "title", "expect")
#: The longest line that is read, in bytes.
_LONGEST: Final = 1_000_000
_TOO_LONG: Final = Text("这一行太长，最多 1 MB", "the line is too long, at most 1 MB")
_NO_CASE: Final = Text(
    "案件应写成键值对（order、claim、facts……）", "a case is written as keys with values: order, claim, facts"
)
_TWICE: Final = "a key is written twice"


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as it was handed in, called by its name or id, else by its place; ``fault`` where it cannot be read."""

    name: str
    data: Mapping[str, object] = field(default_factory=dict)
    fault: Diagnostic | None = None


def past_files(place: Path) -> tuple[Path, ...]:
    """Return ``place`` itself, or every file of cases in that folder in the order of names; nothing where there is none."""
    if not place.is_dir():
        return (place,) if place.exists() else ()
    return tuple(sorted(path for path in place.rglob("*") if path.suffix in (*LINES, *_FILES) and path.is_file()))


def past_cases(place: Path) -> Iterator[PastCase]:
    """Yield every case of a file or folder, lines one at a time, so that a file may be larger than memory.

    A line or a file that is no case is yielded with its fault. Raises OSError where a file cannot be opened.
    """
    for path in past_files(place):
        shown = str(path.relative_to(place)) if place.is_dir() else str(path)
        yield from _of_lines(path, shown) if path.suffix in LINES else _of_file(path, shown)


def _of_file(path: Path, shown: str) -> Iterator[PastCase]:
    try:
        cases = read_case_file(path, shown)
    except CaseShapeError as fault:
        yield PastCase(shown, fault=fault.diagnostics[0])
        return
    for case in cases:
        yield PastCase(case.name or _id(case.data) or str(case.node.span), case.data)


def _of_lines(path: Path, shown: str) -> Iterator[PastCase]:
    with path.open("rb") as lines:
        for number, line in enumerate(iter(lambda: lines.readline(_LONGEST + 1), b""), start=1):
            place = f"{shown}:{number}"
            if len(line) > _LONGEST and not line.endswith(b"\n"):
                _skip(lines)
                yield PastCase(place, fault=Diagnostic("line_too_long", _TOO_LONG))
            elif line.strip():
                yield _of_line(line, place)


def _skip(lines: BinaryIO) -> None:
    """Go past the rest of a line that is too long."""
    while (rest := lines.readline(_LONGEST)) and not rest.endswith(b"\n"):
        continue


def _of_line(line: bytes, place: str) -> PastCase:
    """Read one line; numbers with a decimal point stay the text that was written, so that no fen is lost."""
    try:
        read = json.loads(line, parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as why:
        reason = clip(str(why), 80)
        return PastCase(place, fault=Diagnostic("not_json", Text(f"这一行不是 JSON：{reason}", f"no JSON: {reason}")))
    if not isinstance(read, dict):
        return PastCase(place, fault=Diagnostic("not_a_case", _NO_CASE))
    data = {key: value for key, value in read.items() if key not in _AROUND}
    name = read.get("name")
    return PastCase(name if isinstance(name, str) and name else _id(data) or place, data)


def _id(data: Mapping[str, object]) -> str | None:
    id_ = data.get("id")
    return id_ if isinstance(id_, str) and id_ else None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object's keys with their values. Raises ValueError where a key comes twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(_TWICE)
    return found


def _refuse(word: str) -> object:
    raise ValueError(word)
