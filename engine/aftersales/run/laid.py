"""The terms that the states of a way laid down: who is liable, who bears which leg, and the lines of money."""

from __future__ import annotations

from aftersales.dataclass import dataclass, field, replace
from aftersales.policy.model import Bearing, MoneyLine, PostageTerm, State


@dataclass(slots=True)
class Laid:
    """The terms laid down so far: a later state replaces by leg and by line name."""

    liable: Bearing = None
    postage: dict[str, PostageTerm] = field(default_factory=dict)
    refund: dict[str, MoneyLine] = field(default_factory=dict)
    deductions: dict[str, MoneyLine] = field(default_factory=dict)
    charge: dict[str, MoneyLine] = field(default_factory=dict)
    recover: dict[str, MoneyLine] = field(default_factory=dict)

    def marks(self) -> tuple[int, ...]:
        """Return what tells two sets of terms of one policy apart: its expressions live as long as the policy."""
        books = (self.refund, self.deductions, self.charge, self.recover)
        legs = (mark for term in self.postage.values() for mark in (id(term.borne), id(term.advanced), term.insured))
        return (id(self.liable), *legs, *(id(line) for book in books for line in book.values()))

    def copied(self) -> Laid:
        """Return terms that go on independently; what they are made of stays the policy's own, and so do the marks."""
        refund, deductions = dict(self.refund), dict(self.deductions)
        return Laid(self.liable, dict(self.postage), refund, deductions, dict(self.charge), dict(self.recover))

    def lay(self, state: State) -> None:
        """Take over what ``state`` says; a leg's earlier ``advanced`` stays where the new term does not say."""
        terms = state.terms
        if terms.says_liable:
            self.liable = terms.liable
        for term in terms.postage:
            before = self.postage.get(term.leg)
            advanced = before.advanced if term.advanced is None and before is not None else term.advanced
            self.postage[term.leg] = replace(term, advanced=advanced)
        for book, lines in (
            (self.refund, terms.refund),
            (self.deductions, terms.deductions),
            (self.charge, terms.charge),
            (self.recover, terms.recover),
        ):
            book.update({line.name: line for line in lines})
