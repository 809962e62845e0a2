"""The memory of a Polars column as arrays, through Arrow's C data interface: nothing is copied, bits stay packed."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


class _Array(ctypes.Structure):
    """A column in Arrow's C data interface."""


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
    ("private_data", ctypes.c_void_p),
]


class _Stream(ctypes.Structure):
    """A column's parts, one after the other, in Arrow's C stream interface."""


_Stream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

_pointer_in: Final[Callable[..., int]] = ctypes.pythonapi.PyCapsule_GetPointer
ctypes.pythonapi.PyCapsule_GetPointer.restype = ctypes.c_void_p
ctypes.pythonapi.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


@dataclass(slots=True)
class Held:
    """A column's memory, which stays as long as this does."""

    size: int
    _array: _Array
    _kind: type[np.generic] | None
    _known: Bytes | None = field(init=False, default=None)
    _values: NDArray[Any] = field(init=False)

    def __post_init__(self) -> None:
        """Find where the values lie, and, where some are null, which are known: bits as they are packed."""
        known, values = self._array.buffers[0], self._array.buffers[1]
        if self._array.null_count and known:
            self._known = self._packed(known)
        if not self.size or values is None:
            self._values = np.zeros(0, self._kind or np.uint8)
        elif self._kind is None:
            self._values = self._packed(values)
        else:
            width = np.dtype(self._kind).itemsize
            self._values = _at(values + self._array.offset * width, self.size * width).view(self._kind)

    def __del__(self) -> None:
        """Give the memory back."""
        if self._array.release:
            self._array.release(ctypes.addressof(self._array))

    def part(self, start: int, size: int) -> Stretch:
        """Return some values that lie behind one another."""
        return Stretch(self, start, size)

    def known(self, start: int, size: int) -> Bytes | None:
        """Return 1 where a value of a part is known, 0 where it is null; ``None`` where all of the column are known."""
        return None if self._known is None else self._unpacked(self._known, start, size)

    def values(self, start: int, size: int) -> NDArray[Any]:
        """Return the values of a part, flags as 0 and 1; anything at all where one is null. Not to be written to."""
        return self._unpacked(self._values, start, size) if self._kind is None else self._values[start : start + size]

    def known_bits(self, start: int, size: int) -> Bytes | None:
        """Return which values of a part are known, eight a byte, anything behind the last; ``None``: all are."""
        return None if self._known is None else self._cut(self._known, start, size)

    def flag_bits(self, start: int, size: int) -> Bytes:
        """Return the flags of a part, eight a byte, anything behind the last. Not to be written to."""
        return self._cut(self._values, start, size)

    def _cut(self, packed: Bytes, start: int, size: int) -> Bytes:
        whole, first = divmod(self._array.offset % 8 + start, 8)
        if first:
            return np.packbits(self._unpacked(packed, start, size), bitorder="little")
        return packed[whole : whole + (size + 7) // 8]

    def _packed(self, address: int) -> Bytes:
        return _at(address + self._array.offset // 8, (self._array.offset % 8 + self.size + 7) // 8)

    def _unpacked(self, packed: Bytes, start: int, size: int) -> Bytes:
        whole, first = divmod(self._array.offset % 8 + start, 8)
        bits: Bytes = np.unpackbits(packed[whole : whole + (first + size + 7) // 8], bitorder="little")
        return bits[first : first + size]


@dataclass(slots=True)
class Stretch:
    """A part of a column's memory; what is packed there is unpacked when it is asked for, and kept."""

    _held: Held
    _start: int
    size: int
    _known: Bytes | None = field(init=False, default=None)

    def part(self, start: int, size: int) -> Stretch:
        """Return some of the values."""
        return Stretch(self._held, self._start + start, size)

    @property
    def known(self) -> Bytes | None:
        """Return 1 where a value is known, 0 where it is null; ``None`` where all of the column are known."""
        if self._known is None:
            self._known = self._held.known(self._start, self.size)
        return self._known

    @property
    def known_bits(self) -> Bytes | None:
        """Return which values are known, eight a byte, anything behind the last; ``None``: all are."""
        return self._held.known_bits(self._start, self.size)

    @property
    def flag_bits(self) -> Bytes:
        """Return flags, eight a byte, anything behind the last. Not to be written to."""
        return self._held.flag_bits(self._start, self.size)

    @property
    def values(self) -> NDArray[Any]:
        """Return the values, flags as 0 and 1; anything at all where a value is null. Not to be written to."""
        return self._held.values(self._start, self.size)


def _at(address: int, size: int) -> Bytes:
    found: Bytes = np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(address))
    return found


def held(series: pl.Series, kind: type[np.generic] | None) -> Held:
    """Return the memory of a column whose values are of a ``kind``; ``None``: they are flags, a bit each."""
    whole = series if series.n_chunks() == 1 else series.rechunk()
    capsule = whole.__arrow_c_stream__()
    stream = _Stream.from_address(_pointer_in(capsule, b"arrow_array_stream"))
    array = _Array()
    if stream.get_next(ctypes.addressof(stream), ctypes.byref(array)) != 0 or not array.release:
        message = f"no memory behind column {series.name}"
        raise BufferError(message)
    return Held(len(whole), array, kind)
