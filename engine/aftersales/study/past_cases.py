"""Past cases decided under two policies: how many come out differently, in which respects, and how much money that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.study.two_decisions import RESPECTS, TwoDecisions, TwoPolicies

#: What a file of cases is called in a folder.
_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case with its name (or its place in its file) and the two decisions."""

    name: str
    two: TwoDecisions

    @property
    def flow(self) -> str:
        """Return the flow that the new policy puts the case in, else the old one; empty where both stop with a fault."""
        made = self.two.new.decision or self.two.old.decision
        return made.flow if made is not None else ""

    @property
    def money(self) -> Money:
        """Return what the case costs under either policy; nothing where one of them stops with a fault."""
        old, new = self.two.old.decision, self.two.new.decision
        if old is None or new is None:
            return Money()
        return Money(
            old.refund.total,
            new.refund.total,
            sum(item.amount for item in old.charges),
            sum(item.amount for item in new.charges),
        )


@dataclass(frozen=True, slots=True)
class Money:
    """Fen that go to buyers as refund and that buyers are charged, under the old policy and under the new one."""

    old_refund: int = 0
    new_refund: int = 0
    old_charge: int = 0
    new_charge: int = 0

    @property
    def more_refund(self) -> int:
        """Return how much more the new policy refunds; below 0: how much less."""
        return self.new_refund - self.old_refund

    @property
    def more_charge(self) -> int:
        """Return how much more the new policy charges buyers."""
        return self.new_charge - self.old_charge

    def plus(self, other: Money) -> Money:
        """Return both sums together."""
        return Money(
            self.old_refund + other.old_refund,
            self.new_refund + other.new_refund,
            self.old_charge + other.old_charge,
            self.new_charge + other.new_charge,
        )


@dataclass(frozen=True, slots=True)
class PastCases:
    """Every past case under both policies, in the order of files and lines."""

    cases: tuple[PastCase, ...]

    @property
    def changed(self) -> tuple[PastCase, ...]:
        """Return the cases that are decided differently."""
        return tuple(case for case in self.cases if case.two.respects)

    @property
    def undecided(self) -> tuple[PastCase, ...]:
        """Return the cases that neither policy can decide: they say nothing about the change."""
        return tuple(case for case in self.cases if case.two.old.decision is None and case.two.new.decision is None)

    def flows(self) -> tuple[str, ...]:
        """Return the flows in which a case is decided differently, in the order of the cases."""
        return tuple(dict.fromkeys(case.flow for case in self.changed))

    def of(self, *, flow: str | None = None, respect: str | None = None) -> tuple[PastCase, ...]:
        """Return the cases decided differently, of one flow and in one respect where these are named."""
        return tuple(
            case
            for case in self.changed
            if (flow is None or case.flow == flow) and (respect is None or respect in case.two.respects)
        )

    def respects(self) -> tuple[str, ...]:
        """Return the respects in which a case is decided differently, what matters most first."""
        return tuple(respect for respect in RESPECTS if self.of(respect=respect))


def sum_of(cases: Sequence[PastCase]) -> Money:
    """Return the money of several cases."""
    total = Money()
    for case in cases:
        total = total.plus(case.money)
    return total


def decide_past(policies: TwoPolicies, cases: Sequence[WrittenCase]) -> PastCases:
    """Decide every case under both policies, each as of its own ``as_of`` or last event."""
    return PastCases(tuple(PastCase(case.name or str(case.node.span), policies.decide(case.data)) for case in cases))


def read_past(place: Path) -> tuple[WrittenCase, ...]:
    """Read a case file, or every case file of a folder in the order of names; nothing where there is none.

    Raises CaseShapeError with every fault of a file's form.
    """
    if not place.is_dir():
        return read_case_file(place, str(place)) if place.exists() else ()
    files = sorted(path for path in place.rglob("*") if path.suffix in _ENDINGS and path.is_file())
    return tuple(case for path in files for case in read_case_file(path, str(path.relative_to(place))))
