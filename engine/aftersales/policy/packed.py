"""A policy as bytes: its head, and apart from it what a start seldom needs as a whole, put together when it is looked at.

A case comes through a few states of a policy; the others, and the laws or the actions, are left as bytes until somebody
looks at them. Only the classes that a policy is made of are ever put together.
"""

from __future__ import annotations

import importlib
import io
import pickle
from _thread import RLock
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from enum import Enum
from typing import Any, Final, TypeVar

from aftersales.dataclass import dataclass, is_dataclass, names_of, replace
from aftersales.garbage import PutOff
from aftersales.policy.model import Policy
from aftersales.source import Source
from aftersales.syntax.files import PolicyFile

#: What a policy is made of, besides texts, numbers and their like.
_ROOMS: Final = ("aftersales.expr.", "aftersales.policy.", "aftersales.source", "aftersales.text")
_FOREIGN: Final = frozenset({
    ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"), ("datetime", "timedelta"),
    ("datetime", "timezone"), ("fractions", "Fraction"),
})  # fmt: skip
#: The mappings that are put together when they are looked at: one value at a time, or all that they hold.
_EACH: Final = frozenset({"states"})
_APART: Final = (*_EACH, "actions", "laws", "sources")

_T = TypeVar("_T")
#: The keys of a mapping, in order, with the number of the part that holds the value of each.
Keys = dict[str, int]


class Loaded(dict[str, _T]):
    """A mapping of which every value was put together."""

    __slots__ = ("_keys", "_lock", "_put_together")

    def __init__(self, keys: Keys, put_together: Callable[[int], Mapping[str, _T]]) -> None:
        super().__init__()
        self._keys = keys
        self._put_together = put_together
        self._lock = RLock()

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (dict(self.items()),)


class Later(Loaded[_T]):
    """A mapping of which a value is put together, with all others of its part, when it is first looked at.

    It is equal to the mapping that it stands for, in that one's order, and may be shared between threads.
    """

    __slots__ = ()

    def __missing__(self, key: str) -> _T:
        part = self._keys[key]
        with self._lock:
            if not dict.__contains__(self, key):
                self.update(self._put_together(part))
            return dict.__getitem__(self, key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __eq__(self, other: object) -> bool:
        return dict.__eq__(self._whole(), other._whole() if isinstance(other, Later) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return dict.__repr__(self._whole())

    def keys(self) -> Any:
        """Return the keys; nothing is put together for them."""
        return self._keys.keys()

    def values(self) -> ValuesView[_T]:  # type: ignore[override]
        """Return all values."""
        return dict.values(self._whole())

    def items(self) -> ItemsView[str, _T]:  # type: ignore[override]
        """Return all keys with their values."""
        return dict.items(self._whole())

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value under ``key``, or ``default``."""
        return self[key] if key in self._keys else default

    def _whole(self) -> Loaded[_T]:
        """Put everything together, in its order, and be an ordinary mapping from then on."""
        with self._lock:
            if isinstance(self, Later):
                whole = {key: self[key] for key in self._keys}
                self.clear()
                self.update(whole)
                self.__class__ = Loaded  # type: ignore[assignment]
        return self


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Writer(pickle.Pickler):
    """Writes a part; each object of ours as its class and the values of its fields, each file as its number."""

    def __init__(self, file: io.BytesIO, files: dict[int, tuple[int, Source]]) -> None:
        super().__init__(file, protocol=5)
        self._files = files

    def persistent_id(self, made: object) -> int | None:
        if not isinstance(made, Source):
            return None
        return self._files.setdefault(id(made), (len(self._files), made))[0]

    def reducer_override(self, made: object) -> Any:
        if is_dataclass(type(made)):
            return type(made), tuple(getattr(made, name) for name in names_of(made))
        # Before 3.11.4 Python looks a member up by its name, with a function that is none of ours.
        if isinstance(made, Enum):
            return type(made), (made.value,)
        return NotImplemented


@dataclass(frozen=True, slots=True)
class Packed:
    """A policy, and the code of functions that were generated from it, by what stands for their texts."""

    policy: Policy
    codes: Mapping[str, bytes]


def pack(packed: Packed) -> bytes:
    """Return a policy with its codes as bytes; what its files say is left out."""
    policy = packed.policy
    files: dict[int, tuple[int, Source]] = {}
    parts: list[bytes] = []
    keys: dict[str, Keys] = {}
    for name in _APART:
        whole: Mapping[str, object] = getattr(policy, name)
        groups = [{key: value} for key, value in whole.items()] if name in _EACH else [whole]
        keys[name] = {key: number for number, group in enumerate(groups, len(parts)) for key in group}
        parts += [_written(dict(group), files) for group in groups]
    head = _written(_with(policy, {name: {} for name in _APART}), files)
    names = tuple(file.name for _, file in files.values())
    return pickle.dumps((head, tuple(parts), keys, names, dict(packed.codes)), protocol=5)


def _with(policy: Policy, mappings: Mapping[str, Any]) -> Policy:
    return replace(policy, **mappings)


def _written(part: object, files: dict[int, tuple[int, Source]]) -> bytes:
    whole = io.BytesIO()
    _Writer(whole, files).dump(part)
    return whole.getvalue()


# ── putting together ────────────────────────────────────────────────────────────────────────────────────────────────


class _Reader(pickle.Unpickler):
    """Puts together what a policy is made of, and nothing else."""

    def __init__(self, data: bytes, files: tuple[Source, ...] = ()) -> None:
        super().__init__(io.BytesIO(data))
        self._files = files

    def persistent_load(self, number: Any) -> Source:
        file: Source = self._files[number]
        return file

    def find_class(self, module: str, name: str) -> object:
        found = _FOUND.get((module, name))
        if found is None:
            found = _FOUND[module, name] = _part_of_a_policy(module, name)
        return found


#: The classes that were asked for so far; every part asks for them again.
_FOUND: Final[dict[tuple[str, str], type]] = {}


def _part_of_a_policy(module: str, name: str) -> type:
    """Return a class that a policy is made of. Raises ``UnpicklingError`` for whatever else."""
    if (module, name) in _FOREIGN or module.startswith(_ROOMS):
        found = getattr(importlib.import_module(module), name, None)
        if isinstance(found, type) and ((module, name) in _FOREIGN or is_dataclass(found) or issubclass(found, Enum)):
            return found
    message = f"no part of a policy: {module}.{name}"
    raise pickle.UnpicklingError(message)


def unpack(data: bytes, files: Mapping[str, PolicyFile]) -> Packed:
    """Return what was packed of a policy that was read from ``files``.

    Raises whatever is wrong with ``data`` where it is no such thing.
    """
    head, parts, keys, names, codes = _put_together(data)
    sources = tuple(Source(name, files[name].data.decode("utf-8-sig")) for name in names)
    later = {name: Later(keys[name], lambda number: _put_together(parts[number], sources)) for name in _APART}
    policy = _put_together(head, sources)
    if not isinstance(policy, Policy) or not isinstance(codes, dict):
        raise pickle.UnpicklingError(type(policy))
    return Packed(_with(policy, later), codes)


def _put_together(data: bytes, files: tuple[Source, ...] = ()) -> Any:
    with PutOff():
        return _Reader(data, files).load()
