"""The leaves of what the author wrote: names, values, expressions and titles, each with its place."""

from __future__ import annotations

from aftersales.dataclass import dataclass
from aftersales.source import Span, Style, part_of_scalar
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written: of a fact, a state, a flow, an action, a source."""

    text: str
    span: Span

    def __str__(self) -> str:
        return self.text


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


@dataclass(frozen=True, slots=True)
class ExprText:
    """An expression as text; ``part`` finds the place of a stretch of it, also in quoted or folded text."""

    text: str
    span: Span
    style: Style = "plain"

    def part(self, start: int, end: int) -> Span:
        """Return the place of ``text[start:end]`` in the file."""
        return part_of_scalar(self.span, self.text, self.style, start, end)


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
