"""Past cases under one policy or two: what was decided, what would change, and who pays how much.

>>> from aftersales.study.replay import Tally, replay
>>> tally = Tally()
>>> for one in replay(old, None, past_cases(Path("cases"))):
...     tally.add(one)
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from aftersales.errors import CaseError, Diagnostic
from aftersales.run.decision import Decision
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.replay_cases import PastCase
from aftersales.study.two_decisions import TwoPolicies

#: In what two decisions about a past case may differ, what matters most first.
RESPECTS: Final = ("error", "outcome", "liable", "payer", "refund", "stage")
#: What cases are grouped by.
GROUPS: Final = ("flow", "payer", "reason")
#: What is summed of the cases of a flow or a reason, and of those that a party pays in; all in fen.
OF_CASES: Final = ("refund", "charge", "recover")
OF_PAYERS: Final = ("pays", "receives", "postage")
_ISSUE: Final = "issue"


@dataclass(frozen=True, slots=True)
class Decided:
    """What one policy makes of a past case; money in fen, ``liable`` and the parties of ``postage`` by name.

    ``pays`` and ``receives`` say who hands over and who gets how much in all, ``postage`` who bears how much of it.
    """

    flow: str
    state: str
    outcome: str | None
    liable: str | None
    issue: str | None
    refund: int
    charge: int
    recover: int
    pays: Mapping[str, int]
    receives: Mapping[str, int]
    postage: Mapping[str, int]
    borne: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A past case, or one part of it, with what either policy makes of it; ``new`` is ``None`` where there is only one.

    What cannot be decided is told by its ``Diagnostic``.
    """

    name: str
    old: Decided | Diagnostic
    new: Decided | Diagnostic | None = None

    @property
    def shown(self) -> Decided | None:
        """Return what the new policy decides, else the old one; ``None`` where neither can."""
        return next((made for made in (self.new, self.old) if isinstance(made, Decided)), None)

    @property
    def changes(self) -> tuple[str, ...]:
        """Return in what the two decisions differ, what matters most first; nothing under one policy.

        Where one policy stops with a fault and the other does not, that alone is told.
        """
        old, new = self.old, self.new
        if isinstance(old, Decided) and isinstance(new, Decided):
            return tuple(_differing(old, new))
        one_stops = new is not None and isinstance(old, Decided) != isinstance(new, Decided)
        return ("error",) if one_stops else ()


def _differing(old: Decided, new: Decided) -> Iterator[str]:
    if old.outcome != new.outcome:
        yield "outcome"
    if old.liable != new.liable:
        yield "liable"
    if old.borne != new.borne:
        yield "payer"
    if (old.refund, old.charge, old.recover, old.pays) != (new.refund, new.charge, new.recover, new.pays):
        yield "refund"
    if (old.flow, old.state) != (new.flow, new.state):
        yield "stage"


def replay(
    old: LoadedPolicy, new: LoadedPolicy | None, cases: Iterable[PastCase], as_of: dt.datetime | None = None
) -> Iterator[Replayed]:
    """Yield every case, and every part of a case of several, decided under both policies.

    Each is seen at ``as_of``, by default at its own ``as_of`` or last event. Each policy hears of a case's facts only
    those that it knows. A case that cannot be read or decided is yielded with its fault, the others go on.
    """
    both = None if new is None else TwoPolicies(old, new)
    for case in cases:
        before = _decided(old, case, both, as_of)
        after = None if new is None else _decided(new, case, both, as_of)
        yield from _parts(case.name, before, after)


def _parts(
    name: str, old: tuple[Decided | Diagnostic, ...], new: tuple[Decided | Diagnostic, ...] | None
) -> Iterator[Replayed]:
    """Yield the parts of a case one by one; where one policy stops with a fault it stops for all of them."""
    count = max(len(old), len(new or ()))
    for number in range(count):
        part = f"{name} #{number + 1}" if count > 1 else name
        yield Replayed(part, old[min(number, len(old) - 1)], None if new is None else new[min(number, len(new) - 1)])


def _decided(
    policy: LoadedPolicy, case: PastCase, both: TwoPolicies | None, as_of: dt.datetime | None
) -> tuple[Decided | Diagnostic, ...]:
    if case.fault is not None:
        return (case.fault,)
    try:
        made = policy.decide(case.data if both is None else both.heard_by(policy.model, case.data), as_of)
    except CaseError as fault:
        return (fault.diagnostics[0],)
    return tuple(_read(part) for part in made.parts or (made,))


