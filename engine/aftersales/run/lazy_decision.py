"""A decision of which each part is worked out when it is first looked at; equal in everything to one made at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from aftersales.dataclass import names_of
from aftersales.run.decision import Decision

#: Works one part of a decision out, by the name of its field.
Part = Callable[[str], object]


class LazyDecision(Decision):
    """A decision that is told its parts by ``part`` as they are looked at; from then on it holds them.

    Where the decision is compared, copied or shown whole, all parts are worked out.
    """

    __slots__ = ("_part",)

    _part: Part

    @classmethod
    def of(cls, part: Part, known: Mapping[str, object]) -> LazyDecision:
        """Return a decision that holds the ``known`` parts and asks ``part`` for the others."""
        made = cls.__new__(cls)
        _set(made, "_part", part)
        for name, value in known.items():
            _set(made, name, value)
        return made

    def __getattr__(self, name: str) -> Any:
        if name not in _NAMES:
            raise AttributeError(name)
        value = self._part(name)
        _set(self, name, value)
        return value

    def whole(self) -> Decision:
        """Return the decision with all its parts, as one made at once."""
        return Decision(*(getattr(self, name) for name in _NAMES))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LazyDecision):
            return self.whole() == other.whole()
        return self.whole() == other if isinstance(other, Decision) else NotImplemented

    __hash__ = Decision.__hash__

    def __repr__(self) -> str:
        return repr(self.whole())

    def __reduce__(self) -> tuple[object, ...]:
        return Decision, tuple(getattr(self, name) for name in _NAMES)


_set: Final = object.__setattr__
_NAMES: Final = names_of(Decision)
