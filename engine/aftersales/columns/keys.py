"""What rows are told apart by, as bits: the codes of columns and the outcome of comparisons, packed into whole words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aftersales.columns.rows import Block, Codes
from aftersales.columns.sight import words_of
from aftersales.expr.types import Kind
from aftersales.policy.model import Fact, Policy

#: The keys of some rows: an array of 64-bit numbers for each word of a key.
Words = NDArray[np.uint64]
Ids = NDArray[np.intp]
#: A column with the bit of its byte from which on its code stands, or with its number of bits.
Part = tuple[str, int]

_BYTE: Final = 8
_WORD: Final = 64
#: So many bits of a hash say where a key is looked for first.
_SLOTS: Final = 16
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)


def bits_of(policy: Policy, fact: Fact) -> int:
    """Return how many bits hold the codes of a fact's column."""
    match fact.type.kind:
        case Kind.FLAG:
            return 2
        case Kind.CHOICE | Kind.PARTY:
            return len(words_of(policy, fact.type)).bit_length()
        case _:
            return 1


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes keys of the codes of columns: ``parts`` say what every byte is made of.

    Columns of which rows are told apart bit by bit, each with its number of bits, come before: ``flat``.
    """

    columns: frozenset[str]
    flat: Sequence[Part]
    parts: Sequence[Sequence[Part]]

    @property
    def size(self) -> int:
        """Return how many words a key has."""
        return _words(sum(bits for _, bits in self.flat), _WORD) + _words(len(self.parts), _BYTE)

    def of(self, block: Block) -> Words:
        """Return the keys of all rows of a block, word by word."""
        found = np.zeros((self.size, block.size), np.uint64)
        planes = [plane for name, bits in self.flat for plane in block.planes(name, bits)]
        digits = [[(block.codes[name], first) for name, first in parts] for parts in self.parts]
        pack(digits, turn(planes, found))
        return found


def keys_of(bits: Iterable[Part], flat: Iterable[Part] = ()) -> Keys:
    """Return keys of the codes of some columns, each with its number of bits: a byte holds whole codes, if not flat."""
    parts: list[list[Part]] = []
    room: list[int] = []
    for name, size in sorted(bits, key=lambda each: (-each[1], each[0])):
        place = next((i for i, left in enumerate(room) if left >= size), len(room))
        if place == len(room):
            room.append(_BYTE)
            parts.append([])
        parts[place].append((name, _BYTE - room[place]))
        room[place] -= size
    one_by_one = tuple(flat)
    return Keys(frozenset(name for part in (one_by_one, *parts) for name, _ in part), one_by_one, parts)


def _words(count: int, room: int) -> int:
    return -(-count // room)


def packed(digits: Sequence[Sequence[tuple[Codes, int]]], size: int) -> Words:
    """Return digits as words: those of each byte, with the bit from which on they stand."""
    found = np.zeros((max(1, _words(len(digits), _BYTE)), size), np.uint64)
    pack(digits, found)
    return found


def pack(digits: Sequence[Sequence[tuple[Codes, int]]], found: Words) -> None:
    """Write digits into words of 0."""
    bytes_ = found.view(np.uint8).reshape(*found.shape, _BYTE)
    for i, byte in enumerate(digits):
        bytes_[i // _BYTE, :, i % _BYTE] = byte_of(byte)


def turn(planes: Sequence[Codes], found: Words) -> Words:
    """Write bits into words, those of every row behind one another, and return the words that are left.

    ``planes`` hold one bit of each row, eight rows a byte.
    """
    size, count = found.shape[1], _words(len(planes), _WORD)
    # One column more than there are rows for: lines of the square a power of 2 apart would share few places in the cache.
    square, room = (np.zeros((rows, _words(size, _WORD) + 1), np.uint64) for rows in (_WORD, _WORD // 2))
    for i in range(count):
        some = planes[i * _WORD : (i + 1) * _WORD]
        for row, plane in zip(square.view(np.uint8), some, strict=False):
            row[: len(plane)] = plane
        square[len(some) :] = 0
        _turn(square, room)
        found[i] = square.T.reshape(-1)[:size]
    return found[count:]


def _turn(square: Words, room: Words) -> None:
    """Let the bits of 64 words with one another change places: the first of each becomes the first, and so on.

    Halves of the square change places, then halves of these, down to single bits; there is ``room`` for one half.
    """
    half, mask = np.uint64(_WORD // 2), np.uint64((1 << _WORD // 2) - 1)
    while half:
        parts = square.reshape(-1, 2, int(half), square.shape[1])
        low, high = parts[:, 0], parts[:, 1]
        other = np.right_shift(low, half, out=room.reshape(low.shape))
        other ^= high
        other &= mask
        high ^= other
        other <<= half
        low ^= other
        half >>= np.uint64(1)
        mask ^= mask << half


def byte_of(digits: Sequence[tuple[Codes, int]]) -> Codes:
    """Return several digits as one byte; no digit leaves its byte, so that eight rows are shifted at a time."""
    found: Any = np.uint8(0)
    for codes, first in digits:
        wide = codes.view(np.uint64) if len(codes) % _BYTE == 0 else codes
        found = found | (wide << wide.dtype.type(first) if first else wide)
    made: Codes = found.view(np.uint8)
    return made


def hashed(words: Words) -> Words:
    """Return a number for every key; two keys seldom have the same."""
    found: Words = words[0] * _FACTOR
    room = found >> _HALF
    found ^= room
    for word in words[1:]:
        found ^= word
        found *= _FACTOR
        found ^= np.right_shift(found, _HALF, out=room)
    return found


@dataclass(frozen=True, slots=True)
class Index:
    """Keys by number, from 1."""

    words: Words
    hashes: Words
    slots: Ids

    @property
    def size(self) -> int:
        """Return how many keys there are."""
        return len(self.hashes)

    def find(self, words: Words) -> Ids:
        """Return the number of every key; 0 for one that is new."""
        hashes = hashed(words)
        slots = (hashes >> np.uint64(64 - _SLOTS)).view(np.intp)
        ids = self._same(self.slots.take(slots, mode="clip"), words)
        rest = np.flatnonzero(ids == 0)
        if rest.size and self.size:
            order = self.hashes.argsort()
            places = self.hashes.searchsorted(hashes[rest], sorter=order)
            ids[rest] = self._same(order.take(places, mode="clip") + 1, words[:, rest])
        return ids

    def _same(self, ids: Ids, words: Words) -> Ids:
        """Return the numbers of keys, 0 where a row has another key."""
        same, equal, room = ids != 0, np.empty(ids.shape, np.bool_), np.empty(ids.shape, np.uint64)
        for word, known in zip(words, self.words, strict=True):
            same &= np.equal(known.take(ids, mode="clip", out=room), word, out=equal)
        found: Ids = ids * same
        return found

    def and_new(self, words: Words) -> tuple[Index, NDArray[np.intp]] | None:
        """Return an index with new keys, and where each of them is first; ``None`` where two have one hash."""
        hashes = hashed(words)
        new, firsts, which = np.unique(hashes, return_index=True, return_inverse=True)
        if np.isin(new, self.hashes).any() or not np.array_equal(words[:, firsts][:, which], words):
            return None
        slots = self.slots.copy()
        slots[new >> np.uint64(64 - _SLOTS)] = np.arange(self.size + 1, self.size + len(new) + 1)
        made = np.concatenate((self.words, words[:, firsts]), axis=1)
        return Index(made, np.concatenate((self.hashes, new)), slots), firsts


def index_of(words: int) -> Index:
    """Return an index without keys, which would have so many words each."""
    return Index(np.zeros((words, 1), np.uint64), np.zeros(0, np.uint64), np.zeros(1 << _SLOTS, np.intp))
