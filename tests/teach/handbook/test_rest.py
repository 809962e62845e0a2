"""What a table and a list of answers leave to *any other*: only answers that a case can come with."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aftersales.expr.types import Value
from aftersales.policy.arrival import Arrival
from aftersales.policy.model import State
from aftersales.policy.possible import possible
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.atlas import chart
from aftersales.teach.handbook.decisions import decision_of
from aftersales.teach.handbook.model import Book, Box
from aftersales.teach.handbook.rest import can_be_answered, left_over
from aftersales.teach.handbook.targets import Here
from aftersales.teach.handbook.voice import LANGS, Voice
from handbook_text import blocks, chapter_of, tables


@pytest.fixture(scope="module")
def arrivals(policy: LoadedPolicy) -> Mapping[str, Arrival]:
    """What is surely known in each state of the shipped policy."""
    return possible(policy.model)


@pytest.fixture(scope="module")
def chapters(policy: LoadedPolicy, arrivals: Mapping[str, Arrival]) -> Mapping[str, Here]:
    """Each flow and sub-flow as its chapter knows it."""
    atlas, voice = chart(policy.model, 1, arrivals), Voice(policy.model, LANGS["zh"])
    return {name: Here(atlas, flow, voice) for name, flow in atlas.flows.items()}


def last_row(book: Book, chapter: str, step: str) -> list[str]:
    """Return what the last row of a step's table says, cell by cell."""
    boxes = (block for block in blocks(chapter_of(book, chapter)) if isinstance(block, Box))
    box = next(box for box in boxes if box.title[1].words[0].strip() == step)
    cells = box.blocks[-1].rows[-1].cells  # type: ignore[union-attr]
    return ["".join(run.words[0] for line in cell for run in line) for cell in cells]


def test_an_answer_that_another_step_took_is_not_left_over(policy: LoadedPolicy, book: Book) -> None:
    """Whoever changed the mind is left where the seller's causes went elsewhere, and no price where it went before."""
    flows = policy.model.flows
    assert last_row(book, flows["presale"].title.zh, "买家原因：看店铺有没有承诺定金可退")[:2] == [
        "定金不退",
        "买家不想要了",
    ]
    change = last_row(book, flows["order_details"].title.zh, "能不能由客服改")
    assert change[:2] == ["客服可以改", "收件人、电话或收货地址"]


def test_what_is_left_over_can_arrive(chapters: Mapping[str, Here], arrivals: Mapping[str, Arrival]) -> None:
    """No last row of any flow names an answer that was ruled out on every way there."""
    looked_at = 0
    for here in (here for here in chapters.values() if not here.map.inlined):
        for state, _ in here.map.steps:
            ways = decision_of((state,)).ways
            for number, way in enumerate(ways):
                left = left_over(way, ways[:number], state, here) if way.otherwise else None
                for fact, said in (left or {}).items():
                    assert set(said.values) <= _values(arrivals[state.key], fact, said.values), (state.key, fact)
                    looked_at += len(said.values)
    assert looked_at > 100


def _values(arrival: Arrival, fact: str, every: tuple[Value, ...]) -> frozenset[Value]:
    known = arrival.get(fact)
    return frozenset(every) if known is None or known.values is None else known.values


def test_a_sub_flow_has_the_answers_of_every_flow_that_uses_it(
    policy: LoadedPolicy, chapters: Mapping[str, Here], arrivals: Mapping[str, Arrival]
) -> None:
    """What one user rules out stays possible where another does not; what all of them rule out is gone."""
    model = policy.model
    for here in (here for here in chapters.values() if here.map.inlined):
        users = [state.key for state in model.states.values() if state.uses == here.map.flow.name]
        for state, _ in here.map.steps:
            inner = state.key.removeprefix(f"{users[0]}.")
            copies: list[State] = [model.states[f"{user}.{inner}"] for user in users]
            for fact in (name for name, known in model.facts.items() if known.type.values):
                every = model.facts[fact].type.values
                each = {value for copy in copies for value in _values(arrivals.get(copy.key, {}), fact, every)}
                possible_there = can_be_answered(fact, state, here)
                offered = {value for o in state.offers if o.fact == fact for value, _ in o.options} or set(every)
                assert set(possible_there) == each & offered, (state.key, fact)


def test_no_question_has_an_answer_that_cannot_come(policy: LoadedPolicy, book: Book) -> None:
    """The underlying issue is never the service itself where that has gone another way, so no row is missing for it."""
    chapter = chapter_of(book, policy.model.flows["true_issue"].title.zh)
    (question,) = (row for row in tables(chapter, "plain")[0].rows)
    assert "服务态度" not in question.cells[2][0][0].words[0]
    assert "承诺没兑现" in question.cells[2][0][0].words[0]
