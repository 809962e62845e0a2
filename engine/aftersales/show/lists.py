"""Registers as a table for people and as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console

from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.policy.model import Policy
from aftersales.policy.registers import COLUMNS, Register
from aftersales.show import words
from aftersales.show.page import Page, clean
from aftersales.show.titles import Titles
from aftersales.study.lists import UNDATED, Entry, Goods, Sheet
from aftersales.text import Lang

_MONEY: Final = ("amount", "recover")
#: Columns whose text comes from the shop: a spreadsheet must not take an order number for a figure or a date.
_AS_WRITTEN: Final = ("case", "order", "shop", "goods", "goods_in", "goods_out")
#: What a spreadsheet takes for a formula, full-width signs included.
_FORMULA: Final = tuple("=+-@＝＋－＠")
#: What it takes for a figure or a date and shows otherwise: leading zeros, long numbers, exponents, 3-1.
_FIGURE: Final = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+[eE][0-9]+|[0-9]+([-/][0-9]+)+", re.ASCII)


def show_lists(sheets: Sequence[Sheet], policy: Policy, lang: Lang, console: Console) -> None:
    """Write every sheet as a table: the list's title, its period and receiver, and its rows."""
    page, titles = Page(console), Titles(policy, lang)
    if not sheets:
        page.line(titles.of(words.NO_ENTRIES), indent=0)
    for sheet in sheets:
        title, to = titles.of(sheet.register.title), titles.who(sheet.to)
        page.heading(titles.of(words.SHEET).format(title, _period(sheet.period, titles), to))
        columns = sheet.register.columns
        figures = [place for place, column in enumerate(columns) if _is_money(column, policy)]
        page.table(
            heads(sheet.register, titles), [row(entry, columns, titles) for entry in sheet.entries], right=figures
        )


def lists_json(sheets: Iterable[Sheet], policy: Policy, lang: Lang) -> list[dict[str, object]]:
    """Return the sheets as JSON: every row with the text of its columns."""
    titles = Titles(policy, lang)
    return [
        {
            "list": sheet.register.name,
            "title": sheet.register.title.to_dict(),
            "every": sheet.every,
            "to": sheet.to,
            "period": sheet.period,
            "rows": [
                dict(zip(sheet.register.columns, row(entry, sheet.register.columns, titles), strict=True))
                for entry in sheet.entries
            ],
        }
        for sheet in sheets
    ]


def as_csv(sheets: Sequence[Sheet], policy: Policy, lang: Lang) -> bytes:
    """Return sheets of one list as CSV: UTF-8 with a byte order mark, so that Excel opens Chinese right.

    The first columns are the period and the receiver. No cell is taken for a formula, and no order number for a figure: such texts get an
    apostrophe in front.
    """
    titles, register = Titles(policy, lang), sheets[0].register
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(
        [titles.of(words.PERIOD), titles.of(words.RECEIVER), *(safe(head, "") for head in heads(register, titles))]
    )
    for sheet in sheets:
        for entry in sheet.entries:
            cells = zip(row(entry, register.columns, titles), register.columns, strict=True)
            place = (_period(sheet.period, titles), safe(titles.who(sheet.to), ""))
            writer.writerow([*place, *(safe(cell, column) for cell, column in cells)])
    return written.getvalue().encode("utf-8-sig")


def safe(cell: str, column: str) -> str:
    """Return a cell that a spreadsheet shows as it stands; what does not print becomes a space."""
    text = clean(cell).replace("\n", " ").strip()
    as_figure = column in _AS_WRITTEN and _FIGURE.fullmatch(text) is not None
    return f"'{text}" if as_figure or text.startswith(_FORMULA) else text


def heads(register: Register, titles: Titles) -> list[str]:
    """Return the heads of a list's columns."""
    return [_head(column, register, titles) for column in register.columns]


def _head(column: str, register: Register, titles: Titles) -> str:
    text = COLUMNS.get(column) or register.fill_in.get(column)
    return titles.of(text) if text is not None else titles.fact(column)


def row(entry: Entry, columns: Iterable[str], titles: Titles) -> list[str]:
    """Return the text of an entry's columns; what is not known, and what the shop fills in, is empty."""
    return [_cell(entry, column, titles) for column in columns]


def _cell(entry: Entry, column: str, titles: Titles) -> str:
    if column in COLUMNS:
        return _fixed(entry, titles)[column]
    value = entry.facts.get(column, UNKNOWN)
    return "" if value is UNKNOWN or value is None else titles.value(column, value)


def _fixed(entry: Entry, titles: Titles) -> dict[str, str]:
    return {
        "at": titles.instant(entry.at) if entry.at is not None else "",
        "case": entry.case,
        "order": entry.order or "",
        "shop": entry.shop or "",
        "goods": _goods(entry.goods_in, titles),
        "goods_in": _goods(entry.goods_in, titles),
        "goods_out": _goods(entry.goods_out, titles),
        "amount": titles.money(entry.amount),
        "recover": titles.money(entry.recover),
        "reason": _reason(entry.issue, entry.flow, titles),
        "responsible": titles.who(entry.liable or "undecided"),
        "outcome": titles.outcome(entry.outcome),
        "action": titles.action(entry.action),
        "by": titles.who(entry.by),
        "status": titles.of(words.OPEN_ENTRY if entry.is_open else words.DONE_ENTRY),
    }


def _goods(goods: Iterable[Goods], titles: Titles) -> str:
    return titles.of(words.JOINT).join(f"{one.name} × {one.quantity}" for one in goods)


def _reason(issue: Value, flow: str, titles: Titles) -> str:
    return titles.flow(flow) if issue is UNKNOWN or issue is None else titles.value("issue", issue)


def _is_money(column: str, policy: Policy) -> bool:
    fact = policy.facts.get(column)
    return column in _MONEY or (fact is not None and column not in COLUMNS and fact.type.kind is Kind.MONEY)


def _period(period: str, titles: Titles) -> str:
    return titles.of(words.UNDATED) if period == UNDATED else period
