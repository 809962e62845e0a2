"""The core: policy, facts and events in time order folded to where the case stands. No clock, no I/O, no randomness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from aftersales.case.corrected import corrected
from aftersales.case.model import Case, Correct, Done, Event, Override, Tell
from aftersales.case.view import check_agreement
from aftersales.errors import AmountError, ConflictError, Diagnostic, NotOwedError, UnknownNameError, did_you_mean
from aftersales.instants import show_instant, zone_named
from aftersales.money import show_money
from aftersales.policy.model import Policy
from aftersales.run.machine import PolicyMachine
from aftersales.run.settlement import Settlement, settle_money
from aftersales.run.walk import Walk, still_before
from aftersales.text import Text


def fold(machine: PolicyMachine, policy: Policy, case: Case, as_of: dt.datetime | None = None) -> Walk:
    """Walk ``case`` to ``as_of``, by default to its last event: deadlines before that have passed, none after.

    Corrections are taken in first: the case is folded as if it had been told right. Raises a CaseError where the case
    is at fault, ConflictError where a correction leaves an action that was done off the path; the walk handed out is
    the caller's own.
    """
    seen_at = as_of or case.as_of
    right = corrected(case, seen_at)
    walk = Walk(machine, policy, right)
    try:
        _go(walk, right, seen_at)
    except NotOwedError as off_the_path:
        if not _corrected_since(walk.now, case, seen_at):
            raise
        raise ConflictError(_undone(off_the_path)) from off_the_path
    walk.notes.extend(_corrections(policy, case, seen_at))
    return walk


def _go(walk: Walk, case: Case, seen_at: dt.datetime | None) -> None:
    """Let everything that happened happen, to ``seen_at``."""
    walk.settle()
    for at, events in groupby(case.events, key=lambda event: event.at):
        if seen_at is not None and at is not None and at > seen_at:
            break
        walk.pass_time(at)
        walk.look_at(at)
        for event in events:
            take(walk, event)
    walk.pass_time(seen_at)
    walk.look_at(seen_at)
    check_agreement(walk.policy, walk.view)


def take(walk: Walk, event: Event) -> None:
    """Let one event happen now, and go on as far as it reaches."""
    match event:
        case Tell(values=values):
            walk.tell(values)
        case Done():
            _do(walk, event)
        case Override():
            _override(walk, event)
        case Correct():
            return
    walk.settle()


def _override(walk: Walk, event: Override) -> None:
    """Go on where a person says. Raises ConflictError at an end that would leave open who is liable or bears a leg."""
    flow = walk.at_state.flow
    key = next((key for key in (f"{flow}.{event.to}", event.to) if key in walk.policy.states), None)
    if key is None:
        raise UnknownNameError(_no_state(flow, event.to, walk.policy))
    walk.override(key, event.by, event.because)
    if walk.at_state.end is None:
        return
    money = settle_money(walk)
    open_legs = [name for name, leg in money.postage.items() if leg is not None and leg.borne_by == "undecided"]
    if money.liable == "undecided" or open_legs:
        raise ConflictError(_left_open(key, open_legs))


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
    money = settle_money(walk)
    if done.amount is None:
        raise AmountError(_no_amount(done.action)) if money.due else NotOwedError(_not_owed(walk, done.action))
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


def _corrections(policy: Policy, case: Case, until: dt.datetime | None) -> Iterator[Text]:
    """Say what was corrected, and when it was."""
    zone = zone_named(policy.timezone)
    for event in case.events:
        if isinstance(event, Correct) and (until is None or event.at is None or event.at <= until):
            names = "、".join(policy.facts[name].title.zh for name in event.values)
            at = "" if event.at is None else f" {show_instant(event.at, zone)}"
            yield Text(f"已更正{at}：{names}", f"corrected{at}: {', '.join(event.values)}")


def _corrected_since(now: dt.datetime | None, case: Case, until: dt.datetime | None) -> bool:
    """Return whether a correction came after ``now``: what was done then may have been owed before it."""
    corrections = (event for event in case.events if isinstance(event, Correct))
    taken = (event.at for event in corrections if until is None or event.at is None or event.at <= until)
    return any(now is None or at is None or at >= now for at in taken)


def _undone(fault: NotOwedError) -> Diagnostic:
    first = fault.diagnostics[0]
    return Diagnostic(
        "correction_undoes",
        Text(f"不能更正：已做的动作将不在流程上（{first.message.zh}）", f"cannot be corrected: {first.message.en}"),
        hint=Text("已完成的动作不会被更正抹去", "what has been done is not undone by a correction"),
    )


def _no_state(flow: str, name: str, policy: Policy) -> Diagnostic:
    names = [policy.states[key].name for key in policy.flows[flow].states]
    return Diagnostic(
        "unknown_state",
        Text(f"流程 {flow} 没有状态 {name}", f"flow {flow} has no state {name}"),
        hint=did_you_mean(name, names),
    )


def _left_open(state: str, legs: list[str]) -> Diagnostic:
    zh = f"（{'、'.join(legs)}）" if legs else ""
    en = f" ({', '.join(legs)})" if legs else ""
    return Diagnostic(
        "override_leaves_open",
        Text(
            f"改判到 {state} 会使责任或运费{zh}无人认定", f"an override to {state} leaves liability or postage{en} open"
        ),
    )
