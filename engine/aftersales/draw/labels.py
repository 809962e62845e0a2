"""What stands in a node, as Graphviz' own HTML: tables whose cells are measured with the text in them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Final

from aftersales.draw.graph import Graph, Legend, Line, LineKind, Node, NodeKind, Strip, Table, Words
from aftersales.draw.palette import FAINT, GREY, INK, LIT, MAIN, NEXT, PALE, PALE_INK, SOFT, look
from aftersales.draw.wrap import width, wrap

#: Columns (a Chinese character takes two) after which a line is broken.
_CARD_COLUMNS: Final = 36
#: Bold words of 12 points are as wide as more plain ones.
_BOLD_COLUMNS: Final = 32
_FOOT_COLUMNS: Final = 40
_LABEL_COLUMNS: Final = 8
_ROW_COLUMNS: Final = 44
_PILL_COLUMNS: Final = 22
_QUESTION_COLUMNS: Final = 20
_TITLE_COLUMNS: Final = 80

#: About as wide, in points, as the longest label with its margins.
_LABEL_WIDTH: Final = 30
#: So many samples stand in one row of the legend.
_ROW: Final = 6
#: So many empty cells keep a short legend in the middle.
_ASIDE: Final = 10
_PLAIN: Final = 'BORDER="0" CELLPADDING="3"'

_QUIET: Final = frozenset({NodeKind.LATE, NodeKind.STUB})

#: What a card without a strip begins with: it holds the title off the frame, and off the arrow's head on it.
_HELD_OFF: Final = '<TR><TD COLSPAN="2" CELLPADDING="0" HEIGHT="4"></TD></TR>'

#: Graphviz sets lines too close for Chinese: a larger blank at their end holds them apart.
_STRUT: Final = "&#160;"

#: Characters that XML does not allow, and with it Graphviz' labels.
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: How a line's text is set, and what its row is shaded with.
_SHADES: Final = {LineKind.ASK: "#eef2ff", LineKind.CLOCK: "#f3f4f6"}


def card(node: Node) -> str:
    """Return the label of a card, box, desk or end: a strip, the title, and lines in two columns."""
    pale = "pale" in node.marks
    border, color = _border(node)
    ink = PALE_INK if pale else INK
    rows = [
        _strips(node.header, pale=pale) if node.header else _HELD_OFF,
        _row(f"<B>{words(node.title, _BOLD_COLUMNS, 12, ink)}</B>"),
        *_lines(node, pale=pale),
    ]
    return _table(rows, f'BORDER="{border}" CELLPADDING="3" COLOR="{color}" BGCOLOR="#ffffff"')


def pill(node: Node) -> str:
    """Return the label of any smaller node: its title, and lines below it in a smaller size."""
    color = PALE_INK if "pale" in node.marks else SOFT if node.kind in _QUIET else INK
    columns = _QUESTION_COLUMNS if node.kind is NodeKind.QUESTION else _PILL_COLUMNS
    bold = node.main and node.kind not in _QUIET
    said = [(node.title, 10), *((_told(line), 9) for line in node.lines)]
    rows = [
        _row(f"<B>{text}</B>" if bold and number == 0 else text)
        for number, (text, _) in enumerate((words(entry, columns, size, color), size) for entry, size in said)
    ]
    return _table(rows, 'BORDER="0" CELLPADDING="1"')


def heading(graph: Graph) -> str:
    """Return the title block: the flow, its stage and page, the policy's stamp."""
    rows = [_row(f"<B>{words(graph.title, _TITLE_COLUMNS, 20)}</B>")]
    if graph.subtitle:
        rows.append(_row(words(graph.subtitle, _TITLE_COLUMNS, 13)))
    if graph.stamp:
        rows.append(_row(words(graph.stamp, _TITLE_COLUMNS, 9, SOFT)))
    return _table(rows, 'BORDER="0" CELLPADDING="2"')


def footing(graph: Graph) -> str:
    """Return what stands below a picture: its tables and the legend; an empty text where there is none."""
    rows = [_row(_listing(table)) for table in graph.tables]
    rows += [_row(_legend(entry)) for entry in _legend_rows(graph.legend)]
    return _table(rows, 'BORDER="0" CELLPADDING="4"') if rows else ""


def words(said: Words, columns: int, size: int = 11, color: str = INK, align: str = "CENTER") -> str:
    """Break the words into lines; the second language is set in grey."""
    shades = (color, *(SOFT if color == INK else color for _ in said[1:]))
    lines = [
        f'<FONT POINT-SIZE="{size}" COLOR="{shade}">{escaped(line)}</FONT>'
        for entry, shade in zip(said, shades, strict=True)
        for line in wrap(entry, columns)
        if line
    ]
    strut = f'<FONT POINT-SIZE="{size + 2}">{_STRUT}</FONT>'
    return f'<BR ALIGN="{align}"/>'.join((lines[0], *(line + strut for line in lines[1:]))) if lines else " "


