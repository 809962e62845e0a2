"""Going over what the author wrote, and putting one piece of it in place of another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from aftersales.source import Span

T = TypeVar("T")


def nodes_in(written: object) -> Iterator[object]:
    """Yield every element inside ``written``, each before what it is made of, itself first; places are left out."""
    if isinstance(written, tuple):
        for part in written:
            yield from nodes_in(part)
    elif is_dataclass(written) and not isinstance(written, Span):
        yield written
        for part in fields(written):
            yield from nodes_in(getattr(written, part.name))


def swapped(written: T, old: object, new: object) -> T:
    """Return ``written`` with ``new`` where ``old`` itself stood; what is equal to it elsewhere stays."""
    return cast("T", _swapped(written, old, new))


def _swapped(written: object, old: object, new: object) -> object:
    if written is old:
        return new
    if isinstance(written, tuple):
        parts = tuple(_swapped(part, old, new) for part in written)
        return parts if any(one is not other for one, other in zip(parts, written, strict=True)) else written
    if not is_dataclass(written) or isinstance(written, Span | type):
        return written
    values = {part.name: getattr(written, part.name) for part in fields(written)}
    changed = {name: found for name, value in values.items() if (found := _swapped(value, old, new)) is not value}
    return replace(written, **changed) if changed else written
