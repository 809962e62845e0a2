"""A line that moves while something long goes on: only on a terminal, and gone when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aftersales.show.page import clean


class Line:
    """What the work tells: how much is done of how much, and what it is at; nothing happens where nobody looks."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._task = None if progress is None else progress.add_task("", total=None)

    def at(self, done: int, of: int, what: str = "") -> None:
        """Show that ``done`` of ``of`` are done."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=of, description=clean(what))
            self._progress.refresh()


@contextmanager
def progress_on(stream: IO[str], *, wanted: bool | None = None) -> Iterator[Line]:
    """Yield the line that moves on ``stream``; ``wanted`` (default: whether it is a terminal) says whether it is shown.

    It is written anew only when told to: no thread runs beside the work, which may fork.
    """
    if not (stream.isatty() if wanted is None else wanted):
        yield Line()
        return
    console = Console(file=stream, force_terminal=wanted)
    columns = (BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        yield Line(progress)
