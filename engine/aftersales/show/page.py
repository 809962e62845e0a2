"""A page in the terminal: headings, lines and tables that stay readable at 80 columns and without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Words

_NARROWEST = 60
_WIDEST = 110


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line to stop, with its own exit code."""
        raise BrokenPipeError


def terminal(stream: IO[str], *, width: int | None = None, colour: bool | None = None) -> Console:
    """Return a console on ``stream``: 60 to 110 columns, coloured only on a terminal that wants it.

    ``width`` (columns) and ``colour`` override what the stream says of itself.
    """
    console = _Terminal(
        file=stream, highlight=False, markup=False, emoji=False, force_terminal=colour, no_color=colour is False
    )
    console.width = width or min(max(console.width, _NARROWEST), _WIDEST)
    return console


def clean(text: str) -> str:
    """Return ``text`` with spaces for what does not print: files of strangers must not steer the reader's terminal."""
    return "".join(sign if sign == "\n" or sign.isprintable() else " " for sign in text)


class Page:
    """Writes headings, indented lines and tables to a console; every text is cleaned first."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def title(self, text: str) -> None:
        """Write the page's first line."""
        self._console.print(Words(clean(text), style="bold"))

    def heading(self, text: str) -> None:
        """Write an empty line and a section's heading."""
        self._console.print()
        self._console.print(Words(clean(text), style="bold cyan"))

    def line(self, text: str, *, indent: int = 2, style: str = "") -> None:
        """Write one line, wrapped inside its indent (columns); nothing where the text is empty."""
        if text:
            self._write(Padding(Words(clean(text), style=style), (0, 0, 0, indent), expand=False))

    def verbatim(self, text: str, *, indent: int = 2) -> None:
        """Write lines as they stand, each behind its indent (columns) and never wrapped: what is there to be copied."""
        lines = clean(text).rstrip("\n").split("\n")
        self._console.file.write("".join(f"{' ' * indent}{line}".rstrip(" ") + "\n" for line in lines))

    def item(self, mark: str, text: str, *, indent: int = 2, style: str = "") -> None:
        """Write ``text`` behind ``mark``, wrapped lines standing under the text."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Words(clean(mark)), Words(clean(text), style=style))
        self._write(Padding(grid, (0, 0, 0, indent), expand=False))

    def table(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        right: Iterable[int] = (),
        whole: Iterable[int] = (),
    ) -> None:
        """Write a table with a head line; columns numbered in ``right`` hold figures. Empty columns are left out.

        Neither figures nor what stands in a column of ``whole`` is ever broken.
        """
        cells = [[clean(cell) for cell in row] for row in rows]
        used = [column for column in range(len(heads)) if any(row[column] for row in cells)]
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for column in used:
            figures = column in set(right)
            table.add_column(
                clean(heads[column]),
                justify="right" if figures else "left",
                no_wrap=figures or column in set(whole),
                overflow="fold",
            )
        for row in cells:
            table.add_row(*(Words(row[column]) for column in used))
        self._write(Padding(table, (0, 0, 0, 2), expand=False))

    def _write(self, part: RenderableType) -> None:
        """Write without the blanks that fill the last column."""
        with self._console.capture() as written:
            self._console.print(part)
        self._console.file.write("".join(f"{line.rstrip(' ')}\n" for line in written.get().splitlines()))
