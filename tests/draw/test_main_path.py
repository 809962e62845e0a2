"""The way that the eye follows: usual, whole, and never at odds with itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from aftersales import LoadedPolicy
from aftersales.draw.from_policy import Atlas, flow_pages
from aftersales.draw.graph import NodeKind
from aftersales.draw.pictures import drawable
from aftersales.draw.plan import Plan
from aftersales.draw.spine import Way
from aftersales.expr.tree import Compare, FactRef, Literal
from aftersales.expr.types import Kind, Type, Value
from aftersales.policy.model import Branch, End, Late, MoneyLine, Policy, State, Target, Terms
from aftersales.source import Source, Span
from aftersales.text import Lang, Text

SPAN = Span(Source("small.yaml", ""), 1, 1, 1, 1)
WANTS = Type(Kind.CHOICE, ("reship", "trip", "nothing"))
PAID = FactRef(Type(Kind.MONEY), "claimed_paid")
END = End("refunded", None)
#: An end that gives money back, and one that closes the case with nothing.
FULL = State(
    "main.full",
    "main",
    "full",
    Text("全退", "In full"),
    SPAN,
    end=END,
    terms=Terms(refund=(MoneyLine("goods", PAID, PAID, SPAN), MoneyLine("compensation", PAID, PAID, SPAN))),
)
BARE = State("main.bare", "main", "bare", Text("不退", "Nothing"), SPAN, end=END)


@pytest.fixture(scope="module")
def plans(shipped: LoadedPolicy) -> dict[str, Plan]:
    """Return the layout of every flow and sub-flow."""
    atlas = Atlas.of(shipped.model, (Lang.ZH,))
    return {name: atlas.plan(flow) for name, flow in drawable(shipped.model).items()}


def contradictions(path: Iterable[Way]) -> list[str]:
    """Return the facts that a path answers in two ways though they are not asked again between."""
    told: dict[str, frozenset[Value]] = {}
    found = []
    for way in path:
        for question, answer in way.answers:
            if isinstance(question.subject, str):
                left = told.get(question.subject, frozenset(answer.values)) & frozenset(answer.values)
                found += [] if left else [question.subject]
                told[question.subject] = left
        target = way.leaf.target
        told = {name: values for name, values in told.items() if name not in target.forget}
        told |= {name: frozenset({value}) for name, value in target.take}
    return found


def test_no_main_path_contradicts_itself(plans: dict[str, Plan]) -> None:
    """On no page, and on no way over several pages, the main path gives two answers to one question."""
    for name, plan in plans.items():
        for page in plan.main.values():
            assert not contradictions(page[key] for key in sorted(page, key=plan.rank.__getitem__)), name


def test_every_shipped_page_has_a_main_path(plans: dict[str, Plan]) -> None:
    """No page leaves the eye without a way to follow."""
    for name, plan in plans.items():
        assert all(plan.main[number] for number in plan.main), name


def test_main_path_keeps_to_what_was_answered(policy: Policy) -> None:
    """What was answered before closes the branches of a later card, until it is asked again."""
    second = asks("two", {"trip": Target("main.full"), "reship": Target("main.bare")})
    for on, end in ((Target("main.two"), "不退"), (Target("main.two", forget=("wants",)), "全退")):
        first = asks("one", {"reship": on, "nothing": Target("main.bare")})
        assert ends_on_main_path(with_states(policy, first, second, FULL, BARE)) == {end}


def test_main_path_takes_the_usual_answer(policy: Policy) -> None:
    """Of two settlements it is the one that the author names first, unless silence is taken for the other."""
    other = replace(FULL, key="main.other", name="other", title=Text("另退", "Other"))
    first = asks("one", {"reship": Target("main.full"), "trip": Target("main.other"), "nothing": Target("main.bare")})
    assert ends_on_main_path(with_states(policy, first, FULL, other, BARE)) == {"全退"}
    silent = Late("wants", Target("main.one", take=(("wants", "trip"),)), SPAN)
    assert ends_on_main_path(with_states(policy, replace(first, late=(silent,)), FULL, other, BARE)) == {"另退"}


def test_main_path_does_not_end_for_silence(policy: Policy) -> None:
    """An end that a passed deadline leads to and that settles nothing is worse than a later answer's settlement."""
    first = asks("one", {"nothing": Target("main.bare"), "reship": Target("main.full")})
    late = replace(first, late=(Late("wants", Target("main.bare"), SPAN),))
    assert ends_on_main_path(with_states(policy, late, FULL, BARE)) == {"全退"}


def asks(name: str, answers: dict[str, Target]) -> State:
    """Return a card that asks what the buyer wants."""
    whens = (Compare("==", FactRef(WANTS, "wants"), Literal(WANTS, value)) for value in answers)
    branches = tuple(Branch(when, when, target, SPAN) for when, target in zip(whens, answers.values(), strict=True))
    return State(f"main.{name}", "main", name, Text(name, name), SPAN, branches=branches)


def ends_on_main_path(policy: Policy) -> set[str]:
    """Return the titles of the ends that the main path of the main flow comes to."""
    (page,) = flow_pages(Atlas.of(policy, (Lang.ZH,)), policy.flows["main"])
    return {node.title[0] for node in page.nodes if node.main and node.kind is NodeKind.END}


def with_states(policy: Policy, *states: State) -> Policy:
    """Return the policy with other states in its main flow."""
    keys = tuple(entry.key for entry in states)
    main = replace(policy.flows["main"], start=keys[0], states=keys, anytime=())
    others = {key: entry for key, entry in policy.states.items() if entry.flow != "main"}
    kept = {entry.key: entry for entry in states} | others
    return replace(policy, flows={**policy.flows, "main": main}, states=kept)
