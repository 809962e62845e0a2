"""The money of a case as formulas: the rules of ``run.settlement`` and ``run.postage``, for every case at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.expr.tree import Expr
from aftersales.policy.flat_names import SHARED, UNDECIDED
from aftersales.policy.model import Bearing, MoneyLine, PostageLeg, PostageTerm, State, Terms
from aftersales.verify.carried import Carried
from aftersales.verify.frames import Sight
from aftersales.verify.meaning import amount_of, symbol_of
from aftersales.verify.merging import Origins
from aftersales.verify.places import Place
from aftersales.verify.symbols import Amount, OneOf, Symbol, Truth, beyond, merged
from aftersales.verify.terms import Formula, Number, all_of, any_of, choose_number, compare, least, most, negate, total

GOODS: Final = "goods"
#: The field of a state's terms that each book of money stands in.
_FIELDS: Final = {"refund": "refund", "deduction": "deductions", "charge": "charge", "recover": "recover"}
_DIRECT = ("buyer", "seller", "nobody")
_NOTHING = Amount(0)


@dataclass(frozen=True, slots=True)
class LineFormula:
    """One money line: where it is laid down at all, its amount, and its cap (``None``: it has none)."""

    laid: Formula
    amount: Amount
    broken: Formula


@dataclass(frozen=True, slots=True)
class LegFormula:
    """One leg of postage: where it is travelled, who advances and bears it, its cost and what the insurer pays."""

    laid: Formula
    advanced: OneOf
    borne: OneOf
    cost: Amount
    insurer: Amount

    @property
    def settled(self) -> Formula:
        """Return when all that moves money of this leg is known."""
        return all_of((self.laid, self.cost.known, self.insurer.known, self.advanced.known, self.decided))

    @property
    def decided(self) -> Formula:
        """Return when somebody bears it."""
        return decided(self.borne)

    @property
    def rest(self) -> Number:
        """Return what is left of the cost behind the insurer's share."""
        return total([(1, self.cost.value), (-1, self.insurer.value)])

    def moved(self, when: Formula) -> Amount:
        """Return what moves between buyer and seller where ``when`` holds; unknown while the leg waits there.

        Unknown too where several share it: sharing by the largest remainder has no formula.
        """
        moves = all_of((self.laid, when))
        known = all_of((self.settled, negate(self.borne.word(SHARED))))
        return Amount(choose_number(moves, self.rest, 0), any_of((negate(moves), known)))


