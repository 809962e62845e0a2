"""The postage of a node, written out: who bears each leg, and what it moves between whom."""

from __future__ import annotations

from collections.abc import Sequence

from aftersales.expr.tree import Expr, FactRef, Literal, Present
from aftersales.expr.types import FLAG
from aftersales.policy.model import Bearing, PostageLeg, PostageTerm
from aftersales.run.function.asked import NONE
from aftersales.run.function.lines import Lines
from aftersales.run.function.sheet import Sheet
from aftersales.run.function.texts import YES, both, known, value

SHARED, UNDECIDED, BUYER, SELLER, NOBODY = "shared", "undecided", "buyer", "seller", "nobody"
_LIMITS = ("insurance_payout", "insured_up_to")


class Legs:
    """Writes the legs that ``lines.laid`` names; ``borne`` collects the entries of the answer's mapping."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.sheet = lines.sheet
        self.borne: dict[str, str] = {}

    def write(self) -> None:
        """Write every leg, and put what it moves into ``fen``, which is there by then."""
        for term in self.lines.laid.postage.values():
            self._leg(self.sheet.policy.legs[term.leg], term)

    def _leg(self, leg: PostageLeg, term: PostageTerm) -> None:
        borne = party(self.lines, term.borne)
        advanced = repr(leg.advanced) if term.advanced is None else self._advancer(term.advanced)
        self.borne[leg.name] = borne
        if borne == advanced and not self._may_be_insured(leg, term, advanced):
            return
        amount = "None" if leg.amount is None else self._held_amount(leg.amount)
        if _is_fixed(advanced) and _is_fixed(borne):
            self._between(leg, term, advanced, borne, amount)
        else:
            self._of_anyone(leg, term, advanced, borne, amount)

    def _between(self, leg: PostageLeg, term: PostageTerm, advanced: str, borne: str, amount: str) -> None:
        """Write a leg of which it is fixed who advanced and who bears it."""
        sheet, rest = self.sheet, amount
        sure = YES if self._is_sure(leg.amount) else f"{amount} is not None"
        insurer = None
        if self._may_be_insured(leg, term, advanced):
            rest, insurer = sheet.spare("r"), sheet.spare("i")
            plain = self._plain_insurer(leg, amount)
            sheet.put(f"{insurer} = {plain or self._insurer(leg, term, advanced, amount)}")
            sure = both((sure if plain else f"{insurer} is not None", sure))
        with sheet.only_if(sure):
            self._enter(leg, _books(advanced, borne), amount, rest, insurer)
        waits = advanced != borne and (advanced == repr(BUYER) or borne == repr(BUYER))
        if sure != YES and (waits or sheet.elsewhere is not None):
            with sheet.under("else"):
                if sheet.elsewhere is None:
                    sheet.put(self._entered(_books(advanced, borne)[:1], leg, NONE))
                self._wait(leg, term)

    def _enter(self, leg: PostageLeg, books: tuple[str, ...], amount: str, rest: str, insurer: str | None) -> None:
        """Write what a leg moves, which is known."""
        if insurer is not None:
            if books:
                self.sheet.put(f"{rest} = {amount} - {insurer}")
            self.sheet.put(f"if {insurer}: {self._entered(('insured',), leg, insurer)}")
        if books:
            self.sheet.put(f"if {rest}: {self._entered(books, leg, rest)}")
        elif insurer is None:
            self.sheet.put("pass")

    def _entered(self, books: Sequence[str], leg: PostageLeg, amount: str) -> str:
        return self.lines.fen.entered([f"{book}_{leg.name}" for book in books], amount)

    def _of_anyone(self, leg: PostageLeg, term: PostageTerm, advanced: str, borne: str, amount: str) -> None:
        """Write a leg of which the case tells who advanced or who bears it."""
        insurer = self._insurer(leg, term, advanced, amount)
        shares = self.sheet.names.constant(term.borne, ("shares", id(term.borne))) if borne == repr(SHARED) else "None"
        with self.sheet.under(f"if leg(fen, {leg.name!r}, {advanced}, {borne}, {shares}, {amount}, {insurer})"):
            self._wait(leg, term)

    def _advancer(self, expr: Expr) -> str:
        self.sheet.read(expr)
        if isinstance(expr, Literal):
            return value(expr, self.sheet)
        return _if_known(expr, self.sheet, NONE)

    def _held_amount(self, name: str) -> str:
        held = self.sheet.read_fact(name)
        may_be_unknown = self.sheet.may_be_none(name) and not self.sheet.is_known(name)
        return f"(None if {held} is U else {held})" if may_be_unknown else held

    def _is_sure(self, name: str | None) -> bool:
        """Return whether a fact is known here, and not as a none."""
        return name is not None and self.sheet.is_known(name) and not self.sheet.may_be_none(name)

    def _may_be_insured(self, leg: PostageLeg, term: PostageTerm, advanced: str) -> bool:
        return leg.insured is not None and term.insured and (advanced == repr(BUYER) or not advanced.startswith("'"))

    def _insurer(self, leg: PostageLeg, term: PostageTerm, advanced: str, amount: str) -> str:
        """Return the text of what the insurer pays, ``None`` while that is not known."""
        if leg.insured is None or not self._may_be_insured(leg, term, advanced):
            return "0"
        covered = self.sheet.read_fact(leg.insured)
        with self.sheet.loosely():
            limits = [self._held_amount(name) for name in _LIMITS if name in self.sheet.policy.facts]
        payout, upto = [*limits, "None", "None"][:2]
        return f"insured({advanced}, {amount}, {covered}, {payout}, {upto})"

    def _plain_insurer(self, leg: PostageLeg, amount: str) -> str | None:
        """Return the text of what the insurer pays for a leg that the buyer advanced; ``None`` where that is not plain.

        It is where the leg is insured up to an amount that is known here, and nothing else limits it.
        """
        payout, upto = _LIMITS
        facts = self.sheet.policy.facts
        if payout in facts or self.sheet.elsewhere is None or not self._is_sure(leg.amount) or leg.insured is None:
            return None
        if facts[leg.insured].derived != Present(upto):
            return None
        limit = self.sheet.read_fact(upto)
        return f"0 if {limit} is None else {amount} if {amount} < {limit} else {limit}"

    def _wait(self, leg: PostageLeg, term: PostageTerm) -> None:
        """Write that a leg waits for who advanced it, who bears it, what it cost, or whether it is insured."""
        facts = self.sheet.policy.facts
        names = (leg.amount, leg.insured if term.insured else None)
        exprs = [part for part in (term.advanced, term.borne) if part is not None and not isinstance(part, tuple)]
        exprs += [FactRef(facts[name].type if name in facts else FLAG, name) for name in names if name is not None]
        self.lines.waits(exprs)
        self.sheet.put("pass")


def party(lines: Lines, bearing: Bearing) -> str:
    """Return the text of who bears something: a party, ``shared``, or ``undecided`` while it is not known."""
    if bearing is None or isinstance(bearing, tuple):
        return repr(UNDECIDED if bearing is None else SHARED)
    lines.sheet.read(bearing)
    if isinstance(bearing, Literal):
        return value(bearing, lines.sheet)
    return _if_known(bearing, lines.sheet, repr(UNDECIDED))


def _if_known(expr: Expr, sheet: Sheet, otherwise: str) -> str:
    """Return the text of a value, or of what stands for it where that is not known."""
    sure = known(expr, sheet)
    return value(expr, sheet) if sure == YES else f"({value(expr, sheet)} if {sure} else {otherwise})"


def _is_fixed(text: str) -> bool:
    """Return whether the text of a party is one party in every case."""
    return text.startswith("'") and text not in {repr(SHARED), repr(UNDECIDED)}


def _books(advanced: str, borne: str) -> tuple[str, ...]:
    """Return the books that the cost of a leg is entered in, the seller's and the buyer's first."""
    if advanced == borne:
        return ()
    direct = ("refund",) if advanced == repr(BUYER) else ("charge",) if borne == repr(BUYER) else ()
    third = borne not in {repr(BUYER), repr(SELLER), repr(NOBODY)}
    return (*direct, "recover") if third else direct
