"""Pictures for print: no word is lost or moved when the words of a picture are set apart from its shapes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from aftersales.teach.handbook.model import Book, Picture
from aftersales.teach.handbook.svg_words import PlacedWord, taken_apart

SVG = "{http://www.w3.org/2000/svg}"
HEAD = '<svg width="90pt" height="40pt" xmlns="http://www.w3.org/2000/svg">\n'
GRAPH = '<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(14.4 36)">\n'


@pytest.fixture(scope="module")
def pictures(book: Book) -> tuple[Picture, ...]:
    """Every picture of the shipped handbook."""
    return tuple(block for chapter in book.chapters for block in chapter.lead if isinstance(block, Picture))


def test_every_word_is_set_where_it_was_drawn(pictures: tuple[Picture, ...]) -> None:
    """The words of each shipped picture are found, in order, at their places in the whole picture; none stays behind."""
    for picture in pictures:
        shapes, words = taken_apart(picture.svg)
        drawn = list(ET.fromstring(picture.svg).iter(f"{SVG}text"))  # noqa: S314 - drawn by this test
        right, down = re.findall(r"translate\((\S+) (\S+)\)", picture.svg)[0]
        assert not list(ET.fromstring(shapes).iter(f"{SVG}text"))  # noqa: S314 - drawn by this test
        assert [(word.said, word.left, word.foot) for word in words] == [
            (one.text, float(one.attrib["x"]) + float(right), float(one.attrib["y"]) + float(down)) for one in drawn
        ]
        assert all(0 <= word.left <= picture.width and 0 <= word.foot <= picture.height for word in words)


def test_nothing_but_words_is_taken(pictures: tuple[Picture, ...]) -> None:
    """The shapes of a picture stay, each with its colour, in their order."""
    for picture in pictures[:5]:
        kept = re.findall(r"<(?:polygon|path|ellipse) .*", picture.svg)
        assert re.findall(r"<(?:polygon|path|ellipse) .*", taken_apart(picture.svg)[0]) == kept


def test_a_word_has_its_look() -> None:
    """Size, weight and ink go with a word; what XML writes otherwise is said as it reads."""
    text = '<text x="1" y="-2.5" font-weight="bold" font-size="9.75" fill="#1f2937">a &amp; &#45;b</text>\n'
    shapes, words = taken_apart(f"{HEAD}{GRAPH}{text}</g>\n</svg>")
    assert words == (PlacedWord(15.4, 33.5, 9.75, bold=True, ink="#1f2937", said="a & -b"),)
    assert shapes == f"{HEAD}{GRAPH}</g>\n</svg>"


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(
            f'{HEAD}<text x="1" y="2" font-size="9" fill="#000000">a</text>\n</svg>', id="not moved as a whole"
        ),
        pytest.param(
            f'{HEAD}{GRAPH}<text x="1" y="2" rotate="3" font-size="9">a</text>\n</g>\n</svg>', id="unknown look"
        ),
    ],
)
def test_what_is_not_understood_stays_in_the_picture(picture: str) -> None:
    """A word that is drawn in a way of its own stays where it is, for the shapes are drawn as they are."""
    assert taken_apart(picture) == (picture, ())
