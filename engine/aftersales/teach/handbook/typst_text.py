"""A handbook as Typst: text in which every word of the policy is a quoted string, so that none of it is markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Final

from aftersales.draw.wrap import width
from aftersales.teach.handbook import model
from aftersales.teach.handbook.setting import in_each_language, shown, span_of_first
from aftersales.teach.handbook.sheets import A4, LARGEST, Sheet, sheet_for
from aftersales.teach.handbook.svg_words import PlacedWord, taken_apart

_LOOKS: Final = {model.Look.STRONG: "loud", model.Look.QUIET: "quiet", model.Look.TAG: "tag"}
#: A box of at most so many lines is kept on one page.
_WHOLE: Final = 20
#: The last box of a section is kept on one page up to so many lines, for its rest would stand there alone.
_LAST_WHOLE: Final = 34
#: The last two boxes of a section stay together where they take at most so many lines, and so do a box's last tables.
_PAIR: Final = 20
#: So many letters fill a line of a box, and of its tables; a Chinese character takes the room of two.
_COLUMNS: Final = 112
_TABLE_COLUMNS: Final = 116
#: What a chapter's title takes, and each line below it, in points.
_TITLE: Final = 40
_LINE: Final = 14
#: A picture that takes no more than this share of a page shares it with what follows.
_SHARED: Final = 0.7
#: A table of at most so many lines in a few rows is kept on one page; of a longer one the last two rows are, and the
#: first two where they are short enough for the room that this may leave empty.
_SHORT: Final = 12
_HELD: Final = 20
_FEW_ROWS: Final = 4
_FIRST: Final = 2
_LAST: Final = 2

#: Typst sets these without their blank half where a line begins with one.
_OPENING: Final = tuple("“‘《〈「『【〖〔（［｛")

_Block = model.Paragraph | model.Table | model.Box | model.Picture


def typst_files(book: model.Book, fonts: tuple[str, ...]) -> dict[str, bytes]:
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
    return '"' + shown(text).replace("\\", "\\\\").replace('"', '\\"').replace("_", "_\\u{200b}") + '"'


def picture_file(picture: model.Picture) -> str:
    """Return what the file of a picture is called: by what it shows, so that it is the same file wherever it stands."""
    return f"{sha256(picture.svg.encode()).hexdigest()[:16]}.svg"


def _cover(book: model.Book) -> str:
    rows = "".join(f"({_inline(name)}, {_inline(value)}), " for name, value in book.cover)
    return f"#cover({_inline(book.title)}, {_inline(book.subtitle)}, ({rows}))"


@dataclass(slots=True)
class _Writer:
    """Writes blocks and collects the pictures that they show.

    On paper a link is worth little, and thousands of them take Typst seconds: only ``links`` lead somewhere.
    """

    links: frozenset[str]
    pictures: dict[str, bytes] = field(default_factory=dict)

    def parts(self, book: model.Book) -> Iterator[str]:
        for part in book.parts:
            for number, chapter in enumerate(part.chapters):
                yield from self.chapter(chapter, part if number == 0 else None)

    def chapter(self, chapter: model.Chapter, opens: model.Part | None) -> Iterator[str]:
        """Write a chapter: its first page is as large as its first picture needs; without one it needs no page of its own."""
        pictures = [block for block in chapter.lead if isinstance(block, model.Picture)]
        opening = _opening(chapter, opens)
        sheet = sheet_for(pictures[0], opening) if pictures else A4
        part = f"part({_inline(opens.title)})\n" if opens else ""
        title = tuple(f"{chapter.number}  {word}" if place == 0 else word for place, word in enumerate(chapter.title))
        yield f"#begin({_inline(title)})"
        lead = "\n".join(self.block(block) for block in chapter.lead if isinstance(block, model.Paragraph))
        first = f"{part}chapter({quoted(chapter.anchor)}, {_inline(title)})\n{lead}\n"
        if pictures and (sheet != A4 or _fills(pictures[0], opening)):
            yield _page(sheet, first + self.picture(pictures[0], sheet, opening))
        else:
            follows = opens is None and not pictures
            yield ("" if follows else "#pagebreak(weak: true)\n") + f"#{{\n{first}}}"
            yield from (f"#{self.picture(picture, A4, opening, alone=False)}" for picture in pictures[:1])
        yield from map(self.next_picture, pictures[1:])
        for narrow, sections in groupby(chapter.sections, key=lambda section: section.narrow):
            lines = [line for section in sections for line in self.section(section)]
            if narrow:
                inside = "\n".join(lines)
                yield f"#two-columns({{\n{inside}\n}})"
            else:
                yield from (f"#{line}" for line in lines)

    def next_picture(self, picture: model.Picture) -> str:
        """Write a picture behind others: on a page of its own, unless it leaves enough of one for what follows."""
        sheet = sheet_for(picture, 0)
        if sheet == A4 and not _fills(picture, 0):
            return f"#{self.picture(picture, sheet, 0, alone=False)}"
        return _page(sheet, self.picture(picture, sheet, 0))

    def section(self, section: model.Section) -> Iterator[str]:
        if section.title:
            yield f"section({_inline(section.title)})"
        *others, last = section.blocks
        written = [*map(self.block, others), self.closing(last)]
        yield from _paired(section.blocks, written)

    def closing(self, last: _Block) -> str:
        """Write the last block of a section."""
        match last:
            case model.Paragraph(line):
                return f"closing({self.line(line)})"
            case model.Box():
                return self.box(last, _LAST_WHOLE)
        return self.block(last)

    def block(self, block: _Block) -> str:
        match block:
            case model.Paragraph(line):
                return f"paragraph({self.line(line)})"
            case model.Table():
                return self.table(block)
            case model.Box():
                return self.box(block)
            case model.Picture():
                return self.picture(block, A4, 0, alone=False)

    def box(self, box: model.Box, most: int = _WHOLE) -> str:
        """Write a box, on one page if it has no more lines than ``most``."""
        lines = [block for block in box.blocks if isinstance(block, model.Paragraph)]
        said = "\n".join(f"line-of({self.line(block.line)})" for block in lines)
        tables = [block for block in box.blocks if isinstance(block, model.Table)]
        written = _paired(tables, [self.table(table) for table in tables])
        inside = "\n".join([f"together({{\n{said}\n}})"] * bool(lines) + [*written])
        again = f"again: {self.line(box.again or box.title)}, " if _height(box) > most else ""
        aside = self.line(box.aside) if box.aside else "none"
        return f"framed({quoted(box.tone)}, {self.line(box.title)}, {aside}, {again}{{\n{inside}\n}})"

    def picture(self, picture: model.Picture, sheet: Sheet, opening: float, *, alone: bool = True) -> str:
        """Write a picture: ``alone`` it takes what the page has left, above a text no more than it may there."""
        name = picture_file(picture)
        shapes, words = taken_apart(picture.svg)
        self.pictures[name] = shapes.encode()
        size = f"({picture.width:g}pt, {picture.height:g}pt)"
        drawn = f"({quoted(name)}, {size}, {quoted(picture.alt[0])}, {{\n{_placed(words)}\n}})"
        scale = min(sheet.scale(picture, opening), sheet.largest)
        if scale == sheet.largest or not alone:
            return f"figure-of({scale:.4f}, {drawn})"
        return f"figure-filling({drawn})"

    def table(self, table: model.Table) -> str:
        columns = "".join(f"{width}fr, " for width in table.widths)
        heads = "".join(f"{_inline(head)}, " for head in table.heads)
        written = [self.row(row, len(table.widths)) for row in table.rows]
        short = len(written) <= _FEW_ROWS and _height(table) <= _SHORT
        whole = short or len(written) <= _LAST
        heights = [_row_height(row, table) for row in table.rows[:_FIRST]]
        held = _FIRST if not whole and len(written) >= _FIRST + _LAST and sum(heights) <= _HELD else 0
        rows = "\n".join(written if whole else written[held:-_LAST])
        first = f"first: (\n{chr(10).join(written[:held])}\n), " if held else ""
        last = "" if whole else f"last: (\n{chr(10).join(written[-_LAST:])}\n), "
        return f"grid-of({quoted(table.tone)}, ({columns}), ({heads}), whole: {'true' if whole else 'false'}, {first}{last}\n{rows}\n)"

    def row(self, row: model.Row, columns: int) -> str:
        cells = [" + linebreak() + ".join(self.line(line) for line in cell if line) or '""' for cell in row.cells]
        span = span_of_first(row, columns)
        first = f"sheet({cells[0]})" if span == 1 else f"table.cell(colspan: {span}, {cells[0]})"
        return ", ".join((first, *(f"sheet({cell})" for cell in cells[1:]))) + ","

    def line(self, line: model.Line) -> str:
        """Write a line once per language shown, the second below the first."""
        written = [" + ".join(self.run(*run) for run in runs) for runs in in_each_language(line)]
        return " + linebreak() + ".join(written[:1] + [f"second({second})" for second in written[1:]]) or '""'

    def run(self, run: model.Run, said: str) -> str:
        text = quoted(said)
        if run.look in _LOOKS:
            text = f"{_LOOKS[run.look]}({text})"
        return f"leading-to({quoted(run.to or '')}, {text})" if run.to in self.links else text


def _placed(words: Sequence[PlacedWord]) -> str:
    """Write the words of a picture where they stand in it."""
    return "\n".join(
        f'{"bold-word" if word.bold else "word"}({word.left:.2f}pt, {word.foot:.2f}pt, {word.size:g}pt, "{word.ink}", {_uncut(word.said)})'
        for word in words
    )


def _uncut(said: str) -> str:
    return f"bracket + {quoted(said)}" if said.startswith(_OPENING) else quoted(said)


def _page(sheet: Sheet, body: str) -> str:
    flipped = "true" if sheet.flipped else "false"
    return f"#page(paper: {quoted(sheet.paper)}, flipped: {flipped}, margin: {sheet.margins}, {{\n{body}\n}})"


def _opening(chapter: model.Chapter, opens: model.Part | None) -> float:
    """Estimate what a chapter's title and first lines take of a page, in points."""
    lines = sum(_height(block) for block in chapter.lead if isinstance(block, model.Paragraph))
    return _TITLE + _LINE * (lines + (opens is not None))


