"""One decision on the small policy: the function, its validated and its JSON form, by hand, and the peers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import aftersales
import hand
from aftersales.expr.types import Value
from aftersales.run.function.reference import by_machine
from peers.expressions import expressions
from peers.found import Peer, plain
from peers.machines import machines
from peers.tables import tables
from random_cases import SMALL, draw_cases, written, written_fen
from report import Section, Target
from rounds import Measured, measure, over_all, seconds

#: Cases on which everything must agree, and how many of them are timed.
AGREE: Final = 2_000
TIMED: Final = 400
_HAND: Final = "written by hand in Python"
_HAND_RECORD: Final = "the same by hand, of a record"
_FUNCTION: Final = "policy.function, facts in a dictionary"
_RECORD: Final = "policy.record_function, facts in a record"
_VALIDATED: Final = "policy.answer, validated facts"
_JSON: Final = "policy.answer_json, JSON to JSON"
_LOADS: Final = "json.loads of the same text, nothing decided"
_FEW_VALIDATED: Final = "policy.answer, only the facts that decide"
_FEW_JSON: Final = "policy.answer_json, only the facts that decide"
_MACHINE: Final = "the engine's own machine"


def run(rounds: int) -> Section:
    """Check that everything agrees, measure it in turns, and compare. Raises ValueError where two disagree."""
    policy = aftersales.load(SMALL)
    cases = draw_cases(AGREE, seed=1)
    example = {name: value for case in cases for name, value in plain(case).items()}
    peers = (*expressions(example), *tables(), *machines())
    _check(policy, peers, cases)
    timed = cases[:TIMED]
    told = [written(policy.model, case) for case in timed]
    texts = [json.dumps(case) for case in told]
    few = [{name: case[name] for name in _read(facts)} for case, facts in zip(told, timed, strict=True)]
    records = [policy.record_type(**case) for case in timed]
    candidates: dict[str, Callable[[], int]] = {
        _HAND: over_all(hand.decide, timed),
        _HAND_RECORD: over_all(hand.of_records(), records),
        _RECORD: over_all(policy.record_function, records),
        _FUNCTION: over_all(policy.function, timed),
        _VALIDATED: over_all(policy.answer, told),
        _JSON: over_all(policy.answer_json, texts),
        _LOADS: over_all(json.loads, texts),
        _FEW_VALIDATED: over_all(policy.answer, few),
        _FEW_JSON: over_all(policy.answer_json, [json.dumps(case) for case in few]),
        _MACHINE: over_all(partial(by_machine, policy.machine, policy.model), timed[:40]),
    }
    facts = [plain(case) for case in timed]
    candidates |= {peer.name: over_all(peer.decide, facts) for peer in peers}
    return _section(measure(candidates, rounds), peers)


class _Watched(dict[str, Value]):
    """Facts that remember which of them were read."""

    def __init__(self, facts: Mapping[str, Value]) -> None:
        super().__init__(facts)
        self.read: dict[str, None] = {}

    def __getitem__(self, name: str) -> Value:
        self.read[name] = None
        return super().__getitem__(name)


def _read(facts: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the facts that the function by hand reads: what a front end has told that asks only what is needed."""
    watched = _Watched(facts)
    hand.decide(watched)
    return tuple(watched.read)


def _check(policy: aftersales.LoadedPolicy, peers: Sequence[Peer], cases: Sequence[Mapping[str, Value]]) -> None:
    by_hand = hand.of_records()
    for case in cases:
        right = by_machine(policy.machine, policy.model, case)
        told, record = written(policy.model, case), policy.record_type(**case)
        ours = {
            _HAND: hand.decide(case),
            _HAND_RECORD: by_hand(record),
            _RECORD: policy.record_function(record),
            _FUNCTION: policy.function(case),
            _VALIDATED: policy.answer(told),
            **{peer.name: peer.found(peer.decide(plain(case))) for peer in peers},
        }
        for name, found in ours.items():
            if found != right:
                message = f"{name} disagrees on {case}: {found}, not {right}"
                raise ValueError(message)
        said = json.loads(policy.answer_json(json.dumps(told)))
        if said["state"] != right.state or said["amounts"] != written_fen(right.fen):
            message = f"{_JSON} disagrees on {case}: {said}, not {right}"
            raise ValueError(message)


def _section(measured: Mapping[str, Measured], peers: Sequence[Peer]) -> Section:
    base, ours = measured[_HAND], measured[_RECORD]
    rows = [
        (name, seconds(found.middle), f"{found.over(base)}×", "–" if found is ours else f"{found.over(ours)}×")
        for name, found in measured.items()
    ]
    return Section(
        "One decision on the small policy",
        f"{TIMED} random cases, each with the order's facts and all that its issue may ask; everything in the table agreed on {AGREE:,} before it was"
        " timed, and gives the whole answer: end, outcome, liability, bearers, amounts. The peers read the policy from one"
        " tree of questions (`peers/tree.py`), each in its own language.",
        ("what", "a decision", "to the one by hand", "to the function of records"),
        rows,
        (
            _at_most("function, to the one by hand", measured[_FUNCTION], base, 1.5),
            _at_most("function of records, to the one by hand of records", ours, measured[_HAND_RECORD], 1.5),
            _at_most("validated, to the one by hand", measured[_VALIDATED], base, 4),
            _at_most("JSON to JSON, to the one by hand", measured[_JSON], base, 7),
            _faster("faster than the fastest peer", ours, [measured[peer.name] for peer in peers], 15),
            _faster("faster than the fastest rule table", ours, _of(measured, peers, "table"), 50),
            _faster("faster than transitions with its model reset", ours, [measured["transitions, model reset"]], 45),
        ),
        (_floor(measured, [measured[peer.name] for peer in peers]),),
    )


def _floor(measured: Mapping[str, Measured], others: Sequence[Measured]) -> str:
    """Say what could be reached: functions in Python that give the same answer, as one would write them by hand."""
    fastest = min(others, key=lambda other: other.middle)
    keys, attributes = (fastest.over(measured[name]) for name in (_HAND, _HAND_RECORD))
    return (
        "A record has an attribute for every fact: a caller that holds scalars makes one as it would make a dictionary,"
        f" and it is read faster. The functions written by hand are themselves {keys}× (of a dictionary) and"
        f" {attributes}× (of a record) faster than the fastest peer ({fastest.name}), which takes a dictionary."
    )


def _of(measured: Mapping[str, Measured], peers: Sequence[Peer], kind: str) -> list[Measured]:
    return [measured[peer.name] for peer in peers if peer.kind == kind]


def _at_most(what: str, ours: Measured, other: Measured, limit: float) -> Target:
    ratio = ours.over(other)
    return Target(what, ratio.middle, limit, spread=ratio)


def _faster(what: str, ours: Measured, others: Sequence[Measured], limit: float) -> Target:
    fastest = min(others, key=lambda other: other.middle)
    ratio = fastest.over(ours)
    return Target(f"{what} ({fastest.name})", ratio.middle, limit, at_least=True, spread=ratio)
