"""Past cases replayed as one HTML page with bar charts: no library, nothing fetched, prints as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from aftersales.draw.palette import FAINT, INK, NEXT, SOFT
from aftersales.money import show_money
from aftersales.show import replay_words as say
from aftersales.show.page import clean
from aftersales.show.replay import Report
from aftersales.study.replay import GROUPS, Group, Tally
from aftersales.text import Lang

#: What the bars of each kind of group are about.
_SUM: Final = {"flow": "refund", "payer": "pays", "reason": "refund"}
#: In a chart's own units: the width of the names, of the longest bar, and of the figures; a bar's height with its gap.
_NAMES: Final = 330
_BARS: Final = 400
_FIGURES: Final = 110
_BAR: Final = 16
_GAP: Final = 10

_STYLE: Final = f"""
body {{ font: 15px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: {INK};
  max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
svg {{ width: 100%; height: auto; }} svg text {{ font-size: 13px; fill: {INK}; }} svg .figure {{ fill: {SOFT}; }}
.old {{ fill: {FAINT}; }} .new {{ fill: {NEXT}; }} .key {{ display: inline-block; width: .8em; height: .8em; }}
table {{ border-collapse: collapse; font-size: 13px; }} th, td {{ padding: .2rem .6rem; text-align: right; }}
th:first-child, td:first-child {{ text-align: left; white-space: nowrap; }} tr + tr {{ border-top: 1px solid #e5e7eb; }}
.wide {{ overflow-x: auto; }}
"""


@dataclass(frozen=True, slots=True)
class _Bars:
    """One row of a chart: a name with one bar, or one for each policy, in fen."""

    name: str
    amounts: tuple[int, ...]


def chart_html(report: Report, tally: Tally, policies: Sequence[str]) -> str:
    """Return the page: for flows, payers and reasons a chart of the money and the table behind it.

    ``policies`` names the one policy or the two, the older first.
    """
    of = report.titles.of
    said = [say.OLD_POLICY, say.NEW_POLICY] if report.two else [say.PLAIN]
    keys = (f'<span class="key" style="background:{colour}"></span> ' for colour in (FAINT, NEXT)[-len(said) :])
    named = (_text(of(form).format(name)) for form, name in zip(said, policies, strict=True))
    legend = " · ".join(f"{key}{name}" for key, name in zip(keys, named, strict=True))
    parts = [f"<h1>{_text(of(say.TITLE))}</h1>", f"<p>{_text(report.counts(tally))}</p>", f"<p>{legend}</p>"]
    for kind in GROUPS:
        parts += _section(report, kind, tally)
    lang = "zh-CN" if report.titles.lang is Lang.ZH else "en"
    head = f'<meta charset="utf-8"><title>{_text(of(say.TITLE))}</title><style>{_STYLE}</style>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f'<!doctype html>\n<html lang="{lang}"><head>{head}{view}</head>\n<body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _section(report: Report, kind: str, tally: Tally) -> Iterator[str]:
    of, what = report.titles.of, _SUM[kind]
    yield f"<h2>{_text(of(say.GROUPS[kind]))}{_text(f' · {of(say.HEADS[what])}')}</h2>"
    rows = [
        _Bars(report.name(kind, name), _amounts(group, what, two=report.two))
        for name, group in tally.groups[kind].items()
    ]
    shown = sorted((row for row in rows if any(row.amounts)), key=lambda row: -max(row.amounts))
    if shown:
        yield _chart(shown)
    heads, *lines = report.table(kind, tally)
    table = "".join(f"<tr>{_cells(line, 'td')}</tr>" for line in lines)
    yield f'<div class="wide"><table><tr>{_cells(heads, "th")}</tr>{table}</table></div>'


def _amounts(group: Group, what: str, *, two: bool) -> tuple[int, ...]:
    return (group.old[what], group.new[what]) if two else (group.old[what],)


def _chart(rows: Sequence[_Bars]) -> str:
    """Draw horizontal bars, all to one scale."""
    most = max(amount for row in rows for amount in row.amounts)
    height_of_one = len(rows[0].amounts) * _BAR + _GAP
    height, width = len(rows) * height_of_one, _NAMES + _BARS + _FIGURES
    drawn = "".join(_drawn(row, number * height_of_one, most) for number, row in enumerate(rows))
    return f'<svg viewBox="0 0 {width} {height}" role="img">{drawn}</svg>'


def _drawn(row: _Bars, top: int, most: int) -> str:
    middle = top + len(row.amounts) * _BAR / 2 + 5
    parts = [f'<text x="{_NAMES - 10}" y="{middle:g}" text-anchor="end">{_text(row.name)}</text>']
    for number, amount in enumerate(row.amounts):
        kind = "old" if number < len(row.amounts) - 1 else "new"
        length, y = _BARS * amount / most, top + number * _BAR
        parts.append(f'<rect class="{kind}" x="{_NAMES}" y="{y}" width="{length:.1f}" height="{_BAR - 2}"/>')
        place = f'x="{_NAMES + length + 6:.1f}" y="{y + _BAR - 4}"'
        parts.append(f'<text class="figure" {place}>{show_money(amount)}</text>')
    return "".join(parts)


def _cells(cells: Sequence[str], tag: str) -> str:
    return "".join(f"<{tag}>{_text(cell)}</{tag}>" for cell in cells)


def _text(text: str) -> str:
    return escape(clean(text))
