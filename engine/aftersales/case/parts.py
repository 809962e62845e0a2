"""Several problems of one order in one case: each part is a case of its own, over the same order and the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, cast

from aftersales.case.faults import Path, Where
from aftersales.case.model import Case
from aftersales.case.read import read_case
from aftersales.dataclass import replace
from aftersales.errors import CaseShapeError, ConflictError, Diagnostic, UnknownNameError, did_you_mean
from aftersales.policy.model import Policy
from aftersales.source import Span
from aftersales.text import Text

MOST_PARTS: Final = 50
_PART_KEYS: Final = ("issue", "lines", "facts")

Data = Mapping[str, object]


def read_parts(policy: Policy, data: object, *, where: Where | None = None) -> tuple[Case, ...]:
    """Read a case as its parts, in their order; a case without ``claim.parts`` is its only part.

    A part has its own ``issue``, ``lines`` and ``facts``; order, ``opened_at`` and the other facts are shared. An event
    names its ``part`` (from 1); answers that name none are told to all. Raises the CaseErrors of ``read_case`` with the
    part named in front, and ConflictError where two parts claim more units than were bought.
    """
    parts = _parts_of(data)
    if parts is None or not isinstance(data, Mapping):
        return (read_case(policy, data, where=where),)
    _check_shape(parts, data)
    cases = tuple(_read_part(policy, data, parts, number, where) for number in range(len(parts)))
    _check_units(cases)
    return cases


def _parts_of(data: object) -> Sequence[object] | None:
    claim = data.get("claim") if isinstance(data, Mapping) else None
    parts = claim.get("parts") if isinstance(claim, Mapping) else None
    if parts is None:
        return None
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not 1 <= len(parts) <= MOST_PARTS:
        message = Text(f"parts 应是 1 到 {MOST_PARTS} 项的列表", f"parts is a list of 1 to {MOST_PARTS} problems")
        raise CaseShapeError(Diagnostic("not_parts", message))
    return parts


def _check_shape(parts: Sequence[object], data: Data) -> None:
    for number, part in enumerate(parts, start=1):
        if not isinstance(part, Mapping):
            message = Text(f"第 {number} 项应写成键值对", f"part {number} is written as keys with values")
            raise CaseShapeError(Diagnostic("not_a_part", message))
        for key in part:
            if key not in _PART_KEYS:
                raise UnknownNameError(_unknown_key(number, str(key)))
        if "lines" not in part:
            message = Text(f"第 {number} 项缺少 lines", f"part {number} lacks its lines")
            raise CaseShapeError(Diagnostic("key_missing", message))
    claim = cast("Data", data["claim"])
    for key in ("issue", "lines"):
        if key in claim:
            message = Text(f"有 parts 时，{key} 写在各项里", f"with parts, {key} stands in each of them")
            raise CaseShapeError(Diagnostic("key_not_here", message))
    _check_facts(data.get("facts", {}), None)
    for number, part in enumerate(parts, start=1):
        _check_facts(cast("Data", part).get("facts", {}), number)
    _check_events(data.get("events", ()), len(parts))


def _check_facts(facts: object, number: int | None) -> None:
    if not isinstance(facts, Mapping):
        zh, en = ("", "") if number is None else (f"第 {number} 项：", f"part {number}: ")
        message = Text(f"{zh}facts 应写成键值对", f"{en}facts are written as keys with values")
        raise CaseShapeError(Diagnostic("not_a_record", message))


def _check_events(events: object, parts: int) -> None:
    if not isinstance(events, Sequence) or isinstance(events, str):
        raise CaseShapeError(Diagnostic("not_a_list", Text("events 应是列表", "events is a list")))
    for event in events:
        if not isinstance(event, Mapping):
            continue
        named = event.get("part")
        if named is None and "tell" not in event:
            message = Text("该事件要写明 part", "this event names its part")
            raise CaseShapeError(Diagnostic("part_missing", message))
        if named is not None and _number(named, parts) is None:
            message = Text(f"没有第 {named} 项", f"there is no part {named}")
            raise UnknownNameError(Diagnostic("unknown_part", message))


def _number(named: object, parts: int) -> int | None:
    text = str(named)
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 4 and 1 <= int(text) <= parts else None


def _read_part(policy: Policy, data: Data, parts: Sequence[object], index: int, where: Where | None) -> Case:
    part = cast("Data", parts[index])
    claim = {key: value for key, value in cast("Data", data["claim"]).items() if key != "parts"}
    claim |= {key: value for key, value in part.items() if key != "facts"}
    facts = {**cast("Data", data.get("facts", {})), **cast("Data", part.get("facts", {}))}
    events, places = _events_of(cast("Sequence[object]", data.get("events", ())), index + 1, len(parts))
    own = {**data, "claim": claim, "facts": facts, "events": events}

    def place(path: Path) -> Span | None:
        return None if where is None else where(_in_whole(path, index, part, places))

    try:
        case = read_case(policy, own, where=place)
    except (CaseShapeError, ConflictError, UnknownNameError) as fault:
        raise type(fault)(*(_of_part(diagnostic, index + 1) for diagnostic in fault.diagnostics)) from fault
    return _named(case, index + 1)


def _named(case: Case, number: int) -> Case:
    """Give a part its own id, so that its payments are told apart from those of the other parts."""
    order = case.order
    whole = case.id or (order.id if order is not None else None) or "case"
    return replace(case, id=f"{whole}#{number}")


def _events_of(events: Sequence[object], number: int, parts: int) -> tuple[list[object], list[int]]:
    """Return the events of a part without its name, and where each stands in the whole list."""
    own: list[object] = []
    places: list[int] = []
    for i, event in enumerate(events):
        if not isinstance(event, Mapping):
            own.append(event)
            places.append(i)
        elif event.get("part") is None or _number(event["part"], parts) == number:
            own.append({key: value for key, value in event.items() if key != "part"})
            places.append(i)
    return own, places


def _in_whole(path: Path, index: int, part: Data, events: list[int]) -> Path:
    """Return where a place of a part's case stands in the whole case."""
    match path:
        case ("claim", key, *rest) if key in part:
            return ("claim", "parts", index, key, *rest)
        case ("facts", key, *rest) if key in cast("Data", part.get("facts", {})):
            return ("claim", "parts", index, "facts", key, *rest)
        case ("events", int() as i, *rest) if i < len(events):
            return ("events", events[i], *rest)
        case _:
            return path


