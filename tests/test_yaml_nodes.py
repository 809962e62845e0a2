"""YAML into nodes: what is read, what is refused, and that strangers' files cannot do harm."""

from __future__ import annotations

import pytest
import yaml

from aftersales import yaml_events, yaml_nodes
from aftersales.errors import Diagnostic, render
from aftersales.source import LARGEST_FILE, Source
from aftersales.text import Lang
from aftersales.yaml_nodes import (
    DEEPEST,
    MOST_FAULTS,
    MOST_NODES,
    Mapping,
    Node,
    Scalar,
    compose,
    place,
    plain,
)
from aftersales.yaml_text import decode


def read(text: str) -> Node:
    """Return the node of a text without faults."""
    node, faults = compose(Source("x.yaml", text))
    assert not faults
    assert node is not None
    return node


def faults_of(text: str, lang: Lang = Lang.EN) -> list[str]:
    """Return the faults of a text as they are shown."""
    return [render(fault, lang) for fault in compose(Source("x.yaml", text))[1]]


@pytest.mark.parametrize(
    "written",
    ["no", "yes", "on", "off", "12:30", "010", "1_000", "0x10", "0o10", ".inf", ".nan", "1e3", "2026-11-01", "=", "+1"],
)
def test_every_value_stays_the_text_that_was_written(written: str) -> None:
    """What YAML 1.1 turns into flags, numbers and dates is text here; who knows what belongs there reads it."""
    assert plain(read(f"a: {written}")) == {"a": written}


@pytest.mark.parametrize(
    ("written", "value"), [("~", None), ("null", None), ("", None), ("'~'", "~"), ('"null"', "null")]
)
def test_null_is_the_only_word_with_a_meaning(written: str, value: str | None) -> None:
    """``null``, ``~`` and nothing at all are null, in quotes they are text."""
    assert plain(read(f"a: {written}")) == {"a": value}


def test_plain_data_keeps_the_order_of_the_author() -> None:
    """Mappings become dicts, lists become lists."""
    assert list(plain(read("b: [1, {c: x}]\na: y")).items()) == [("b", ["1", {"c": "x"}]), ("a", "y")]  # type: ignore[attr-defined]


def test_a_merge_key_merges_nothing() -> None:
    """``<<`` is a key like any other."""
    assert plain(read("a: {<<: {b: c}}")) == {"a": {"<<": {"b": "c"}}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), "1:1-3:10"),
        (("a",), "1:1-1:2"),
        (("a", 1), "1:8-1:14"),
        (("a", 1, "c"), "1:9-1:13"),
        (("b", "d"), "3:3-3:10"),
        (("b", "missing", "e"), "2:1-2:2"),
        (("a", 7), "1:1-1:2"),
        (("a", "c"), "1:1-1:2"),
        (("a", -1), "1:1-1:2"),
    ],
)
def test_a_path_leads_to_its_place(path: tuple[str | int, ...], found: str) -> None:
    """A value is shown with its key, a longer one by its key; a path that ends early leads to what should have held the rest."""
    span = place(read("a: [x, {c: y}]\nb:\n  d: 退货退款\n"), path)
    assert f"{span.line}:{span.column}-{span.end_line}:{span.end_column}" == found


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa: 1", b"a: 1"])
def test_a_byte_order_mark_is_no_part_of_the_file(data: bytes) -> None:
    """Columns count from the first letter either way."""
    source = decode("x.yaml", data)
    assert isinstance(source, Source)
    assert source.text == "a: 1"


def test_a_file_that_is_not_utf_8_says_where() -> None:
    """The place is the first byte that does not fit."""
    fault = decode("x.yaml", "a: 1\nb: 退货".encode() + "退".encode("gbk"))
    assert isinstance(fault, Diagnostic)
    assert render(fault, Lang.EN).startswith("x.yaml:2:6: the file is not UTF-8\n    b: 退货")


