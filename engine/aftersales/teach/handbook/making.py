"""The handbook as bytes: made from a loaded policy, the worked cases of its folder and its pictures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.book import make_book
from aftersales.teach.handbook.html_text import html_page
from aftersales.teach.handbook.typeset import fonts, typeset
from aftersales.teach.handbook.typst_text import pictures_alone, typst_files


def handbook_pdf(policy: LoadedPolicy, lang: str = "zh") -> bytes:
    """Return the handbook as PDF in ``zh``, ``en`` or ``both``: the same policy and tools give the same bytes.

    Typst keeps what it has read: it takes in the pictures on its own, while the rest of the book is still being made.
    Raises ``DrawingError`` where typst, a font with Chinese or Graphviz is missing, before anything is made.
    """
    known = fonts()
    with ThreadPoolExecutor(1) as beside:
        book = make_book(policy, lang, lambda drawn: beside.submit(typeset, pictures_alone(drawn, known)))
        return typeset(typst_files(book, known))


def handbook_html(policy: LoadedPolicy, lang: str = "zh") -> bytes:
    """Return the handbook as one HTML page that needs no network; the same policy and tools give the same bytes.

    Raises ``DrawingError`` where Graphviz is missing.
    """
    return html_page(make_book(policy, lang))
