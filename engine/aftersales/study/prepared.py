"""Worked cases made ready to be decided again and again, under one faulty policy after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from aftersales.case.model import Case
from aftersales.case.parts import read_parts
from aftersales.errors import CaseError
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision
from aftersales.run.flat import broken
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.machine import PolicyMachine
from aftersales.run.parts import decide_parts, fold_parts
from aftersales.run.walk import Walk
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.study.worked import against_decision, against_fault
from aftersales.yaml_nodes import Mapping as Written

V = TypeVar("V")
#: Something of a policy that a decision looked at: its kind (states, params …) and its name.
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a case: the walks and the decision, or the fault that it ended with."""

    walks: tuple[Walk, ...] = ()
    decision: Decision | None = None
    fault: CaseError | None = None

    def same_as(self, other: Decided) -> bool:
        """Return whether both came to the same: decision for decision, code for code."""
        return self.decision == other.decision and self.codes == other.codes

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the fault; nothing where there is a decision."""
        return () if self.fault is None else tuple(diagnostic.code for diagnostic in self.fault.diagnostics)


@dataclass(frozen=True, slots=True)
class ReadyCase:
    """A worked case with its parts read, what it expects, what becomes of it, and all that this looked at."""

    name: str
    place: str
    parts: tuple[Case, ...]
    expect: Written
    decided: Decided
    looked_at: frozenset[Name]

    def notices(self, decided: Decided, policy: Policy) -> bool:
        """Return whether what the case expects tells ``decided`` from what is right."""
        if decided.fault is not None:
            return bool(against_fault(self.expect, decided.fault))
        return decided.decision is None or bool(against_decision(self.expect, decided.decision, policy))

    def broken_law(self, decided: Decided, policy: Policy) -> str | None:
        """Return the name of the first law that the case breaks as decided."""
        return next((law.name for walk in decided.walks for law in broken(policy, walk)), None)


class Cases:
    """The worked cases of a policy that hold under it, by what their decisions looked at."""

    def __init__(self, cases: Iterable[ReadyCase]) -> None:
        self.all = tuple(cases)
        self._by_name: Mapping[Name, list[int]] = defaultdict(list)
        for number, case in enumerate(self.all):
            for name in case.looked_at:
                self._by_name[name].append(number)

    def concerned(self, names: Iterable[Name]) -> Iterator[ReadyCase]:
        """Yield the cases whose decision looked at one of ``names``, those first that looked at the least else."""
        found = {number for name in names for number in self._by_name.get(name, ())}
        yield from sorted((self.all[number] for number in found), key=lambda case: len(case.looked_at))


def ready_cases(policy: LoadedPolicy, folder: Path) -> Cases:
    """Read and decide every worked case of a folder; those that do not hold are left out, ``aftersales test`` shows them."""
    return Cases(case for path in sorted((folder / "cases").glob("*.yaml")) for case in _of_file(policy, path))


def _of_file(policy: LoadedPolicy, path: Path) -> Iterator[ReadyCase]:
    for written in read_case_file(path, f"cases/{path.name}"):
        case = None if written.expect is None else _ready(policy, written, written.expect)
        if case is not None and not case.notices(case.decided, policy.model):
            yield case


def _ready(policy: LoadedPolicy, written: WrittenCase, expect: Written) -> ReadyCase | None:
    """Return a case ready to be decided again; ``None`` where it cannot be read: no fault of a policy changes that."""
    try:
        parts = read_parts(policy.model, written.data, where=written.where)
    except CaseError:
        return None
    seen: set[Name] = set()
    decided = decide_again(parts, _watched(policy.model, seen), policy.machine)
    return ReadyCase(written.name or "", str(written.node.span), parts, expect, decided, frozenset(seen))


def decide_again(parts: tuple[Case, ...], policy: Policy, machine: PolicyMachine) -> Decided:
    """Decide a case that was read before, whatever becomes of it."""
    try:
        walks = fold_parts(machine, policy, parts)
        return Decided(walks, decide_parts(walks))
    except CaseError as fault:
        return Decided(fault=fault)


class _Watched(dict[str, V]):
    """A mapping of a policy that notes which names are looked up in it."""

    def __init__(self, kind: str, values: Mapping[str, V], seen: set[Name]) -> None:
        super().__init__(values)
        self._kind = kind
        self._seen = seen

    def __getitem__(self, name: str) -> V:
        self._seen.add((self._kind, name))
        return super().__getitem__(name)


def _watched(policy: Policy, seen: set[Name]) -> Policy:
    return replace(
        policy,
        states=_Watched("states", policy.states, seen),
        flows=_Watched("flows", policy.flows, seen),
        params=_Watched("params", policy.params, seen),
        facts=_Watched("facts", policy.facts, seen),
        actions=_Watched("actions", policy.actions, seen),
    )
