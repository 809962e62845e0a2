"""Collecting the faults of a case: all at once, each with its place in the data and, where there is one, in the file."""

from __future__ import annotations

from collections.abc import Callable

from aftersales.dataclass import dataclass, field
from aftersales.errors import CaseError, CaseShapeError, Diagnostic
from aftersales.source import Span
from aftersales.text import Text, clip

#: Where something stands in the data: keys, and positions from 0.
Path = tuple[str | int, ...]
#: Looks up the place in the file for a place in the data.
Where = Callable[[Path], Span | None]

#: More faults than this are not collected; the first ones are what a person reads.
MOST_FAULTS = 100


@dataclass(slots=True)
class Faults:
    """The faults found so far, in the order of the data."""

    where: Where | None = None
    found: list[tuple[type[CaseError], Diagnostic]] = field(default_factory=list)

    def add(self, kind: type[CaseError], code: str, path: Path, message: Text, hint: Text | None = None) -> None:
        """Note a fault at ``path``; its message begins with the place."""
        if len(self.found) >= MOST_FAULTS:
            return
        place = place_text(path)
        placed = Text(f"{place}：{message.zh}", f"{place}: {message.en}") if place else message
        span = self.where(path) if self.where is not None else None
        self.found.append((kind, Diagnostic(code, placed, span, hint)))

    def raise_found(self) -> None:
        """Raise all faults as one error: of their own kind where all are of one, else a ``CaseShapeError``."""
        if not self.found:
            return
        kinds = {kind for kind, _ in self.found}
        error = kinds.pop() if len(kinds) == 1 else CaseShapeError
        raise error(*(diagnostic for _, diagnostic in self.found))


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the data, and where its faults go."""

    faults: Faults
    path: Path = ()

    def at(self, key: str | int) -> Place:
        """Return the place one step further in."""
        return Place(self.faults, (*self.path, key))

    def fault(
        self, code: str, message: Text, *, kind: type[CaseError] = CaseShapeError, hint: Text | None = None
    ) -> None:
        """Note a fault here."""
        self.faults.add(kind, code, self.path, message, hint)


def place_text(path: Path) -> str:
    """Return a place as people read it, counting from 1: ``order.lines#2.paid``."""
    text = "".join(f"#{part + 1}" if isinstance(part, int) else f".{clip(part)}" for part in path)
    return text.removeprefix(".")
