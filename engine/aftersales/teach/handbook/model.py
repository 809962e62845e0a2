"""A handbook before it is set: chapters of paragraphs, tables and pictures that know nothing of PDF or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The same words once per language shown: one entry, or Chinese and English.
Words = tuple[str, ...]


class Look(StrEnum):
    """How a run of words stands out; a renderer gives each its own type."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    TAG = "tag"


class Tone(StrEnum):
    """What a box or a table is about; a renderer gives each its own colour."""

    PLAIN = "plain"
    STEP = "step"
    END = "end"
    SAY = "say"
    NEVER = "never"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Run:
    """A few words of one look; ``to`` is the anchor that they lead to."""

    words: Words
    look: Look = Look.PLAIN
    to: str | None = None


#: What stands on one line (and wraps where it must).
Line = tuple[Run, ...]
#: What stands in one cell of a table, line below line; no lines: the cell is empty.
Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of text between other blocks."""

    line: Line


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a row with fewer cells than columns lets its first cell run over the rest."""

    cells: tuple[Cell, ...]
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; ``widths`` are the columns' shares of the width. No heads: a table of names and values."""

    heads: tuple[Words, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG with its size in points; ``alt`` says what it shows to whoever cannot see it."""

    svg: str
    width: float
    height: float
    alt: Words


@dataclass(frozen=True, slots=True)
class Box:
    """Lines, then tables, that belong together under a title: a step, a worked case.

    ``aside`` stands at the title's far end, ``again`` in its place on a further page that the box runs on to.
    """

    title: Line
    blocks: tuple[Paragraph | Table, ...]
    tone: Tone
    anchor: str | None = None
    aside: Line = ()
    again: Line = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a chapter (without a title where the chapter's says enough); ``narrow``: set in two columns."""

    title: Words
    blocks: tuple[Paragraph | Table | Box | Picture, ...]
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter stands in the contents under its number; the first of a part, and one with a picture, starts a page."""

    anchor: str
    number: int
    title: Words
    sections: tuple[Section, ...]
    lead: tuple[Paragraph | Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Several chapters under one title of the contents."""

    title: Words
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A whole handbook; ``stamp`` is what every page says of the policy, ``cover`` what the first page adds."""

    title: Words
    subtitle: Words
    stamp: str
    cover: tuple[tuple[Words, Words], ...]
    contents: Words
    parts: tuple[Part, ...]
    lang: str

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return all chapters in order."""
        return tuple(chapter for part in self.parts for chapter in part.chapters)