def escaped(text: str) -> str:
    """Return a text that can only be text inside a label."""
    return escape(_NO_XML.sub("\ufffd", text)).replace("\\", "&#92;")


def _border(node: Node) -> tuple[int, str]:
    if "lit" in node.marks or "here" in node.marks:
        return 4, LIT
    if "pale" in node.marks:
        return (3 if node.kind is NodeKind.END else 1), PALE
    if "next" in node.marks:
        return 3, NEXT
    thick = {NodeKind.END: 3, NodeKind.BOX: 2, NodeKind.DESK: 2}.get(node.kind, 1)
    return max(thick, 2 if node.main else 1), MAIN if node.main or node.kind is NodeKind.END else SOFT


def _strips(strips: tuple[Strip, ...], *, pale: bool) -> str:
    """Return the strip on top of a card: for each actor a badge with a sign, and the name on its tint."""
    cells = "".join(_strip(strip, pale=pale) for strip in strips)
    return f'<TR><TD COLSPAN="2" CELLPADDING="0"><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2"><TR>{cells}</TR></TABLE></TD></TR>'


def _strip(strip: Strip, *, pale: bool = False) -> str:
    if strip.here:
        return f'<TD BGCOLOR="{LIT}"><B>{words(strip.text, _CARD_COLUMNS, 11, "#ffffff")}</B></TD>'
    if pale or strip.actor is None:
        fill, ink = ("#f8fafc", PALE_INK) if pale else (GREY, INK)
        return f'<TD BGCOLOR="{fill}">{words(strip.text, _CARD_COLUMNS, 10, ink)}</TD>'
    looks = look(strip.actor)
    sign = f'<FONT POINT-SIZE="12" COLOR="{looks.badge}">{looks.sign}</FONT>'
    return f'<TD BGCOLOR="{looks.tint}">{sign} {words(strip.text, _CARD_COLUMNS, 10)}</TD>'


def _lines(node: Node, *, pale: bool) -> Iterator[str]:
    """Lay out the lines of a card; a list of answers is a table of its own, so that its columns are."""
    room = _room(node)
    for kind, lines in groupby(node.lines, key=lambda line: line.kind is LineKind.ROW):
        rows = [_answer(line, pale=pale) if kind else _line(line, room, pale=pale) for line in lines]
        yield from [f'<TR><TD COLSPAN="2" CELLPADDING="0">{_table(rows, _PLAIN)}</TD></TR>'] if kind else rows


def _room(node: Node) -> int:
    """Return how wide the text column must at least be, so that a wide title does not widen that of the labels."""
    titles = [round(width(line) * 6.4) for entry in node.title for line in wrap(entry, _BOLD_COLUMNS)]
    strips = sum(max(width(entry) for entry in strip.text) * 5 + 24 for strip in node.header)
    docked = [line for line in node.lines if line.kind is LineKind.LATE]
    feet = [
        round(width(part) * 4.8)
        for line in docked
        for text in zip(*(entry for entry in (line.label, line.text) if entry), strict=True)
        for part in wrap(" ".join(text), _FOOT_COLUMNS)
    ]
    listed = [line for line in node.lines if line.kind is LineKind.ROW]
    columns = ([line.label for line in listed], [line.text for line in listed])
    rows = sum(max((round(max(map(width, side)) * 5) + 8 for side in entries), default=0) for entries in columns)
    return max([*titles, *feet, strips, rows, _LABEL_WIDTH]) - _LABEL_WIDTH


def _line(line: Line, room: int, *, pale: bool) -> str:
    """Lay out one line of a card: the label in a column of its own, a line without any across both."""
    ink, soft = (PALE_INK, PALE_INK) if pale else (INK, SOFT)
    shade = None if pale else _SHADES.get(line.kind)
    fill = f' BGCOLOR="{shade}"' if shade else ""
    left = f'ALIGN="LEFT" BALIGN="LEFT" VALIGN="TOP"{fill}'
    if line.kind is LineKind.LATE:
        return _docked(line, soft)
    text = words(line.text, _CARD_COLUMNS, 10, ink, "LEFT")
    text = f"<B>{text}</B>" if line.kind is LineKind.ASK else text
    if not line.label:
        return f'<TR><TD COLSPAN="2" {left}>{text}</TD></TR>'
    label = words(line.label, _LABEL_COLUMNS, 9, soft, "LEFT")
    return f'<TR><TD {left}>{label}</TD><TD WIDTH="{room}" {left}>{text}</TD></TR>'


