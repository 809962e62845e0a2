"""Records of facts as the engine holds them, for callers that have scalars at hand: an attribute for every fact.

An attribute is read in a third of the time that a key takes to look up. It has the fact's name for whoever makes a
record, and the fact's number for the engine's own functions, so that no name of a policy becomes code.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from msgspec import Struct, defstruct, to_builtins

from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Policy

#: What is a value of the engine's as it is, beside what JSON has.
_VALUES: Final = (dt.datetime, dt.time, dt.timedelta)


class Records:
    """Records of the facts of one policy that may be told: none that is derived, and no counter.

    What nobody told is ``None``; of a fact that may be none (``nullable``) that is what ``None`` says, and what nobody
    told is ``UNKNOWN``.
    """

    def __init__(self, policy: Policy) -> None:
        facts = [fact for fact in policy.facts.values() if not fact.counter and fact.derived is None]
        self._unknown = {fact.name: None if fact.flag is None else UNKNOWN for fact in facts}
        fields = [(name, Any, unknown) for name, unknown in self._unknown.items()]
        self.type: type[Struct] = defstruct(
            "Facts", fields, frozen=True, kw_only=True, omit_defaults=True, repr_omit_defaults=True, gc=False
        )
        for number, name in enumerate(policy.facts):
            if name in self._unknown:
                setattr(self.type, f"v{number}", vars(self.type)[name])

    def told(self, record: Struct) -> dict[str, Value]:
        """Return what a record tells."""
        try:
            told: dict[str, Value] = to_builtins(record, builtin_types=_VALUES)
        except TypeError:  # a rate is none of these
            found = ((name, getattr(record, name), unknown) for name, unknown in self._unknown.items())
            told = {name: value for name, value, unknown in found if value is not unknown}
        return told
