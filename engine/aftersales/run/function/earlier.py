"""Generated functions kept for a later start of the same policy: their code, and how what they look at is made again."""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from contextlib import suppress
from types import CodeType
from typing import Any, Final, NamedTuple

from aftersales.run.function.constants import made, recipe
from aftersales.run.function.nodes import Nodes, Way
from aftersales.text import pattern

#: Functions by their names, and under ``NODES`` what they have in common, as bytes.
Codes = Mapping[str, bytes]
#: Nothing that was written for an earlier start.
NO_CODES: Final[Codes] = {}
NODES: Final = ""
#: What is wrong with bytes that hold no function.
_DAMAGED: Final = (ValueError, EOFError, TypeError, KeyError, IndexError)
_CONSTANT: Final = pattern(r"C\d+")


class Ready(NamedTuple):
    """A function that can be put in its place: its code, the constants it may look at, and what it calls."""

    code: CodeType
    constants: Mapping[str, object]
    called: tuple[str, ...]


class Earlier:
    """What an earlier start left: the ways to its nodes, how many constants it had, and functions."""

    def __init__(self, codes: Codes) -> None:
        self.ways: tuple[Way, ...] = ()
        self.constants = 0
        self._codes: Codes = NO_CODES
        self._made: dict[str, object] = {}
        with suppress(*_DAMAGED):
            self.ways, self.constants = _shared(codes[NODES])
            self._codes = codes

    def function(self, name: str, nodes: Nodes) -> Ready | None:
        """Return a function that was kept; ``None`` where there is none, or it is damaged."""
        kept = self._codes.get(name)
        if kept is None:
            return None
        try:
            code, recipes, called = marshal.loads(kept)  # noqa: S302 (what is kept is sealed: see ``policy.kept``)
            if not isinstance(code, CodeType):
                return None
            for constant, how in recipes.items():
                if constant not in self._made:
                    self._made[constant] = made(how, nodes)
            return Ready(code, {constant: self._made[constant] for constant in recipes}, called)
        except _DAMAGED:
            return None

    def joined(self, fresh: Mapping[str, Ready], nodes: Nodes, constants: int) -> dict[str, bytes]:
        """Return what was kept with what was written since; a function of which not all can be kept is left out."""
        codes = {**self._codes, NODES: marshal.dumps((tuple(nodes.ways), self.constants + constants))}
        for name, ready in fresh.items():
            with suppress(ValueError):
                codes[name] = _kept(ready)
        return codes


def _shared(kept: bytes) -> tuple[tuple[Way, ...], int]:
    ways, constants = marshal.loads(kept)  # noqa: S302 (as above)
    return ways, constants + 0


def _kept(ready: Ready) -> bytes:
    """Return a function as bytes. Raises ValueError where it looks at what cannot be made again."""
    looked_at = [name for name in _names(ready.code) if _CONSTANT().fullmatch(name)]
    recipes: dict[str, Any] = {name: recipe(ready.constants[name]) for name in looked_at}
    return marshal.dumps((ready.code, recipes, ready.called))


def _names(code: CodeType) -> list[str]:
    """Return every name that a code, or one inside it, looks up."""
    inside = (name for part in code.co_consts if isinstance(part, CodeType) for name in _names(part))
    return [*code.co_names, *inside]
