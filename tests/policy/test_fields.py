"""What is known as one number says what a map of facts says, and is joined, changed and counted on as one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aftersales.expr.types import Value
from aftersales.policy.arrival import Arrival, Known, fact_values, goes_into, join
from aftersales.policy.fields import MOST_ALTERNATIVES, NOTHING, Alternatives, Fields, among
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy, Target

DESK = Path(__file__).parents[1] / "run" / "desk"


@cache
def desk() -> Policy:
    """Return the policy of the test desk, loaded once."""
    return load_folder(DESK)


@cache
def fields() -> Fields:
    """Return the fields of its facts."""
    return Fields(desk())


def all_values(name: str) -> frozenset[Value] | None:
    """Return all values of a fact that can be listed."""
    values = fact_values(desk().facts[name])
    return None if values is None else frozenset(values)


@st.composite
def known(draw: st.DrawFn, name: str) -> Known:
    """Draw what may be known of a fact: some of its values, read or not."""
    values = fact_values(desk().facts[name])
    some = None if values is None else draw(st.frozensets(st.sampled_from(values), min_size=1))
    return Known(some, draw(st.booleans()))


NAMES = st.sets(st.sampled_from(sorted(desk().facts)), max_size=12)
ARRIVALS = NAMES.flatmap(lambda names: st.fixed_dictionaries({name: known(name) for name in sorted(names)}))


@given(arrival=ARRIVALS)
def test_a_number_says_what_the_arrival_says(arrival: Arrival) -> None:
    """Every fact with its values comes back, in the order of the facts; a fact of any value has all of them."""
    bits = fields().of(arrival)
    assert fields().arrival(bits) == arrival
    assert [*fields().names(bits)] == [name for name in desk().facts if name in arrival]
    anything = {name: Known(None, read=entry.read) for name, entry in arrival.items()}
    assert fields().arrival(fields().of(anything)) == {
        name: Known(all_values(name), entry.read) for name, entry in arrival.items()
    }


@given(several=st.lists(ARRIVALS, min_size=1, max_size=4))
def test_numbers_are_joined_as_arrivals(several: list[Arrival]) -> None:
    """Where ways meet, what all of them know is known, with all values that one of them has, and read where all read it."""
    joined = fields().join(map(fields().of, several))
    assert fields().arrival(joined) == join(several)


@given(arrival=ARRIVALS, more=ARRIVALS)
def test_what_is_known_more_goes_first(arrival: Arrival, more: Arrival) -> None:
    """A step that says more of a fact that is known replaces it."""
    bits = fields().with_more(fields().of(arrival), fields().of(more))
    assert fields().arrival(bits) == {**arrival, **more}


@given(arrival=ARRIVALS)
def test_an_answer_taken_for_silence_may_be_replaced(arrival: Arrival) -> None:
    """Of what no branch has read any value is possible after a rest; what was read stays."""
    later = fields().arrival(fields().may_have_changed(fields().of(arrival)))
    assert later == {
        name: entry if entry.read else Known(all_values(name), read=False) for name, entry in arrival.items()
    }


@given(arrival=ARRIVALS, forget=NAMES)
def test_what_is_forgotten_goes_with_all_that_is_made_of_it(arrival: Arrival, forget: set[str]) -> None:
    """Behind a target nothing is known of what it forgets, nor of what is derived from that."""
    made = goes_into(desk())
    gone = forget.union(*(made[name] for name in forget))
    behind = fields().behind(Target("x", forget=tuple(sorted(forget))), fields().of(arrival))
    assert fields().arrival(behind) == {name: entry for name, entry in arrival.items() if name not in gone}


def test_targets_take_and_count() -> None:
    """A taken answer is not read; a counter stays at its bound, and may be anything where it was not known."""
    take = Target("x", take=(("wants", "reship"),), add=(("photo_rounds", 1),))
    behind = fields().arrival(fields().behind(take, fields().of({"photo_rounds": Known(frozenset({0, 2}))})))
    assert behind == {"wants": Known(frozenset({"reship"}), read=False), "photo_rounds": Known(frozenset({1, 2}))}
    unknown = fields().arrival(fields().behind(Target("x", add=(("photo_rounds", 1),)), NOTHING))
    assert unknown == {"photo_rounds": Known(frozenset({1, 2}))}


@given(several=st.lists(ARRIVALS, max_size=8), names=NAMES)
def test_alternatives_differ_in_what_is_asked_about(several: list[Arrival], names: set[str]) -> None:
    """Of all that is known only some facts count; what knows the same of them comes once."""
    found = [fields().arrival(bits) for bits in among(fields().mask(names), map(fields().of, several))]
    wanted = [{name: entry for name, entry in arrival.items() if name in names} for arrival in several]
    assert found == [arrival for number, arrival in enumerate(wanted) if arrival not in wanted[:number]]


def test_too_many_alternatives_are_taken_together() -> None:
    """Up to a bound ways are told apart by which facts they know; beyond it only what all of them know is kept."""
    alternatives = Alternatives(fields())
    always = fields().of({"evidence": Known(frozenset({"none"}))})
    for name in [name for name in desk().facts if name != "evidence"][: MOST_ALTERNATIVES + 1]:
        assert alternatives.add(always | fields().anything[name])
    assert [*alternatives.all.values()] == [always]
    assert not alternatives.add(always | fields().anything["wants"])
    assert alternatives.add(fields().of({"evidence": Known(frozenset({"confirmed"}))}))