def _read(made: Decision) -> Decided:
    """Return what counts of a decision."""
    pays, receives, postage = Counter[str](), Counter[str](), Counter[str]()
    for move in made.transfers:
        pays[move.from_] += move.amount
        receives[move.to] += move.amount
    legs = {name: leg for name, leg in made.postage.items() if leg is not None}
    for leg in legs.values():
        postage.update(leg.shares)
        if leg.insurer_pays:
            postage["insurer"] += leg.insurer_pays
    issue = next((step.read[_ISSUE] for step in made.path if _ISSUE in step.read), None)
    return Decided(
        flow=made.flow,
        state=made.state,
        outcome=made.outcome,
        liable=made.liable,
        issue=issue if isinstance(issue, str) else None,
        refund=made.refund.total,
        charge=sum(item.amount for item in made.charges),
        recover=sum(item.amount for item in made.recover),
        pays=pays,
        receives=receives,
        postage=+postage,
        borne=tuple((name, leg.borne_by) for name, leg in legs.items()),
    )


@dataclass(slots=True)
class Group:
    """The cases of one flow, reason or payer: how many, how many change, and their sums under either policy, in fen.

    For a payer ``cases`` counts those in which the party pays or bears postage under the old policy, or the new one.
    """

    cases: int = 0
    changed: int = 0
    old: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)

    def more(self, what: str) -> int:
        """Return how much more of ``what`` there is under the new policy, in fen; below 0: how much less."""
        return self.new[what] - self.old[what]


@dataclass(slots=True)
class Tally:
    """The sums over past cases; it holds groups and a few examples, however many cases there are.

    A case stands in the flow that the new policy puts it in, else the old one. ``undecided`` counts those that no
    policy can decide: they are in no group.
    """

    whole: Group = field(default_factory=Group)
    groups: dict[str, dict[str, Group]] = field(default_factory=lambda: {name: {} for name in GROUPS})
    outcomes: Counter[str | None] = field(default_factory=Counter)
    respects: Counter[str] = field(default_factory=Counter)
    examples: list[Replayed] = field(default_factory=list)
    faults: list[tuple[str, Diagnostic]] = field(default_factory=list)
    cases: int = 0
    undecided: int = 0
    #: So many examples and faults are kept.
    most: int = 5

    def add(self, one: Replayed) -> None:
        """Count one case."""
        self.cases += 1
        shown, changed = one.shown, one.changes
        if shown is None:
            self._undecided(one)
            return
        self.respects.update(changed)
        if changed and len(self.examples) < self.most:
            self.examples.append(one)
        self.outcomes[shown.outcome] += 1
        for group in (self.whole, *self._of_cases(shown)):
            _count(group, one, changed)
        for party, group in self._payers(one):
            group.cases += 1
            group.changed += bool(changed)
            for made, sums in ((one.old, group.old), (one.new, group.new)):
                if isinstance(made, Decided):
                    sums.update({what: getattr(made, what).get(party, 0) for what in OF_PAYERS})

    def _undecided(self, one: Replayed) -> None:
        self.undecided += 1
        if isinstance(one.old, Diagnostic) and len(self.faults) < self.most:
            self.faults.append((one.name, one.old))

    def _of_cases(self, shown: Decided) -> tuple[Group, Group]:
        flow = self.groups["flow"].setdefault(shown.flow, Group())
        return flow, self.groups["reason"].setdefault(shown.issue or "", Group())

    def _payers(self, one: Replayed) -> Iterator[tuple[str, Group]]:
        decided = [made for made in (one.old, one.new) if isinstance(made, Decided)]
        for party in dict.fromkeys(name for made in decided for name in (*made.pays, *made.receives, *made.postage)):
            yield party, self.groups["payer"].setdefault(party, Group())


def _count(group: Group, one: Replayed, changed: tuple[str, ...]) -> None:
    group.cases += 1
    group.changed += bool(changed)
    for made, sums in ((one.old, group.old), (one.new, group.new)):
        if isinstance(made, Decided):
            sums.update({what: getattr(made, what) for what in OF_CASES})
