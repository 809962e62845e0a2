"""What is read and compiled when it is first looked at: no decision needs the laws of a policy."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Unread(Mapping[str, T]):
    """A mapping that is made when it is first looked at, once, also where threads share it."""

    __slots__ = ("_lock", "_made", "_make")

    def __init__(self, make: Callable[[], Mapping[str, T]]) -> None:
        self._make = make
        self._made: Mapping[str, T] | None = None
        self._lock = RLock()

    def __getitem__(self, key: str) -> T:
        return self._all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (dict(self._all()),)

    def _all(self) -> Mapping[str, T]:
        with self._lock:
            if self._made is None:
                self._made = self._make()
                del self._make  # and all that it was made of
            return self._made
