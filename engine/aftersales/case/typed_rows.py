"""Rows of facts as records of one type: words, flags and counts are checked in the same step in which a row is read.

A record has an attribute for every fact that a row may tell, named by a number: no name of the policy is part of it.
What a row does not tell is ``None`` there, and ``UNKNOWN`` where none may be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, cast

from msgspec import Meta, Struct, defstruct, to_builtins
from msgspec.json import Decoder

from aftersales.case.date_order import DATES, dates_fit
from aftersales.case.fields import ISSUE, LARGEST_COUNT
from aftersales.case.quick_values import QuickValues, Unread
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.policy.model import Fact, Policy

#: What reading a row raises where anything of it is rare or at fault.
NOT_READ: Final = (Unread, KeyError, TypeError, ValueError, RecursionError)


class TypedRows:
    """Reads rows of facts of one policy; threads may share it.

    ``texts`` are the facts of which a record holds the text that a row has, each with what texts mean of which that is
    known. A row that tells a derived fact is not read.
    """

    def __init__(self, policy: Policy, values: QuickValues) -> None:
        told = {name: fact for name, fact in policy.facts.items() if not fact.counter and fact.derived is None}
        # A key is looked for from the last one on: rows say first what they are about, then mostly keep to the policy.
        facts = {name: told[name] for name in sorted(told, key=lambda name: name != ISSUE)}
        numbers = {name: number for number, name in enumerate(policy.facts)}
        self._meanings = {name: values.texts[name] for name, fact in facts.items() if _checked(fact) is None}
        self.texts: Mapping[str, Mapping[object, Value]] = {name: found.kept for name, found in self._meanings.items()}
        fields = [(f"v{numbers[name]}", _type(fact), _unknown(fact)) for name, fact in facts.items()]
        written = {f"v{numbers[name]}": name for name in facts}
        self.type = defstruct("Row", fields, rename=written, forbid_unknown_fields=True, omit_defaults=True, gc=False)
        #: Return the record of a JSON object. Raises one of ``NOT_READ``.
        self.read_json = Decoder(self.type).decode
        self._dates = [name for name in facts if name in DATES]

    def told(self, record: Struct) -> dict[str, Value]:
        """Return what a record tells. Raises one of ``NOT_READ`` where a text of it cannot be read, or dates disagree."""
        told: dict[str, Value] = to_builtins(record)
        for name in told.keys() & self._meanings.keys():
            told[name] = self._meanings[name][told[name]]
        if self._dates and not dates_fit(told):
            raise Unread
        return told


def _type(fact: Fact) -> Any:
    """Return what a row may have for a fact."""
    checked = str if (found := _checked(fact)) is None else found
    return checked if fact.flag is None else checked | None


def _checked(fact: Fact) -> Any:
    """Return the type of which every value means itself; ``None`` where there is none."""
    match fact.type.kind:
        case Kind.FLAG:
            return bool
        case Kind.CHOICE | Kind.PARTY if fact.type.values:
            return cast("Any", Literal)[fact.type.values]
        case Kind.COUNT:
            high = LARGEST_COUNT if fact.type.high is None else min(fact.type.high, LARGEST_COUNT)
            return Annotated[int, Meta(ge=max(0, fact.type.low or 0), le=high)]
        case _:
            return None


def _unknown(fact: Fact) -> object:
    return None if fact.flag is None else UNKNOWN
