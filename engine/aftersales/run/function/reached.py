"""What a trail comes to, as a plain tuple: a first decision does without the library that makes an ``Answer`` fast."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

#: A mapping without entries that nobody can write to; answers share it.
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
NO_FEN: Final[Mapping[str, int | None]] = MappingProxyType({})


class Reached(NamedTuple):
    """Where a case stands at the end of its trail and what it comes to: the fields of an ``Answer``, in their order."""

    state: str
    outcome: str | None
    liable: str
    borne: Mapping[str, str]
    fen: Mapping[str, int | None]
    need: str | None
    error: str | None

    def asking(self, need: str | None) -> Reached:
        """Return the same with another question."""
        return self._replace(need=need)
