"""The lines of an element in one file against those in another: which were removed, which were added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from aftersales.source import Span

#: A line's number in its file, and the line without its end.
_Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True)
class EditedLine:
    """A line that only one of two policies has."""

    side: Literal["old", "new"]
    file: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


def edited_lines(old: Span | None, new: Span | None) -> tuple[EditedLine, ...]:
    """Return the lines of the element at ``old`` that the one at ``new`` has not, and the other way round, in order."""
    before, after = block(old), block(new)
    texts = tuple([text.strip() for _, text in lines] for lines in (before, after))
    found: list[EditedLine] = []
    for word, start, end, begins, ends in SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_opcodes():
        if word != "equal":
            found += _lines("old", old, before[start:end])
            found += _lines("new", new, after[begins:ends])
    return tuple(found)


def _lines(side: Literal["old", "new"], span: Span | None, lines: Sequence[_Numbered]) -> list[EditedLine]:
    name = "" if span is None else span.source.name
    return [EditedLine(side, name, number, text.strip()) for number, text in lines if text.strip()]


def block(span: Span | None) -> tuple[_Numbered, ...]:
    """Return the lines of the element whose key or text stands at ``span``: its own, and those indented below it."""
    if span is None:
        return ()
    lines = span.source.text.split("\n")
    indent = len(lines[span.line - 1]) - len(lines[span.line - 1].lstrip()) if span.line <= len(lines) else 0
    last = span.end_line
    for number, line in enumerate(lines[span.line :], start=span.line + 1):
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        last = max(last, number) if line.strip() else last
    return tuple(
        (number, lines[number - 1].rstrip("\r")) for number in range(span.line, last + 1) if number <= len(lines)
    )
