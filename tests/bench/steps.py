"""One step of an open case: a new answer comes in, and what is next?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import statemachine
import transitions

import aftersales
from random_cases import SMALL
from report import Section
from rounds import measure, over_all, seconds

_OPENED: Final = {"claim": {"opened_at": "2026-11-06T11:00+08:00"}, "facts": {"issue": "wrong_item"}}
_AT: Final = "2026-11-06T12:00+08:00"
_OPEN: Final = "an open case is told a fact, whole decision"
_SAVED: Final = "the same, resumed from its snapshot"
_TRIGGER: Final = "transitions, one trigger"
_SEND: Final = "python-statemachine, one event"


def run(rounds: int) -> Section:
    """Measure a step of a case that is kept open, beside one step of the bare state machines."""
    policy = aftersales.load(SMALL)
    snapshot = policy.open(_OPENED).to_dict()
    case = policy.open(_OPENED)
    state = case.tell(at=_AT, evidence="confirmed").state
    if state != "choose":
        message = f"the case stands in {state}, not where it chooses"
        raise ValueError(message)

    def tell(_: int) -> object:
        return policy.open(_OPENED).tell(at=_AT, evidence="confirmed")

    def resume(_: int) -> object:
        return policy.resume(snapshot).tell(at=_AT, evidence="confirmed")

    candidates = {_OPEN: tell, _SAVED: resume, _TRIGGER: _transitions(), _SEND: _statemachine()}
    measured = measure({name: over_all(do, range(20)) for name, do in candidates.items()}, rounds)
    bare = measured[_TRIGGER]
    rows = [(name, seconds(found.middle), f"{found.over(bare)}×") for name, found in measured.items()]
    about = (
        "A wrong item is claimed, then the evidence is confirmed: the case goes on to the choice of a remedy. Ours opens"
        " (or resumes) the case, takes the answer and gives the whole decision: what to do, by whom, until when, whom to"
        " ask, why. The state machines only move from one state to the next on a condition."
    )
    return Section("One step of an open case", about, ("what", "a step", "to one bare trigger"), rows)


class _Model:
    evidence = "confirmed"

    def confirmed(self) -> bool:
        """Return whether the evidence is confirmed."""
        return self.evidence == "confirmed"


def _transitions() -> Callable[[int], object]:
    model = _Model()
    machine = transitions.Machine(model, states=["verify", "choose"], initial="verify", auto_transitions=False)
    machine.add_transition("step", "verify", "choose", conditions=model.confirmed)

    def step(_: int) -> object:
        machine.set_state("verify")
        return model.trigger("step")  # type: ignore[attr-defined]  # transitions puts it there

    return step


def _statemachine() -> Callable[[int], object]:
    verify, choose = statemachine.State("verify", initial=True), statemachine.State("choose")
    ways: dict[str, Any] = {"step": verify.to(choose, cond="confirmed"), "back": choose.to(verify)}
    kind = type("Steps", (statemachine.StateMachine,), {"verify": verify, "choose": choose, **ways})
    machine = kind(_Model())

    def step(_: int) -> object:
        machine.current_state_value = "verify"
        return machine.send("step")

    return step
