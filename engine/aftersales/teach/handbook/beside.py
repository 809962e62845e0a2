"""Work done beside what the process itself does: in a process of its own, which has all that this one has."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Final, Generic, TypeVar

from aftersales.errors import Diagnostic, DrawingError
from aftersales.text import Text

Found = TypeVar("Found")

_FORK: Final = "fork"
_LOST: Final = Diagnostic(
    "drawing_failed",
    Text("画图的进程中途退出了，多半是内存不够", "the process that drew was ended, most likely for want of memory"),
)


class _Told(Generic[Found]):
    """What comes out of another process, one thing after another, asked for once or often."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._there: list[Found] = []
        self._fault: DrawingError | None = None

    def __call__(self, place: int) -> Found:
        """Wait until it is there. Raises ``DrawingError`` where the work did before, or where its process was ended."""
        while len(self._there) <= place:
            if self._fault is None:
                self._wait()
            if self._fault is not None:
                raise self._fault
        return self._there[place]

    def _wait(self) -> None:
        try:
            found, self._fault = self._connection.recv()
        except EOFError:
            raise DrawingError(_LOST) from None
        self._there += found


@contextmanager
def beside(work: Callable[[], Iterator[Found]]) -> Iterator[Callable[[int], Found]]:
    """Do ``work`` while the block runs, where the system can fork in another process; what is given waits for its nth result.

    That process begins with everything that this one has made so far, so nothing is handed over to it; every result is
    told as soon as it is there. Waiting raises the ``DrawingError`` that the work raised.
    """
    if _FORK in multiprocessing.get_all_start_methods():
        with _forked(work) as told:
            yield told
    else:
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(lambda: tuple(work()))
            yield lambda place: done.result()[place]


@contextmanager
def _forked(work: Callable[[], Iterator[Found]]) -> Iterator[_Told[Found]]:
    context = multiprocessing.get_context(_FORK)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(work, here, there))
    process.start()
    there.close()
    try:
        yield _Told(here)
    finally:
        here.close()
        process.join()


def _tell(work: Callable[[], Iterator[Found]], here: Connection, there: Connection) -> None:
    """Do the work and tell what comes out, or what was raised; nobody may listen any more."""
    here.close()
    with suppress(BrokenPipeError):
        try:
            for found in work():
                there.send(((found,), None))
        except DrawingError as raised:
            there.send(((), raised))
