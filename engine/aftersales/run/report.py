"""A walk as a decision: next actions, duties, needs, postage, refund, path, sources and warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from aftersales.expr.evaluate import blocker
from aftersales.policy.model import Action, Policy, Todo
from aftersales.run.cited import params_in_play, path, sources
from aftersales.run.clock import clock_waits_for
from aftersales.run.conduct import conduct_warnings
from aftersales.run.decision import Decision, Duty, Need, NextAction, PolicyStamp, Refund, Status
from aftersales.run.scripts import Scripts
from aftersales.run.settlement import Settlement, settle_money
from aftersales.run.standing import answer_text, late_edge, needs, question, taken_if_late
from aftersales.run.walk import Walk, still_before
from aftersales.text import Text

_BROKEN_SET: Final = Text(
    "申请的只是套装的一部分，退款前先核对套装能否拆开",
    "the claim takes only a part of a set: check whether the set may be split before refunding",
)
_NOBODY_LIABLE: Final = Text(
    "责任归谁未定：改判越过了写明它的状态，请主管核定",
    "who is liable is undecided: the override passed over the states that say so; ask a supervisor",
)


class Made:
    """A walk and what is worked out of it, each once, for the parts of its decision."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    @cached_property
    def money(self) -> Settlement:
        """Return the money of the case. Raises AmountError where an amount is above its maximum or below zero."""
        return settle_money(self.walk)

    @cached_property
    def actions(self) -> tuple[NextAction, ...]:
        """Return what is to be done."""
        return tuple(_next_actions(self.walk, self.money))

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Return what is owed since a state was passed."""
        return tuple(_duties(self.walk, self.money))


def report(walk: Walk) -> Decision:
    """Return what is decided about the case where the walk stands.

    Raises AmountError where an amount is above its maximum or below zero.
    """
    made = Made(walk)
    return Decision(**{name: part(made) for name, part in PARTS.items()})


def _status(made: Made) -> Status:
    if made.walk.at_state.end is None:
        return "open"
    owed = made.actions or made.duties or made.money.due or made.money.waiting
    return "settled" if owed or _liable_needs(made.walk) else "closed"


def open_needs(walk: Walk, money: Settlement) -> tuple[Need, ...]:
    """Return the open questions; at an end those that a money line waits for, and who is liable."""
    if walk.at_state.end is None:
        return needs(walk.standing) + tuple(_deadline_needs(walk))
    facts = [fact for waiting in money.waiting for fact in waiting.needs]
    return tuple(question(walk.standing, fact) for fact in dict.fromkeys((*facts, *_liable_needs(walk))))


def _liable_needs(walk: Walk) -> tuple[str, ...]:
    """Return what it takes to say who is liable: nothing at the end of a flow, unless a person passed over its questions."""
    liable = walk.laid.liable
    if liable is None or isinstance(liable, tuple) or not walk.overridden:
        return ()
    fact = blocker(liable, walk.view)
    return () if fact is None else tuple(walk.view.base_needs(fact)) or (fact,)


def _deadline_needs(walk: Walk) -> Iterator[Need]:
    """Yield what the length of the deadline waits for: a clock that cannot be set is never passed over in silence."""
    within = walk.at_state.within
    if within is None or walk.since is None or walk.due is not None:
        return
    for fact in clock_waits_for(within, walk.standing.view):
        yield question(walk.standing, fact)


def _next_actions(walk: Walk, money: Settlement) -> Iterator[NextAction]:
    due = walk.due if walk.at_state.end is None else None
    if_late = _if_late(walk)
    scripts = Scripts(walk, money, due)
    for todo in walk.at_state.do:
        action = walk.policy.actions[todo.action]
        if _is_owed(walk, todo, action, money):
            yield NextAction(
                action=action.name,
                by=role_of(walk, action),
                title=action.title,
                say=scripts.fill(action.say),
                due=due,
                if_late=if_late,
                after=still_before(walk, todo),
                amount=money.due if action.pays else None,
                if_late_takes=taken_if_late(walk.standing) if if_late else (),
            )


def _is_owed(walk: Walk, todo: Todo, action: Action, money: Settlement) -> bool:
    """Return whether an action is still to be done: money is due, or it is not done and what it tells is not known."""
    if action.pays:
        return money.due > 0
    view = walk.standing.view
    told = bool(action.gives) and all(view.fact(fact) == value for fact, value in action.gives.items())
    return todo.action not in walk.done_here and not told


def role_of(walk: Walk, action: Action) -> str:
    """Return who does an action: a role, or what the role param says for this case."""
    if action.by not in walk.policy.params:
        return action.by
    role = walk.view.param(action.by)
    return role if isinstance(role, str) else action.by


def _if_late(walk: Walk) -> str | None:
    if walk.due is None or walk.at_state.end is not None:
        return None
    index = late_edge(walk.standing)
    return None if index is None else walk.at_state.late[index].target.state


def _duties(walk: Walk, money: Settlement) -> Iterator[Duty]:
    scripts = Scripts(walk, money, None)
    for name, since in walk.duties.items():
        action = walk.policy.actions[name]
        owed = money.due > 0 if action.pays else name not in walk.duties_done
        if owed:
            say = scripts.fill(action.say)
            yield Duty(name, role_of(walk, action), action.title, since, None, action.list, say)


def _refund(money: Settlement) -> Refund:
    return Refund(
        total=money.total,
        paid=money.paid,
        due=money.due,
        maximum=money.maximum,
        lines=money.lines,
        deductions=money.deductions,
        waiting=money.waiting,
        paid_to=money.paid_to,
        returned_in_kind=money.returned_in_kind,
    )


def _warnings(walk: Walk) -> Iterator[Text]:
    for fact, value in walk.later.items():
        answer = answer_text(walk.policy, fact, value)
        yield Text(
            f"{_title(walk.policy, fact).zh} 的新回答 {answer} 暂不生效：已按先前的回答处理",
            f"the newer answer {answer} to {fact} waits: a branch has already read the earlier one",
        )
    if walk.at_state.end is not None and walk.laid.liable is None:
        yield _NOBODY_LIABLE
    for fact, value in walk.standing.unoffered.items():
        answer = answer_text(walk.policy, fact, value)
        yield Text(
            f"{_title(walk.policy, fact).zh} 的回答 {answer} 在此处不可选",
            f"the answer {answer} to {fact} is not offered here",
        )
    if "bundle_broken" in walk.policy.facts and walk.view.fact("bundle_broken") is True:
        yield _BROKEN_SET
    for name in params_in_play(walk):
        chosen = walk.view.param_note(name)
        if chosen is not None and chosen.none_found:
            title = walk.policy.params[name].title
            yield Text(
                f"{title.zh}：未查到该平台规则，按 0.00 计，请主管核定",
                f"{title.en}: no rule found, 0.00; ask a supervisor",
            )


def _title(policy: Policy, fact: str) -> Text:
    return policy.facts[fact].title


#: How each part of a decision is worked out.
PARTS: Final[Mapping[str, Callable[[Made], Any]]] = {
    "policy": lambda made: PolicyStamp(made.walk.policy.id, made.walk.policy.version, made.walk.policy.digest),
    "flow": lambda made: made.walk.at_state.flow,
    "state": lambda made: made.walk.at_state.name,
    "title": lambda made: made.walk.at_state.title,
    "status": _status,
    "outcome": lambda made: made.walk.at_state.end.outcome if made.walk.at_state.end else None,
    "reason": lambda made: made.walk.at_state.end.reason if made.walk.at_state.end else None,
    "liable": lambda made: None if made.money.liable == "undecided" else made.money.liable,
    "next_actions": lambda made: made.actions,
    "duties": lambda made: made.duties,
    "needs": lambda made: open_needs(made.walk, made.money),
    "due": lambda made: made.walk.due if made.walk.at_state.end is None else None,
    "postage": lambda made: made.money.postage,
    "refund": lambda made: _refund(made.money),
    "charges": lambda made: made.money.charges,
    "recover": lambda made: made.money.recover,
    "transfers": lambda made: made.money.transfers,
    "path": lambda made: path(made.walk),
    "sources": lambda made: sources(made.walk),
    "warnings": lambda made: (
        *made.walk.notes,
        *_warnings(made.walk),
        *made.money.warnings,
        *conduct_warnings(made.walk),
    ),
}
