"""The money of a decision: postage by leg, the refund and how it was derived, charges, recoveries, transfers."""

from __future__ import annotations

from collections.abc import Mapping

from aftersales.run.decision import Decision, Leg, MoneyItem, Refund, Transfer
from aftersales.show import words
from aftersales.show.page import Page
from aftersales.show.titles import Titles
from aftersales.text import Text


def show_amounts(decision: Decision, page: Page, titles: Titles) -> None:
    """Write every money section of a decision that has something to say."""
    _show_postage(decision.postage, page, titles)
    _show_refund(decision.refund, page, titles)
    _show_items(words.CHARGES, decision.charges, page, titles)
    _show_items(words.RECOVER, decision.recover, page, titles)
    _show_transfers(decision.transfers, page, titles)


def _show_postage(postage: Mapping[str, Leg | None], page: Page, titles: Titles) -> None:
    travelled = {name: leg for name, leg in postage.items() if leg is not None}
    if not travelled:
        return
    page.heading(titles.of(words.POSTAGE))
    heads = (words.LEG, words.ADVANCED, words.BORNE, words.AMOUNT, words.INSURER)
    rows = [_leg_row(name, leg, titles) for name, leg in travelled.items()]
    page.table([titles.of(head) for head in heads], rows, right=(3, 4))


def _leg_row(name: str, leg: Leg, titles: Titles) -> tuple[str, ...]:
    borne = titles.who(leg.borne_by)
    if len(leg.shares) > 1:
        shares = titles.of(words.COMMA).join(
            f"{titles.who(party)} {titles.money(fen)}" for party, fen in leg.shares.items()
        )
        borne = f"{borne} ({shares})"
    insurer = titles.money(leg.insurer_pays) if leg.insurer_pays else ""
    return titles.leg(name), titles.who(leg.advanced_by), borne, titles.money(leg.amount), insurer


def _show_refund(refund: Refund, page: Page, titles: Titles) -> None:
    page.heading(titles.of(words.REFUND))
    if refund.lines or refund.deductions:
        heads = (words.FOR, words.AMOUNT, words.PAID, words.DUE_NOW, words.HOW)
        rows = [_refund_row(item, titles) for item in refund.lines]
        rows += [_deduction_row(item, titles) for item in refund.deductions]
        total = (titles.of(words.TOTAL), *(titles.money(fen) for fen in (refund.total, refund.paid, refund.due)), "")
        page.table([titles.of(head) for head in heads], [*rows, total], right=(1, 2, 3))
    else:
        page.line(titles.named(words.TOTAL, titles.money(refund.total)))
    for waiting in refund.waiting:
        text = titles.of(words.WAITS).format(titles.line(waiting.for_), titles.names(waiting.needs))
        page.item("-", text)
    _show_way_back(refund, page, titles)
    if refund.maximum is not None:
        page.line(titles.of(words.MAXIMUM).format(titles.money(refund.maximum)))


def _show_way_back(refund: Refund, page: Page, titles: Titles) -> None:
    for part in refund.paid_to:
        name = (
            titles.of(words.OTHER_WAY) if part.id is None else " ".join(word for word in (part.kind, part.id) if word)
        )
        page.item("-", titles.of(words.BACK_TO).format(name, titles.money(part.amount)))
    for item in refund.returned_in_kind:
        kind = titles.of(words.IN_KIND.get(item.kind, Text(item.kind, item.kind)))
        name = kind if item.id is None else f"{kind} {item.id}"
        page.item("-", titles.of(words.ALSO_BACK).format(name, titles.money(item.amount)))


def _refund_row(item: MoneyItem, titles: Titles) -> tuple[str, ...]:
    amounts = (titles.money(fen) for fen in (item.amount, item.paid, item.due))
    return titles.line(item.for_), *amounts, titles.code(item.because)


def _deduction_row(item: MoneyItem, titles: Titles) -> tuple[str, ...]:
    name = titles.of(words.DEDUCTION).format(titles.line(item.for_))
    return name, titles.money(-item.amount), "", "", titles.code(item.because)


def _show_items(heading: Text, items: tuple[MoneyItem, ...], page: Page, titles: Titles) -> None:
    if not items:
        return
    page.heading(titles.of(heading))
    heads = (words.FOR, words.AMOUNT, words.PAID, words.HOW)
    rows = [
        (titles.line(item.for_), titles.money(item.amount), titles.money(item.paid), titles.code(item.because))
        for item in items
    ]
    page.table([titles.of(head) for head in heads], rows, right=(1, 2))


def _show_transfers(transfers: tuple[Transfer, ...], page: Page, titles: Titles) -> None:
    if not transfers:
        return
    page.heading(titles.of(words.TRANSFERS))
    heads = (words.FROM, words.TO, words.FOR, words.AMOUNT)
    rows = [
        (titles.who(move.from_), titles.who(move.to), titles.line(move.for_), titles.money(move.amount))
        for move in transfers
    ]
    page.table([titles.of(head) for head in heads], rows, right=(3,))
