"""Guards that are complete for the shipped figures may have holes at others: every figure that its bounds allow."""

from __future__ import annotations

from dataclasses import replace

from aftersales.errors import CaseError, UnmatchedCaseError
from aftersales.policy.model import Policy
from aftersales.verify.atlas import Atlas
from aftersales.verify.figures import can_vary, figure
from aftersales.verify.holes import holes, read_at
from aftersales.verify.places import Place
from aftersales.verify.replay import Document, Replay
from aftersales.verify.smallest import smallest
from aftersales.verify.solver import Model, Unsettled, possible
from aftersales.verify.story import Story, way_to
from aftersales.verify.terms import all_of
from aftersales.verify.verdict import PROVED, Counterexample, Finding, unknown


def every_figure_fits(atlas: Atlas, _replay: Replay) -> Finding:
    """Find figures between their floors and ceilings, and answers, that no branch of a state fits."""
    wide = atlas.between()
    last = PROVED
    for place, formula in holes(wide):
        if not possible(formula):
            continue
        answer = wide.find(all_of((wide.here(place), formula)), [place])
        if isinstance(answer, Unsettled):
            last = unknown(f"求解器没有得出答案（{answer.why}）", f"the solver gave no answer ({answer.why})")
        elif answer is not None:
            return _at(wide, place, answer)
    return last


def _at(wide: Atlas, place: Place, model: Model) -> Finding:
    """Decide the found case under the found figures."""
    replay = Replay(_with_figures(wide.policy, model))
    case = Story(wide.carried, model, replay).along(
        way_to(wide.carried, place, model), place, read_at(wide.carried.state(place))
    )
    figures = ", ".join(f"{name} = {model.value(figure(name))}" for name in _varied(wide.policy))
    if case is None or not _stops(replay, case):
        return unknown(f"求解器的案例重放不出来（{figures}）", f"the solver's case does not replay ({figures})")
    least = smallest(case, lambda other: _stops(replay, other))
    return Finding("refuted", example=Counterexample(least, place.state, (), figures))


def _varied(policy: Policy) -> list[str]:
    return [name for name, param in policy.params.items() if can_vary(param)]


def _with_figures(policy: Policy, model: Model) -> Policy:
    params = dict(policy.params)
    for name in _varied(policy):
        value = model.value(figure(name))
        params[name] = replace(params[name], values=tuple(replace(one, value=value) for one in params[name].values))
    return replace(policy, params=params)


def _stops(replay: Replay, case: Document) -> bool:
    try:
        replay.walk(case)
    except CaseError as fault:
        return isinstance(fault, UnmatchedCaseError)
    return False
