"""Text of strangers: limits, signs that are letters elsewhere, and offsets that stay right."""

from __future__ import annotations

import time

import pytest

from aftersales.expr.faults import Faults
from aftersales.expr.parse import _Reader, parse_expr
from aftersales.expr.raw import Junction, Name
from aftersales.source import Span
from expressions import faults_of, read


def nowhere(_start: int, _end: int) -> Span | None:
    """Return no place: what is asked here is only what is wrong."""
    return None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("(" * 10**6, "expression_too_long"),
        ("x" * 1001, "expression_too_long"),
        ("delivered and " * 80_000, "expression_too_long"),
        ("\x00" * 10**6, "expression_too_long"),
        ("(" * 500 + "delivered" + ")" * 490, "expression_too_deep"),
        ("(" * 41 + "delivered" + ")" * 41, "expression_too_deep"),
        ("not " * 240 + "delivered", "expression_too_deep"),
        ("days if delivered else " * 43 + "days", "expression_too_deep"),
        ("min(days, " * 41 + "days" + ")" * 41 + " > 0", "expression_too_deep"),
        ("9" * 1000, "number_not_allowed"),
        ("9**9**9**9", "sign_not_allowed"),
        ("1e999999999", "number_not_allowed"),
        ("(" * 40, "cannot_read"),
        ("not " * 249, "cannot_read"),
        ("delivered\x00", "foreign_character"),
        ("\ud800", "foreign_character"),
        ("\ufeffdelivered", "foreign_character"),
        ("delivered\u2028and intact", "foreign_character"),
        ("delivered\x0c", "foreign_character"),
        ("𝐝elivered", "full_width_sign"),
        ("delivered\u00a0and intact", "full_width_sign"),
        ("deliveredª", "full_width_sign"),
        ("ﬁnd", "full_width_sign"),
        ("days > ١", "foreign_character"),
        ("days > ²", "full_width_sign"),
        ("", "expression_empty"),
        (" \n ", "expression_empty"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_strangers_text_is_refused_at_once(text: str, fault: str) -> None:
    """No text, however made, gets further than a named fault, and quickly."""
    began = time.monotonic()
    faults = faults_of(text)
    assert time.monotonic() - began < 1
    assert {found.code for found in faults} == {fault}


@pytest.mark.parametrize(
    "text",
    [
        "(" * 39 + "delivered" + ")" * 39,
        "not " * 39 + "delivered",
        " and ".join(["delivered"] * 70),
        " + ".join(["days"] * 120) + " > 0",
        "days * " * 100 + "days > 0",
        "(" * 30 + "days" + " + days)" * 30 + " > 0",
    ],
    ids=lambda text: text[:24],
)
def test_long_and_deep_within_the_limits(text: str) -> None:
    """What keeps the limits is read, also where it is one long row."""
    read(text)


def test_a_chain_is_not_multiplied() -> None:
    """Chains inside chains, which would double at each level, are refused before they grow."""
    inside = "days"
    for _ in range(12):
        inside = f"0 < (days if {inside} else days) < 2"
    began = time.monotonic()
    assert "chain_not_plain" in {fault.code for fault in faults_of(inside)}
    assert time.monotonic() - began < 1


def test_offsets_count_characters_of_the_whole_text() -> None:
    """Leading blanks and line breaks are part of the text that offsets count in."""
    raw, faults = parse_expr("  delivered\n  and\tintact ", nowhere)
    assert faults == ()
    assert raw == Junction(2, 24, "and", (Name(2, 11, "delivered"), Name(18, 24, "intact")))


def test_places_come_from_the_caller() -> None:
    """Every fault's place is what the caller makes of its offsets."""
    asked: list[tuple[int, int]] = []
    parse_expr("签收，x", lambda start, end: asked.append((start, end)))
    assert asked == [(0, 2), (2, 3)]


def test_one_fault_keeps_the_tree_back() -> None:
    """There is a tree or there are faults, never both and never neither."""
    raw, faults = parse_expr("min(delivered, (a, b))", nowhere)
    assert raw is None
    assert [fault.code for fault in faults] == ["cannot_read"]


@pytest.mark.parametrize(
    "text",
    [
        "lambda: delivered",
        "delivered.real",
        "delivered[0]",
        "[delivered]",
        "{delivered}",
        "{delivered: intact}",
        "[x for x in lines]",
        "(x for x in lines)",
        "(x := delivered)",
        "'delivered'",
        "f'{delivered}'",
        "1.5",
        "1j",
        "...",
        "True",
        "None",
        "b''",
        "-days",
        "+days",
        "~days",
        "days ** 2",
        "days / 2",
        "days % 2",
        "days << 2",
        "days @ 2",
        "delivered is intact",
        "delivered is not intact",
        "min(*days)",
        "min(days, key=days)",
        "min(**days)",
        "days.min(0)",
        "(lambda: days)()",
        "await delivered",
        "(yield)",
        "delivered; intact",
        "delivered = intact",
        "(",
        "",
    ],
)
def test_the_reader_refuses_what_it_does_not_name(text: str) -> None:
    """Also without the first look no form of Python gets through that the language does not have."""
    faults = Faults(nowhere)
    _Reader(text, faults).read()
    assert [fault.code for fault in faults.all] == ["cannot_read"]
