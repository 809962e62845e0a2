"""Why a case did not come to an asked end, on a page: where it turned off, and the smallest change that leads there."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.expr.types import UNKNOWN, Value
from aftersales.run.settlement import settle_money
from aftersales.show import explain_words as say
from aftersales.show.page import Page
from aftersales.show.reasons import Reasons
from aftersales.study.nearest import Found
from aftersales.study.onward import Silence, Step
from aftersales.study.suppose import Change
from aftersales.study.why_not import Asked, Stop, WhyNot, effects


def show_why_not(answer: WhyNot, page: Page, reasons: Reasons) -> None:
    """Write the answer: what stopped the case, then the smallest changes that lead to what is asked."""
    asked = asked_title(answer.asked, reasons)
    page.heading(reasons.of(say.WHY_NOT).format(asked))
    if answer.reached:
        page.line(reasons.of(say.REACHED).format(asked))
        return
    if answer.stop is None:
        page.line(reasons.of(say.NO_WAY).format(asked))
        return
    _show_stop(answer.stop, page, reasons)
    for number, found in enumerate(answer.nearest.found):
        page.heading(reasons.of(say.AS_SMALL if number else say.SMALLEST))
        _show_found(found, answer, page, reasons)
    if not answer.nearest.found:
        page.heading(reasons.of(say.SMALLEST))
        text = say.NOT_FOUND if answer.nearest.complete else say.CUT
        page.line(reasons.of(text).format(answer.nearest.tried))
    elif not answer.nearest.complete:
        page.line(reasons.of(say.PERHAPS_SMALLER))


def asked_title(asked: Asked, reasons: Reasons) -> str:
    """Return what is asked for in words: the outcome, or the flow and state."""
    if asked.outcome is not None:
        return reasons.outcome(asked.outcome)
    state = reasons.policy.states[next(iter(asked.states))]
    return f"{reasons.flow(state.flow)} > {reasons.of(state.title)}"


def _show_stop(stop: Stop, page: Page, reasons: Reasons) -> None:
    stage = stop.stage
    place = f"{reasons.flow(stage.state.flow)} > {reasons.of(stage.state.title)}"
    waits = stage.left == "waits"
    page.line(reasons.of(say.STILL_OPEN if waits else say.STOP).format(place))
    if stop.only_by_turn:
        page.line(reasons.of(say.ONLY_BY_TURN))
        return
    page.line(reasons.way(stage) if waits else reasons.of(say.WENT).format(reasons.way(stage)))
    for reading in stage.readings:
        page.item("-", reasons.reading(reading), indent=4)
    lines = [*reasons.others(stage, only=stop.ways), *_by_silence(stop, reasons)]
    if lines:
        page.line(reasons.of(say.WOULD_WAIT if waits else say.WOULD_LEAD))
    for line in lines:
        page.item("?" if waits else "×", line, indent=4)


def _by_silence(stop: Stop, reasons: Reasons) -> Iterator[str]:
    flow = stop.stage.state.flow
    for fact, target in stop.late:
        unanswered = reasons.of(say.ANYTHING) if fact is None else reasons.fact(fact)
        yield reasons.of(say.WAY).format(reasons.state(target, flow), reasons.of(say.BY_SILENCE).format(unanswered))


def _show_found(found: Found, answer: WhyNot, page: Page, reasons: Reasons) -> None:
    if found.is_another_claim:
        page.line(reasons.of(say.ANOTHER_CLAIM))
    for change in found.changes:
        page.item("-", _change(change, reasons))
    if found.changes:
        for effect in effects(answer.walk, found):
            page.line(reasons.of(say.SO_THAT).format(_from_to(effect.fact, effect.old, effect.new, reasons)), indent=4)
    if found.changes and found.steps:
        page.line(reasons.of(say.THEN))
    for number, step in enumerate(found.steps):
        said = _step(step, reasons, in_time=found.in_time and number == 0)
        page.item("-", said, indent=4 if found.changes else 2)
    _show_end(found, page, reasons)
    if found.without_done:
        page.line(reasons.of(say.WITHOUT_DONE))


def _change(change: Change, reasons: Reasons) -> str:
    if change.old is UNKNOWN:
        said = f"{reasons.told(change.fact, change.new)}{reasons.of(say.AT_ONCE)}"
        return reasons.of(say.ADDED).format(said)
    return reasons.of(say.CHANGED).format(_from_to(change.fact, change.old, change.new, reasons))


def _from_to(fact: str, old: Value, new: Value, reasons: Reasons) -> str:
    before, after = (reasons.of(say.NOT_TOLD) if v is UNKNOWN else reasons.value(fact, v) for v in (old, new))
    return reasons.of(say.FROM_TO).format(reasons.fact(fact), before, after)


def _step(step: Step, reasons: Reasons, *, in_time: bool) -> str:
    if isinstance(step, Silence):
        return reasons.of(say.NO_ANSWER).format(reasons.names(step.facts), reasons.instant(step.due))
    if step.old is UNKNOWN:
        said = reasons.told(step.fact, step.value)
    else:
        said = _from_to(step.fact, step.old, step.value, reasons)
    told = reasons.of(say.ADDED).format(said)
    return f"{told}{reasons.of(say.IN_TIME).format(reasons.instant(step.at))}" if in_time else told


def _show_end(found: Found, page: Page, reasons: Reasons) -> None:
    state = found.walk.at_state
    page.line(reasons.of(say.LEADS).format(f"{reasons.flow(state.flow)} > {reasons.of(state.title)}"))
    outcome = reasons.outcome(state.end.outcome if state.end else None)
    refund, confirmed = reasons.money(settle_money(found.walk).total), reasons.of(say.CONFIRMED)
    page.line(reasons.of(say.COMES_TO).format(outcome, refund, confirmed), indent=4)
