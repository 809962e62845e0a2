"""The lines of money of a node, written out: amounts, caps, and what is deducted from the goods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aftersales.case.units import GOODS
from aftersales.expr.tree import Choose, Compare, Expr, Extreme, FactRef, Literal, ParamRef, Product, Sum
from aftersales.policy.model import MoneyLine
from aftersales.run.function.asked import NONE
from aftersales.run.function.sheet import Sheet
from aftersales.run.function.texts import YES, both, known, value
from aftersales.run.laid import Laid

#: Where nothing more is decided here: the machine says what is at fault.
GIVE_UP = "raise Beyond"
_PAID, _REFUNDED = "claimed_paid", "already_refunded"


class Fen:
    """Writes amounts into the mapping of an answer; ``first`` are the entries that it begins with, with their locals."""

    def __init__(self) -> None:
        self.first: list[tuple[str, str]] = []

    def opened(self) -> str:
        """Return the line that makes the mapping."""
        return f"fen = {self.mapping()}"

    def mapping(self) -> str:
        """Return the text of the mapping with its first entries."""
        return f"{{{', '.join(f'{name!r}: {amount}' for name, amount in self.first)}}}"

    def entered(self, names: Sequence[str], amount: str) -> str:
        """Return the line that enters one amount under some names."""
        return " = ".join((*(f"fen[{name!r}]" for name in names), amount))


class Lines:
    """Writes the money lines of ``laid``; ``fen`` writes the entries of the answer's mapping.

    ``asks``: where money waits, the first fact that it waits for is the case's question.
    """

    def __init__(self, sheet: Sheet, laid: Laid, fen: Fen, *, asks: bool) -> None:
        self.sheet = sheet
        self.laid = laid
        self.asks = asks
        self.fen = fen
        self.late: list[str] = []
        self.may_wait = False
        self._sure: set[str] = set()

    def refund(self) -> None:
        """Write the refund lines, the goods less what is deducted from them."""
        for line in self.laid.refund.values():
            amount = self._amount(line)
            if line.name == GOODS:
                self._goods(line, amount)
            self.fen.first.append((f"refund_{line.name}", amount))

    def others(self, *, entered: bool) -> None:
        """Write the charges and what is recovered from third parties; ``entered``: ``fen`` is there already."""
        for book, lines in (("charge", self.laid.charge), ("recover", self.laid.recover)):
            for line in lines.values():
                name, amount = f"{book}_{line.name}", self._amount(line)
                if entered:
                    self.sheet.put(self.fen.entered((name,), amount))
                else:
                    self.fen.first.append((name, amount))

    def waits(self, exprs: Iterable[Expr]) -> None:
        """Write that money waits, and the first fact that it waits for."""
        if self.sheet.elsewhere is not None:
            self.sheet.put(self.sheet.elsewhere)
            return
        need = self.sheet.needs(exprs) if self.asks else NONE
        if need != NONE:
            self.may_wait = True
            self.sheet.put(f"if need is None: need = {need}")

    def _amount(self, line: MoneyLine) -> str:
        """Write the amount of a line into a local and return that; ``None`` is held there while it waits."""
        sheet, parts = self.sheet, (line.amount,) if line.cap is None else (line.amount, line.cap)
        sheet.read(*parts)
        local, sure = sheet.spare("m"), both(known(part, sheet) for part in parts)
        with sheet.only_if(sure):
            self._checked(local, line)
        if sure == YES:
            self._sure.add(local)
        else:
            self._sure.discard(local)
            with sheet.under("else"):
                sheet.put(f"{local} = None")
                self.waits(parts)
        return local

    def _told(self, local: str) -> str:
        """Return the text that is true where the amount in a local is known."""
        return YES if local in self._sure else f"{local} is not None"

    def _checked(self, local: str, line: MoneyLine) -> None:
        sheet = self.sheet
        sheet.put(f"{local} = {value(line.amount, sheet)}")
        if not _never_negative(line.amount, sheet):
            sheet.put(f"if {local} < 0: {GIVE_UP}")
        if line.cap is not None and line.cap != line.amount:
            sheet.put(f"if {local} > {value(line.cap, sheet)}: {GIVE_UP}")

    def _goods(self, line: MoneyLine, goods: str) -> None:
        sheet = self.sheet
        left = [name for name in (_PAID, _REFUNDED) if name in sheet.policy.facts]
        bounded = bool(left) and not _is_what_is_left(line.amount, left)
        if not bounded and not self.laid.deductions:
            return
        taken = [sheet.spare(f"d{number}_") for number in range(len(self.laid.deductions))]
        begun = len(sheet.lines)
        with sheet.only_if(self._told(goods)):
            if bounded:
                self._within_what_is_left(goods, left)
            self._deduct(goods, taken)
        if goods not in self._sure:
            sheet.lines[begun:begun] = [f"{' ' * sheet.depth}{local} = -1" for local in taken]

    def _within_what_is_left(self, goods: str, left: list[str]) -> None:
        held = [self.sheet.read_fact(name) for name in left]
        facts = (FactRef(self.sheet.policy.facts[name].type, name) for name in left)
        above = f"{goods} > {' - '.join(held)} and {goods} > 0"
        self.sheet.put(f"if {both((*(known(fact, self.sheet) for fact in facts), above))}: {GIVE_UP}")

    def _deduct(self, goods: str, taken: list[str]) -> None:
        """Write what is taken off the goods, line by line; where one is not known, the goods wait."""
        sheet = self.sheet
        for line, local in zip(self.laid.deductions.values(), taken, strict=True):
            with sheet.only_if(self._told(goods)):
                amount = self._amount(line)
                deduct = (f"{local} = {amount} if {amount} < {goods} else {goods}", f"{goods} -= {local}")
                entered = self.fen.entered((f"deduction_{line.name}",), local)
                if {goods, amount} <= self._sure:
                    sheet.put(*deduct)
                    self.late.append(entered)
                    continue
                sheet.put(f"if {amount} is None: {goods} = None")
                with sheet.under("else"):
                    sheet.put(*deduct)
            self._sure.discard(goods)
            self.late.append(f"if {local} >= 0: {entered}")


def _is_what_is_left(amount: Expr, left: list[str]) -> bool:
    """Return whether an amount is just what was paid and is not refunded: no more can be left than that."""
    match amount:
        case Sum(terms=((1, FactRef(name=paid)), (-1, FactRef(name=refunded)))):
            return [paid, refunded] == left
        case FactRef(name=name):
            return [name] == left
        case _:
            return False


def _never_negative(amount: Expr, sheet: Sheet) -> bool:
    """Return whether an amount is never below 0, whatever a case tells: no amount that is read ever is."""
    match amount:
        case Literal() | ParamRef():
            return True
        case FactRef(name=name):
            derived = sheet.policy.facts[name].derived
            return derived is None or _never_negative(derived, sheet)
        case Extreme(which=which, operands=operands):
            return (any if which == "max" else all)(_never_negative(part, sheet) for part in operands)
        case Product(factors=factors):
            return all(_never_negative(factor, sheet) for factor in factors)
        case Sum(terms=((1, FactRef() as more), (-1, FactRef() as less))):
            return any(_keeps(holds.condition, less, more) for holds in sheet.policy.holds)
        case Sum(terms=terms):
            return all(sign > 0 and _never_negative(term, sheet) for sign, term in terms)
        case Choose(then=then, otherwise=otherwise):
            return _never_negative(then, sheet) and _never_negative(otherwise, sheet)
        case _:
            return False


def _keeps(condition: Expr, less: Expr, more: Expr) -> bool:
    """Return whether a relation that every case keeps says that one fact is never more than the other."""
    match condition:
        case Compare(op="<=", left=left, right=right):
            return (left, right) == (less, more)
        case _:
            return False
