"""The money and the bearers of the rows that stand in one place, as formulas and amounts over their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Final

from aftersales.columns.logic import all_of, any_of, compare, const, extreme, floor, negate, pick, product, total
from aftersales.columns.nodes import Formula, Number, Term
from aftersales.columns.sight import View, amount_of
from aftersales.columns.standing import Found
from aftersales.columns.symbols import Amount, Truth, Word, amount, blockers, known_of, word
from aftersales.expr.tree import Expr
from aftersales.policy.flat_names import SHARED, UNDECIDED
from aftersales.policy.model import Bearing, MoneyLine, PostageLeg, PostageTerm, Share
from aftersales.run.laid import Laid

GOODS: Final = "goods"
BUYER: Final = "buyer"
SELLER: Final = "seller"
NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True)
class Line:
    """An amount in fen where it is ``known``; 0 where there is no such line."""

    term: Term
    known: Formula = True


@dataclass(slots=True)
class Settled:
    """What the terms laid down come to: who is liable, who bears which leg, every line, what is asked, what is wrong.

    ``faults`` and ``asked`` in their order: the first that holds of a row counts. What is asked may be a derived fact.
    """

    view: View
    laid: Laid
    liable: Word = field(init=False)
    borne: dict[str, Word] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    faults: list[Found] = field(default_factory=list)
    asked: list[Found] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.liable = self._bearer(self.laid.liable)
        for term in self.laid.postage.values():
            self._leg(self.view.policy.legs[term.leg], term)
        waiting, self.asked = self.asked, []
        for line in self.laid.refund.values():
            self._refund(line)
        self.asked += waiting
        for book, lines in (("charge", self.laid.charge), ("recover", self.laid.recover)):
            for line in lines.values():
                self._add(f"{book}_{line.name}", self._line(line))

    def _add(self, name: str, line: Line) -> None:
        before = self.lines.get(name)
        if before is None:
            self.lines[name] = line
        else:
            both = total(((1, before.term), (1, line.term)))
            self.lines[name] = Line(both, all_of((before.known, line.known)))

    def _bearer(self, bearing: Bearing) -> Word:
        """Return the party, ``shared`` for shares, ``undecided`` while it is not known."""
        if bearing is None:
            return Word({UNDECIDED: True})
        if isinstance(bearing, tuple):
            return Word({SHARED: True})
        said = word(bearing, self.view)
        open_ = negate(said.known)
        return said if open_ is False else Word({**said.by, UNDECIDED: any_of((open_, said.word(UNDECIDED)))})

    def _line(self, line: MoneyLine) -> Line:
        """Return a line of money; note where it waits and where it is at fault."""
        value = amount(line.amount, self.view)
        known = value.known
        if line.cap is not None:
            cap = amount(line.cap, self.view)
            known = all_of((known, cap.known))
        below = not isinstance(value.term, Number) and compare("<", value.term, const(0))
        self.faults.append((all_of((known, below)), "amount_below_zero"))
        if line.cap is not None:
            self.faults.append((all_of((known, compare("<", cap.term, value.term))), "refund_above_maximum"))
        for part in (line.amount, line.cap):
            self.asked += [] if part is None else blockers(part, self.view)
        return Line(value.term, known)

    @staticmethod
    def _asked(waits: Formula, found: Iterable[Found]) -> Iterator[Found]:
        for where, fact in found:
            met = all_of((waits, where))
            if met is not False:
                yield met, fact

    def _refund(self, line: MoneyLine) -> None:
        made = self._line(line)
        if line.name == GOODS:
            self._cap_goods(made)
            made = self._deduct(made)
        self._add(f"refund_{line.name}", made)

    def _cap_goods(self, goods: Line) -> None:
        """Note where the goods line is above what was paid for them and is left."""
        facts = [name for name in ("claimed_paid", "already_refunded") if name in self.view.policy.facts]
        if not facts:
            return
        parts = [amount_of(self.view, name) for name in facts]
        left = total((1 if i == 0 else -1, part.term) for i, part in enumerate(parts))
        known = all_of((goods.known, *(part.known for part in parts)))
        above = compare("<", extreme("max", (left, const(0))), goods.term)
        self.faults.append((all_of((known, above)), "refund_above_maximum"))

    def _deduct(self, goods: Line) -> Line:
        """Lower the goods line; what it cannot hold is waived, and while a deduction waits it waits too."""
        left, known = goods.term, goods.known
        for line in self.laid.deductions.values():
            faults, asked = len(self.faults), len(self.asked)
            made = self._line(line)
            for found, before in ((self.faults, faults), (self.asked, asked)):
                found[before:] = [(all_of((known, where)), what) for where, what in found[before:]]
            known = all_of((known, made.known))
            taken = extreme("min", (made.term, left))
            self._add(f"deduction_{line.name}", Line(pick(known, taken, const(0))))
            left = total(((1, left), (-1, taken)))
        return Line(left, known)

    def _leg(self, leg: PostageLeg, term: PostageTerm) -> None:
        bearer = self.borne[leg.name] = self._bearer(term.borne)
        advanced = Word({leg.advanced: True}) if term.advanced is None else word(term.advanced, self.view)
        cost = amount_of(self.view, leg.amount) if leg.amount is not None else Amount(const(0), known=False)
        insurer = self._insurer(leg, term, advanced, cost)
        decided = negate(bearer.word(UNDECIDED))
        settled = all_of((cost.known, insurer.known, advanced.known, decided))
        self.lines[f"insured_{leg.name}"] = Line(pick(insurer.known, insurer.term, const(0)))
        self._move(leg.name, advanced, settled, dict(_shares(term, bearer, _less(cost.term, insurer.term))))
        waits = all_of((negate(settled), _moves_money(advanced, bearer)))
        self._wait(leg.name, advanced, waits)
        self.asked += self._leg_asks(leg, term, cost, waits)

    def _insurer(self, leg: PostageLeg, term: PostageTerm, advanced: Word, cost: Amount) -> Amount:
        """Return the insurer's share: only of what the buyer advanced."""
        if leg.insured is None or not term.insured:
            return Amount(const(0), known=True)
        free = any_of((negate(advanced.word(BUYER)), all_of((cost.known, compare("==", cost.term, const(0))))))
        covered = self.view.fact(leg.insured)
        if not isinstance(covered, Truth):
            raise TypeError(leg.insured)
        paid, most = (amount_of(self.view, name) for name in ("insurance_payout", "insured_up_to"))
        limit = pick(paid.known, paid.term, most.term)
        pays = all_of((negate(free), cost.known, covered.true))
        none = any_of((free, all_of((cost.known, covered.false))))
        share = pick(pays, extreme("min", (cost.term, limit)), const(0))
        return Amount(share, any_of((none, all_of((pays, any_of((paid.known, most.known)))))))

    def _move(self, leg: str, advanced: Word, settled: Formula, shares: dict[str, tuple[Formula, Term]]) -> None:
        """Book what each party bears: back to the buyer who advanced it, charged to the buyer, or recovered."""
        by_buyer = advanced.word(BUYER)
        for party, (bears, share) in shares.items():
            owes = all_of((settled, bears, negate(advanced.word(party))))
            if party != BUYER:
                self._book(f"refund_{leg}", all_of((owes, by_buyer)), share)
            else:
                self._book(f"charge_{leg}", all_of((owes, negate(by_buyer))), share)
            if party not in (BUYER, SELLER, NOBODY):
                self._book(f"recover_{leg}", owes, share)

    def _book(self, name: str, where: Formula, share: Term) -> None:
        if where is not False:
            self._add(name, Line(pick(where, share, const(0))))

    def _wait(self, leg: str, advanced: Word, waits: Formula) -> None:
        by_buyer = advanced.word(BUYER)
        for book, where in (("refund", any_of((by_buyer, negate(advanced.known)))), ("charge", negate(by_buyer))):
            met = all_of((waits, where))
            if met is not False:
                self._add(f"{book}_{leg}", Line(const(0), negate(met)))

    def _leg_asks(self, leg: PostageLeg, term: PostageTerm, cost: Amount, waits: Formula) -> list[Found]:
        if waits is False:
            return []
        borne: Expr | None = None if isinstance(term.borne, tuple) else term.borne
        found = [
            asked
            for part in (term.advanced, borne)
            if part is not None
            for asked in self._asked(waits, blockers(part, self.view))
        ]
        insured = leg.insured if term.insured else None
        for name, known in (
            (leg.amount, cost.known),
            (insured, known_of(self.view.fact(insured)) if insured else True),
        ):
            if name is not None:
                found += self._asked(waits, [(negate(known), name)])
        return found


