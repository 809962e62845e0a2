"""What a handbook says, block by block and line by line."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.teach.handbook.model import Book, Box, Chapter, Line, Paragraph, Picture, Run, Table


def blocks(chapter: Chapter) -> Iterator[Paragraph | Table | Box | Picture]:
    """Yield every block of a chapter, those inside boxes too."""
    for block in (*chapter.lead, *(block for section in chapter.sections for block in section.blocks)):
        yield block
        if isinstance(block, Box):
            yield from block.blocks


def lines(chapter: Chapter) -> Iterator[Line]:
    """Yield every line of a chapter in order."""
    for block in blocks(chapter):
        match block:
            case Paragraph(line):
                yield line
            case Table():
                yield from (line for row in block.rows for cell in row.cells for line in cell)
            case Box():
                yield block.title
                yield block.aside
            case Picture():
                pass


def runs(chapter: Chapter) -> Iterator[Run]:
    """Yield every run of words of a chapter."""
    yield from (run for line in lines(chapter) for run in line)


def text(chapter: Chapter, lang: int = 0) -> str:
    """Return all words of a chapter, a line each; ``lang`` counts the languages shown."""
    return "\n".join("".join(run.words[lang] for run in line) for line in lines(chapter))


def tables(chapter: Chapter, tone: str) -> tuple[Table, ...]:
    """Return the tables of one tone."""
    return tuple(block for block in blocks(chapter) if isinstance(block, Table) and block.tone == tone)


def chapter_of(book: Book, title: str) -> Chapter:
    """Return the chapter of this title."""
    return next(chapter for chapter in book.chapters if chapter.title[0] == title)
