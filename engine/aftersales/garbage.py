"""Python's search for garbage, put off while many things are made that all stay."""

from __future__ import annotations

import gc


class PutOff:
    """A ``with`` block during which no garbage is looked for; what is garbage by then is found later, as ever.

    ``stays``: what was made counts as old at once, where nothing of the process is kept from the search for good.
    Else the next search, which looks through what is new only, would go through all of it.
    """

    __slots__ = ("_collecting", "_stays")

    def __init__(self, *, stays: bool = False) -> None:
        self._stays = stays

    def __enter__(self) -> None:
        self._collecting = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._collecting:
            if self._stays and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # to the oldest things: no search, and nothing is kept from later ones
            gc.enable()
