"""Every law of a policy settled: what the folder's checks ask, what holds of every policy, and the policy's own laws."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from aftersales.policy.laws import Law
from aftersales.policy.model import Policy
from aftersales.policy.possible import analyse
from aftersales.verify.atlas import Atlas, ready
from aftersales.verify.built_in import BUILT_IN, BuiltIn
from aftersales.verify.laws import prove_law
from aftersales.verify.pairs import prove_pair
from aftersales.verify.replay import Replay
from aftersales.verify.solver import PATIENCE
from aftersales.verify.structure import structure
from aftersales.verify.symbols import BeyondProofError
from aftersales.verify.verdict import Finding, Proofs, Verdict, unknown

#: Called with each verdict as it is reached, and how many there will be.
Progress = Callable[[Verdict, int], None]


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every question needs; each process has its own copy of it."""

    atlas: Atlas
    replay: Replay

    def answer(self, asked: BuiltIn | Law) -> Verdict:
        """Settle one question and say how long it took."""
        started = time.perf_counter()
        try:
            finding = self._finding(asked)
        except BeyondProofError as fault:
            why = fault.diagnostics[0].message
            finding = Finding("unknown", why)
        seconds = time.perf_counter() - started
        if isinstance(asked, Law):
            return Verdict(asked.name, asked.title, finding, seconds, asked.sources, asked.span)
        return Verdict(asked.name, asked.title, finding, seconds)

    def _finding(self, asked: BuiltIn | Law) -> Finding:
        if isinstance(asked, BuiltIn):
            return asked.ask(self.atlas, self.replay)
        finding = (prove_pair if asked.two_cases else prove_law)(self.atlas, self.replay, asked)
        if finding.ending == "proved" and self.atlas.map.endless:
            return unknown("有循环没有次数上限，只证明了有限次", "a circle has no bound: shown for some rounds only")
        return finding


def _ignore(_verdict: Verdict, _of: int) -> None:
    """Tell nobody."""


def prove(
    policy: Policy,
    *,
    only: Iterable[str] = (),
    allow: Iterable[str] = (),
    patience: int = PATIENCE,
    processes: int = 1,
    progress: Progress = _ignore,
) -> Proofs:
    """Settle every law of ``policy``, or those named in ``only``.

    ``allow`` names laws that may stay unknown, ``patience`` is the milliseconds that one question to the solver may
    take. With more than one process the questions are shared out. Raises MissingToolError where the solver is not
    installed.
    """
    started = time.perf_counter()
    wanted = frozenset(only)
    analysis = analyse(policy)
    found = [verdict for verdict in structure(analysis) if not wanted or verdict.law in wanted]
    asked: list[BuiltIn | Law] = [one for one in _all_asked(policy) if not wanted or one.name in wanted]
    many = len(found) + len(asked)
    for verdict in found:
        progress(verdict, many)
    if asked:
        bench = _Bench(ready(policy, analysis=analysis, patience=patience), Replay(policy))
        for verdict in _settled(bench, asked, processes):
            progress(verdict, many)
            found.append(verdict)
    order = {one.name: place for place, one in enumerate(asked, len(found))}
    found.sort(key=lambda verdict: order.get(verdict.law, -1))
    return Proofs(tuple(found), time.perf_counter() - started, frozenset(allow))


def _all_asked(policy: Policy) -> Sequence[BuiltIn | Law]:
    return (*BUILT_IN, *policy.laws.values())


def _settled(bench: _Bench, asked: Sequence[BuiltIn | Law], processes: int) -> Iterator[Verdict]:
    """Yield verdicts as they are reached, the questions shared out between forks of this process."""
    if processes == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from (bench.answer(one) for one in asked)
        return
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, fork, initializer=_take_up, initargs=(bench, asked)) as pool:
        waiting = [pool.submit(_answer, number) for number in _longest_first(asked)]
        yield from (done.result() for done in as_completed(waiting))


def _longest_first(asked: Sequence[BuiltIn | Law]) -> list[int]:
    """Put questions about every policy and about two cases first: they take longest."""
    return sorted(
        range(len(asked)), key=lambda number: not (isinstance(asked[number], BuiltIn) or _is_pair(asked[number]))
    )


def _is_pair(asked: BuiltIn | Law) -> bool:
    return isinstance(asked, Law) and bool(asked.two_cases)


#: What a forked process has taken over: nothing of it is ever sent back but verdicts.
_TAKEN: list[tuple[_Bench, Sequence[BuiltIn | Law]]] = []


def _take_up(bench: _Bench, asked: Sequence[BuiltIn | Law]) -> None:
    _TAKEN[:] = [(bench, asked)]


def _answer(number: int) -> Verdict:
    bench, asked = _TAKEN[0]
    return bench.answer(asked[number])
