"""What a worked case expects, compared with what was decided: only the parts that it names.

A record is compared key by key, a list of actions, needs or amounts by name, an amount as text with two decimals.
Shorthands: a leg of postage written as one word is who bears it, a money line written as one amount is its amount.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from aftersales.errors import Diagnostic, did_you_mean
from aftersales.instants import TimeFormatError, parse_instant
from aftersales.source import Span
from aftersales.text import Text, clip
from aftersales.yaml_nodes import Mapping, Node, Scalar, Sequence

Json = dict[str, object]

#: Lists of records in the decision: the key that names a record, and the one that stands for it in short.
_NAMED: Final = {
    "next_actions": ("action", "by"),
    "duties": ("action", "by"),
    "needs": ("fact", "from"),
    "lines": ("for", "amount"),
    "deductions": ("for", "amount"),
    "charges": ("for", "amount"),
    "recover": ("for", "amount"),
    "waiting": ("for", "needs"),
    "sources": ("id", "layer"),
}
#: Parts of the decision that no worked case compares: they are the same in all, or not made.
_LEFT_OUT: Final = frozenset({"policy", "outlook"})
_LEG_IN_SHORT: Final = "borne_by"


def compare(expected: Mapping, decided: Json) -> tuple[Diagnostic, ...]:
    """Return every difference between ``expected`` and a decision's JSON, each at the place of the expected value."""
    known = {key: value for key, value in decided.items() if key not in _LEFT_OUT}
    return tuple(_record(expected, known, ""))


def _record(expected: Mapping, got: Json, path: str) -> Iterator[Diagnostic]:
    for key, node in expected.entries:
        if key.text in got:
            yield from _part(node, got[key.text], _join(path, key.text))
        else:
            yield _unknown(key, path, got)


def _part(node: Node, got: object, path: str) -> Iterator[Diagnostic]:
    """Compare one part, by what was decided: a record, a list, or a single value."""
    if isinstance(got, dict):
        yield from _against_record(node, got, path)
    elif isinstance(got, list):
        yield from _against_list(node, got, path)
    elif not isinstance(node, Scalar) or not _same(node, got):
        yield _differs(node.span, path, _written(node), _shown(got))


def _against_record(node: Node, got: Json, path: str) -> Iterator[Diagnostic]:
    if isinstance(node, Mapping):
        yield from _record(node, got, path)
    elif not isinstance(node, Scalar) or not _same_in_short(node, got):
        yield _differs(node.span, path, _written(node), _shown(got.get(_LEG_IN_SHORT, got)))


def _same_in_short(node: Scalar, got: Json) -> bool:
    """Return whether one word stands for a record: a leg's bearer, or a text in either language."""
    if _LEG_IN_SHORT in got:
        return _same(node, got[_LEG_IN_SHORT])
    return set(got) == {"zh", "en"} and node.text in got.values()


def _against_list(node: Node, got: list[object], path: str) -> Iterator[Diagnostic]:
    last = path.rpartition(".")[2]
    if last == "path":
        yield from _path(node, got, path)
    elif last == "warnings":
        yield from _warnings(node, got, path)
    elif last in _NAMED:
        yield from _named(node, [cast("Json", one) for one in got], path, *_NAMED[last])
    elif got and isinstance(got[0], dict):
        yield from _records(node, [cast("Json", one) for one in got], path)
    else:
        yield from _words(node, {_shown(one) for one in got}, path)


def _words(node: Node, got: set[str], path: str) -> Iterator[Diagnostic]:
    wanted = {_written(item) for item in node.items} if isinstance(node, Sequence) else None
    if wanted != got:
        yield _differs(node.span, path, _written(node), _listed(sorted(got)))


def _named(node: Node, got: list[Json], path: str, name: str, in_short: str) -> Iterator[Diagnostic]:
    by_name = {str(one[name]): one for one in got}
    if not isinstance(node, Mapping):
        yield from _words(node, set(by_name), path)
        return
    for key, wanted in node.entries:
        one = by_name.get(key.text)
        if one is None:
            yield _differs(key.span, path, key.text, _listed(sorted(by_name)))
        elif isinstance(wanted, Mapping):
            yield from _record(wanted, one, _join(path, key.text))
        else:
            yield from _part(wanted, one[in_short], _join(path, key.text))


def _records(node: Node, got: list[Json], path: str) -> Iterator[Diagnostic]:
    """Compare a list of records without names (transfers, parts): each expected one fits another of those decided."""
    if not isinstance(node, Sequence) or len(node.items) != len(got):
        yield _differs(node.span, path, _written(node), _shown(got))
        return
    left = list(got)
    for item in node.items:
        fit = next((one for one in left if not any(_part(item, one, path))), None)
        if fit is None:
            yield _differs(item.span, path, _written(item), _shown(left))
        else:
            left.remove(fit)


def _path(node: Node, got: list[object], path: str) -> Iterator[Diagnostic]:
    steps = [(str(step["state"]), f"{step['flow']}.{step['state']}") for step in cast("list[Json]", got)]
    wanted = [_written(item) for item in node.items] if isinstance(node, Sequence) else []
    if len(wanted) != len(steps) or any(word not in step for word, step in zip(wanted, steps, strict=True)):
        yield _differs(node.span, path, _written(node), _listed([state for state, _ in steps]))


def _warnings(node: Node, got: list[object], path: str) -> Iterator[Diagnostic]:
    """Compare warnings: each expected text is part of one; an empty list expects none."""
    texts = [text for warning in cast("list[dict[str, str]]", got) for text in warning.values()]
    wanted = list(node.items) if isinstance(node, Sequence) else [node]
    if not wanted and texts:
        yield _differs(node.span, path, _written(node), _listed(texts))
    for item in wanted:
        if not any(_written(item) in text for text in texts):
            yield _differs(item.span, path, _written(item), _listed(texts))


def _same(node: Scalar, got: object) -> bool:
    if got is None or node.is_null:
        return got is None and node.is_null
    return node.text == _shown(got) or _same_instant(node.text, _shown(got))


def _same_instant(wanted: str, got: str) -> bool:
    try:
        return parse_instant(wanted) == parse_instant(got)
    except TimeFormatError:
        return False


def _differs(span: Span, path: str, wanted: str, got: str) -> Diagnostic:
    said, shown = clip(wanted, 200), clip(got, 200)
    message = Text(f"{path}：应为 {said}，实为 {shown}", f"{path}: expected {said}, got {shown}")
    return Diagnostic("not_as_expected", message, span)


def _unknown(key: Scalar, path: str, got: Json) -> Diagnostic:
    shown = clip(_join(path, key.text))
    message = Text(f"判定中没有 {shown} 这一项", f"a decision has no {shown}")
    return Diagnostic("unknown_expectation", message, key.span, did_you_mean(key.text, got))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _written(node: Node) -> str:
    """Return a node as one line, as the author could have written it."""
    if isinstance(node, Scalar):
        return "null" if node.is_null else node.text
    if isinstance(node, Sequence):
        return _listed([_written(item) for item in node.items])
    return "{" + ", ".join(f"{key.text}: {_written(value)}" for key, value in node.entries) + "}"


def _shown(got: object) -> str:
    """Return what was decided in the words of a worked case."""
    if got is None:
        return "null"
    if isinstance(got, bool):
        return "true" if got else "false"
    if isinstance(got, dict):
        return "{" + ", ".join(f"{key}: {_shown(value)}" for key, value in got.items()) + "}"
    return _listed([_shown(one) for one in got]) if isinstance(got, list) else str(got)


def _listed(words: list[str]) -> str:
    return f"[{', '.join(words)}]"
