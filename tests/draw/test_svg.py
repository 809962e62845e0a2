"""Graphviz' SVG made fit for a page."""

from __future__ import annotations

from aftersales.draw.svg import tidy

FONT = 'font-family="Noto Sans CJK SC,sans-serif"'


def text(y: str, look: str, said: str) -> str:
    """Return a line of words as Graphviz writes it."""
    return f'<text text-anchor="start" x="1" y="{y}" {FONT} {look}>{said}</text>\n'


def test_words_stand_in_the_middle_of_their_line() -> None:
    """Bold words of cards and pills are moved down; headings and plain words are not."""
    lines = (
        text("-100.5", 'font-weight="bold" font-size="12.00"', "card"),
        text("-80", 'font-weight="bold" font-size="20.00"', "heading"),
        text("-60", 'font-weight="bold" font-size="10.00"', "question"),
        text("-40", 'font-size="12.00"', "sign"),
    )
    made = tidy(f'<svg width="9pt">\n{"".join(lines)}</svg>'.encode(), "a & b").decode()
    assert made == (
        '<svg width="9pt" font-family="Noto Sans CJK SC,sans-serif">\n<title>a &amp; b</title>\n'
        '<text x="1" y="-98.70" font-weight="bold" font-size="12.00">card</text>\n'
        '<text x="1" y="-80" font-weight="bold" font-size="20.00">heading</text>\n'
        '<text x="1" y="-58.54" font-weight="bold" font-size="9.75">question</text>\n'
        '<text x="1" y="-40" font-size="12.00">sign</text>\n</svg>'
    )
