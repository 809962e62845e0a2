"""A comparison of two policies as JSON: edits, differences with both decisions, past cases; money as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aftersales.money import show_money
from aftersales.policy.model import Policy
from aftersales.run.as_json import decision_to_dict
from aftersales.show.reasons import Spoken
from aftersales.show.said import Said
from aftersales.study.changes import Edit
from aftersales.study.diff import Comparison, Difference, Ending
from aftersales.study.past_cases import Money, PastCase, PastCases, sum_of
from aftersales.study.two_decisions import Judged
from aftersales.text import Lang

Json = dict[str, object]


def diff_json(comparison: Comparison, past: PastCases | None = None) -> Json:
    """Return a comparison as JSON; ``past_cases`` is null where none were given."""
    old, new = comparison.old, comparison.new
    return {
        "old": _stamp(old),
        "new": _stamp(new),
        "differs": comparison.differs,
        "searched": {
            "all_cases": comparison.missing is None,
            "worked_cases": comparison.worked,
            "missing": None if comparison.missing is None else comparison.missing.diagnostics[0].message.to_dict(),
        },
        "edits": [
            _edit(number, edit, ending, old, new)
            for number, (edit, ending) in enumerate(zip(comparison.edits, comparison.endings, strict=True), start=1)
        ],
        "differences": [_difference(found, old, new) for found in comparison.differences],
        "past_cases": None if past is None else _past(past),
    }


def _stamp(policy: Policy) -> Json:
    return {"id": policy.id, "version": policy.version, "digest": policy.digest}


def _edit(number: int, edit: Edit, ending: Ending, old: Policy, new: Policy) -> Json:
    return {
        "number": number,
        "kind": edit.kind,
        "names": list(edit.names),
        "parts": list(edit.parts),
        "effect": ending,
        "old": None if edit.old is None else str(edit.old),
        "new": None if edit.new is None else str(edit.new),
        "lines": [
            {"side": line.side, "file": line.file, "line": line.number, "text": line.text} for line in edit.lines
        ],
        "said": {lang.value: _said(edit, old, new, lang) for lang in Lang},
    }


def _said(edit: Edit, old: Policy, new: Policy, lang: Lang) -> Json:
    """Return what only the old policy says of an element, and what only the new one does, in one language."""
    before, after = (Said(Spoken(policy, lang)).of(edit.kind, edit.name) for policy in (old, new))
    return {
        "old": [sentence for sentence in before if sentence not in after],
        "new": [sentence for sentence in after if sentence not in before],
    }


def _difference(found: Difference, old: Policy, new: Policy) -> Json:
    return {
        "respects": list(found.example.respects),
        "states": list(found.states),
        "edits": list(found.edits),
        "worked_case": found.worked,
        "case": dict(found.example.case),
        "old": _judged(found.example.old, old, found.old_ahead),
        "new": _judged(found.example.new, new, found.new_ahead),
    }


def _judged(judged: Judged, policy: Policy, ahead: Sequence[str]) -> Json:
    return {
        "error": None
        if judged.fault is None
        else {"code": judged.fault.code, "message": judged.fault.message.to_dict()},
        "decision": None if judged.decision is None else decision_to_dict(judged.decision, policy),
        "outcomes_ahead": list(ahead),
    }


def _past(past: PastCases) -> Json:
    return {
        "cases": len(past.cases),
        "changed": len(past.changed),
        "undecided": len(past.undecided),
        "by_respect": {respect: len(past.of(respect=respect)) for respect in past.respects()},
        "money": _money(sum_of(past.cases)),
        "by_flow": [
            {
                "flow": flow or None,
                "changed": len(past.of(flow=flow)),
                "by_respect": {
                    respect: len(found) for respect in past.respects() if (found := past.of(flow=flow, respect=respect))
                },
                "money": _money(sum_of(past.of(flow=flow))),
            }
            for flow in past.flows()
        ],
        "changes": [_case(case) for case in past.changed],
    }


def _money(money: Money) -> Mapping[str, str]:
    return {
        "old_refund": show_money(money.old_refund),
        "new_refund": show_money(money.new_refund),
        "more_refund": show_money(money.more_refund),
        "old_charge": show_money(money.old_charge),
        "new_charge": show_money(money.new_charge),
        "more_charge": show_money(money.more_charge),
    }


def _case(case: PastCase) -> Json:
    return {
        "name": case.name,
        "flow": case.flow or None,
        "respects": list(case.two.respects),
        "money": _money(case.money),
    }
