"""The leaves of what the author wrote: names, values, expressions and titles, each with its place."""

from __future__ import annotations

from types import MemberDescriptorType
from typing import Any, TypeVar

from aftersales.dataclass import dataclass
from aftersales.source import Span, Style, part_of_scalar
from aftersales.text import Text
from aftersales.yaml_nodes import span_at

Leaf = TypeVar("Leaf")


class _Later:
    """The span of a leaf: it may be made with the place of its node, of which a span is made when it is first asked for."""

    __slots__ = ("_slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self._slot = slot

    def __get__(self, leaf: object, kind: type) -> object:
        if leaf is None:
            return self._slot
        place: Any = self._slot.__get__(leaf, kind)
        if isinstance(place, tuple):
            place = span_at(place)
            self._slot.__set__(leaf, place)
        return place

    def __set__(self, leaf: object, place: object) -> None:
        self._slot.__set__(leaf, place)  # a leaf that is copied or unpickled is filled field by field


def _placed_later(leaf: type[Leaf]) -> type[Leaf]:
    """Return the class of a leaf; of thousands that are read few are ever pointed at."""
    leaf.span = _Later(leaf.span)  # type: ignore[attr-defined]
    return leaf


@_placed_later
@dataclass(frozen=True, slots=True)
class Name:
    """A name as written: of a fact, a state, a flow, an action, a source."""

    text: str
    span: Span

    def __str__(self) -> str:
        return self.text


@_placed_later
@dataclass(frozen=True, slots=True)
class ScalarText:
    """A single value as written; what kind it is, is decided where the fact or param is known."""

    text: str
    span: Span
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        """Say whether the author wrote ``null``, ``~`` or nothing at all (unquoted)."""
        return not self.quoted and self.text in {"", "~", "null"}


@_placed_later
@dataclass(frozen=True, slots=True)
class ExprText:
    """An expression as text; ``part`` finds the place of a stretch of it, also in quoted or folded text."""

    text: str
    span: Span
    style: Style = "plain"

    def part(self, start: int, end: int) -> Span:
        """Return the place of ``text[start:end]`` in the file."""
        return part_of_scalar(self.span, self.text, self.style, start, end)


@_placed_later
@dataclass(frozen=True, slots=True)
class TextSyntax:
    """A ``{zh: …, en: …}`` pair; ``zh`` and ``en`` know the places inside each."""

    zh: ExprText
    en: ExprText
    span: Span

    @property
    def text(self) -> Text:
        """Return what is said, without its place."""
        return Text(self.zh.text, self.en.text)


@dataclass(frozen=True, slots=True)
class AnswerSyntax:
    """``fact: value``, under ``take:`` or ``gives:``."""

    fact: Name
    value: ScalarText
