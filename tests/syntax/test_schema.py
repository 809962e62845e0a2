"""The JSON Schema of every file kind, and the list of the language's keys."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from aftersales.source import Source
from aftersales.syntax.read import read_nodes
from aftersales.syntax.schema import FILE_KINDS, keys, schema
from aftersales.yaml_nodes import Mapping, Node, Scalar, compose

FLOWS = Path(__file__).parents[2] / "flows"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def as_editors_see(node: Node) -> object:
    """Return a node as YAML 1.2 types it: what an editor hands to its schema checker."""
    if isinstance(node, Mapping):
        return {key.text: as_editors_see(value) for key, value in node.entries}
    if not isinstance(node, Scalar):
        return [as_editors_see(item) for item in node.items]
    if node.is_null or node.quoted:
        return None if node.is_null else node.text
    if node.text in {"true", "false"}:
        return node.text == "true"
    number = _NUMBER.fullmatch(node.text)
    if not number:
        return node.text
    return float(node.text) if number[2] else int(node.text)


def kind_of(path: Path) -> str:
    """Return the file kind of a shipped file."""
    folders = {"platforms": "platform", "shops": "shop", "cases": "cases"}
    return folders.get(path.parent.name, path.stem if path.stem in FILE_KINDS else "flow")


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_schema_is_a_schema(kind: str) -> None:
    """Each holds to the draft it names, and every reference in it leads somewhere."""
    made = schema(kind)
    jsonschema.Draft202012Validator.check_schema(made)
    references = set(re.findall(r"#/\$defs/(\w+)", str(made)))
    assert references == set(made["$defs"])


@pytest.mark.parametrize("path", sorted(FLOWS.rglob("*.yaml")), ids=lambda path: str(path.relative_to(FLOWS)))
def test_the_shipped_files_hold_to_their_schema(path: Path) -> None:
    """What the reader accepts, an editor accepts."""
    node, faults = read_nodes(path, path.name)
    assert not faults
    assert node is not None
    assert [error.message for error in checker(kind_of(path)).iter_errors(as_editors_see(node))] == []


@cache
def checker(kind: str) -> jsonschema.Draft202012Validator:
    """Return what checks files of a kind."""
    return jsonschema.Draft202012Validator(schema(kind))


def errors(kind: str, text: str) -> list[str]:
    """Return what a schema checker says of a text."""
    node, _ = compose(Source("x.yaml", text))
    assert node is not None
    return [error.message for error in checker(kind).iter_errors(as_editors_see(node))]


FLOW = "flow: a\ntitle: {zh: 甲, en: A}\nstart: b\nstates: {b: {title: {zh: 乙, en: B}, %s}}\n"


@pytest.mark.parametrize(
    "keys_",
    [
        "to: c",
        "to: {to: c, restart: true, forget: [x]}",
        "by: {wants: {reship: c, otherwise: {flow: d}}}",
        "first: [{when: x, to: c}, {otherwise: c}]",
        "outcome: kept, liable: {buyer: 30%, rest: seller}, refund: {goods: x, gift: {amount: x, at_most: y}}",
        "within: {hours: 4, between: 09:00-18:00}, late: {x: c}, to: c",
        "do: [a, {b: {after: [a]}}], recover: {from: carrier, goods: x}, to: c",
    ],
)
def test_the_schema_accepts_good_states(keys_: str) -> None:
    """Every way to write a state passes."""
    assert errors("flow", FLOW % keys_) == []


@pytest.mark.parametrize(
    "keys_",
    [
        "to: c, too: d",
        "to: c, outcome: kept",
        "do: [a]",
        "to: {to: c, restart: yes}",
        "to: {to: c, flow: d}",
        "to: {restart: true}",
        "to: c, exits: {a: b}",
        "to: c, within: 48 hours, late: c",
        "to: c, within: 7d, no_deadline: {zh: 无, en: none}",
        "by: {a: {b: c}, d: {e: f}}",
        "to: c, refund: {}",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(keys_: str) -> None:
    """Unknown, missing and contradicting keys, and values of the wrong form."""
    assert errors("flow", FLOW % keys_) != []


def test_every_key_has_its_line_in_both_languages() -> None:
    """No key is there twice in one record, none is undocumented."""
    found = keys()
    assert len({(key.record, key.key) for key in found}) == len(found)
    assert all(key.doc.zh and key.doc.en for key in found)
    states = {key.key for key in found if key.record == "state"}
    assert {"title", "do", "within", "late", "first", "use", "outcome", "postage", "reopen"} <= states


def test_records_with_one_name_are_one_record() -> None:
    """Two shapes under one name would overwrite each other in the schema."""
    names = [name for kind in FILE_KINDS for name in schema(kind)["$defs"]]
    for name in set(names):
        definitions = [schema(kind)["$defs"].get(name) for kind in FILE_KINDS]
        assert len({str(each) for each in definitions if each}) == 1
