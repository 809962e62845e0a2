"""Case files: what is read, and where each part stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales.errors import CaseShapeError
from aftersales.study.case_file import WrittenCase, read_case_file, read_case_text

ONE = b"""\
name: a case
title: {zh: \xe6\xa1\x88, en: case}
order:
  lines:
    - {sku: A, quantity: 1}
  delivered_at: null
facts: {photos_sent: true}
expect: {status: open}
"""


def one(content: bytes = ONE) -> WrittenCase:
    """Return the only case of a file."""
    (case,) = read_case_text("case.yaml", content)
    return case


def test_a_case_is_plain_data() -> None:
    """Values stay text as written, null is none; name, title and expectation are no part of the case."""
    case = one()
    assert case.data == {
        "order": {"lines": [{"sku": "A", "quantity": "1"}], "delivered_at": None},
        "facts": {"photos_sent": "true"},
    }
    assert (case.name, case.listed) == ("a case", False)
    assert case.expect is not None


def test_quoted_null_is_text() -> None:
    """Only an unquoted null is a known none."""
    assert one(b'facts: {a: "null", b: ~, c: }').data == {"facts": {"a": "null", "b": None, "c": None}}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "1:1"),
        (("facts",), "7:1"),
        (("facts", "photos_sent"), "7:9"),
        (("order", "lines", 0), "5:7"),
        (("order", "lines", 0, "quantity"), "5:16"),
        (("order", "lines", 7, "sku"), "4:3"),
        (("order", "paid_at"), "3:1"),
        (("nothing", "here"), "1:1"),
    ],
)
def test_every_part_knows_its_place(path: tuple[str | int, ...], place: str) -> None:
    """A fault points at the part itself, or at the nearest part around it that is written."""
    assert str(one().where(path)) == f"case.yaml:{place}"


def test_json_is_read_as_well() -> None:
    """JSON is the same language: objects, lists, strings, numbers, true and null."""
    case = one(
        '{"order": {"id": "3301", "delivered_at": null}, "facts": {"n": 2, "f": true, "t": "鞋\\u5b50"}}'.encode()
    )
    assert case.data == {"order": {"id": "3301", "delivered_at": None}, "facts": {"n": "2", "f": "true", "t": "鞋子"}}


def test_a_list_of_cases_is_read(tmp_path: Path) -> None:
    """Worked cases come as a list; one alone in a list is still of a list."""
    path = tmp_path / "cases.yaml"
    path.write_text("- {name: a}\n- {name: b}\n", encoding="utf-8")
    assert [(case.name, case.listed) for case in read_case_file(path, "cases.yaml")] == [("a", True), ("b", True)]


def test_all_faults_of_the_form_come_at_once() -> None:
    """Every unnamed and every doubly named case is told, each at its place."""
    with pytest.raises(CaseShapeError) as caught:
        read_case_text("cases.yaml", b"- {name: a}\n- {facts: {}}\n- {name: a}\n- {id: x}\n")
    told = [(fault.code, str(fault.span)) for fault in caught.value.diagnostics]
    assert told == [
        ("name_missing", "cases.yaml:2:3"),
        ("name_missing", "cases.yaml:4:3"),
        ("name_twice", "cases.yaml:3:3"),
    ]


def test_keys_are_held_once(tmp_path: Path) -> None:
    """However many cases of a file have a key, in whatever depth, it is held once."""
    case = "{name: n%d, order: {platform: tmall, lines: [{sku: A, quantity: 1}]}}"
    (tmp_path / "cases.yaml").write_text("\n".join(f"- {case % number}" for number in range(2)), encoding="utf-8")
    first, second = ([*_keys(case.data)] for case in read_case_file(tmp_path / "cases.yaml", "cases.yaml"))
    assert first == second == ["order", "platform", "lines", "sku", "quantity"]
    assert all(one is other for one, other in zip(first, second, strict=True))


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _keys(part)
    elif isinstance(value, list):
        for part in value:
            yield from _keys(part)
