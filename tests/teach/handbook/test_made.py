"""The handbook as a file: the same bytes each time, nothing of a title read as markup, faults said with their remedy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aftersales.cli import main
from aftersales.errors import DrawingError
from aftersales.policy.model import Policy
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook import handbook_html, handbook_pdf, typeset
from aftersales.teach.handbook.book import make_book
from aftersales.teach.handbook.html_text import html_page
from aftersales.teach.handbook.model import Book, Box, Chapter, Paragraph, Part, Picture, Row, Section, Table, Tone
from aftersales.teach.handbook.sheets import sheet_for
from aftersales.teach.handbook.typst_text import quoted, typst_files
from aftersales.teach.handbook.voice import cell, plain
from aftersales.text import Text
from handbook_text import chapter_of, text

SMALL = Path(__file__).parents[2] / "study" / "small"
HOSTILE = r"""#panic("x") *b* _i_ <script>alert(1)</script> ] } \ "q" 'a' $x$ @here `c` // & {0} <x>"""
CJK = re.compile("[\u4e00-\u9fff]")


class Page(HTMLParser):
    """Collects what a page names: tags, ids, and every address it could fetch."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.addresses += [value for name, value in attrs if name in {"src", "href", "xlink:href"} and value]

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words.append(data)


def hostile(model: Policy) -> Policy:
    """Return the policy with everything that people read replaced by what markup would trip over."""
    title = Text(HOSTILE, HOSTILE)
    return replace(
        model,
        title=title,
        version=HOSTILE,
        flows={name: replace(flow, title=title) for name, flow in model.flows.items()},
        states={key: replace(state, title=title) for key, state in model.states.items()},
        facts={name: replace(fact, title=title, ask=fact.ask and title) for name, fact in model.facts.items()},
        actions={name: replace(action, title=title) for name, action in model.actions.items()},
    )


def test_same_policy_same_bytes(small: LoadedPolicy) -> None:
    """PDF and HTML made twice are equal to the byte."""
    assert handbook_pdf(small) == handbook_pdf(small)
    assert handbook_html(small, "both") == handbook_html(small, "both")


def test_bytes_do_not_hang_on_the_process(tmp_path: Path) -> None:
    """Two processes that order sets differently make the same page."""
    pages = []
    for seed in ("1", "2"):
        file = tmp_path / f"{seed}.html"
        call = "import sys; from aftersales.cli import main; sys.exit(main(sys.argv[1:]))"
        arguments = ("handbook", "-o", str(file), "--policy", str(SMALL))
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run((sys.executable, "-c", call, *arguments), env=environment, check=True)
        pages.append(file.read_bytes())
    assert pages[0] == pages[1]


def test_titles_are_never_markup(small: LoadedPolicy) -> None:
    """Whatever stands in a title is shown as it is: in HTML as text, in Typst as a quoted string."""
    policy = LoadedPolicy(hostile(small.model))
    page = Page(handbook_html(policy))
    assert "script" not in page.tags
    assert " ".join(HOSTILE.split()) in " ".join("".join(page.words).split())
    assert handbook_pdf(policy).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "written"),
    [('a"b', r'"a\"b"'), ("a\\", r'"a\\"'), ("a\nb\x00c", '"a b c"'), ("#x[*]", '"#x[*]"'), ("a_b", r'"a_\u{200b}b"')],
)
def test_words_are_quoted_for_typst(text: str, written: str) -> None:
    """A quoted string ends nowhere but at its end."""
    assert quoted(text) == written


def test_page_needs_nothing_else(book: Book) -> None:
    """No script, nothing fetched, no name twice, every link inside the page."""
    page = Page(html_page(book))
    assert "script" not in page.tags
    assert {urlsplit(address).scheme for address in page.addresses} == {""}
    assert {address[1:] for address in page.addresses} <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)
    assert "svg" in page.tags


def test_every_page_names_the_policy(policy: LoadedPolicy, book: Book) -> None:
    """Version and digest stand on the cover whole, and on every page in short."""
    assert [policy.model.title.zh, policy.model.version, policy.model.digest] == [value for _, (value,) in book.cover]
    assert policy.model.title.zh in book.stamp
    assert policy.model.id not in (book.stamp, *book.title)
    assert policy.model.version in book.stamp
    assert policy.model.digest[:12] in book.stamp
    main = typst_files(book, ("x",))["main.typ"].decode()
    assert policy.model.digest in main
    assert f"stamp: {quoted(book.stamp)}" in main


def test_languages(small: LoadedPolicy) -> None:
    """An English book has no Chinese outside the glossary and the goods; one in both says each thing twice."""
    english, both = make_book(small, "en"), make_book(small, "both")
    chapter = chapter_of(english, "Wrong item")
    cases = [section for section in chapter.sections if section.title == ("Worked cases",)]
    without = replace(chapter, sections=tuple(one for one in chapter.sections if one not in cases))
    assert not CJK.search(text(without))
    chapter = chapter_of(both, "错发")
    assert "协商方案" in text(chapter, 0)
    assert "agree on a remedy" in text(chapter, 1)
    assert b"agree on a remedy" in html_page(both)


def test_unknown_language(small: LoadedPolicy) -> None:
    """A language that no handbook has is refused by name."""
    with pytest.raises(DrawingError, match="there is no language fr"):
        handbook_html(small, "fr")


def test_without_typst(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where typst is missing the message gives the line to run, and HTML is made all the same."""
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(DrawingError, match=r"typst is not installed.*\n.*pip install 'aftersales\[handbook\]'"):
        handbook_pdf(small)
    assert handbook_html(small).startswith(b"<!DOCTYPE html>")


