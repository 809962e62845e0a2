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

    def __del__(self) -> None:
        """Give the memory back."""
        if self._array.release:
            self._array.release(ctypes.addressof(self._array))

    @property
    def known(self) -> Bytes | None:
        """Return 1 where a value is known, 0 where it is null; ``None`` where all are known."""
        if self._known is None and self._array.null_count and self._array.buffers[0]:
            self._known = self._bits(self._array.buffers[0])
        return self._known

    @property
    def values(self) -> NDArray[Any]:
        """Return the values, flags as 0 and 1; anything at all where a value is null. Not to be written to."""
        address = self._array.buffers[1]
        if not self.size or address is None:
            return np.zeros(0, self._kind or np.uint8)
        if self._kind is None:
            return self._bits(address)
        width = np.dtype(self._kind).itemsize
        return self._at(address + self._array.offset * width, self.size * width).view(self._kind)

    def _bits(self, address: int) -> Bytes:
        first = self._array.offset % 8
        packed = self._at(address + self._array.offset // 8, (first + self.size + 7) // 8)
        bits: Bytes = np.unpackbits(packed, bitorder="little")[first : first + self.size]
        return bits

    @staticmethod
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