@dataclass(slots=True, repr=False)
class Settled:
    """All money of the cases that stand in one place."""

    carried: Carried
    place: Place
    sight: Sight = field(init=False)
    lines: dict[tuple[str, str], LineFormula] = field(default_factory=dict)
    made: dict[str, LegFormula] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sight = self.carried.sight(self.place)

    def liable(self) -> OneOf:
        """Return who is liable; ``undecided`` where nobody has said."""
        origins = self.carried.laid(self.place, "liable", "", lambda state: state.terms.says_liable)
        return self._bearer(origins, lambda state: state.terms.liable)

    def leg(self, name: str) -> LegFormula:
        """Return one leg of postage."""
        if name not in self.made:
            self.made[name] = self._leg(self.carried.vocabulary.policy.legs[name])
        return self.made[name]

    def _leg(self, leg: PostageLeg) -> LegFormula:
        term = _term_of(leg.name)
        borne = self.carried.laid(self.place, "leg", leg.name, lambda state: term(state) is not None)
        advanced = self.carried.laid(self.place, "advanced", leg.name, lambda state: _advances(term(state)))
        who = self._advanced(leg, advanced, term)
        cost = self._told(leg.amount) if leg.amount is not None else Amount(0, known=False)
        insured = any_of(when for key, when in borne.items() if key is not None and _insured(term(self._state(key))))
        return LegFormula(
            laid=negate(borne.get(None, False)),
            advanced=who,
            borne=self._bearer(borne, lambda state: _borne(term(state))),
            cost=cost,
            insurer=self._insurer(leg, insured, who, cost),
        )

    def _state(self, key: str) -> State:
        return self.carried.vocabulary.policy.states[key]

    def _advanced(
        self, leg: PostageLeg, origins: Origins[str | None], term: Callable[[State], PostageTerm | None]
    ) -> OneOf:
        cases: list[tuple[Formula, Symbol]] = []
        for key, when in origins.items():
            said = term(self._state(key)) if key is not None else None
            expr = said.advanced if said is not None else None
            cases.append(
                (when, OneOf({leg.advanced: True}, some=True) if expr is None else symbol_of(expr, self.sight))
            )
        return _words(merged(cases))

    def _bearer(self, origins: Origins[str | None], says: Callable[[State], Bearing]) -> OneOf:
        cases: list[tuple[Formula, Symbol]] = []
        for key, when in origins.items():
            bearing = says(self._state(key)) if key is not None else None
            cases.append((when, self._party(bearing)))
        return _words(merged(cases))

    def _party(self, bearing: Bearing) -> Symbol:
        if bearing is None:
            return OneOf({UNDECIDED: True}, some=True)
        return OneOf({SHARED: True}, some=True) if isinstance(bearing, tuple) else symbol_of(bearing, self.sight)

    def _told(self, name: str) -> Amount:
        found = self.sight.fact(name)
        if not isinstance(found, Amount):
            raise beyond(f"{name} 不是金额", f"{name} is no amount")
        return found

    def _insurer(self, leg: PostageLeg, insured: Formula, advanced: OneOf, cost: Amount) -> Amount:
        """Return the insurer's share: only of what the buyer advanced, and never above what the insurer paid."""
        facts = self.carried.vocabulary.policy.facts
        if leg.insured is None or insured is False:
            return _NOTHING
        covered = self.sight.fact(leg.insured)
        if not isinstance(covered, Truth):
            raise beyond(f"{leg.insured} 不是是否", f"{leg.insured} is no flag")
        limit = self._told("insurance_payout" if "insurance_payout" in facts else "insured_up_to")
        asked = all_of((insured, advanced.word("buyer"), compare("!=", cost.value, 0)))
        paid = all_of((asked, covered.yes))
        known = any_of((negate(asked), covered.no, all_of((cost.known, limit.known))))
        return Amount(choose_number(paid, least(cost.value, limit.value), 0), known)

    def by(self, name: str, party: str) -> Amount:
        """Return what a party bears of a leg in the end, known where it is travelled, settled and not shared."""
        leg = self.leg(name)
        part = choose_number(leg.borne.word(party), leg.rest, 0)
        if party == "insurer":
            part = total([(1, part), (1, leg.insurer.value)])
        return Amount(part, all_of((leg.settled, negate(leg.borne.word(SHARED)))))

    def line(self, book: str, name: str) -> LineFormula:
        """Return one line of ``refund``, ``deductions``, ``charge`` or ``recover``, as its state says it."""
        if (book, name) not in self.lines:
            self.lines[book, name] = self._line(book, name)
        return self.lines[book, name]

    def _line(self, book: str, name: str) -> LineFormula:
        origins = self.carried.laid(self.place, book, name, lambda state: _found(state.terms, book, name) is not None)
        amount: Symbol = _NOTHING
        broken: list[Formula] = []
        cases: list[tuple[Formula, Symbol]] = []
        for key, when in origins.items():
            said = _found(self._state(key).terms, book, name) if key is not None else None
            value = _NOTHING if said is None else amount_of(said.amount, self.sight)
            cases.append((when, value))
            broken.append(all_of((when, value.known, self._breaks(said, value))))
        amount = merged(cases)
        return LineFormula(negate(origins.get(None, False)), _amount(amount), any_of(broken))

    def _breaks(self, line: MoneyLine | None, value: Amount) -> Formula:
        """Return when an amount is below zero or above its cap; the goods line also above what is left of the goods."""
        if line is None:
            return False
        found = [compare("<", value.value, 0)]
        caps: list[Expr] = [] if line.cap is None else [line.cap]
        found += [_above(value, amount_of(cap, self.sight)) for cap in caps]
        if line.name == GOODS:
            found.append(_above(value, self.goods_left()))
        return any_of(found)

    def goods_left(self) -> Amount:
        """Return what was paid for the claimed units and is not refunded yet."""
        facts = self.carried.vocabulary.policy.facts
        paid = self._told("claimed_paid") if "claimed_paid" in facts else Amount(0, known=False)
        gone = self._told("already_refunded") if "already_refunded" in facts else _NOTHING
        left = total([(1, paid.value), (-1, gone.value)])
        return Amount(most(left, 0), all_of((paid.known, gone.known)))

    def deducted(self, name: str) -> Amount:
        """Return what a deduction takes from the goods: no more than those before it leave."""
        left, known = self._goods_laid()
        for other in self.carried.vocabulary.lines["deduction"]:
            line = self.line("deductions", other)
            known = all_of((known, line.amount.known))
            taken = least(line.amount.value, left)
            if other == name:
                return Amount(taken, known)
            left = total([(1, left), (-1, taken)])
        raise KeyError(name)

    def _goods_laid(self) -> tuple[Number, Formula]:
        goods = self.line("refund", GOODS)
        return choose_number(goods.laid, goods.amount.value, 0), goods.amount.known

    def refund(self, name: str) -> Amount:
        """Return what the seller pays the buyer on a line or a leg."""
        policy = self.carried.vocabulary.policy
        if name in policy.legs:
            leg = self.leg(name)
            return leg.moved(all_of((leg.advanced.word("buyer"), negate(leg.borne.word("buyer")))))
        if name != GOODS:
            return self.line("refund", name).amount
        left, known = self._goods_laid()
        for other in self.carried.vocabulary.lines["deduction"]:
            line = self.line("deductions", other)
            left = total([(1, left), (-1, least(line.amount.value, left))])
            known = all_of((known, any_of((negate(self.line("refund", GOODS).laid), line.amount.known))))
        return Amount(left, known)

    def charge(self, name: str) -> Amount:
        """Return what the buyer pays the seller on a line or a leg."""
        if name in self.carried.vocabulary.policy.legs:
            leg = self.leg(name)
            return leg.moved(all_of((negate(leg.advanced.word("buyer")), leg.borne.word("buyer"))))
        return self.line("charge", name).amount

    def recover(self, name: str) -> Amount:
        """Return what a third party pays the seller on a line or a leg."""
        if name in self.carried.vocabulary.policy.legs:
            leg = self.leg(name)
            others = any_of(when for party, when in leg.borne.by.items() if party not in (*_DIRECT, UNDECIDED))
            at_own_cost = any_of(all_of((when, leg.advanced.word(party))) for party, when in leg.borne.by.items())
            return leg.moved(all_of((others, negate(at_own_cost))))
        return self.line("recover", name).amount

    def deduction(self, name: str) -> Amount:
        """Return what a deduction takes from the goods line; 0 where no goods are refunded."""
        return self.deducted(name)

    def sum_of(self, book: str) -> Amount:
        """Return the total of ``refund``, ``deduction``, ``charge`` or ``recover``; unknown while one line is."""
        each: Mapping[str, Callable[[str], Amount]] = {
            "refund": self.refund,
            "deduction": self.deduction,
            "charge": self.charge,
            "recover": self.recover,
        }
        parts = [each[book](name) for name in self.carried.vocabulary.lines[book]]
        return Amount(total([(1, part.value) for part in parts]), all_of(part.known for part in parts))

    def maximum(self) -> Amount:
        """Return what can at most go back: goods left, what the buyer paid for legs, and each compensation's cap."""
        policy = self.carried.vocabulary.policy
        legs = [
            choose_number(cost.known, cost.value, 0)
            for leg in policy.legs.values()
            if leg.advanced == "buyer" and leg.amount is not None
            for cost in (self._told(leg.amount),)
        ]
        caps = [
            self.cap(name)
            for name in self.carried.vocabulary.lines["refund"]
            if name != GOODS and name not in policy.legs
        ]
        goods = self.goods_left()
        return Amount(total([(1, part) for part in (goods.value, *legs, *caps)]), goods.known)

    def cap(self, name: str) -> Number:
        """Return the cap of a refund line: what is added for it to the most that can go back."""
        origins = self.carried.laid(
            self.place, "refund", name, lambda state: _found(state.terms, "refund", name) is not None
        )
        found: Number = 0
        for key, when in origins.items():
            said = _found(self._state(key).terms, "refund", name) if key is not None else None
            if said is not None:
                cap = amount_of(said.amount if said.cap is None else said.cap, self.sight)
                found = choose_number(all_of((when, cap.known)), cap.value, found)
        return found

    def buyer_net(self) -> Amount:
        """Return what the buyer comes out with: refund and insurance less charges and postage that they advanced."""
        refund, charge = self.sum_of("refund"), self.sum_of("charge")
        legs = [self.leg(name) for name in self.carried.vocabulary.policy.legs if name != "outbound"]
        spent = [choose_number(all_of((leg.laid, leg.advanced.word("buyer"))), leg.cost.value, 0) for leg in legs]
        known = [
            any_of((negate(leg.laid), all_of((leg.advanced.known, negate(leg.advanced.word("buyer")))), leg.settled))
            for leg in legs
        ]
        insured = [choose_number(all_of((leg.laid, leg.settled)), leg.insurer.value, 0) for leg in self._all_legs()]
        value = total(
            [(1, refund.value), (-1, charge.value), *((-1, part) for part in spent), *((1, part) for part in insured)]
        )
        return Amount(value, all_of((refund.known, charge.known, *known)))

    def _all_legs(self) -> Iterator[LegFormula]:
        return (self.leg(name) for name in self.carried.vocabulary.policy.legs)

    def in_error(self) -> Formula:
        """Return when the case's money cannot be settled: a line below zero or above its cap."""
        return any_of(line.broken for line in self._all_lines())

    def _all_lines(self) -> Iterator[LineFormula]:
        vocabulary = self.carried.vocabulary
        for book, field_ in _FIELDS.items():
            if book != "deduction" or self.line("refund", GOODS).laid is not False:
                yield from (
                    self.line(field_, name) for name in vocabulary.lines[book] if name not in vocabulary.policy.legs
                )


