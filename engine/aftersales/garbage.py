"""Python's search for garbage, put off while many things are made that all stay."""

from __future__ import annotations

import gc


class PutOff:
    """A ``with`` block during which no garbage is looked for; what is garbage by then is found later, as ever."""

    __slots__ = ("_collecting",)

    def __enter__(self) -> None:
        self._collecting = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._collecting:
            gc.enable()
