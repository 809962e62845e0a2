"""What a proof ends with: proved, refuted by a case that shows it, or unknown and why. Never silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aftersales.errors import Diagnostic
from aftersales.source import Span
from aftersales.text import Text
from aftersales.verify.replay import Document

#: How a question can end, the worst first.
Ending = Literal["refuted", "unknown", "proved"]
ORDER: Sequence[Ending] = ("refuted", "unknown", "proved")


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A case that breaks a law, decided in the machine: ``edges`` is its way, ``reads`` what the law reads in it.

    A law about two cases is broken by the pair; ``other`` is the second.
    """

    case: Document
    state: str
    edges: tuple[str, ...]
    reads: str = ""
    other: Document | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the case as JSON shows it."""
        return {
            "case": self.case.to_dict(),
            "other": self.other.to_dict() if self.other is not None else None,
            "state": self.state,
            "edges": list(self.edges),
            "reads": self.reads,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question before it gets its name and time."""

    ending: Ending
    why: Text | None = None
    example: Counterexample | None = None
    faults: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One law and what became of it; ``seconds`` is the time that it took."""

    law: str
    title: Text
    finding: Finding
    seconds: float
    sources: tuple[str, ...] = ()
    span: Span | None = None

    @property
    def ending(self) -> Ending:
        """Return ``proved``, ``refuted`` or ``unknown``."""
        return self.finding.ending

    def to_dict(self) -> dict[str, object]:
        """Return the verdict as JSON shows it."""
        finding = self.finding
        return {
            "law": self.law,
            "title": self.title.to_dict(),
            "verdict": finding.ending,
            "why": finding.why.to_dict() if finding.why is not None else None,
            "seconds": round(self.seconds, 3),
            "sources": list(self.sources),
            "counterexample": finding.example.to_dict() if finding.example is not None else None,
            "faults": [fault.to_dict() for fault in finding.faults],
        }


@dataclass(frozen=True, slots=True)
class Proofs:
    """All verdicts of a policy. ``allowed`` are laws that may stay unknown."""

    verdicts: tuple[Verdict, ...]
    seconds: float
    allowed: frozenset[str] = frozenset()

    def of(self, ending: Ending) -> tuple[Verdict, ...]:
        """Return the verdicts that ended so."""
        return tuple(verdict for verdict in self.verdicts if verdict.ending == ending)

    @property
    def holds(self) -> bool:
        """Return whether nothing is refuted, and nothing unknown but what is allowed by name."""
        open_ = [verdict for verdict in self.of("unknown") if verdict.law not in self.allowed]
        return not self.of("refuted") and not open_

    def allowing(self, names: frozenset[str]) -> Proofs:
        """Return the same verdicts with some laws allowed to stay unknown."""
        return replace(self, allowed=names)

    def to_dict(self) -> dict[str, object]:
        """Return the proofs as JSON shows them."""
        counts: Mapping[str, int] = {ending: len(self.of(ending)) for ending in ORDER}
        return {
            "holds": self.holds,
            "seconds": round(self.seconds, 3),
            "counts": dict(counts),
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
        }


PROVED = Finding("proved")


def unknown(zh: str, en: str) -> Finding:
    """Return the finding that a question could not be answered, with why."""
    return Finding("unknown", Text(zh, en))
