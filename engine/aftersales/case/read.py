"""Reading a case: plain data from YAML, JSON or a caller's dict becomes a ``Case``, or all its faults at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from aftersales.case.claim import ClaimDraft, read_claim
from aftersales.case.dates import check_dates, dates_of_claimed
from aftersales.case.events import arrange, read_events
from aftersales.case.faults import Faults, Path, Place, Where
from aftersales.case.fields import OPENED_AT, read_fields, read_instant
from aftersales.case.model import Case, Claim
from aftersales.case.order import OrderDraft, read_order
from aftersales.case.values import read_told
from aftersales.dataclass import dataclass
from aftersales.errors import ConflictError
from aftersales.expr.shown import show
from aftersales.expr.types import Value
from aftersales.instants import zone_named
from aftersales.policy.model import Policy
from aftersales.text import Text

_KEYS: Final = ("id", "order", "claim", "facts", "events", "as_of")


def read_case(policy: Policy, data: object, *, where: Where | None = None) -> Case:
    """Read a whole case under ``policy``.

    Amounts are yuan with at most two decimals (text, whole numbers or decimals; floats are refused), instants carry
    an offset. ``where`` gives the place in the file for a place in the data. Raises the CaseError of the faults' kind,
    ``CaseShapeError`` where there are several kinds, with every fault found.
    """
    faults = Faults(where)
    case = _read(policy, data, Place(faults))
    faults.raise_found()
    return case


def read_as_of(value: object) -> dt.datetime | None:
    """Read the instant that a caller wants a case seen at: ISO 8601 text with an offset, or an aware datetime.

    Raises CaseShapeError for anything else; ``None`` stays ``None``.
    """
    if value is None:
        return None
    faults = Faults(None)
    seen = read_instant(value, Place(faults, ("as_of",)))
    faults.raise_found()
    return seen


@dataclass(frozen=True, slots=True)
class _Told:
    """Facts told by one part of the case."""

    path: Path
    values: Mapping[str, Value]


def _read(policy: Policy, data: object, place: Place) -> Case:
    """Read every part, then what concerns several of them."""
    fields = read_fields(data, place, _KEYS)
    nothing = Case(None, None, Claim(None, None), {})
    if fields is None:
        return nothing
    order = read_order(policy, fields.entries["order"], place.at("order")) if fields.has("order") else None
    claim = read_claim(policy, fields.entries["claim"], place.at("claim"), order) if fields.has("claim") else None
    facts = read_told(policy, fields.entries["facts"], place.at("facts")) if fields.has("facts") else {}
    events = read_events(policy, fields.entries["events"], place.at("events")) if fields.has("events") else []
    id_, as_of = fields.text("id"), fields.instant("as_of")
    told, places = _told_untimed(policy, place, order, claim, facts)
    opened_at = _opened_at(claim, told)
    arranged = arrange(policy, events, opened_at, told)
    if place.faults.found:
        return nothing
    check_dates(policy, told, places)
    _check_own_refunds(id_, order, place)
    units = claim.claim.units if claim is not None else None
    return Case(id_, order.order if order is not None else None, Claim(opened_at, units), told, arranged, as_of)


def _told_untimed(
    policy: Policy, place: Place, order: OrderDraft | None, claim: ClaimDraft | None, facts: Mapping[str, Value]
) -> tuple[dict[str, Value], dict[str, Place]]:
    """Join what order, claim and facts tell, with where; one fact told by two of them must be told the same."""
    by_order: dict[str, Value] = dict(order.order.facts) if order is not None else {}
    if order is not None:
        units = claim.claim.units if claim is not None else None
        dates_of_claimed(policy, order.order, units, by_order, place)
    parts = [
        _Told(("order",), by_order),
        _Told(("claim",), claim.told if claim is not None else {}),
        _Told(("facts",), facts),
    ]
    told: dict[str, Value] = {}
    places: dict[str, Place] = {}
    for part in parts:
        for name, value in part.values.items():
            here = Place(place.faults, (*part.path, name))
            places.setdefault(name, here)
            if told.setdefault(name, value) != value:
                _note_disagreement(policy, here, name, (told[name], value))
    return told, places


def _note_disagreement(policy: Policy, place: Place, name: str, values: tuple[Value, Value]) -> None:
    """Note that two parts of the case tell one fact differently."""
    type_, zone = policy.facts[name].type, zone_named(policy.timezone)
    first, second = (show(value, type_, zone) for value in values)
    place.fault(
        "told_twice",
        Text(f"{name} 这里是 {second}，别处是 {first}", f"{name} is {second} here, but {first} elsewhere in the case"),
        kind=ConflictError,
    )


def _opened_at(claim: ClaimDraft | None, told: Mapping[str, Value]) -> dt.datetime | None:
    """Return when the claim was opened, as the claim or the facts tell it."""
    if claim is not None and claim.claim.opened_at is not None:
        return claim.claim.opened_at
    opened_at = told.get(OPENED_AT)
    return opened_at if isinstance(opened_at, dt.datetime) else None


def _check_own_refunds(id_: str | None, order: OrderDraft | None, place: Place) -> None:
    """Note a refund listed as another case's that is this case's own: it would count twice."""
    for number, refund in enumerate(order.order.refunds if order is not None and id_ is not None else ()):
        if refund.case == id_:
            place.at("order").at("refunds").at(number).at("case").fault(
                "own_refund",
                Text(
                    "这是本案自己的退款，这里只写其他售后单的",
                    "this is the case's own refund, only those of other cases belong here",
                ),
                kind=ConflictError,
            )
