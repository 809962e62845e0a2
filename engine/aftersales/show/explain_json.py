"""An explanation as JSON: conditions in the policy's own words and in both languages, values as a case writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aftersales.expr.shown import show
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.expr.words import code
from aftersales.instants import show_instant, zone_named
from aftersales.money import show_money
from aftersales.policy.model import Policy
from aftersales.run.settlement import settle_money
from aftersales.show.reasons import Reasons
from aftersales.study.explain import Explanation
from aftersales.study.guards import NotTaken
from aftersales.study.nearest import Found
from aftersales.study.onward import Silence, Step
from aftersales.study.readings import Figure, Reading
from aftersales.study.stages import Explained, Stage
from aftersales.study.suppose import Change
from aftersales.study.watched import Moment
from aftersales.study.why_not import WhyNot, effects
from aftersales.text import Lang

Json = dict[str, object]

#: How a branch that was not taken was kept closed.
_NOT_OFFERED: Final = "not_offered"
_UNKNOWN: Final = "unknown"
_FAILED: Final = "failed"
_ABOVE: Final = "above"


def explanation_json(explanation: Explanation, policy: Policy) -> Json:
    """Return an explanation as JSON: of its only part, or of all of them under ``parts``.

    A value that nobody has told is left out; amounts are text with two decimals, as a case writes them.
    """
    made = _Writer(policy)
    parts = [made.part(part) for part in explanation.parts]
    for part, answer in zip(parts, explanation.why_not, strict=False):
        part["why_not"] = made.why_not(answer)
    return parts[0] if len(parts) == 1 else {"parts": parts}


@dataclass(frozen=True, slots=True)
class _Writer:
    policy: Policy

    def part(self, part: Explained) -> Json:
        made = part.decision
        return {
            "flow": made.flow,
            "state": made.state,
            "status": made.status,
            "outcome": made.outcome,
            "reason": None if made.reason is None else made.reason.to_dict(),
            "liable": made.liable,
            "stages": [self._stage(stage) for stage in part.stages],
            "why_not": None,
        }

    def _stage(self, stage: Stage) -> Json:
        return {
            "flow": stage.state.flow,
            "state": stage.state.name,
            "title": stage.state.title.to_dict(),
            "entered": self._at(stage.entered),
            "left": stage.left,
            "to": stage.target,
            "edge": stage.edge,
            "condition": self._condition(stage.condition, stage.moment),
            "otherwise": stage.otherwise,
            "overridden_by": stage.by or None,
            "because": stage.because or None,
            "due": self._at(stage.due),
            "missing": list(stage.missing),
            "read": [self._reading(reading) for reading in stage.readings],
            "figures": [self._figure(figure) for figure in stage.figures],
            "not_taken": [self._not_taken(other, stage) for other in stage.not_taken],
            "sources": [{"id": s.id, "layer": s.layer, "article": s.article} for s in stage.sources],
        }

    def _at(self, at: dt.datetime | None) -> str | None:
        return None if at is None else show_instant(at, zone_named(self.policy.timezone))

    def _condition(self, condition: Expr | None, moment: Moment | None) -> Json | None:
        if condition is None or moment is None:
            return None
        return {"code": code(condition), **self._said(lambda reasons: reasons.valued(condition, moment))}

    def _said(self, say: Callable[[Reasons], str]) -> Json:
        return {str(lang): say(Reasons(self.policy, lang)) for lang in Lang}

    def _reading(self, reading: Reading) -> Json:
        return {
            "fact": reading.fact,
            **self._known("value", reading.fact, reading.value),
            "origin": reading.origin,
            "by": reading.by,
            "at": self._at(reading.at),
            "rests_on": [self._reading(below) for below in reading.rests_on],
        }

    def _figure(self, figure: Figure) -> Json:
        param = self.policy.params[figure.param]
        known = None if figure.value is UNKNOWN else show(figure.value, param.type)
        return {"param": figure.param, "value": known, "source": figure.source.id if figure.source else None}

    def _value(self, fact: str, value: Value) -> object:
        known = self.policy.facts.get(fact) or self.policy.line_facts[fact]
        if value is None or isinstance(value, bool) or known.type.kind is Kind.COUNT:
            return value
        return show(value, known.type, zone_named(self.policy.timezone))

    def _not_taken(self, other: NotTaken, stage: Stage) -> Json:
        return {
            "branch": other.branch,
            "to": other.target,
            "why": _kind(other),
            "part": None if other.part is None else code(other.part),
            "answer": None if other.answer is None else dict([other.answer]),
            "above": other.above,
            **self._said(lambda reasons: reasons.other(other, stage)),
        }

    def why_not(self, answer: WhyNot) -> Json:
        stop = answer.stop
        return {
            "asked": {"outcome": answer.asked.outcome, "states": sorted(answer.asked.states)},
            "reached": answer.reached,
            "stopped_at": None
            if stop is None
            else {
                "flow": stop.stage.state.flow,
                "state": stop.stage.state.name,
                "left": stop.stage.left,
                "ways": [self._not_taken(way, stop.stage) for way in stop.ways],
                "late": [{"fact": fact, "to": target} for fact, target in stop.late],
                "only_by_turn": stop.only_by_turn,
            },
            "changes": [self._found(found, answer) for found in answer.nearest.found],
            "complete": answer.nearest.complete,
            "tried": answer.nearest.tried,
        }

    def _found(self, found: Found, answer: WhyNot) -> Json:
        state = found.walk.at_state
        return {
            "told_otherwise": [self._change(change) for change in found.changes],
            "so_that": [
                {"fact": e.fact, **self._old_and_new(e.fact, e.old, e.new)}
                for e in (effects(answer.walk, found) if found.changes else ())
            ],
            "then": self._steps(found.steps),
            "in_time": found.in_time,
            "without_done": found.without_done,
            "another_claim": found.is_another_claim,
            "leads_to": {
                "flow": state.flow,
                "state": state.name,
                "outcome": state.end.outcome if state.end else None,
                "refund": show_money(settle_money(found.walk).total),
            },
        }

    def _change(self, change: Change) -> Json:
        return {"fact": change.fact, **self._old_and_new(change.fact, change.old, change.new)}

    def _old_and_new(self, fact: str, old: Value, new: Value) -> Json:
        return {**self._known("old", fact, old), **self._known("new", fact, new)}

    def _known(self, key: str, fact: str, value: Value) -> Json:
        return {} if value is UNKNOWN else {key: self._value(fact, value)}

    def _steps(self, steps: Sequence[Step]) -> list[Json]:
        return [self._step(step) for step in steps]

    def _step(self, step: Step) -> Json:
        if isinstance(step, Silence):
            return {"nobody_answers": list(step.facts), "until": self._at(step.due)}
        return {
            "fact": step.fact,
            **self._old_and_new(step.fact, step.old, step.value),
            "at": self._at(step.at),
        }


def _kind(other: NotTaken) -> str:
    if other.answer is not None:
        return _NOT_OFFERED
    if other.part is None:
        return _ABOVE
    return _UNKNOWN if other.unknown else _FAILED
