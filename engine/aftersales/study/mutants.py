"""Putting faults into a policy and seeing whether its worked cases and laws notice: the measure of a policy's own tests.

A mutant first meets the worked cases that look at what it changed, then the laws on the same cases, then the solver,
then the checks that a policy folder must pass. What none of them notices is a fault that could slip in.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, Literal

from aftersales.policy.checks.whole import check
from aftersales.policy.model import Policy
from aftersales.run.as_json import decision_to_dict
from aftersales.run.decision import Decision
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.prepared import Cases, Decided, ReadyCase, decide_again
from aftersales.verify.mutants.mutant import Change, Mutant
from aftersales.verify.mutants.operators import OPERATORS
from aftersales.verify.mutants.settles import Settles

#: What became of a mutant: no policy at all; noticed by a case, a law or a check; the same in every case; unnoticed.
Fate = Literal["refused", "case", "law", "check", "equivalent", "survived"]
NOTICED: Final[frozenset[Fate]] = frozenset({"case", "law"})

#: Called after each mutant with how many are done and how many there are.
Progress = Callable[[int, int], None]
#: Mutants handed to a process at a time.
_BATCH: Final = 16
#: Unnoticed differences that are named as a hint.
_MOST_HINTS: Final = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """A worked case that decides differently under a mutant without expecting otherwise: in which parts."""

    case: str
    place: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant, and by what: the case, the law, or the fault of a check.

    Where nothing noticed: how many worked cases look at what is changed, the one that looks at the least else, and
    those that come out otherwise without expecting it.
    """

    mutant: Mutant
    fate: Fate
    by: str = ""
    hints: tuple[Hint, ...] = ()
    cases: int = 0
    nearest: str = ""

    def to_dict(self) -> dict[str, object]:
        """Return the verdict as JSON shows it."""
        hints = [{"case": hint.case, "place": hint.place, "parts": list(hint.parts)} for hint in self.hints]
        near = {"cases": self.cases, "nearest": self.nearest or None}
        return {**self.mutant.to_dict(), "fate": self.fate, "by": self.by or None, "hints": hints, **near}


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants there were of one kind, and what became of them."""

    operator: str
    fates: Mapping[Fate, int]

    @property
    def noticed(self) -> int:
        """Return how many a worked case or a law noticed."""
        return sum(self.fates.get(fate, 0) for fate in NOTICED)

    @property
    def counted(self) -> int:
        """Return how many count: those that load as a policy and decide some case differently, as far as is known."""
        return self.noticed + self.fates.get("survived", 0)

    @property
    def share(self) -> float:
        """Return the part that was noticed, 1 where there is none to notice."""
        return self.noticed / self.counted if self.counted else 1.0

    def to_dict(self) -> dict[str, object]:
        """Return the score as JSON shows it."""
        return {"operator": self.operator, "fates": dict(self.fates), "share": round(self.share, 4)}


@dataclass(frozen=True, slots=True)
class MutationReport:
    """What became of every mutant that was tried; ``found`` is how many there are, ``seed`` what chose among them."""

    verdicts: tuple[Verdict, ...]
    found: int
    seconds: float
    seed: int = 1

    @property
    def whole(self) -> Score:
        """Return the score over all kinds."""
        return Score("", Counter(verdict.fate for verdict in self.verdicts))

    @property
    def scores(self) -> tuple[Score, ...]:
        """Return the score of every kind that was tried, in the order of the operators."""
        fates = {operator.name: Counter[Fate]() for operator in OPERATORS}
        for verdict in self.verdicts:
            fates[verdict.mutant.operator][verdict.fate] += 1
        return tuple(Score(name, counted) for name, counted in fates.items() if counted)

    @property
    def survivors(self) -> tuple[Verdict, ...]:
        """Return what nothing noticed, in the order of files and lines."""
        left = (verdict for verdict in self.verdicts if verdict.fate == "survived")
        return tuple(sorted(left, key=_place))

    def to_dict(self) -> dict[str, object]:
        """Return the report as JSON shows it: the score, the kinds, every survivor."""
        return {
            "found": self.found,
            "tried": len(self.verdicts),
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "score": round(self.whole.share, 4),
            "operators": [score.to_dict() for score in self.scores],
            "survivors": [verdict.to_dict() for verdict in self.survivors],
        }


def _place(verdict: Verdict) -> tuple[str, int, int, str]:
    span = verdict.mutant.span
    return span.source.name, span.line, span.column, verdict.mutant.edit.en


class Trial:
    """Tries mutants of one policy against its worked cases, its laws, its checks and the solver."""

    def __init__(self, policy: LoadedPolicy, cases: Cases, settles: Settles | None = None) -> None:
        self._policy = policy
        self._cases = cases
        self._settles = settles

    def verdict(self, mutant: Mutant) -> Verdict:
        """Return what becomes of one mutant."""
        change = mutant.make()
        if change.refused:
            return Verdict(mutant, "refused", change.refused[0].code)
        policy = change.applied_to(self._policy.model)
        found = self._tried(mutant, change, policy)
        return found if found.fate != "survived" else self._settled(found, policy)

    def _tried(self, mutant: Mutant, change: Change, policy: Policy) -> Verdict:
        """Let the concerned cases decide under the mutant; the first that notices ends it."""
        machine = self._policy.machine.revised(policy, _left_otherwise(change))
        hints: list[Hint] = []
        concerned = tuple(self._cases.concerned(change.names))
        for case in concerned:
            decided = decide_again(case.parts, policy, machine)
            if decided.same_as(case.decided):
                continue
            if case.notices(decided, policy):
                return Verdict(mutant, "case", case.name)
            law = case.broken_law(decided, policy)
            if law is not None:
                return Verdict(mutant, "law", law)
            parts = _differing(case, decided, policy)
            if parts and len(hints) < _MOST_HINTS:
                hints.append(Hint(case.name, case.place, parts))
        nearest = concerned[0].name if concerned else ""
        return Verdict(mutant, "survived", hints=tuple(hints), cases=len(concerned), nearest=nearest)

    def _settled(self, verdict: Verdict, policy: Policy) -> Verdict:
        """Ask the solver and the checks about a mutant that no case noticed."""
        if self._settles is not None:
            law = self._settles.broken_law(verdict.mutant, policy)
            if law is not None:
                return replace(verdict, fate="law", by=law)
            if self._settles.equivalent(verdict.mutant, policy):
                return replace(verdict, fate="equivalent")
        faults = check(policy)
        return replace(verdict, fate="check", by=faults[0].code) if faults else verdict


def _left_otherwise(change: Change) -> frozenset[str]:
    """Return the states out of which a change may lead otherwise."""
    in_flows = (key for flow in change.flows.values() for key in flow.states)
    return frozenset((*change.states, *in_flows))


def _differing(case: ReadyCase, decided: Decided, policy: Policy) -> tuple[str, ...]:
    """Return the parts that came out otherwise and that a worked case may expect; none where one of both is a fault."""
    before, after = case.decided.decision, decided.decision
    if before is None or after is None:
        return ()
    was, is_ = _expectable(before, policy), _expectable(after, policy)
    return tuple(part for part in was if was[part] != is_[part])


def _expectable(decision: Decision, policy: Policy) -> dict[str, object]:
    """Return the decision as JSON, the path by its states alone: why each was come to is not compared."""
    states = [(step.flow, step.state) for step in decision.path]
    return {**decision_to_dict(decision, policy), "path": states}


def run_mutants(
    trial: Trial,
    mutants: Sequence[Mutant],
    *,
    processes: int = 1,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> tuple[Verdict, ...]:
    """Return what becomes of ``mutants``, in their order, as many as are done within ``seconds``.

    Several processes share the work where the system can fork, one works alone elsewhere.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    verdicts: list[Verdict] = []
    for verdict in _verdicts(trial, mutants, processes):
        verdicts.append(verdict)
        if progress is not None:
            progress(len(verdicts), len(mutants))
        if ends is not None and time.monotonic() > ends:
            break
    return tuple(verdicts)


#: What the processes inherit when they are forked: a trial and its mutants are never sent from one to another.
_shared: list[tuple[Trial, Sequence[Mutant]]] = []


def _verdicts(trial: Trial, mutants: Sequence[Mutant], processes: int) -> Iterator[Verdict]:
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from (trial.verdict(mutant) for mutant in mutants)
        return
    _shared.append((trial, mutants))
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork"))
    try:
        for number, found in enumerate(pool.map(_numbered, range(len(mutants)), chunksize=_BATCH)):
            yield Verdict(mutants[number], *found)
    finally:
        pool.shutdown(cancel_futures=True)
        _shared.pop()


def _numbered(number: int) -> tuple[Fate, str, tuple[Hint, ...], int, str]:
    """Try one of the shared mutants, in a process of its own; what goes back is small."""
    trial, mutants = _shared[-1]
    verdict = trial.verdict(mutants[number])
    return verdict.fate, verdict.by, verdict.hints, verdict.cases, verdict.nearest
