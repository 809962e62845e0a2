"""Reading what was told and done over time, and putting it in an order that does not depend on arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from aftersales.case.faults import Place
from aftersales.case.fields import LONGEST_TITLE, Fields, read_fields
from aftersales.case.model import Correct, Done, Event, Override, Tell
from aftersales.case.values import read_told
from aftersales.dataclass import dataclass, replace
from aftersales.errors import ConflictError, UnknownNameError, did_you_mean
from aftersales.expr.shown import show
from aftersales.expr.types import Value
from aftersales.instants import show_instant, zone_named
from aftersales.policy.model import Policy
from aftersales.text import Text, clip

MOST_EVENTS: Final = 10_000
_KINDS: Final = ("tell", "done", "correct", "override")
_KEYS: Final = ("id", "at", *_KINDS, "amount", "by", "because", "part")


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event and where it was written."""

    event: Event
    place: Place


def read_events(policy: Policy, data: object, place: Place) -> list[PlacedEvent]:
    """Read the list of events as it is written; the faulty ones are noted and left out."""
    entries = Fields({"events": data}, Place(place.faults, place.path[:-1])).items("events", MOST_EVENTS)
    read = (read_event(policy, entry, where) for where, entry in entries)
    return [placed for placed in read if placed is not None]


def read_event(policy: Policy, data: object, place: Place) -> PlacedEvent | None:
    """Read one event: an instant, and answers, an action reported done, a correction or an override."""
    fields = read_fields(data, place, _KEYS)
    if fields is None or not _supported(fields):
        return None
    id_, at = fields.text("id"), fields.instant("at")
    event = _READERS[next(kind for kind in _KINDS if fields.has(kind))](policy, fields, at, id_)
    return PlacedEvent(event, place) if event is not None and (at is not None or not fields.has("at")) else None


def _supported(fields: Fields) -> bool:
    """Note an event that says nothing, two things, or what cannot be said yet."""
    kinds = [kind for kind in _KINDS if fields.has(kind)]
    if len(kinds) != 1:
        fields.place.fault(
            "event_kind",
            Text(
                "事件要写 tell、done、correct、override 中的一个",
                "an event has one of tell, done, correct and override",
            ),
        )
        return False
    foreign = [key for key in ("by", "because") if fields.has(key) and kinds[0] != "override"]
    foreign += ["amount"] if kinds[0] != "done" and fields.has("amount") else []
    for key in foreign:
        fields.at(key).fault("key_not_here", Text(f"{kinds[0]} 事件没有 {key}", f"a {kinds[0]} event has no {key}"))
    if fields.has("part"):
        fields.at("part").fault("no_parts", Text("本案没有分项（parts）", "the claim has no parts"))
    return True


def _read_correct(policy: Policy, fields: Fields, at: dt.datetime | None, id_: str | None) -> Correct | None:
    """Read answers that replace earlier ones."""
    values = read_told(policy, fields.entries["correct"], fields.at("correct"))
    if fields.entries["correct"] == {}:
        fields.at("correct").fault("nothing_told", Text("没有更正任何事实", "nothing is corrected"))
    return Correct(at, values, id_) if values else None


def _read_override(policy: Policy, fields: Fields, at: dt.datetime | None, id_: str | None) -> Override | None:
    """Read a decision against the flow: where to (``{to: STATE}``), by which role, and why."""
    if not fields.require("by", "because"):
        return None
    target = read_fields(fields.entries["override"], fields.at("override"), ("to",))
    by, because = fields.text("by"), fields.text("because", LONGEST_TITLE)
    if target is None or not target.require("to") or by is None or because is None:
        return None
    to = target.text("to")
    if by not in policy.roles:
        message = Text(f"政策里没有角色 {clip(by)}", f"the policy has no role {clip(by)}")
        fields.at("by").fault("unknown_role", message, kind=UnknownNameError, hint=did_you_mean(clip(by), policy.roles))
        return None
    return None if to is None else Override(at, to, by, because, id_)


def _read_tell(policy: Policy, fields: Fields, at: dt.datetime | None, id_: str | None) -> Tell | None:
    """Read answers told at one instant."""
    values = read_told(policy, fields.entries["tell"], fields.at("tell"))
    if fields.entries["tell"] == {}:
        fields.at("tell").fault("nothing_told", Text("没有告知任何事实", "nothing is told"))
    return Tell(at, values, id_) if values else None


def _read_done(policy: Policy, fields: Fields, at: dt.datetime | None, id_: str | None) -> Done | None:
    """Read an action reported done; only one that pays has an amount."""
    name = fields.text("done")
    if name is None:
        return None
    action = policy.actions.get(name)
    if action is None:
        fields.at("done").fault(
            "unknown_action",
            Text(f"政策里没有动作 {clip(name)}", f"the policy has no action {clip(name)}"),
            kind=UnknownNameError,
            hint=did_you_mean(clip(name), policy.actions),
        )
        return None
    if fields.has("amount") and not action.pays:
        fields.at("amount").fault("key_not_here", Text(f"动作 {name} 不付款", f"action {name} pays no money"))
    return Done(at, name, fields.money("amount"), id_)


