"""Where a case can rest: is there a deadline, and does it say what follows whatever is missing?"""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of
from aftersales.expr.tree import All, Either, Expr
from aftersales.policy.checks.shown import listed
from aftersales.policy.fields import among
from aftersales.policy.lore import Lore
from aftersales.policy.model import Late, Policy, State
from aftersales.policy.needs import chosen_by, needs_of, told_inputs
from aftersales.policy.possible import Analysis, Ways
from aftersales.text import Text


def every_rest_ends(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find states where a case can rest without a deadline, and deadlines without what follows them."""
    rests = {state.span for state, ways in analysis.reached() if ways.rests and state.end is None}
    for state, ways in analysis.reached():
        if state.end is not None or state.uses is not None:
            continue
        if ways.rests and state.within is None and state.no_deadline is None:
            yield _no_deadline(state, analysis.lore, ways)
        if state.within is not None and not state.late:
            yield _without_late(state)
        if state.span not in rests and state.until is None:
            yield from _needless_deadline(state)


def every_silence_is_answered(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find ``late:`` maps that leave out a fact that the state can wait for, or name one that it never waits for."""
    named: dict[object, tuple[Late, State]] = {}
    waited: set[object] = set()
    for state, ways in analysis.reached():
        if state.end is not None or not ways.rests or not state.late or not ways.shown:
            continue
        by_fact = [late for late in state.late if late.fact is not None]
        if not by_fact:
            continue
        needs = _needs(analysis.lore, state, ways)
        yield from _unanswered(analysis.policy, state, needs)
        counted = _counted(analysis.policy, state, needs)
        for late in by_fact:
            named.setdefault(late.span, (late, state))
            if late.fact in counted:
                waited.add(late.span)
    for place, (late, state) in named.items():
        if place not in waited:
            yield _never_waited_for(late, state)


def until_can_come_true(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find ``until:`` conditions over answers that are all settled before, which no wait can change."""
    for state, ways in analysis.reached():
        if state.until is None:
            continue
        read = facts_of(state.until)
        known = analysis.arrival(state.key)
        settled = [name for name in read if name in known and known[name].read]
        if len(settled) == len(read):
            names = listed(settled)
            message = Text(
                f"{names.zh} 在此之前已读定，等待不会改变它",
                f"{names.en} is settled before, waiting here changes nothing",
            )
            hint = Text("先忘记它，或等待另一个事实", "forget it on the way here, or wait for another fact")
            yield Diagnostic("until_settled", message, state.span, hint)
        elif not any(ways.fires(number) for number in range(len(state.branches))):
            message = Text(
                f"状态 {state.name} 的 until 永远不会成立", f"what state {state.name} waits for never comes true"
            )
            yield Diagnostic("until_never", message, state.span)


def _needs(lore: Lore, state: State, ways: Ways) -> tuple[str, ...]:
    """Return what a case can wait for in any situation here."""
    read = lore.reads.deciding(state)
    rests = (situation.known for situation in ways.situations if situation.rests)
    return needs_of(lore, state, *among(read, rests))


def _no_deadline(state: State, lore: Lore, ways: Ways) -> Diagnostic:
    waits = listed(facts_of(state.until) if state.until is not None else _needs(lore, state, ways))
    return Diagnostic(
        "no_deadline",
        Text(
            f"案件会停在状态 {state.name} 等 {waits.zh}，却没有期限",
            f"a case can rest in state {state.name}, for {waits.en}, and it has no deadline",
        ),
        state.span,
        Text(
            "写上 within 和 late，或用 no_deadline 说明理由", "give it within and late, or no_deadline with the reason"
        ),
    )


def _without_late(state: State) -> Diagnostic:
    message = Text(
        f"状态 {state.name} 有期限，却没写逾期后如何", f"state {state.name} has a deadline and nothing follows it"
    )
    return Diagnostic("no_late", message, state.span, Text("写上 late", "give it late"))


def _needless_deadline(state: State) -> Iterator[Diagnostic]:
    if state.within is not None or state.no_deadline is not None:
        message = Text(
            f"案件不会停在状态 {state.name}，用不到期限", f"no case rests in state {state.name}, it needs no deadline"
        )
        yield Diagnostic("needless_deadline", message, state.span)


def _unanswered(policy: Policy, state: State, needs: tuple[str, ...]) -> Iterator[Diagnostic]:
    if any(late.fact is None for late in state.late):
        return
    named = frozenset(late.fact for late in state.late if late.fact is not None)
    missing = [name for name in needs if not _covers(policy, name, named)]
    if state.until is not None and not _covers_until(policy, state.until, named):
        missing += [name for name in facts_of(state.until) if not _covers(policy, name, named) and name not in missing]
    if missing:
        names = listed(missing)
        message = Text(
            f"状态 {state.name} 会等 {names.zh}，late 没有写到",
            f"state {state.name} can wait for {names.en}, which late leaves out",
        )
        hint = Text("给每个写上去向，或只写一个去向", "give each a target, or give late one target for all")
        yield Diagnostic("late_leaves_out", message, state.span, hint)


def _covers(policy: Policy, name: str, named: frozenset[str]) -> bool:
    return name in named or all(told in named for told in told_inputs(policy, name))


def _covers_until(policy: Policy, condition: Expr, named: frozenset[str]) -> bool:
    """Return whether a listed fact is still open however ``condition`` has not come true."""
    match condition:
        case All(operands=operands):
            return all(_covers_until(policy, operand, named) for operand in operands)
        case Either(operands=operands):
            return any(_covers_until(policy, operand, named) for operand in operands)
        case _:
            return any(_covers(policy, name, named) for name in facts_of(condition))


def _counted(policy: Policy, state: State, needs: tuple[str, ...]) -> set[str]:
    """Return every fact that the machine may see missing here, through derived facts and params."""
    waited = [*needs, *(facts_of(state.until) if state.until is not None else ())]
    waited += chosen_by(policy, state.until) if state.until is not None else ()
    return {*waited, *(told for name in waited for told in told_inputs(policy, name))}


def _never_waited_for(late: Late, state: State) -> Diagnostic:
    return Diagnostic(
        "late_never_waits",
        Text(f"状态 {state.name} 从不等 {late.fact}", f"state {state.name} never waits for {late.fact}"),
        late.span,
        Text("从 late 中删去", "leave it out of late"),
    )