def _fills(picture: model.Picture, opening: float) -> bool:
    """Tell whether a picture leaves nothing of an A4 page, behind its first ``opening`` points, to what follows."""
    return picture.height * min(A4.scale(picture, opening), LARGEST) > _SHARED * (A4.height - opening)


def _paired(blocks: Sequence[_Block], written: list[str]) -> Iterator[str]:
    """Yield blocks as they are written; the last two in one that is not broken, unless that would be a long one."""
    pair = blocks[-_LAST:]
    pictured = any(isinstance(block, model.Picture) for block in pair)
    kept = len(pair) == _LAST and not pictured and sum(map(_height, pair)) <= _PAIR
    yield from written[:-_LAST] if kept else written
    if kept:
        yield "kept({\n" + "\n".join(written[-_LAST:]) + "\n})"


def _height(block: _Block) -> int:
    """Estimate how many lines a block of text takes; a picture takes none."""
    match block:
        case model.Paragraph(line):
            return 1 + _width(line) // _COLUMNS
        case model.Table(rows=rows):
            return 1 + sum(_row_height(row, block) for row in rows)
        case model.Box(blocks=blocks):
            return 1 + sum(map(_height, blocks))
        case _:
            return 0


def _row_height(row: model.Row, table: model.Table) -> int:
    return max((_cell_height(cell, row, table) for cell in row.cells), default=1)


def _width(line: model.Line) -> int:
    return sum(width(run.words[0]) for run in line)


def _cell_height(cell: model.Cell, row: model.Row, table: model.Table) -> int:
    share = table.widths[row.cells.index(cell)] / sum(table.widths)
    room = max(int(_TABLE_COLUMNS * share) - 2, 4)
    return sum(1 + _width(line) // room for line in cell)


def _inline(said: model.Words) -> str:
    """Write words for a heading: the second language behind the first."""
    if len(said) == 1:
        return quoted(said[0])
    return f'{quoted(said[0])} + "  " + second({quoted(said[1])})'
