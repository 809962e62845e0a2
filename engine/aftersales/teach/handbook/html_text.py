"""A handbook as one HTML page that needs nothing else: no script, no network, pictures inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Final

from aftersales.teach.handbook import model
from aftersales.teach.handbook.setting import in_each_language, shown, span_of_first

_LOOKS: Final = {model.Look.STRONG: "b", model.Look.QUIET: 'span class="quiet"', model.Look.TAG: 'span class="tag"'}
#: Pictures wider than this (points) are scrolled rather than shrunk.
_WIDE: Final = 900
#: What an SVG carries for itself: declaration, comments, tooltips, and names that would stand twice in one page.
_SVG_FRAME: Final = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<title>.*?</title>", re.DOTALL)
_SVG_ID: Final = re.compile(r'(<(?:g|a|svg)\b[^>]*?) id="[^"]*"')


def html_page(book: model.Book) -> bytes:
    """Return the book as one page in UTF-8; the same book gives the same bytes."""
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    lang = "en" if book.lang == "en" else "zh-CN"
    head = (
        "<!DOCTYPE html>",
        f'<html lang="{lang}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(book.title[0])}</title>",
        f"<style>\n{style}</style>",
        "</head>",
        "<body>",
    )
    lines = (
        *head,
        *_cover(book),
        *_contents(book),
        "<main>",
        *_chapters(book),
        "</main>",
        _foot(book),
        "</body>",
        "</html>",
    )
    return ("\n".join(lines) + "\n").encode()


def _text(text: str) -> str:
    return escape(shown(text))


def _cover(book: model.Book) -> Iterator[str]:
    rows = "".join(f"<dt>{_words(name)}</dt><dd>{_words(value)}</dd>" for name, value in book.cover)
    yield f'<header><h1>{_words(book.title)}</h1><p class="quiet">{_words(book.subtitle)}</p>'
    yield f'<dl class="about">{rows}</dl>'


def _contents(book: model.Book) -> Iterator[str]:
    yield f"<nav><h2>{_words(book.contents)}</h2>"
    for part in book.parts:
        yield f"<p>{_words(part.title)}</p><ol>"
        for chapter in part.chapters:
            number = f'<span class="number">{chapter.number}</span>'
            yield f'<li><a href="#{_text(chapter.anchor)}">{number}{_words(chapter.title)}</a></li>'
        yield "</ol>"
    yield "</nav></header>"


def _foot(book: model.Book) -> str:
    return f"<footer>{_text(book.stamp)}</footer>"


def _chapters(book: model.Book) -> Iterator[str]:
    for part in book.parts:
        for place, chapter in enumerate(part.chapters):
            yield from _chapter(chapter, part if place == 0 else None)


def _chapter(chapter: model.Chapter, opens: model.Part | None) -> Iterator[str]:
    yield f'<section class="chapter" id="{_text(chapter.anchor)}">'
    if opens is not None:
        yield f'<p class="part">{_words(opens.title)}</p>'
    yield f'<h2><span class="number">{chapter.number}</span>{_words(chapter.title)}</h2>'
    yield from map(_block, chapter.lead)
    for section in chapter.sections:
        yield from _section(section)
    yield "</section>"


def _section(section: model.Section) -> Iterator[str]:
    if section.title:
        yield f"<h3>{_words(section.title)}</h3>"
    yield from map(_block, section.blocks)


def _block(block: model.Paragraph | model.Table | model.Box | model.Picture) -> str:
    match block:
        case model.Paragraph(line):
            return f"<p>{_line(line)}</p>"
        case model.Table():
            return _table(block)
        case model.Box():
            return _box(block)
        case model.Picture():
            return _picture(block)


def _box(box: model.Box) -> str:
    anchor = f' id="{_text(box.anchor)}"' if box.anchor else ""
    aside = f'<span class="aside">{_line(box.aside)}</span>' if box.aside else ""
    inside = "\n".join(map(_block, box.blocks))
    return f'<div class="box {box.tone}"{anchor}><h4><span>{_line(box.title)}</span>{aside}</h4><div>\n{inside}\n</div></div>'


def _table(table: model.Table) -> str:
    whole = sum(table.widths)
    columns = "".join(f'<col style="width:{100 * width / whole:.1f}%">' for width in table.widths)
    heads = "".join(f'<th scope="col">{_words(head)}</th>' for head in table.heads)
    head = f"<thead><tr>{heads}</tr></thead>" if table.heads else ""
    rows = "\n".join(_row(row, len(table.widths)) for row in table.rows)
    return (
        f'<div class="scroll"><table class="{table.tone}"><colgroup>{columns}</colgroup>{head}'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(row: model.Row, columns: int) -> str:
    anchor = f' id="{_text(row.anchor)}"' if row.anchor else ""
    span = span_of_first(row, columns)
    first = f' colspan="{span}"' if span > 1 else ""
    cells = "".join(f"<td{first if place == 0 else ''}>{_cell(cell)}</td>" for place, cell in enumerate(row.cells))
    return f"<tr{anchor}>{cells}</tr>"


def _cell(cell: model.Cell) -> str:
    return "".join(f"<div>{_line(line)}</div>" for line in cell if line)


def _line(line: model.Line) -> str:
    """Write a line once per language shown, the second below the first."""
    return _one_below_the_other(["".join(_run(*run) for run in runs) for runs in in_each_language(line)])


def _run(run: model.Run, said: str) -> str:
    text = _text(said)
    if run.look in _LOOKS:
        tag = _LOOKS[run.look]
        text = f"<{tag}>{text}</{tag.split()[0]}>"
    return f'<a href="#{_text(run.to)}">{text}</a>' if run.to else text


def _words(said: model.Words) -> str:
    return _one_below_the_other(list(map(_text, said)))


def _one_below_the_other(written: list[str]) -> str:
    return "".join(written[:1] + [f'<span class="second" lang="en">{second}</span>' for second in written[1:]])


def _picture(picture: model.Picture) -> str:
    svg = _SVG_ID.sub(r"\1", _SVG_FRAME.sub("", picture.svg)).strip()
    alt = _text(picture.alt[0])
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)
    return f'<figure class="{"wide" if picture.width > _WIDE else "fits"}">\n{svg}\n</figure>'
