"""How many worked cases of the shipped policy are decided in a second."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import aftersales
from aftersales.errors import CaseError
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file

#: A case as its file says it.
Data = Mapping[str, object]


def run(seconds: float) -> None:
    """Decide worked cases for ``seconds`` and print how many a second, beside a plain function on the same cases."""
    policy = aftersales.load()
    cases: list[Data] = [
        case.data
        for path in sorted((shipped_folder() / "cases").glob("*.yaml"))
        for case in read_case_file(path, path.name)
    ]

    def decide(case: Data) -> None:
        with suppress(CaseError):
            policy.decide(case)

    _rate(decide, cases, 0.0)
    engine, plain = _rate(decide, cases, seconds), _rate(plain_decision, cases, seconds / 10)
    sys.stdout.write(
        f"decisions: {len(cases)} worked cases, {engine:,.0f} decisions/s on one process\n"
        f"  a plain function that reads the same case and answers one flow: {plain:,.0f}; ratio {engine / plain:.5f}\n"
    )


def _rate(decide: Callable[[Data], object], cases: list[Data], seconds: float) -> float:
    """Return decisions per second, over whole rounds of all cases."""
    started, made = time.perf_counter(), 0
    while True:
        for case in cases:
            decide(case)
        made += len(cases)
        passed = time.perf_counter() - started
        if passed >= seconds:
            return made / passed


def plain_decision(case: Data) -> tuple[str, float]:
    """Answer a wrong item as a shop would script it: the last answers of the case, a few branches, one float."""
    facts: dict[str, object] = {}
    for part in (case.get("facts"), *_told(case)):
        if isinstance(part, Mapping):
            facts.update(part)
    paid = sum(_paid(line) for line in _list(_get(case, "order", "lines")))
    if facts.get("warehouse_record") == "confirms_seller":
        return "explain", 0.0
    if facts.get("photos_sent") != "true":
        return "ask_for_photos", 0.0
    if facts.get("evidence") != "confirmed":
        return "supervisor", 0.0
    return ("refund", paid) if facts.get("wants") == "return_and_refund" else ("reship", 0.0)


def _told(case: Data) -> list[object]:
    return [event.get("tell") for event in _list(case.get("events")) if isinstance(event, Mapping)]


def _get(case: Data, *keys: str) -> object:
    found: object = case
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _paid(line: object) -> float:
    return float(str(line.get("paid", 0))) if isinstance(line, Mapping) else 0.0
