"""A handbook as Typst: text in which every word of the policy is a quoted string, so that none of it is markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Final

from aftersales.teach.handbook.model import (
    Book,
    Box,
    Cell,
    Chapter,
    Line,
    Look,
    Paragraph,
    Part,
    Picture,
    Row,
    Run,
    Section,
    Table,
    Words,
)
from aftersales.teach.handbook.sheets import A4, LARGEST, OPENING, Sheet, sheet_for

_LOOKS: Final = {Look.STRONG: "loud", Look.QUIET: "quiet", Look.TAG: "tag"}
#: A box of at most so many lines is kept on one page.
_WHOLE: Final = 24
_COLUMNS: Final = 34


def typst_files(book: Book, fonts: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files that Typst sets as the book: ``main.typ``, its style, and one SVG for each picture."""
    writer = _Writer(frozenset(chapter.anchor for chapter in book.chapters))
    families = "".join(f"{quoted(font)}, " for font in fonts)
    settings = (quoted(book.title[0]), quoted(book.stamp), quoted("en" if book.lang == "en" else "zh"), f"({families})")
    names = ("title", "stamp", "lang", "fonts")
    head = (
        '#import "style.typ": *',
        f"#show: handbook.with({', '.join(f'{name}: {value}' for name, value in zip(names, settings, strict=True))})",
        _cover(book),
        f"#contents({_inline(book.contents)})",
    )
    text = "\n".join((*head, *writer.parts(book))) + "\n"
    style = files(__package__).joinpath("style.typ").read_bytes()
    return {"main.typ": text.encode(), "style.typ": style, **writer.pictures}


def quoted(text: str) -> str:
    """Return text as a string of Typst; what does not print becomes a blank, after ``_`` a line may break."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"').replace("_", "_\\u{200b}") + '"'


def pictures_alone(pictures: Sequence[Picture], fonts: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files that Typst sets as the pictures alone, as it finds them in the book."""
    shown = {picture_file(picture): picture.svg.encode() for picture in pictures}
    images = "".join(f"#image({quoted(name)})\n" for name in shown)
    return {
        "main.typ": f"#set text(font: ({''.join(f'{quoted(font)}, ' for font in fonts)}))\n{images}".encode(),
        **shown,
    }


def picture_file(picture: Picture) -> str:
    """Return what the file of a picture is called: by what it shows, so that it is the same file wherever it stands."""
    return f"{sha256(picture.svg.encode()).hexdigest()[:16]}.svg"


def _cover(book: Book) -> str:
    rows = "".join(f"({_inline(name)}, {_inline(value)}), " for name, value in book.cover)
    return f"#cover({_inline(book.title)}, {_inline(book.subtitle)}, ({rows}))"


