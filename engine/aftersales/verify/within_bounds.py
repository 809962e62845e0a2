"""Guards that are complete for the shipped figures may have holes at others: every figure that its bounds allow."""

from __future__ import annotations

from collections.abc import Mapping
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
from aftersales.verify.story import Story, way_to, written
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
    """Decide the found case under the found figures; what it shows can do without is left out."""
    figures: Mapping[str, int] = {
        name: model.value(figure(name)) for name, param in wide.policy.params.items() if can_vary(param)
    }
    replay = _under(wide.policy, figures)
    case = Story(wide.carried, model, replay).along(
        way_to(wide.carried, place, model), place, read_at(wide.carried.state(place))
    )
    if case is None or not _stops(replay, case):
        said = _said(wide.policy, figures)
        return unknown(f"求解器的案例重放不出来（{said}）", f"the solver's case does not replay ({said})")
    figures = _needed(wide.policy, figures, case)
    replay = _under(wide.policy, figures)
    least = smallest(case, lambda other: _stops(replay, other))
    return Finding("refuted", example=Counterexample(least, place.state, (), _said(wide.policy, figures)))


def _needed(policy: Policy, figures: Mapping[str, int], case: Document) -> Mapping[str, int]:
    """Return the figures without which ``case`` would be decided; any other stays as it is shipped."""
    for name in figures:
        fewer = {other: value for other, value in figures.items() if other != name}
        if _stops(_under(policy, fewer), case):
            figures = fewer
    return figures


def _said(policy: Policy, figures: Mapping[str, int]) -> str:
    return ", ".join(
        f"{name} = {written(value, policy.params[name].type.kind, None)}" for name, value in figures.items()
    )


def _under(policy: Policy, figures: Mapping[str, int]) -> Replay:
    """Return a machine of the policy with other figures, whatever shop, platform or period a case is of."""
    other = {
        name: replace(
            policy.params[name], values=tuple(replace(one, value=value) for one in policy.params[name].values)
        )
        for name, value in figures.items()
    }
    return Replay(replace(policy, params={**policy.params, **other}))


def _stops(replay: Replay, case: Document) -> bool:
    try:
        replay.walk(case)
    except CaseError as fault:
        return isinstance(fault, UnmatchedCaseError)
    return False
