"""Past cases under two policies: how many come out differently, by flow and respect, and how much money that is."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.show import diff_words as say
from aftersales.show import words
from aftersales.show.diff_rows import Rows
from aftersales.show.page import Page
from aftersales.study.past_cases import PastCases, sum_of

#: So many cases are shown as examples.
_MOST_SHOWN = 5


def show_past(past: PastCases, rows: Rows, page: Page) -> None:
    """Write the table of flows and respects, both sums, and the first cases that differ."""
    titles = rows.new
    page.heading(titles.of(say.PAST))
    counts = {"all": len(past.cases), "changed": len(past.changed), "undecided": len(past.undecided)}
    page.line(titles.of(say.PAST_COUNTS).format(**counts))
    _sums(past, rows, page)
    if not past.changed:
        page.line(titles.of(say.NO_CHANGE))
        return
    heads = (say.FLOW, say.CASES, say.REFUND_MORE, say.CHARGE_MORE, say.OF_THEM)
    page.table([titles.of(head) for head in heads], _table(past, rows), right=(1, 2, 3))
    page.line(titles.of(say.FIRST))
    for case in past.changed[:_MOST_SHOWN]:
        page.item("*", f"{case.name}  {rows.brief(case.two)}", indent=4)
    if len(past.changed) > _MOST_SHOWN:
        page.line(titles.of(say.MORE).format(len(past.changed) - _MOST_SHOWN), indent=4)


def _sums(past: PastCases, rows: Rows, page: Page) -> None:
    titles, money = rows.new, sum_of(past.cases)
    refunds = (titles.money(money.old_refund), titles.money(money.new_refund), signed(money.more_refund, rows))
    charges = (titles.money(money.old_charge), titles.money(money.new_charge), signed(money.more_charge, rows))
    page.line(titles.of(say.REFUNDS).format(*refunds))
    if money.old_charge or money.new_charge:
        page.line(titles.of(say.CHARGES).format(*charges))
    stopped = len(past.of(respect="error"))
    if stopped:
        page.line(titles.of(say.UNCOUNTED).format(stopped))


def _table(past: PastCases, rows: Rows) -> Iterator[tuple[str, ...]]:
    titles = rows.new
    for flow in (*past.flows(), None):
        found = past.of(flow=flow)
        money = sum_of(found)
        name = titles.of(say.ALL) if flow is None else (titles.flow(flow) or titles.of(say.NO_FLOW))
        counts = ((respect, len(past.of(flow=flow, respect=respect))) for respect in past.respects())
        parts = [
            titles.of(say.HOW_MANY).format(titles.of(say.RESPECTS[word]), count) for word, count in counts if count
        ]
        more = (signed(money.more_refund, rows), signed(money.more_charge, rows))
        yield name, str(len(found)), *more, titles.of(words.COMMA).join(parts)


def signed(fen: int, rows: Rows) -> str:
    """Return an amount with its sign: how much more, or less."""
    return f"+{rows.new.money(fen)}" if fen > 0 else rows.new.money(fen)