def decided(party: OneOf) -> Formula:
    """Return when it is known who it is."""
    return any_of(when for word, when in party.by.items() if word != UNDECIDED)


def _lines(terms: Terms, book: str) -> Sequence[MoneyLine]:
    found: Sequence[MoneyLine] = getattr(terms, book)
    return found


def _found(terms: Terms, book: str, name: str) -> MoneyLine | None:
    return next((line for line in _lines(terms, book) if line.name == name), None)


def _term_of(leg: str) -> Callable[[State], PostageTerm | None]:
    return lambda state: next((term for term in state.terms.postage if term.leg == leg), None)


def _advances(term: PostageTerm | None) -> bool:
    return term is not None and term.advanced is not None


def _insured(term: PostageTerm | None) -> bool:
    return term is not None and term.insured


def _borne(term: PostageTerm | None) -> Bearing:
    return None if term is None else term.borne


def _words(symbol: Symbol) -> OneOf:
    if not isinstance(symbol, OneOf):
        raise beyond("承担方不是当事方", "who bears it is no party")
    return symbol


def _amount(symbol: Symbol) -> Amount:
    if not isinstance(symbol, Amount):
        raise beyond("金额不是数额", "a line that is no amount")
    return symbol


def _above(value: Amount, cap: Amount) -> Formula:
    return all_of((cap.known, compare(">", value.value, cap.value)))
