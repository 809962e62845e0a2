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
#: A column with the bit of its byte from which on its code stands.
Part = tuple[str, int]

_BYTE: Final = 8
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
    """Makes keys of the codes of columns: ``parts`` say what every byte is made of."""

    columns: frozenset[str]
    parts: Sequence[Sequence[Part]]

    def of(self, block: Block) -> Words:
        """Return the keys of all rows of a block, word by word."""
        return packed([[(block.codes[name], first) for name, first in parts] for parts in self.parts], block.size)


def keys_of(bits: Iterable[tuple[str, int]]) -> Keys:
    """Return keys of the codes of some columns, each with its number of bits: a byte holds whole codes."""
    parts: list[list[Part]] = []
    room: list[int] = []
    for name, size in sorted(bits, key=lambda each: (-each[1], each[0])):
        place = next((i for i, left in enumerate(room) if left >= size), len(room))
        if place == len(room):
            room.append(_BYTE)
            parts.append([])
        parts[place].append((name, _BYTE - room[place]))
        room[place] -= size
    return Keys(frozenset(name for part in parts for name, _ in part), parts)


def packed(digits: Sequence[Sequence[tuple[Codes, int]]], size: int) -> Words:
    """Return digits as words: those of each byte, with the bit from which on they stand."""
    found = np.zeros((max(1, -(-len(digits) // _BYTE)), size, _BYTE), np.uint8)
    for i, byte in enumerate(digits):
        found[i // _BYTE, :, i % _BYTE] = byte_of(byte)
    return found.view(np.uint64)[:, :, 0]


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
    found = np.zeros(words.shape[1], np.uint64)
    for word in words:
        found ^= word
        found *= _FACTOR
        found ^= found >> _HALF
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
        ids = self._same(self.slots.take(hashes >> np.uint64(64 - _SLOTS), mode="clip"), words)
        rest = np.flatnonzero(ids == 0)
        if rest.size and self.size:
            order = self.hashes.argsort()
            places = self.hashes.searchsorted(hashes[rest], sorter=order)
            ids[rest] = self._same(order.take(places, mode="clip") + 1, words[:, rest])
        return ids

    def _same(self, ids: Ids, words: Words) -> Ids:
        """Return the numbers of keys, 0 where a row has another key."""
        same = ids != 0
        for word, known in zip(words, self.words, strict=True):
            same &= known.take(ids, mode="clip") == word
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