def test_without_fonts(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no font has Chinese the message gives the line to run."""
    monkeypatch.setattr(typeset, "_FONTS", ("No Such Font",))
    with pytest.raises(DrawingError, match=r"no font with Chinese.*\n.*apt-get install fonts-noto-cjk"):
        handbook_pdf(small)


def test_without_graphviz(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Graphviz is missing the message says so."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DrawingError, match="Graphviz is not installed"):
        handbook_html(small)


def test_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``handbook -o x.html`` and ``-o x.pdf`` write what they are called; another ending is refused."""
    for name, start in (("x.html", b"<!DOCTYPE html>"), ("x.PDF", b"%PDF")):
        assert main(["handbook", "-o", str(tmp_path / name), "--policy", str(SMALL), "--lang", "both"]) == 0
        assert (tmp_path / name).read_bytes().startswith(start)
    assert main(["handbook", "-o", "x.docx"]) == 2
    assert "handbook.pdf" in capsys.readouterr().err
    assert main(["handbook", "-o", str(tmp_path / "no" / "x.html"), "--policy", str(SMALL)]) == 2
    assert "x.html" in capsys.readouterr().err


def test_pictures_above_text_keep_their_size(book: Book) -> None:
    """A picture that shares its page with text is set at a width of its own, not squeezed into what text leaves."""
    first, next_ = (Picture("<svg/>", 400, height, ("a picture",)) for height in (300, 500))
    chapter = replace(book.chapters[3], lead=(first, next_))
    main = typst_files(replace(book, parts=(Part(("part",), (chapter,)),)), ("x",))["main.typ"].decode()
    assert main.count("\n#figure-of(") == 2
    assert "#figure-filling(" not in typst_files(book, ("x",))["main.typ"].decode()
    assert "\n#page(" not in main


def test_pictures_take_the_smallest_sheet_they_can_be_read_on() -> None:
    """On paper the smallest words keep six and a half points where a sheet allows it, else they get the largest share."""
    small, wide, large, vast = (
        Picture("", width, height, ("",)) for width, height in ((600, 800), (950, 600), (1000, 1400), (3000, 900))
    )
    sheets = [sheet_for(picture, 100) for picture in (small, wide, large, vast)]
    assert [(sheet.paper, sheet.flipped) for sheet in sheets] == [
        *(("a4", False), ("a3", False), ("a3", False), ("a3", True))
    ]
    assert sheet_for(wide, 0).flipped
    assert all(sheet.scale(picture, 0) * 9 > 6.4 for sheet, picture in zip(sheets, (small, wide, large), strict=False))


def test_chapters_without_a_picture_follow_on_the_same_page(book: Book) -> None:
    """The first chapter of a part starts a page, one without a picture behind it does not."""
    first, second = book.parts[0].chapters[:2]
    main = typst_files(replace(book, parts=(Part(("part",), (first, second)),)), ("x",))["main.typ"].decode()
    opening, following = main.split("#begin(")[1:]
    assert "#pagebreak(" in opening
    assert "#pagebreak(" not in following


def test_rows_at_either_end_of_a_table_stay_together(book: Book) -> None:
    """Of a long table the first two short rows are held together as the last two are; a tall one may stand alone."""

    def written(*heights: int) -> str:
        rows = tuple(Row((cell(*[("row",)] * height),)) for height in heights)
        section = Section((), (Table((("head",),), rows, (1,)),))
        chapter = Chapter("x", 1, ("chapter",), (section,))
        return typst_files(replace(book, parts=(Part(("part",), (chapter,)),)), ("x",))["main.typ"].decode()

    assert "first: (" in written(1, 1, 1, 1, 1)
    assert "first: (" not in written(12, 12, 1, 1)
    assert "last: (" in written(12, 12, 1, 1)
    assert "first: (" not in written(1, 1)


def test_a_box_that_may_run_over_a_page_says_its_title_again(book: Book) -> None:
    """On the next page it reads as continued; a short box stays on one page and needs no second title."""
    line = (plain(("一句",)),)
    long, short = (Box(line, (Paragraph(line),) * lines, Tone.CASE, again=(plain(("又来",)),)) for lines in (60, 2))
    chapter = Chapter("c1", 1, ("章",), (Section((), (long, short, Paragraph(line))),))
    main = typst_files(replace(book, parts=(Part(("部",), (chapter,)),)), ("x",))["main.typ"].decode()
    assert re.findall(r"framed\((.*), \{", main) == ['"case", "一句", none, again: "又来"', '"case", "一句", none']
    cases = [box for one in book.chapters for part in one.sections for box in part.blocks if isinstance(box, Box)]
    assert {box.again[-1].words for box in cases} == {("（续）",)}
    assert all(box.again[:-1] == box.title for box in cases)


def test_a_picture_word_that_begins_with_a_bracket_keeps_its_place(book: Book) -> None:
    """Typst would cut off the blank half of the bracket: such a word, and no other, has a box before it."""
    words = re.findall(
        r'^(?:bold-)?word\(.*?, "#[0-9a-f]{6}", (.*)\)$', typst_files(book, ("x",))["main.typ"].decode(), re.MULTILINE
    )
    boxed = {word.removeprefix("bracket + ")[:2] for word in words if word.startswith("bracket + ")}
    assert boxed
    assert boxed <= {f'"{sign}' for sign in "（“《"}
    assert not [word for word in words if word[:2] in boxed]


def test_alone_on_a_large_sheet_a_picture_may_be_as_large_as_drawn() -> None:
    """On a page with text a picture is made smaller than drawn, on a larger sheet of its own it need not be."""
    small, wide = (sheet_for(Picture("", width, height, ("",)), 100) for width, height in ((600, 800), (1100, 600)))
    assert (small.paper, wide.paper) == ("a4", "a3")
    assert small.largest < wide.largest == 1


def test_typst_is_loaded_where_it_is_needed() -> None:
    """The command line does not load it."""
    call = "import sys, aftersales.cli; sys.exit('typst' in sys.modules)"
    subprocess.run((sys.executable, "-c", call), check=True)