SYNTAX = {
    "a: b: c": """\
x.yaml:1:5: a second colon stands where none can
    a: b: c
        ^
  hint: put a value with a colon in quotes; line a new key up with the keys above""",
    "- a\n-b\nc: d": """\
x.yaml:2:1: a key without its colon
    -b
    ^
  hint: write key: value, with a space behind the colon""",
    "a: [1": """\
x.yaml:1:4: this [ is not closed
    a: [1
       ^
  hint: separate the entries with commas and end with ]""",
    "退货: {a: 1": """\
x.yaml:1:5: this { is not closed
    退货: {a: 1
          ^
  hint: separate the entries with commas and end with }""",
    "a: 'x": """\
x.yaml:1:4: this quote is not closed
    a: 'x
       ^""",
    'a: "\\q"': """\
x.yaml:1:4: a backslash that means nothing in double quotes
    a: "\\q"
       ^
  hint: use single quotes""",
    "a: @x": """\
x.yaml:1:4: no value starts with this character
    a: @x
       ^
  hint: put the value in quotes""",
    "a:\n\tb: c": """\
x.yaml:2:1: a tab stands here
     b: c
    ^
  hint: indent with spaces""",
    "a:\n  - b\n c: d": """\
x.yaml:3:2: this does not fit what stands above
     c: d
     ^
  hint: line up the keys of one level; nothing may follow a closing quote or bracket""",
    "a: 'b'c": """\
x.yaml:1:7: this does not fit what stands above
    a: 'b'c
          ^
  hint: line up the keys of one level; nothing may follow a closing quote or bracket""",
    "a: - b": """\
x.yaml:1:4: a list cannot begin here
    a: - b
       ^
  hint: begin the - on a line of its own""",
    "a: [,]": """\
x.yaml:1:5: a value is missing here
    a: [,]
        ^
  hint: look for a comma or bracket too many""",
    "{a: b}}": """\
x.yaml:1:7: the contents should have ended before this
    {a: b}}
          ^
  hint: look for a bracket too many""",
    "a: |x\n b": """\
x.yaml:1:5: this > or | is not written right
    a: |x
        ^
  hint: end the line behind > or | and indent what follows with spaces""",
    "%YAML 2.0\n---\na": """\
x.yaml:1:1: no % directives here
    %YAML 2.0
    ^""",
    "a: !x!y z": """\
x.yaml:1:4: no tags (!) here
    a: !x!y z
       ^""",
    "a: &": """\
x.yaml:1:5: no anchors (&) or aliases (*) here
    a: &
        ^""",
}


@pytest.mark.parametrize("text", SYNTAX)
def test_what_yaml_cannot_read_is_said_in_our_words(text: str) -> None:
    """Every complaint of YAML has its message, its place and, where one helps, a hint."""
    assert faults_of(text) == [SYNTAX[text]]


@pytest.mark.parametrize("text", SYNTAX)
def test_the_slow_loader_says_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML was built without its fast parser the words differ, our message does not."""
    monkeypatch.setattr(yaml_events, "_LOADER", yaml.SafeLoader)
    assert [fault.split(": ", 1)[1].split("\n")[0] for fault in faults_of(text)] == [
        SYNTAX[text].split(": ", 1)[1].split("\n")[0]
    ]


REFUSED = {
    "": "x.yaml:1:1: the file is empty",
    "# only a comment": "x.yaml:1:1: the file is empty\n    # only a comment\n    ^",
    "a: &x 1": "x.yaml:1:4: no anchors (&) here\n    a: &x 1\n       ^^^^\n  hint: write the contents out here",
    "a: *x": "x.yaml:1:4: no aliases (*) here\n    a: *x\n       ^^\n  hint: write the contents out here",
    "a: !!python/object/apply:os.system [x]": """\
x.yaml:1:4: no tags (!) here
    a: !!python/object/apply:os.system [x]
       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: put it in quotes where text is meant""",
    "a: 1\n退: 2\na: 3": "x.yaml:3:1: key a comes twice\n    a: 3\n    ^\n  hint: it first stands in line 1",
    "a: 1\n---\nb: 2": "x.yaml:2:1: a file holds one document only\n    ---\n    ^^^",
    "{{ name }}: 1": """\
