"""Faults of the command line itself, as opposed to those of a policy or a case."""

from __future__ import annotations

from collections.abc import Iterable

from aftersales.errors import AftersalesError, Diagnostic, did_you_mean
from aftersales.text import Text


class MisuseError(AftersalesError):
    """An argument does not fit: correct the command line."""


def no_such(what: Text, word: str, known: Iterable[str]) -> MisuseError:
    """Return the fault of a name that is none of ``known``; its hint names the nearest, or all where none is near."""
    names = tuple(known)
    listed = ", ".join(names[:20])
    hint = did_you_mean(word, names) or Text(f"有这些：{listed}", f"there are: {listed}")
    message = Text(f"没有{what.zh} {word}", f"there is no {what.en} {word}")
    return MisuseError(Diagnostic("unknown_argument", message, hint=hint if names else None))


def cannot_write(path: str, why: OSError) -> MisuseError:
    """Return the fault of an output file that cannot be written."""
    reason = why.strerror or "?"
    return MisuseError(Diagnostic("cannot_write", Text(f"无法写入 {path}：{reason}", f"cannot write {path}: {reason}")))
