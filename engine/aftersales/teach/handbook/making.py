"""The handbook as bytes: made from a loaded policy, the worked cases of its folder and its pictures."""

from __future__ import annotations

from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.book import make_book
from aftersales.teach.handbook.html_text import html_page
from aftersales.teach.handbook.typeset import fonts, typeset
from aftersales.teach.handbook.typst_text import typst_files


def handbook_pdf(policy: LoadedPolicy, lang: str = "zh") -> bytes:
    """Return the handbook as PDF in ``zh``, ``en`` or ``both``: the same policy and tools give the same bytes.

    Raises ``DrawingError`` where typst, a font with Chinese or Graphviz is missing, before anything is made.
    """
    known = fonts()
    return typeset(typst_files(make_book(policy, lang), known))


def handbook_html(policy: LoadedPolicy, lang: str = "zh") -> bytes:
    """Return the handbook as one HTML page that needs no network; the same policy and tools give the same bytes.

    Raises ``DrawingError`` where Graphviz is missing.
    """
    return html_page(make_book(policy, lang))