def _of_part(fault: Diagnostic, number: int) -> Diagnostic:
    message = Text(f"第 {number} 项：{fault.message.zh}", f"part {number}: {fault.message.en}")
    return Diagnostic(fault.code, message, fault.span, fault.hint)


def _unknown_key(number: int, key: str) -> Diagnostic:
    message = Text(f"第 {number} 项没有键 {key}", f"part {number} has no key {key}")
    return Diagnostic("unknown_name", message, hint=did_you_mean(key, _PART_KEYS))


def _check_units(cases: Sequence[Case]) -> None:
    claimed: Counter[int] = Counter()
    for case in cases:
        for units in case.claim.units or ():
            claimed[units.line] += units.quantity
    order = cases[0].order
    for line in order.lines if order is not None else ():
        gone = (
            sum(refund.quantity for refund in order.refunds if refund.line == line.number and not refund.kept)
            if order
            else 0
        )
        if claimed[line.number] > line.quantity - gone:
            raise ConflictError(_too_many(line.number, claimed[line.number], line.quantity - gone))


def _too_many(line: int, claimed: int, left: int) -> Diagnostic:
    return Diagnostic(
        "more_than_left",
        Text(
            f"第 {line} 行各项共申请 {claimed} 件，只剩 {left} 件",
            f"the parts claim {claimed} units of line {line}, {left} are left",
        ),
    )


def split_part(data: Data, part: int, quantity: int, facts: Data) -> Data:
    """Return the case with ``quantity`` units of ``part`` (from 1) made a part of their own at the end.

    A case without parts becomes one of two. Answers and actions of the part go to both. Raises UnknownNameError where
    there is no such part, ConflictError where it has not exactly one line or not more units than that.
    """
    claim = dict(cast("Data", data.get("claim") or {}))
    parts = [dict(cast("Data", one)) for one in _parts_of(data) or [_only_part(claim)]]
    if not 1 <= part <= len(parts):
        raise UnknownNameError(Diagnostic("unknown_part", Text(f"没有第 {part} 项", f"there is no part {part}")))
    whole, lines = parts[part - 1], parts[part - 1].get("lines")
    line = dict(cast("Data", lines[0])) if isinstance(lines, Sequence) and len(lines) == 1 else {}
    units = _number(line.get("quantity"), 1000)
    if units is None or not 0 < quantity < units:
        message = Text(
            f"第 {part} 项拆不出 {quantity} 件：须只有一行，且件数更多",
            f"{quantity} units cannot be split off part {part}: it needs one line with more units than that",
        )
        raise ConflictError(Diagnostic("cannot_split", message))
    fresh = {
        **whole,
        "lines": [{**line, "quantity": quantity}],
        "facts": {**cast("Data", whole.get("facts") or {}), **facts},
    }
    parts[part - 1] = {**whole, "lines": [{**line, "quantity": units - quantity}]}
    return {**data, "claim": {**claim, "parts": [*parts, fresh]}, "events": _told_to_both(data, part, len(parts) + 1)}


def _only_part(claim: dict[str, object]) -> dict[str, object]:
    return {key: claim.pop(key) for key in ("issue", "lines") if key in claim}


def _told_to_both(data: Data, part: int, fresh: int) -> list[object]:
    """Return the events, those of ``part`` once more for the part split off it."""
    events: list[object] = []
    for event in cast("Sequence[Data]", data.get("events") or ()):
        named = event.get("part", None if "tell" in event else 1)
        own = {**event, "part": named} if named is not None else event
        events.append(own)
        if named is not None and _number(named, MOST_PARTS) == part:
            events.append({key: value for key, value in own.items() if key != "id"} | {"part": fresh})
    return events
