"""Case files: one case, or a list of worked cases, each part with its place so that faults can point at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Final

from aftersales.case import faults as case_faults
from aftersales.errors import CaseShapeError, Diagnostic
from aftersales.source import Span
from aftersales.syntax.read import read_nodes
from aftersales.text import Text, clip
from aftersales.yaml_nodes import Mapping, Node, Scalar, Sequence, compose, place, plain
from aftersales.yaml_text import decode

#: Keys of a worked case that are not the case's own.
_AROUND: Final = frozenset({"name", "title", "expect"})
MOST_CASES: Final = 10_000


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """One case as written: plain data (single values are text, or ``None`` for null) and what it is expected to give.

    ``title`` is what the case shows, for people. ``listed`` says that it stands in a list of cases, be it alone.
    """

    name: str | None
    title: Text | None
    node: Mapping
    data: dict[str, object]
    expect: Mapping | None
    listed: bool

    def where(self, path: case_faults.Path) -> Span:
        """Return the place of a part of ``data``, or of the nearest part around it that is written."""
        return place(self.node, path)


def read_case_file(path: Path, name: str) -> tuple[WrittenCase, ...]:
    """Read a YAML or JSON file (``name`` is shown in faults): one case, or a list of cases with their names.

    Raises CaseShapeError with every fault of the file's form, also where it cannot be read; what the cases say is not
    looked at yet.
    """
    return _cases(*read_nodes(path, name))


def read_case_text(name: str, content: bytes) -> tuple[WrittenCase, ...]:
    """Read what was handed in (on a pipe) as ``read_case_file`` reads a file."""
    source = decode(name, content)
    if isinstance(source, Diagnostic):
        raise CaseShapeError(source)
    return _cases(*compose(source))


def _cases(root: Node | None, faults: tuple[Diagnostic, ...]) -> tuple[WrittenCase, ...]:
    if faults or root is None:
        raise CaseShapeError(*faults)
    if isinstance(root, Sequence):
        return _listed(root)
    return (_written(root, listed=False),)


def _listed(root: Sequence) -> tuple[WrittenCase, ...]:
    if not 0 < len(root.items) <= MOST_CASES:
        message = Text(f"这里应有 1 到 {MOST_CASES} 个案件", f"a list of 1 to {MOST_CASES} cases belongs here")
        raise CaseShapeError(Diagnostic("case_count", message, root.span))
    cases = tuple(_written(item, listed=True) for item in root.items)
    faults = [*_unnamed(cases), *_twice(cases)]
    if faults:
        raise CaseShapeError(*faults)
    return cases


def _written(node: Node, *, listed: bool) -> WrittenCase:
    if not isinstance(node, Mapping):
        message = Text(
            "案件应写成键值对（order、claim、facts……）", "a case is written as keys with values: order, claim, facts"
        )
        raise CaseShapeError(Diagnostic("not_a_case", message, node.span))
    name, expect = node.get("name"), node.get("expect")
    if expect is not None and not isinstance(expect, Mapping):
        message = Text("expect 应写成键值对", "expect is written as keys with values")
        raise CaseShapeError(Diagnostic("not_a_record", message, expect.span))
    data = {intern(key.text): _shared(plain(value)) for key, value in node.entries if key.text not in _AROUND}
    return WrittenCase(name.text if isinstance(name, Scalar) else None, _title(node), node, data, expect, listed)


def _shared(value: object) -> object:
    """Return plain data whose keys are held once, however many cases have them: thousands of cases have the same few."""
    if isinstance(value, dict):
        return {intern(key): _shared(part) for key, part in value.items()}
    return [_shared(part) for part in value] if isinstance(value, list) else value


def _title(node: Mapping) -> Text | None:
    written = node.get("title")
    if written is None:
        return None
    said = (
        {key.text: value.text for key, value in written.entries if isinstance(value, Scalar)}
        if isinstance(written, Mapping)
        else {}
    )
    if set(said) != {"zh", "en"}:
        message = Text("title 应写成 {zh: …, en: …}", "a title is written as {zh: …, en: …}")
        raise CaseShapeError(Diagnostic("title_shape", message, written.span))
    return Text(said["zh"], said["en"])


def _unnamed(cases: tuple[WrittenCase, ...]) -> list[Diagnostic]:
    message = Text("列表里的每个案件都要有 name", "every case of a list has a name")
    return [Diagnostic("name_missing", message, case.node.span) for case in cases if not case.name]


def _twice(cases: tuple[WrittenCase, ...]) -> list[Diagnostic]:
    seen: dict[str, WrittenCase] = {}
    return [
        Diagnostic("name_twice", _said_twice(case.name), case.node.span)
        for case in cases
        if case.name and seen.setdefault(case.name, case) is not case
    ]


def _said_twice(name: str) -> Text:
    return Text(f"案件名 {clip(name)} 重复了", f"the name {clip(name)} stands on two cases")
