"""What the money of an end waits for, written out: of each line and leg that is not known, the facts to ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from aftersales.case.units import GOODS
from aftersales.policy.model import MoneyLine, PostageTerm
from aftersales.run.function.asked import blocker
from aftersales.run.function.nodes import Node
from aftersales.run.function.rests import RestSheet, add, itself
from aftersales.run.function.texts import both, known

#: Writes what one line or leg waits for.
Write = Callable[[RestSheet], None]


def waiting_of(node: Node, waits: Collection[str]) -> Iterator[tuple[int, Write]]:
    """Yield what ``waits``, in the order of the settlement: its number in the node, and what writes it."""
    for number, (flats, write) in enumerate(_all(node)):
        if any(flat in waits for flat in flats):
            yield number, write


def _all(node: Node) -> Iterator[tuple[Sequence[str], Write]]:
    """Yield every line and leg by the names under which an answer has it."""
    laid = node.laid
    for line in laid.refund.values():
        yield (f"refund_{line.name}",), _of_line(line, laid.deductions.values() if line.name == GOODS else ())
    for term in laid.postage.values():
        yield (f"refund_{term.leg}", f"charge_{term.leg}"), _of_leg(term)
    for book, lines in (("charge", laid.charge), ("recover", laid.recover)):
        for line in lines.values():
            yield (f"{book}_{line.name}",), _of_line(line, ())


def _of_line(line: MoneyLine, deductions: Iterable[MoneyLine]) -> Write:
    def write(sheet: RestSheet) -> None:
        sheet.put("found = []")
        for one in (line, *deductions):
            _line(sheet, one)
        sheet.put("return tuple(found)")

    return write


def _line(sheet: RestSheet, line: MoneyLine) -> None:
    """Write what a line waits for; once it is known, the next one is what waits."""
    parts = (line.amount,) if line.cap is None else (line.amount, line.cap)
    sheet.read(*parts)
    with sheet.under(f"if not ({both(known(part, sheet) for part in parts)})"):
        for part in parts:
            add(sheet, blocker(part, sheet, itself))
        sheet.put("return tuple(found)")


def _of_leg(term: PostageTerm) -> Write:
    def write(sheet: RestSheet) -> None:
        leg = sheet.policy.legs[term.leg]
        sheet.put("found = []")
        for expr in (term.advanced, term.borne):
            if expr is not None and not isinstance(expr, tuple):
                sheet.read(expr)
                add(sheet, blocker(expr, sheet, itself))
        for name in (leg.amount, leg.insured if term.insured else None):
            if name is not None:
                held = sheet.read_fact(name)
                sheet.put(f"if {held} is {'U' if sheet.may_be_none(name) else None}: found.append({name!r})")
        sheet.put("return tuple(found)")

    return write