def _docked(line: Line, color: str) -> str:
    """Lay out where a deadline leads: a dashed stub at the foot of its card."""
    told = (
        tuple(f"{label} {text}" for label, text in zip(line.label, line.text, strict=True)) if line.label else line.text
    )
    dashed = f'BORDER="1" STYLE="DASHED" COLOR="{FAINT}"'
    said = words(told, _FOOT_COLUMNS, 9, color, "LEFT")
    return f'<TR><TD COLSPAN="2" ALIGN="LEFT" BALIGN="LEFT" {dashed}>{said}</TD></TR>'


def _answer(line: Line, *, pale: bool) -> str:
    ink = PALE_INK if pale else INK
    left = 'ALIGN="LEFT" BALIGN="LEFT" VALIGN="TOP"'
    cells = (words(entry, _ROW_COLUMNS, 10, ink, "LEFT") for entry in (line.label, line.text))
    return f"<TR>{''.join(f'<TD {left}>{cell}</TD>' for cell in cells)}</TR>"


def _told(line: Line) -> Words:
    return (
        tuple(
            f"{label}{': ' if label.isascii() else '：'}{text}" if label else text
            for label, text in zip(line.label, line.text, strict=True)
        )
        if line.label
        else line.text
    )


def _table(rows: list[str], attributes: str) -> str:
    return f'<TABLE {attributes} CELLBORDER="0" CELLSPACING="0">{"".join(rows)}</TABLE>'


def _row(content: str) -> str:
    return f'<TR><TD COLSPAN="2" ALIGN="CENTER">{content}</TD></TR>'


def _listing(table: Table) -> str:
    rows = [f'<TR><TD COLSPAN="9" ALIGN="LEFT"><B>{words(table.heading, _TITLE_COLUMNS, 10)}</B></TD></TR>']
    left = 'ALIGN="LEFT" BALIGN="LEFT" VALIGN="TOP"'
    for row in table.rows:
        cells = "".join(f"<TD {left}>{words(cell, _TITLE_COLUMNS, 9, align='LEFT')}</TD>" for cell in row)
        rows.append(f"<TR>{cells}</TR>")
    return f'<TABLE BORDER="1" COLOR="{FAINT}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">{"".join(rows)}</TABLE>'


def _legend_rows(legend: Legend) -> list[list[str]]:
    actors = [_strip(strip) for strip in legend.actors]
    samples = [_sample(name, text) for name, text in legend.samples]
    return [*_in_rows(actors), *_in_rows(samples)]


def _in_rows(cells: list[str]) -> list[list[str]]:
    """Return cells in as few rows as hold them, all about as long."""
    rows = math.ceil(len(cells) / _ROW)
    size = math.ceil(len(cells) / rows) if rows else 1
    return [cells[start : start + size] for start in range(0, len(cells), size)]


def _legend(cells: list[str]) -> str:
    """Lay out one row of the legend; empty cells on both sides take what room the page has more."""
    aside = "<TD></TD>" * _ASIDE
    spaced = aside + "<TD> </TD>".join(cells) + aside
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"><TR>{spaced}</TR></TABLE>'


def _sample(name: str, text: Words) -> str:
    style = _SAMPLES.get(name, "")
    said = words(text, _TITLE_COLUMNS, 9, SOFT)
    return f'<TD><TABLE CELLBORDER="0" CELLSPACING="0" CELLPADDING="2" {style}><TR><TD>{said}</TD></TR></TABLE></TD>'


#: A small box in the style of each mark.
_SAMPLES: Final = {
    "lit": f'BORDER="3" COLOR="{LIT}"',
    "next": f'BORDER="2" COLOR="{NEXT}"',
    "pale": f'BORDER="1" COLOR="{PALE}"',
    "main": f'BORDER="3" COLOR="{MAIN}"',
    "question": f'BORDER="1" COLOR="{SOFT}" BGCOLOR="#eef2ff"',
    "answer": f'BORDER="1" STYLE="ROUNDED" COLOR="{FAINT}"',
    "late": f'BORDER="1" STYLE="DASHED" COLOR="{FAINT}"',
    "stub": f'BORDER="1" STYLE="DASHED" COLOR="{FAINT}"',
    "box": f'BORDER="2" COLOR="{SOFT}"',
    "flow": f'BORDER="1" COLOR="{SOFT}" BGCOLOR="{GREY}"',
    "page": f'BORDER="1" COLOR="{SOFT}" BGCOLOR="#dbeafe"',
    "end": f'BORDER="3" COLOR="{MAIN}"',
}
