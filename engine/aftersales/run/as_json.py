"""The decision's JSON: money as strings with two decimals, instants with the policy's offset, titles in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from aftersales.dataclass import dataclass
from aftersales.expr.types import Kind, Value
from aftersales.expr.words import show
from aftersales.instants import show_instant, zone_named
from aftersales.money import show_money
from aftersales.policy.model import Policy
from aftersales.run.decision import (
    Decision,
    Duty,
    Leg,
    MoneyItem,
    Need,
    NextAction,
    Outlook,
    PathStep,
    Refund,
    Transfer,
    Way,
)
from aftersales.text import Text

Json = dict[str, object]


def decision_to_dict(decision: Decision, policy: Policy) -> Json:
    """Return the documented JSON of ``decision``; ``outlook`` and ``parts`` are null where they were not asked for."""
    return _Writer(policy).decision(decision)


@dataclass(frozen=True, slots=True)
class _Writer:
    policy: Policy

    def decision(self, made: Decision) -> Json:
        return {
            "policy": {"id": made.policy.id, "version": made.policy.version, "digest": made.policy.digest},
            "flow": made.flow,
            "state": made.state,
            "title": made.title.to_dict(),
            "status": made.status,
            "outcome": made.outcome,
            "reason": _text(made.reason),
            "liable": made.liable,
            "next_actions": [self._action(action) for action in made.next_actions],
            "duties": [self._duty(duty) for duty in made.duties],
            "needs": [_need(need) for need in made.needs],
            "due": self._at(made.due),
            "postage": {name: _leg(leg) for name, leg in made.postage.items()},
            "refund": _refund(made.refund),
            "charges": [_item(item) for item in made.charges],
            "recover": [_item(item) for item in made.recover],
            "transfers": [_transfer(transfer) for transfer in made.transfers],
            "outlook": self._outlook(made.outlook),
            "parts": None if made.parts is None else [self.decision(part) for part in made.parts],
            "path": [self._step(step) for step in made.path],
            "sources": [
                {"id": source.id, "layer": source.layer, "title": source.title.to_dict(), "article": source.article}
                for source in made.sources
            ],
            "warnings": [warning.to_dict() for warning in made.warnings],
        }

    def _at(self, at: dt.datetime | None) -> str | None:
        return None if at is None else show_instant(at, zone_named(self.policy.timezone))

    def _action(self, action: NextAction) -> Json:
        return {
            "action": action.action,
            "by": action.by,
            "title": action.title.to_dict(),
            "say": _text(action.say),
            "due": self._at(action.due),
            "if_late": action.if_late,
            "after": list(action.after),
            "amount": _money(action.amount),
            "if_late_takes": self._values(dict(action.if_late_takes)),
        }

    def _duty(self, duty: Duty) -> Json:
        return {
            "action": duty.action,
            "by": duty.by,
            "title": duty.title.to_dict(),
            "since": self._at(duty.since),
            "due": self._at(duty.due),
            "list": duty.list,
            "say": _text(duty.say),
        }

    def _step(self, step: PathStep) -> Json:
        return {
            "flow": step.flow,
            "state": step.state,
            "because": step.because,
            "read": self._values(step.read),
            "at": self._at(step.at),
            "edge": step.edge,
            "sources": [{"id": source.id, "layer": source.layer, "article": source.article} for source in step.sources],
        }

    def _values(self, values: Mapping[str, Value]) -> Json:
        return {name: value_to_json(self.policy, name, value) for name, value in values.items()}

    def _outlook(self, outlook: Outlook | None) -> object:
        if outlook is None:
            return None
        return {
            "ways": [self._way(way) for way in outlook.ways],
            "more": outlook.more,
            "complete": outlook.complete,
        }

    def _way(self, way: Way) -> Json:
        return {
            "if": self._values(way.if_),
            "shortest": self._values(way.shortest),
            "ways": way.ways,
            "flow": way.flow,
            "state": way.state,
            "outcome": way.outcome,
            "liable": way.liable,
            "postage": dict(way.postage),
            "refund": {"least": _money(way.refund_least), "most": _money(way.refund_most)},
            "if_nobody_answers": way.if_nobody_answers,
        }


def value_to_json(policy: Policy, fact: str, value: Value) -> object:
    """Return a fact's value as JSON holds it: flags and counts as they are, all else as the policy writes it."""
    if value is None or isinstance(value, bool):
        return value
    kind = policy.facts[fact].type
    if kind.kind is Kind.COUNT and isinstance(value, int):
        return value
    return show(value, kind)


def _text(text: Text | None) -> object:
    return None if text is None else text.to_dict()


def _money(fen: int | None) -> str | None:
    return None if fen is None else show_money(fen)


def _need(need: Need) -> Json:
    return {
        "fact": need.fact,
        "ask": need.ask.to_dict(),
        "from": need.from_,
        "options": list(need.options),
        "at_most": _money(need.at_most),
    }


def _leg(leg: Leg | None) -> object:
    if leg is None:
        return None
    return {
        "advanced_by": leg.advanced_by,
        "borne_by": leg.borne_by,
        "amount": _money(leg.amount),
        "insurer_pays": _money(leg.insurer_pays),
        "shares": {party: _money(share) for party, share in leg.shares.items()},
        "because": leg.because,
    }


def _item(item: MoneyItem) -> Json:
    return {"for": item.for_, "amount": _money(item.amount), "because": item.because}


def _refund(refund: Refund) -> Json:
    return {
        "total": _money(refund.total),
        "paid": _money(refund.paid),
        "due": _money(refund.due),
        "maximum": _money(refund.maximum),
        "waiting": [{"for": waiting.for_, "needs": list(waiting.needs)} for waiting in refund.waiting],
        "paid_to": [{"id": part.id, "kind": part.kind, "amount": _money(part.amount)} for part in refund.paid_to],
        "returned_in_kind": [
            {"kind": item.kind, "id": item.id, "amount": _money(item.amount), "funded_by": item.funded_by}
            for item in refund.returned_in_kind
        ],
        "lines": [
            {
                **_item(line),
                "due": line.due > 0,
                "due_amount": _money(line.due),
                "paid": _money(line.paid),
                "id": line.id,
            }
            for line in refund.lines
        ],
        "deductions": [_item(deduction) for deduction in refund.deductions],
    }


def _transfer(transfer: Transfer) -> Json:
    return {"from": transfer.from_, "to": transfer.to, "for": transfer.for_, "amount": _money(transfer.amount)}
