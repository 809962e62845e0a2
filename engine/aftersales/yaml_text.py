"""Whether a file is text that YAML may be read from: its encoding, its size, and characters that must not stand in it."""

from __future__ import annotations

from typing import Final

from aftersales.errors import Diagnostic
from aftersales.source import LARGEST_FILE, Source, Span
from aftersales.text import Text, pattern

#: Control characters, lone surrogates, line ends that editors do not show, and signs that turn the direction of text.
_FORBIDDEN: Final = pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)


def decode(name: str, data: bytes) -> Source | Diagnostic:
    """Return the bytes of a file as a source (a byte order mark is dropped), or why they are no text."""
    if len(data) > LARGEST_FILE:
        return _too_large(Source(name, ""))
    try:
        return Source(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        source = Source(name, data.decode("utf-8-sig", errors="replace"))
        return Diagnostic(
            "not_utf8",
            Text("文件不是 UTF-8 编码", "the file is not UTF-8"),
            _at_offset(source, len(before)),
            Text("用 UTF-8 编码另存", "save it as UTF-8"),
        )


def refusal(source: Source) -> Diagnostic | None:
    """Return why ``source`` is not even handed to YAML: its size or a character that must not stand in a file."""
    shown = source.text.replace("\n", "").replace("\u3000", "").isprintable()  # so are most, and none of those signs is
    forbidden = None if shown else _FORBIDDEN().search(source.text)
    if forbidden:
        message = Text(
            f"这里有不允许的字符 U+{ord(forbidden[0]):04X}", f"character U+{ord(forbidden[0]):04X} is not allowed"
        )
        return Diagnostic("forbidden_character", message, _at_offset(source, forbidden.start()))
    return _too_large(source) if len(source.text.encode()) > LARGEST_FILE else None


def _too_large(source: Source) -> Diagnostic:
    """Return the fault of a file above the limit."""
    limit = f"{LARGEST_FILE:,}"
    message = Text(f"文件超过 {limit} 字节", f"the file is larger than {limit} bytes")
    return Diagnostic("too_large", message, Span(source, 1, 1, 1, 1))


def _at_offset(source: Source, offset: int) -> Span:
    """Return the place of one character of the source."""
    before = source.text[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    return Span(source, line, column, line, column + 1)
