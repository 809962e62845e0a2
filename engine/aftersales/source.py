"""Where text came from: sources, spans with excerpts, and the places inside quoted or folded values."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from aftersales.dataclass import dataclass
from aftersales.text import pattern

#: How a value is written in YAML.
Style = Literal["plain", "single", "double", "folded", "literal"]

#: The largest file that is read, in bytes.
LARGEST_FILE: Final = 1_000_000
#: The widest excerpt, in terminal columns; a longer line is cut around the place.
WIDEST_EXCERPT: Final = 100

_ESCAPE: Final = pattern(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)", re.DOTALL)
_LETTER_ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One file (or text handed in) that faults can point into; ``name`` is shown as the author knows it."""

    name: str
    text: str

    def line(self, number: int) -> str:
        """Return line ``number`` (from 1) without its end; past the end it is empty."""
        lines = self.text.split("\n")
        return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one source: lines and columns count from 1, in characters; the end is exclusive."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

    def __hash__(self) -> int:
        return hash((self.line, self.column, self.end_line, self.end_column))  # two files seldom share a place

    def excerpt(self) -> str:
        """Return the span's first line with carets under it, two lines; empty where the source has no such line.

        The carets stand right on a terminal where Chinese characters are two columns wide. Characters that do not
        print are shown as spaces, a long line is cut around the place.
        """
        line = "".join(sign if sign.isprintable() else " " for sign in self.source.line(self.line))
        if not line.strip():
            return ""
        start = min(self.column - 1, len(line))
        end = max(start, self.end_column - 1 if self.end_line == self.line else len(line))
        before, marked, after = line[:start], line[start:end], line[end:]
        if width(line) > WIDEST_EXCERPT:
            before = _cut_left(before, WIDEST_EXCERPT // 2)
            marked = _cut_right(marked, WIDEST_EXCERPT - width(before))
            after = _cut_right(after, WIDEST_EXCERPT - width(before) - width(marked))
        return f"{f'{before}{marked}{after}'.rstrip()}\n{' ' * width(before)}{'^' * max(1, width(marked))}"


def width(text: str) -> int:
    """Return how many terminal columns ``text`` takes: a Chinese character two, a combining mark none."""
    return sum(_sign_width(sign) for sign in text)


def part_of_scalar(span: Span, text: str, style: Style, start: int, end: int) -> Span:
    """Return the place of ``text[start:end]``, where ``text`` is the value of the scalar written at ``span``.

    The value may be shorter than what stands in the file: quotes, escapes, folded line ends and indentation are
    stepped over. An empty stretch is the place before ``text[start]``.
    """
    if style == "plain" and span.line == span.end_line:
        return Span(span.source, span.line, span.column + start, span.line, span.column + end)
    raw = _raw(span)
    signs = _signs_of(raw, text, style)
    begin = signs[start][0] if start < len(signs) else (signs[-1][1] if signs else 0)
    stop = signs[end - 1][1] if start < end <= len(signs) else begin
    line, column = _place_in(span, raw, begin)
    end_line, end_column = _place_in(span, raw, stop)
    return Span(span.source, line, column, end_line, end_column)


def _sign_width(sign: str) -> int:
    """Return the terminal columns of one character."""
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def _cut_right(text: str, columns: int) -> str:
    """Return ``text`` cut to ``columns``, with ``…`` where something is missing."""
    if width(text) <= columns:
        return text
    kept, used = "", 1
    for sign in text:
        used += _sign_width(sign)
        if used > columns:
            break
        kept += sign
    return f"{kept}…" if columns > 0 else ""


def _cut_left(text: str, columns: int) -> str:
    """Return the end of ``text`` that fits ``columns``, with ``…`` in front where something is missing."""
    return text if width(text) <= columns else _cut_right(text[::-1], columns)[::-1]


def _raw(span: Span) -> str:
    """Return what stands in the file at ``span``."""
    lines = span.source.text.split("\n")[span.line - 1 : span.end_line]
    if not lines:
        return ""
    if span.line == span.end_line:
        return lines[0][span.column - 1 : span.end_column - 1]
    last = [lines[-1][: span.end_column - 1]] if len(lines) > span.end_line - span.line else []
    return "\n".join([lines[0][span.column - 1 :], *lines[1 : span.end_line - span.line], *last])


def _signs_of(raw: str, text: str, style: Style) -> list[tuple[int, int]]:
    """Return, for each character of the value, where it begins and ends in ``raw``."""
    at = _opening(raw, style)
    signs = []
    for wanted in text:
        length = 0
        while at < len(raw):
            sign, length = _unit(raw, at, style)
            if sign == wanted or (sign.isspace() and wanted.isspace()):
                break
            at += length
        signs.append((at, min(at + length, len(raw))))
        at += length
    return signs


def _opening(raw: str, style: Style) -> int:
    """Return where the value begins in ``raw``: behind a quote, or behind the line of ``>`` or ``|``."""
    if style in {"folded", "literal"}:
        return raw.find("\n") + 1
    return 0 if style == "plain" else 1


def _unit(raw: str, at: int, style: Style) -> tuple[str, int]:
    """Return the character that ``raw`` means at ``at`` and how long it is written; an escaped line end is none."""
    if style == "single" and raw.startswith("''", at):
        return "'", 2
    match = _ESCAPE().match(raw, at) if style == "double" else None
    if match is None:
        return raw[at], 1
    written = match[0][1:]
    if written[0] in "xuU" and len(written) > 1:
        code = int(written[1:], 16)
        return (chr(code) if code < 0x110000 else ""), len(match[0])
    return _LETTER_ESCAPES.get(written, ""), len(match[0])


def _place_in(span: Span, raw: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset into the text at ``span``."""
    before = raw[:offset]
    breaks = before.count("\n")
    return span.line + breaks, offset - before.rfind("\n") if breaks else span.column + offset
