"""Mutants that no test can notice, shown to be none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aftersales import LoadedPolicy
from aftersales.expr.tree import All, Either, Expr, FactRef, Literal
from aftersales.expr.types import FLAG, Kind, Type
from aftersales.policy.model import Param, ParamValue, Policy, State, Tier
from aftersales.run.decision import Decision
from aftersales.study.prepared import Decided, decide_again, ready_cases
from aftersales.text import Text
from aftersales.verify.atlas import ready
from aftersales.verify.mutants.alike import Alike
from aftersales.verify.mutants.mutant import Mutant
from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.same_figures import pay_alike, same_figures
from aftersales.verify.mutants.workshop import Workshop

SMALL = Path(__file__).parents[2] / "study" / "small"

#: The mutants of the test desk that no case tells from the policy, and why.
ALIKE = {
    # It is reopened from an end that says the same.
    "reception.came_back: liable → (left out)",
    # The leg says by itself who advances it.
    "vectors.exchange_by_choice: reship advanced: seller → (left out)",
    "vectors.shared: return advanced: buyer → (left out)",
    # More than the cap cannot be offered in the first place.
    "wrong_item.price_cut: goods at_most: partial_refund_cap → (left out)",
    # No rule was found for the only amount: it is 0, and nothing is ever due.
    "vectors.unruled: do: refund → (left out)",
    # Only a record that confirms the seller decides.
    "wrong_item.verify: take: warehouse_record: no_record → take: warehouse_record: confirms_buyer",
}


@pytest.fixture(scope="module")
def desk_alike(desk: LoadedPolicy) -> Alike:
    """The test desk, ready for proof."""
    return Alike(ready(desk.model))


def settled(alike: Alike, workshop: Workshop) -> dict[str, bool | None]:
    """Return what is settled of every mutant that loads, by its edit."""
    changes = ((mutant, mutant.make()) for mutant in mutants_of(workshop))
    return {
        mutant.edit.en: alike.equivalent(mutant, change.applied_to(workshop.policy))
        for mutant, change in changes
        if not change.refused
    }


def test_what_no_case_tells_apart_is_alike(desk_alike: Alike, desk_workshop: Workshop) -> None:
    """Of all mutants of the test desk just these make no difference; of the others nothing is claimed."""
    found = settled(desk_alike, desk_workshop)
    assert {edit for edit, same in found.items() if same} == ALIKE
    assert all(same is None for edit, same in found.items() if edit not in ALIKE)


def test_what_a_case_tells_apart_is_never_alike(small: LoadedPolicy, small_workshop: Workshop) -> None:
    """Where a worked case comes out otherwise under a mutant, nothing claims that it is the same."""
    alike, cases = Alike(ready(small.model)), ready_cases(small, SMALL)
    for mutant in mutants_of(small_workshop):
        change = mutant.make()
        mutated = change.applied_to(small.model)
        machine = small.machine.revised(mutated, change.states)
        ways = [(case.decided, decide_again(case.parts, mutated, machine)) for case in cases.all]
        if any(shown(before) != shown(after) for before, after in ways):
            assert alike.equivalent(mutant, mutated) is None, mutant.edit.en


def shown(decided: Decided) -> tuple[object, ...]:
    """Return what two decisions must have alike, without the texts that explain them."""
    made: Decision | None = decided.decision
    if made is None:
        return decided.codes
    actions = [(action.action, action.due, action.if_late, action.amount) for action in made.next_actions]
    lines = [(line.for_, line.amount) for line in (*made.refund.lines, *made.charges, *made.recover)]
    legs = {name: leg and (leg.advanced_by, leg.borne_by) for name, leg in made.postage.items()}
    return made.flow, made.state, made.outcome, made.liable, made.due, actions, lines, legs


def test_other_facts_and_actions_are_not_settled(desk: LoadedPolicy, desk_alike: Alike) -> None:
    """What a derived fact is made of, or what an action tells, is beyond this proof: nothing is claimed."""
    action = replace(desk.model.actions["refund"], pays=False)
    mutated = replace(desk.model, actions={**desk.model.actions, "refund": action})
    mutant = Mutant("untold", "actions", "refund", action.span, "pays: true", None, dict)  # type: ignore[arg-type]
    assert desk_alike.equivalent(mutant, mutated) is None
    assert desk_alike.broken_law(mutant, mutated) is None


def test_a_branch_that_holds_on_to_more_is_another(desk: LoadedPolicy, desk_alike: Alike) -> None:
    """A condition that comes to the same but looks at one more fact pins it: a later answer to that would wait."""
    state = desk.model.states["wrong_item.verify"]
    branch, look = state.branches[1], FactRef(FLAG, "in_stock")

    def looking_on(expr: Expr) -> Expr:
        return Either((expr, All((expr, look))))

    more = replace(branch, when=looking_on(branch.when), guard=looking_on(branch.guard))
    same = replace(branch, when=looking_on(branch.when))
    assert settles(desk_alike, state, replace(state, branches=(state.branches[0], more, *state.branches[2:]))) is None
    assert settles(desk_alike, state, replace(state, branches=(state.branches[0], same, *state.branches[2:]))) is None
    assert settles(desk_alike, state, replace(state, title=state.title)) is True


def settles(alike: Alike, before: State, after: State) -> bool | None:
    """Return what is settled of a policy with one state made otherwise."""
    policy = alike.atlas.policy
    mutated = replace(policy, states={**policy.states, before.key: after})
    return alike.equivalent(Mutant("", "", "", before.span, "", None, dict), mutated)  # type: ignore[arg-type]


def test_another_cap_is_another_maximum(desk: LoadedPolicy) -> None:
    """A cap that is never reached still counts for the most that may be refunded, which is shown."""
    state = desk.model.states["vectors.compensated"]
    line = next(line for line in state.terms.refund if line.name != "goods")
    low = replace(line, amount=Literal(line.amount.type, 0), cap=FactRef(line.amount.type, "claimed_paid"))
    other = replace(low, cap=FactRef(line.amount.type, "goods_paid"))
    plain, raised = (replace(state, terms=replace(state.terms, refund=(each,))) for each in (low, other))
    alike = Alike(ready(replace(desk.model, states={**desk.model.states, state.key: plain})))
    assert settles(alike, plain, raised) is None
    assert (
        settles(alike, plain, replace(plain, terms=replace(plain.terms, refund=(replace(low, span=line.span),))))
        is True
    )


def test_tiers_that_pay_alike() -> None:
    """Rows are compared by what they pay at every amount, not by how they are written."""
    small_sum = Tier(None, 30_000, 300, None, None)
    wider = replace(small_sum, below=30_001)
    rest = Tier(None, None, 300, None, None)
    assert pay_alike((small_sum, rest), (wider, rest))
    assert not pay_alike((small_sum, replace(rest, pay=301)), (wider, replace(rest, pay=301)))


@pytest.fixture
def param(desk: LoadedPolicy) -> Param:
    """A figure that the platform taobao has of its own, and that is the same everywhere else."""
    span = desk.model.params["pickup_time"].span
    shipped = ParamValue(2, "shop", "shop", span)
    return Param(
        "rounds", Type(Kind.COUNT), Text("次数", "rounds"), (replace(shipped, platform="taobao"), shipped), span
    )


def test_an_overlay_that_says_nothing_new(desk: LoadedPolicy, param: Param) -> None:
    """An overlay with the shipped figure may be left out; one with another figure may not."""
    own, shipped = param.values
    policy = with_platforms(desk.model)
    assert same_figures(policy, param, replace(param, values=(shipped,)))
    assert not same_figures(
        policy, replace(param, values=(replace(own, value=3), shipped)), replace(param, values=(shipped,))
    )


def test_a_shipped_figure_that_every_platform_replaces(desk: LoadedPolicy, param: Param) -> None:
    """Where all platforms have their own, and not all the same, the shipped figure decides nothing."""
    own, shipped = param.values
    policy = with_platforms(desk.model)
    every = (own, replace(own, platform="jd", value=3), shipped)
    one, other = replace(param, values=every), replace(param, values=(*every[:2], replace(shipped, value=9)))
    assert same_figures(policy, one, other)
    assert not same_figures(policy, param, replace(param, values=(own, replace(shipped, value=9))))


def test_a_shipped_figure_that_speaks_before_the_platform_is_known(desk: LoadedPolicy, param: Param) -> None:
    """While the platform is unknown a figure is known only where all agree: the shipped one counts then."""
    own, shipped = param.values
    every = (own, replace(own, platform="jd"), shipped)
    other = (*every[:2], replace(shipped, value=9))
    assert not same_figures(with_platforms(desk.model), replace(param, values=every), replace(param, values=other))


def with_platforms(policy: Policy) -> Policy:
    """Return a policy that knows of two platforms."""
    fact = replace(policy.facts["issue"], name="platform", type=Type(Kind.CHOICE, ("taobao", "jd")))
    return replace(policy, facts={**policy.facts, "platform": fact})