@dataclass(slots=True)
class _Writer:
    """Writes blocks and collects the pictures that they show.

    On paper a link is worth little, and thousands of them take Typst seconds: only ``links`` lead somewhere.
    """

    links: frozenset[str]
    pictures: dict[str, bytes] = field(default_factory=dict)

    def parts(self, book: Book) -> Iterator[str]:
        for part in book.parts:
            for number, chapter in enumerate(part.chapters):
                yield from self.chapter(chapter, part if number == 0 else None)

    def chapter(self, chapter: Chapter, opens: Part | None) -> Iterator[str]:
        """Write a chapter; its first page is as large as its first picture needs."""
        pictures = [block for block in chapter.lead if isinstance(block, Picture)]
        sheet = sheet_for(pictures[0], OPENING) if pictures else A4
        part = f"part({_inline(opens.title)})\n" if opens else ""
        title = tuple(f"{chapter.number}  {word}" if place == 0 else word for place, word in enumerate(chapter.title))
        yield f"#begin({_inline(title)})"
        lead = "\n".join(self.block(block) for block in chapter.lead if isinstance(block, Paragraph))
        first = f"{part}chapter({quoted(chapter.anchor)}, {_inline(title)})\n{lead}\n"
        if sheet == A4:
            yield f"#pagebreak(weak: true)\n#{{\n{first}}}"
            yield from (f"#{self.block(picture)}" for picture in pictures[:1])
        else:
            yield _page(sheet, first + self.picture(pictures[0], sheet, OPENING))
        for picture in pictures[1:]:
            sheet = sheet_for(picture, 0)
            yield _page(sheet, self.picture(picture, sheet, 0))
        for narrow, sections in groupby(chapter.sections, key=lambda section: section.narrow):
            lines = [line for section in sections for line in self.section(section)]
            if narrow:
                inside = "\n".join(lines)
                yield f"#two-columns({{\n{inside}\n}})"
            else:
                yield from (f"#{line}" for line in lines)

    def section(self, section: Section) -> Iterator[str]:
        if section.title:
            yield f"section({_inline(section.title)})"
        yield from map(self.block, section.blocks)

    def block(self, block: Paragraph | Table | Box | Picture) -> str:
        match block:
            case Paragraph(line):
                return f"paragraph({self.line(line)})"
            case Table():
                return self.table(block)
            case Box():
                return self.box(block)
            case Picture():
                return self.picture(block, A4, OPENING, alone=False)

    def box(self, box: Box) -> str:
        inside = "\n".join(
            f"line-of({self.line(block.line)})" if isinstance(block, Paragraph) else self.table(block)
            for block in box.blocks
        )
        whole = "true" if sum(map(_height, box.blocks)) <= _WHOLE else "false"
        title = self.line(box.title)
        return f"framed({quoted(box.tone)}, {whole}, {title}, {self.line(box.aside) if box.aside else 'none'}, {{\n{inside}\n}})"

    def picture(self, picture: Picture, sheet: Sheet, opening: float, *, alone: bool = True) -> str:
        """Write a picture: ``alone`` it takes what the page has left, above a text no more than it may there."""
        name = picture_file(picture)
        self.pictures[name] = picture.svg.encode()
        alt = quoted(picture.alt[0])
        scale = min(sheet.scale(picture, opening), LARGEST)
        if scale == LARGEST or not alone:
            return f"figure-of({quoted(name)}, {picture.width * scale:.1f}pt, {alt})"
        return f"figure-filling({quoted(name)}, {picture.width / picture.height:.4f}, {alt})"

    def table(self, table: Table) -> str:
        columns = "".join(f"{width}fr, " for width in table.widths)
        heads = "".join(f"{_inline(head)}, " for head in table.heads)
        rows = "\n".join(self.row(row, len(table.widths)) for row in table.rows)
        return f"grid-of({quoted(table.tone)}, ({columns}), ({heads}),\n{rows}\n)"

    def row(self, row: Row, columns: int) -> str:
        cells = [" + linebreak() + ".join(self.line(line) for line in cell if line) or '""' for cell in row.cells]
        span = columns - len(cells) + 1
        first = f"sheet({cells[0]})" if span == 1 else f"table.cell(colspan: {span}, {cells[0]})"
        return ", ".join((first, *(f"sheet({cell})" for cell in cells[1:]))) + ","

    def line(self, line: Line) -> str:
        """Write a line once per language shown, the second below the first."""
        if not line:
            return '""'
        written = [self.runs(line, place) for place in range(len(line[0].words))]
        return written[0] if len(written) == 1 else f"{written[0]} + linebreak() + second({written[1]})"

    def runs(self, line: Line, place: int) -> str:
        return " + ".join(self.run(run, place) for run in line)

    def run(self, run: Run, place: int) -> str:
        text = quoted(run.words[place])
        if run.look in _LOOKS:
            text = f"{_LOOKS[run.look]}({text})"
        return f"leading-to({quoted(run.to or '')}, {text})" if run.to in self.links else text


def _page(sheet: Sheet, body: str) -> str:
    flipped = "true" if sheet.flipped else "false"
    return f"#page(paper: {quoted(sheet.paper)}, flipped: {flipped}, margin: margins, {{\n{body}\n}})"


def _height(block: Paragraph | Table) -> int:
    """Estimate how many lines a block takes."""
    if isinstance(block, Paragraph):
        return 1 + sum(len(run.words[0]) for run in block.line) // (2 * _COLUMNS)
    return 1 + sum(max((_cell_height(cell, row, block) for cell in row.cells), default=1) for row in block.rows)


def _cell_height(cell: Cell, row: Row, table: Table) -> int:
    share = table.widths[row.cells.index(cell)] / sum(table.widths)
    room = max(int(2 * _COLUMNS * share), 4)
    return sum(1 + sum(len(run.words[0]) for run in line) // room for line in cell)


def _inline(said: Words) -> str:
    """Write words for a heading: the second language behind the first."""
    if len(said) == 1:
        return quoted(said[0])
    return f'{quoted(said[0])} + "  " + second({quoted(said[1])})'