x.yaml:1:2: a key must be a single word
    {{ name }}: 1
     ^^^^^^^^
  hint: put text that begins with { or [ in quotes""",
    "a: x\x07": "x.yaml:1:5: character U+0007 is not allowed\n    a: x\n        ^",
    "a: x\u2028": "x.yaml:1:5: character U+2028 is not allowed\n    a: x\n        ^",
    "a: \u202e": "x.yaml:1:4: character U+202E is not allowed\n    a:\n       ^",
    "a: \ud800": "x.yaml:1:4: character U+D800 is not allowed\n    a:\n       ^",
    "a: b\rc: d": "x.yaml:1:5: character U+000D is not allowed\n    a: b c: d\n        ^",
    "{when: x in (a, b, c) and y, to: z}": """\
x.yaml:1:8: a comma inside { } or [ ] cuts this expression in two
    {when: x in (a, b, c) and y, to: z}
           ^^^^^^^^^^^^^^^^^^^^
  hint: write the branch in block style, one key a line without { } (or put the expression in quotes)""",
    "holds: [x, a in (b, c), y]": """\
x.yaml:1:12: a comma inside { } or [ ] cuts this expression in two
    holds: [x, a in (b, c), y]
               ^^^^^^^^^^^
  hint: write the branch in block style, one key a line without { } (or put the expression in quotes)""",
    "title: {zh: 问邻居, en: ask family, neighbours, or the gatehouse}": """\
x.yaml:1:22: a comma inside { } cuts this text in two
    title: {zh: 问邻居, en: ask family, neighbours, or the gatehouse}
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: put the text in quotes""",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_no_policy_needs_is_refused(text: str) -> None:
    """Each is a fault with its place; an expression or text that a comma cut is one fault, with the way out."""
    shown = REFUSED[text]
    assert faults_of(text) == [shown]


def test_the_messages_are_also_chinese() -> None:
    """The same fault in Chinese."""
    shown = """\
x.yaml:1:8: 花括号或方括号里的逗号把这个表达式切开了
    {when: x in (a, b), to: z}
           ^^^^^^^^^^^
  提示：改成逐行写法，一行一个键，不用花括号（或给表达式加引号）"""
    assert faults_of("{when: x in (a, b), to: z}", Lang.ZH) == [shown]


def test_a_cut_expression_is_read_as_it_was_meant() -> None:
    """One fault does not bring others: the pieces are joined again."""
    node, faults = compose(Source("x", "{when: x in (a, b), to: y}"))
    assert len(faults) == 1
    assert node is not None
    assert plain(node) == {"when": "x in (a, b)", "to": "y"}


@pytest.mark.parametrize("text", ["{a: b, c: (d)}", "[(a), b]", "{pack, reship: {after: [pack]}}", "{a: 'x (y', b: c}"])
def test_commas_that_cut_nothing_are_no_fault(text: str) -> None:
    """Closed parentheses, quoted text and keys without values pass."""
    assert faults_of(text) == []


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "-  ", "? ", "?  ", "{"])
@pytest.mark.parametrize("levels", [DEEPEST + 3, 30_000, 200_000])
def test_deep_nesting_stops_at_the_limit(opening: str, levels: int) -> None:
    """Reading stops at the first level too deep; what is deeper is never looked at."""
    node, faults = compose(Source("x", opening * levels))
    assert node is None
    assert [fault.code for fault in faults] == ["too_deep"]


def test_nesting_up_to_the_limit_is_read() -> None:
    """The limit itself is allowed."""
    assert isinstance(read("[" * DEEPEST + "]" * DEEPEST), yaml_nodes.Sequence)


def test_block_nesting_has_the_same_limit() -> None:
    """Indentation counts like brackets."""
    levels = range(DEEPEST + 2)
    _, faults = compose(Source("x", "".join(f"{' ' * level}a:\n" for level in levels)))
    assert [fault.code for fault in faults] == ["too_deep"]


def test_too_large_a_file_is_not_read() -> None:
    """Bytes are counted, before and after decoding."""
    fault = decode("x.yaml", b"a" * (LARGEST_FILE + 1))
    assert isinstance(fault, Diagnostic)
    assert render(fault, Lang.EN) == "x.yaml:1:1: the file is larger than 1,000,000 bytes"
    _, faults = compose(Source("x.yaml", "货" * (LARGEST_FILE // 3 + 1)))
    assert [fault.code for fault in faults] == ["too_large"]


def test_too_many_values_stop_the_reading() -> None:
    """A file of nothing but commas is cut short."""
    _, faults = compose(Source("x", "[" + "1," * (MOST_NODES + 10) + "]"))
    assert [fault.code for fault in faults] == ["too_many_values"]


def test_an_alias_bomb_is_refused_at_its_first_alias() -> None:
    """Nothing is ever multiplied."""
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    node, faults = compose(Source("x", bomb))
    assert node is None
    assert [fault.code for fault in faults] == ["yaml_anchor", "yaml_anchor", "yaml_alias"]


def test_faults_beyond_what_anybody_reads_are_not_noted() -> None:
    """A file full of faults gives a bounded list."""
    _, faults = compose(Source("x", "a: 1\n" * 1_000))
    assert len(faults) == MOST_FAULTS


def test_a_key_knows_whether_it_was_quoted() -> None:
    """Styles survive, so that quoted words are text and nothing else."""
    node = read("'a': \"b\"\nc: |\n  d\n")
    assert isinstance(node, Mapping)
    styles = [(key.style, value.style) for key, value in node.entries if isinstance(value, Scalar)]
    assert styles == [("single", "double"), ("plain", "literal")]
