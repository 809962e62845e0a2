"""A policy as one SQL query over a table of facts.

First what several formulas share becomes columns, layer by layer, so that no text is written twice. Then rows go from
place to place, one step of the query for all places at the same distance from the start; then one table says what each
place comes to, and by which formula its amounts are worked out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from aftersales.columns.dialects import DIALECTS, Dialect
from aftersales.columns.ends import Ends
from aftersales.columns.given import UNREAD, Given
from aftersales.columns.phrases import Phrases
from aftersales.columns.places import Atlas
from aftersales.columns.sharing import shared
from aftersales.columns.steps import Steps
from aftersales.errors import Diagnostic, UnknownNameError, did_you_mean
from aftersales.policy.model import Policy
from aftersales.text import Text, clip


def columns_of(policy: Policy) -> tuple[str, ...]:
    """Return the columns that a table of facts has by default.

    Every fact but what the policy counts and what follows from other facts; the flags of dates and amounts that may be
    none are there, since they tell that there is none.
    """
    flags = {fact.flag for fact in policy.facts.values() if fact.flag is not None}
    facts = (fact for fact in policy.facts.values() if not fact.counter)
    return tuple(fact.name for fact in facts if fact.derived is None or fact.ask is not None or fact.name in flags)


def query(
    policy: Policy,
    dialect: str,
    *,
    table: str = "facts",
    columns: Collection[str] | None = None,
    keep: Sequence[str] = (),
) -> str:
    """Return the policy as one query over ``table``; ``columns`` are the facts that it has, ``keep`` is passed through.

    Money is whole fen, instants are timestamps with a timezone, words are text; NULL is an unknown fact. Deadlines do
    not count: every row is seen when it was told. Raises UnknownNameError for a column, BeyondColumnsError for what
    SQL cannot say.
    """
    read = tuple(columns or columns_of(policy))
    unknown = [name for name in read if name not in policy.facts or policy.facts[name].counter]
    if unknown:
        raise UnknownNameError(*(_not_a_fact(name, policy) for name in unknown))
    return _text(policy, DIALECTS[dialect], table, read, tuple(keep))


def _not_a_fact(name: str, policy: Policy) -> Diagnostic:
    shown = clip(name)
    message = Text(f"没有事实 {shown}", f"there is no fact {shown}")
    return Diagnostic("unknown_name", message, hint=did_you_mean(shown, columns_of(policy)))


@dataclass(slots=True)
class _Faults:
    """The faults that stop a row, each by a number below 0."""

    codes: list[str] = field(default_factory=lambda: list(UNREAD))

    def number(self, code: str) -> int:
        if code not in self.codes:
            self.codes.append(code)
        return -1 - self.codes.index(code)


def _text(policy: Policy, dialect: Dialect, table: str, columns: Sequence[str], keep: Sequence[str]) -> str:
    atlas, phrases, faults = Atlas(policy, columns), Phrases(policy, dialect), _Faults()
    steps = Steps(atlas, dialect, phrases, faults.number)
    ends = Ends(atlas, dialect, phrases, steps, keep)
    given = Given(policy, dialect, table, columns, keep, faults.number)
    before, worked_out = dialect.quoted("given"), list[str]()
    for i, layer in enumerate(shared((*steps.roots, *ends.roots)), 1):
        here = dialect.quoted(f"shared_{i}")
        worked_out.append(dialect.part(here, ",\n  ".join((f"{before}.*", *phrases.name(layer))), before))
        before = here
    behind = [*worked_out, *steps.parts(before), *ends.parts(faults.codes)]
    first = given.parts(phrases.first_instant() if phrases.calendar_used else None)
    start = "WITH RECURSIVE " if dialect.recursive else "WITH "
    return start + ",\n".join((*first, *behind)) + f"\n{ends.shown()}\n"
