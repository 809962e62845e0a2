"""Does every state lead on whatever is answered, and is every branch of use?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of
from aftersales.expr.tree import All, Compare, Expr, FactRef, Literal, Not
from aftersales.policy.checks.shown import answers, word
from aftersales.policy.model import Branch, State
from aftersales.policy.possible import Analysis, Hole
from aftersales.policy.world import MOST_WORLDS
from aftersales.source import Span
from aftersales.text import Text


def every_answer_leads_on(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find states where some answers reach no branch, and states with too many combinations to tell."""
    for state, ways in analysis.reached():
        if not ways.shown:
            yield _too_many(state)
        elif ways.hole is not None:
            yield _hole(state, ways.hole)


def every_branch_can_be_taken(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find branches that no answers lead to: shadowed by those above, or on a value that cannot come up here.

    A branch of a sub-flow is of use where one of its copies takes it.
    """
    idle: dict[tuple[Span, int], tuple[State, Branch]] = {}
    for state, ways in analysis.reached():
        fires = [ways.fires(number) for number in range(len(state.branches))]
        if all(fires) or (state.until is not None and not any(fires)):
            continue
        for place, branch, fired in zip(_places(state), state.branches, fires, strict=True):
            if not fired:
                idle.setdefault(place, (state, branch))
    spans = {span for span, _ in idle}
    for state, ways in analysis.reached() if idle else ():
        if any(branch.span in spans for branch in state.branches):
            for number, place in enumerate(_places(state)):
                if ways.fires(number):
                    idle.pop(place, None)
    for state, branch in idle.values():
        yield _never_taken(state, branch)


def _places(state: State) -> Iterator[tuple[Span, int]]:
    """Yield for every branch its place, by which it is known again in another copy: where it stands, and as which there."""
    seen: Counter[Span] = Counter()
    for branch in state.branches:
        yield branch.span, seen[branch.span]
        seen[branch.span] += 1


def _too_many(state: State) -> Diagnostic:
    return Diagnostic(
        "too_many_combinations",
        Text(
            f"状态 {state.name} 的条件组合超过 {MOST_WORLDS} 种，无法逐一检查",
            f"the conditions of state {state.name} have more than {MOST_WORLDS} combinations, too many to check",
        ),
        state.span,
        Text("把它拆成几个状态", "split it into several states"),
    )


def _hole(state: State, hole: Hole) -> Diagnostic:
    read = dict.fromkeys(fact for branch in state.branches for fact in facts_of(branch.guard))
    shown = answers({name: hole.answers[name] for name in read if name in hole.answers})
    some = Text("金额、天数等取某些值", "some amounts, counts or instants")
    if not shown.en:
        shown = some
    elif hole.amounts:
        shown = Text(f"{shown.zh}、{some.zh}", f"{shown.en} with {some.en}")
    verb = "reaches" if "=" in shown.en else "reach"
    message = Text(f"{shown.zh} 时状态 {state.name} 没有分支可走", f"{shown.en} {verb} no branch of state {state.name}")
    hint = Text("补上这种情况，或以 {otherwise: …} 结尾", "add a branch for it, or end with {otherwise: …}")
    return Diagnostic("no_branch", message, state.span, hint)


def _never_taken(state: State, branch: Branch) -> Diagnostic:
    test = _value_test(branch.when)
    if branch.otherwise:
        message = Text("上面的分支已覆盖所有情况，otherwise 用不到", "nothing is left for otherwise")
    elif test is not None:
        fact, value = test
        message = Text(
            f"在状态 {state.name} 中 {fact} 不会是 {value}", f"{fact} is never {value} in state {state.name}"
        )
    else:
        message = Text("这条分支永远走不到", "this branch can never be taken")
    hint = Text("删去它，或检查上面的分支和前面的状态", "leave it out, or look at the branches above and the ways here")
    return Diagnostic("never_taken", message, branch.span, hint)


def _value_test(when: Expr) -> tuple[str, str] | None:
    last = when.operands[-1] if isinstance(when, All) and when.operands else when
    match last:
        case Compare(op="==", left=FactRef(name=name), right=Literal(value=value)):
            return name, word(value)
        case FactRef(name=name):
            return name, "true"
        case Not(operand=FactRef(name=name)):
            return name, "false"
        case _:
            return None
