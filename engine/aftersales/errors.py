"""Faults and exceptions.

A fault is a ``Diagnostic``; an exception carries one or more of them::

    AftersalesError
    ├── PolicyError              the policy folder is at fault (all faults of the run at once)
    ├── CaseError                the case, or what was told of it, is at fault
    │   ├── CaseShapeError       not a case at all: keys, types, formats
    │   ├── UnknownNameError     a fact, action, line or choice value that the policy does not know
    │   ├── ConflictError        two statements that cannot both hold
    │   ├── AmountError          money that cannot be: negative, above what was paid, above what is due
    │   ├── NotOwedError         something reported done that nobody owes
    │   ├── TooLateError         an earlier event that arrives after money was paid
    │   └── UnmatchedCaseError   no branch of the state fits
    ├── PolicyChangedError       a snapshot does not fit the policy it is resumed under
    ├── SnapshotError            a snapshot that cannot be read
    ├── DrawingError             Graphviz or its fonts are missing, or the drawing failed
    ├── BeyondColumnsError       something that cannot be said of one row of facts, or not in SQL
    └── MissingToolError         an optional part of the package that is asked for is not installed
"""

from __future__ import annotations

from collections.abc import Iterable

from aftersales.dataclass import dataclass
from aftersales.source import Span
from aftersales.text import Lang, Text


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault: a stable ``code``, what is wrong, where (``None``: not in a file), and what would be right."""

    code: str
    message: Text
    span: Span | None = None
    hint: Text | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the fault as JSON shows it; ``file``, ``line``, ``column`` and ``hint`` are null where there is none."""
        return {
            "code": self.code,
            "message": self.message.to_dict(),
            "file": self.span.source.name if self.span else None,
            "line": self.span.line if self.span else None,
            "column": self.span.column if self.span else None,
            "hint": self.hint.to_dict() if self.hint else None,
        }


def render(diagnostic: Diagnostic, lang: Lang) -> str:
    """Return a fault as people read it: place and message, the line with carets under the place, the hint.

    What does not print (a file may come from a stranger) is shown as spaces, so that it cannot act on a terminal.
    """
    span, hint = diagnostic.span, diagnostic.hint
    message = _printable(diagnostic.message.to(lang))
    lines = [f"{_printable(str(span))}: {message}" if span else message]
    lines += [f"    {line}" for line in span.excerpt().splitlines()] if span else []
    if hint:
        lines.append(f"  {'提示：' if lang is Lang.ZH else 'hint: '}{_printable(hint.to(lang))}")
    return "\n".join(lines)


def _printable(text: str) -> str:
    """Return ``text`` with every character that does not print replaced by a space."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """Return a hint naming the known word nearest to ``word``, or ``None`` where nothing is near."""
    from difflib import get_close_matches  # noqa: PLC0415 (slow to import, and sound words need none)

    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return Text(f"是不是 {near[0]}？", f"did you mean {near[0]}?") if near else None


class AftersalesError(Exception):
    """Any fault this package reports; ``diagnostics`` holds at least one."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return self.to(Lang.EN)

    def to(self, lang: Lang) -> str:
        """Return all faults in ``lang``, each with its place, excerpt and hint."""
        return "\n".join(render(fault, lang) for fault in self.diagnostics)


class PolicyError(AftersalesError):
    """The policy is at fault; read ``diagnostics`` and correct the files they point to."""


class CaseError(AftersalesError):
    """The case is at fault; correct what it says, nothing was decided."""


class CaseShapeError(CaseError):
    """The case is not of the documented shape; the message names the key and what belongs there."""


class UnknownNameError(CaseError):
    """The case names something that the policy or the order does not have; the hint names what is near."""


class ConflictError(CaseError):
    """Two statements of the case cannot both hold; correct one of them."""


class AmountError(CaseError):
    """An amount that cannot be; the message names the maximum. Pay less, or correct the facts."""


class NotOwedError(CaseError):
    """An action was reported done where it is not owed; look at ``next_actions`` and ``duties``."""


class TooLateError(CaseError):
    """An event from before a payment arrived after it; use ``correct`` instead."""


class UnmatchedCaseError(CaseError):
    """No branch of the state fits the facts; the policy has a hole there."""


class PolicyChangedError(AftersalesError):
    """The snapshot was made under another policy, and this one would have decided differently."""


class SnapshotError(AftersalesError):
    """The snapshot is damaged or of a version that this package does not read."""


class DrawingError(AftersalesError):
    """The picture could not be made; the hint gives the line to run."""


class BeyondColumnsError(AftersalesError):
    """The policy does something that cannot be said of one row of facts, or not in SQL; decide its cases one by one."""


class MissingToolError(AftersalesError):
    """An optional part of the package is asked for and not installed; the hint is the line that installs it."""