_READERS: Final[Mapping[str, Callable[[Policy, Fields, dt.datetime | None, str | None], Event | None]]] = {
    "tell": _read_tell,
    "done": _read_done,
    "correct": _read_correct,
    "override": _read_override,
}


def arrange(
    policy: Policy, events: Sequence[PlacedEvent], opened_at: dt.datetime | None, told: Mapping[str, Value]
) -> tuple[Event, ...]:
    """Return the events in time order, each once, whatever order they arrived in.

    The same event is one with the same id, or with the same instant and content. Within one instant answers come
    before actions. Noted as faults: an event before the claim was opened, one without an instant (only a case that
    knows no instant at all has such), one id on two events, and two answers to one fact at one instant (``told`` is
    told when the claim was opened).
    """
    _check_timed(events, opened_at)
    _check_opened(policy, events, opened_at)
    _check_ids(events)
    ids: dict[tuple[str, ...], str | None] = {}
    unique: dict[tuple[str, ...], Event] = {}
    for placed in events:
        key = _content(placed.event)
        ids[key] = min((id_ for id_ in (ids.get(key), placed.event.id) if id_ is not None), default=None)
        unique.setdefault(key, placed.event)
    _check_answers(policy, events, opened_at, told)
    return tuple(replace(unique[key], id=ids[key]) for key in sorted(unique))


def _content(event: Event) -> tuple[str, ...]:
    """Return what an event says, sorting by instant, then answers, actions, corrections, overrides, then by content."""
    at = event.at.astimezone(dt.UTC).isoformat() if event.at is not None else ""
    match event:
        case Tell(values=values):
            return (at, "0", *_answers(values))
        case Done(action=action, amount=amount):
            return (at, "1", action, str(amount))
        case Correct(values=values):
            return (at, "2", *_answers(values))
        case Override(to=to, by=by, because=because):
            return (at, "3", to, by, because)


def _answers(values: Mapping[str, Value]) -> Iterator[str]:
    return (f"{name}={value!r}" for name, value in sorted(values.items(), key=lambda item: item[0]))


def _check_timed(events: Sequence[PlacedEvent], opened_at: dt.datetime | None) -> None:
    """Note events without an instant in a case that has a clock."""
    if opened_at is None and all(placed.event.at is None for placed in events):
        return
    for placed in events:
        if placed.event.at is None:
            placed.place.fault("key_missing", Text("缺少 at", "at is missing"))


def _check_opened(policy: Policy, events: Iterable[PlacedEvent], opened_at: dt.datetime | None) -> None:
    """Note events from before the claim was opened."""
    zone = zone_named(policy.timezone)
    for placed in events:
        at = placed.event.at
        if at is None or opened_at is None or at >= opened_at:
            continue
        early, opened = show_instant(at, zone), show_instant(opened_at, zone)
        placed.place.at("at").fault(
            "before_opened",
            Text(f"{early} 早于立案时间 {opened}", f"{early} is before the claim was opened at {opened}"),
            kind=ConflictError,
        )


def _check_ids(events: Iterable[PlacedEvent]) -> None:
    """Note an id that stands on two different events."""
    said: dict[str, tuple[str, ...]] = {}
    for placed in events:
        id_ = placed.event.id
        if id_ is not None and said.setdefault(id_, _content(placed.event)) != _content(placed.event):
            placed.place.at("id").fault(
                "id_twice",
                Text(f"编号 {clip(id_)} 用在两个不同的事件上", f"the id {clip(id_)} stands on two different events"),
                kind=ConflictError,
            )


def _check_answers(
    policy: Policy, events: Iterable[PlacedEvent], opened_at: dt.datetime | None, told: Mapping[str, Value]
) -> None:
    """Note two different answers to one fact at one instant."""
    said: dict[tuple[dt.datetime | None, str], Value] = {}
    if opened_at is not None:
        said.update({(opened_at, name): value for name, value in told.items()})
    for placed in events:
        event = placed.event
        for name, value in event.values.items() if isinstance(event, Tell) else ():
            first = said.setdefault((event.at, name), value)
            if first != value:
                _note_two_answers(policy, placed.place.at("tell").at(name), name, (first, value))


def _note_two_answers(policy: Policy, place: Place, name: str, answers: tuple[Value, Value]) -> None:
    """Note that one instant has two answers to one fact."""
    type_, zone = policy.facts[name].type, zone_named(policy.timezone)
    first, second = sorted(show(answer, type_, zone) for answer in answers)
    place.fault(
        "two_answers",
        Text(f"同一时刻有两个答案：{first} 和 {second}", f"two answers at the same instant: {first} and {second}"),
        kind=ConflictError,
    )
