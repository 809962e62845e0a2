"""The core: policy, facts and events in time order folded to where the case stands. No clock, no I/O, no randomness."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from aftersales.case.model import Case, Done, Event, Tell
from aftersales.case.view import check_agreement
from aftersales.errors import AmountError, Diagnostic, NotOwedError
from aftersales.money import show_money
from aftersales.policy.model import Policy
from aftersales.run.machine import PolicyMachine
from aftersales.run.settlement import Settlement, settle_money
from aftersales.run.walk import Walk, still_before
from aftersales.text import Text


def fold(machine: PolicyMachine, policy: Policy, case: Case, as_of: dt.datetime | None = None) -> Walk:
    """Walk ``case`` to ``as_of``, by default to its last event: deadlines before that have passed, none after.

    Raises a CaseError where the case is at fault; the walk handed out is the caller's own.
    """
    walk = Walk(machine, policy, case)
    walk.settle()
    seen_at = as_of or case.as_of
    for at, events in groupby(case.events, key=lambda event: event.at):
        if seen_at is not None and at is not None and at > seen_at:
            break
        walk.pass_time(at)
        walk.look_at(at)
        for event in events:
            take(walk, event)
    walk.pass_time(seen_at)
    walk.look_at(seen_at)
    check_agreement(policy, walk.view)
    return walk


def take(walk: Walk, event: Event) -> None:
    """Let one event happen now, and go on as far as it reaches."""
    if isinstance(event, Tell):
        walk.tell(event.values)
    else:
        _do(walk, event)
    walk.settle()


def _do(walk: Walk, done: Done) -> None:
    action = walk.policy.actions[done.action]
    owed_here = any(todo.action == done.action for todo in walk.at_state.do)
    owed_since = done.action in walk.duties and done.action not in walk.duties_done
    if not owed_here and not owed_since:
        raise NotOwedError(_not_owed(walk, done.action))
    open_before = [name for todo in walk.at_state.do if todo.action == done.action for name in still_before(walk, todo)]
    if open_before:
        raise NotOwedError(_not_yet(done.action, open_before[0]))
    if action.pays:
        _pay(walk, done)
    elif done.action in walk.done_here and not owed_since:
        raise NotOwedError(_not_owed(walk, done.action))
    walk.done_here.add(done.action)
    if not action.pays:
        walk.duties_done.add(done.action)
    walk.tell(action.gives)


def _pay(walk: Walk, done: Done) -> None:
    if done.amount is None:
        raise AmountError(_no_amount(done.action))
    money = settle_money(walk)
    if done.amount > money.due or done.amount == 0:
        raise AmountError(_above_due(done.amount, money))
    left = done.amount
    for line in money.lines:
        part = min(left, line.due)
        if part:
            walk.ledger.pay(line.for_, part)
            left -= part
    walk.paid_at = walk.now


def _not_owed(walk: Walk, action: str) -> Diagnostic:
    here = ", ".join(todo.action for todo in walk.at_state.do) or "-"
    return Diagnostic(
        "not_owed",
        Text(f"状态 {walk.state} 此时不需要动作 {action}", f"action {action} is not owed in state {walk.state}"),
        hint=Text(f"此处要做的是：{here}", f"owed here: {here}"),
    )


def _not_yet(action: str, before: str) -> Diagnostic:
    return Diagnostic("not_yet", Text(f"先完成 {before}，再做 {action}", f"{before} must be done before {action}"))


def _no_amount(action: str) -> Diagnostic:
    return Diagnostic(
        "amount_missing", Text(f"动作 {action} 付款，须写明 amount", f"action {action} pays money and needs its amount")
    )


def _above_due(amount: int, money: Settlement) -> Diagnostic:
    told, due = show_money(amount), show_money(money.due)
    return Diagnostic(
        "not_due",
        Text(f"付款 {told} 与应付不符：现在最多应付 {due}", f"{told} cannot be paid now: the maximum due is {due}"),
    )