def _less(cost: Term, insurer: Term) -> Term:
    return total(((1, cost), (-1, insurer)))


def _moves_money(advanced: Word, bearer: Word) -> Formula:
    """Return where a leg that is not settled could move money between buyer and seller."""
    unknown = negate(advanced.known)
    same = any_of(all_of((there, bearer.word(party))) for party, there in advanced.by.items())
    buyer_paid = any_of((unknown, advanced.word(BUYER)))
    return all_of((negate(same), any_of((buyer_paid, bearer.word(BUYER, UNDECIDED, SHARED)))))


def _shares(term: PostageTerm, bearer: Word, rest: Term) -> Iterator[tuple[str, tuple[Formula, Term]]]:
    """Yield who bears what of a leg, and where."""
    if not isinstance(term.borne, tuple):
        for party, where in bearer.by.items():
            if party != UNDECIDED:
                yield party, (where, rest)
        return
    yield from ((party, (True, part)) for party, part in _allocated(term.borne, rest))


def _allocated(shares: tuple[Share, ...], rest: Term) -> Iterator[tuple[str, Term]]:
    """Share out an amount by largest remainder, ties to the earlier, as ``money.allocate`` does."""
    given = sum((share.rate for share in shares if share.rate is not None), Fraction(0))
    rates = [1 - given if share.rate is None else share.rate for share in shares]
    whole = lcm(*(rate.denominator for rate in rates))
    weights = [int(rate * whole) for rate in rates]
    exact = [product((rest, const(weight))) for weight in weights]
    floors = [floor(each, sum(weights)) for each in exact]
    remainders = [total(((1, each), (-sum(weights), low))) for each, low in zip(exact, floors, strict=True)]
    left = total(((1, rest), *((-1, low) for low in floors)))
    for i, share in enumerate(shares):
        rank = total((1, _ahead(remainders, j, i)) for j in range(len(shares)) if j != i and weights[j])
        more = pick(compare("<", rank, left), const(1), const(0)) if weights[i] else const(0)
        yield share.party, total(((1, floors[i]), (1, more)))


def _ahead(remainders: list[Term], other: int, own: int) -> Term:
    """Return 1 where another share's remainder goes first."""
    first = compare("<=" if other < own else "<", remainders[own], remainders[other])
    return pick(first, const(1), const(0))
