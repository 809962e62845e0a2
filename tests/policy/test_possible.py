"""What can happen in every state: what is known on arrival, what can be taken, where a case rests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from aftersales.policy import needs as needs_room
from aftersales.policy.fields import Bits
from aftersales.policy.live import along_the_ways, targets_of
from aftersales.policy.load import load_folder
from aftersales.policy.lore import Lore
from aftersales.policy.model import Late, Policy, State
from aftersales.policy.needs import needs_of
from aftersales.policy.possible import Analysis, Way, _Search, analyse, possible
from aftersales.policy.world import explore

Change = Callable[[str, str, str], Path]


@pytest.fixture(scope="module")
def analysis(minimal: Policy) -> Analysis:
    """Return the analysis of the small policy."""
    return analyse(minimal)


def _values(policy: Policy, state: str, fact: str) -> set[object]:
    return set(possible(policy)[state][fact].values or ())


@pytest.fixture
def meeting(change: Change) -> Policy:
    """Return the small policy with a state that reads ``severity`` and that only one of two ways in has read."""
    change(
        "wrong_item.yaml",
        "      - when: evidence != confirmed\n        to: refused\n      - {otherwise: choose}\n",
        "      - when: evidence != confirmed\n        to: sorted\n      - {otherwise: weigh}\n",
    )
    change("wrong_item.yaml", "      evidence: choose\n", "      evidence: {to: sorted, take: {evidence: none}}\n")
    folder = change(
        "wrong_item.yaml",
        "  choose:\n",
        "  weigh:\n    title: {zh: 程度, en: Weigh}\n    within: 48h\n    late: refused\n"
        "    by: {severity: {minor: sorted, severe: sorted}}\n"
        "  sorted:\n    title: {zh: 分开, en: Sorted}\n    first:\n"
        "      - {when: evidence != confirmed, to: refused}\n"
        "      - when: severity == minor\n        to: refused\n"
        "      - {otherwise: choose}\n"
        "  choose:\n",
    )
    return load_folder(folder)


def test_only_what_every_way_has_read_is_known(meeting: Policy) -> None:
    """A fact that one of two ways has not read is not surely known where they meet; what both have read is."""
    known = possible(meeting)["wrong_item.sorted"]
    assert "evidence" in known
    assert "severity" not in known


def test_of_two_answers_given_together_the_one_says_something_of_the_other(meeting: Policy) -> None:
    """Where only one of two ways in has read a fact, a branch that only that way can take knows it."""
    assert not analyse(meeting).ways["wrong_item.sorted"].rests


def test_a_table_narrows_what_is_possible(change: Change) -> None:
    """Behind a row only its value is possible; behind a refused condition all the others."""
    change("no_reason.yaml", "{none: trip, always: trip}", "{none: trip, always: too_late}")
    policy = load_folder(
        change(
            "no_reason.yaml",
            "      intact: {true: refunded, false: damaged}\n",
            "      intact: {true: {by: {free_shipping: {none: refunded}}}, false: damaged}\n",
        )
    )
    assert _values(policy, "no_reason.inspect", "free_shipping") == {"none"}


def test_a_counter_is_known_to_its_bound(minimal: Policy) -> None:
    """Every value that the loop can count to is possible, none beyond the bound."""
    assert _values(minimal, "wrong_item.verify", "photo_rounds") == {0, 1, 2}


def test_silence_taken_as_an_answer_may_be_replaced_while_the_case_rests(analysis: Analysis) -> None:
    """A taken answer that no branch has read is only one of the possible ones once the case has rested."""
    situations = analysis.ways["wrong_item.choose"].situations
    arrivals = [analysis.lore.fields.arrival(situation.known) for situation in situations]
    taken = [arrival["in_stock"] for arrival in arrivals if "in_stock" in arrival]
    assert [(set(known.values or ()), known.read) for known in taken] == [({True, False}, False)]


def test_a_case_rests_where_something_may_be_unknown(analysis: Analysis) -> None:
    """States that wait or ask are rests, states that only pass on are not."""
    rests = {key for key, ways in analysis.ways.items() if ways.rests and analysis.policy.states[key].end is None}
    assert "wrong_item.verify" in rests
    assert "no_reason.trip.hand_over" in rests
    assert "wrong_item.trip" not in rests


def test_needs_are_told_in_the_authors_order(analysis: Analysis) -> None:
    """A state's needs are the facts that its branches can wait for, also through options and params."""
    policy = analysis.policy

    def needs(key: str) -> tuple[str, ...]:
        lore = Lore(policy)
        return needs_of(lore, policy.states[key], lore.fields.of(analysis.arrival(key)))

    assert needs("wrong_item.verify") == ("photos_sent", "evidence")
    assert needs("wrong_item.choose") == ("in_stock", "wants")
    assert needs("no_reason.window") == ("delivered", "days_since_delivered", "platform")


DESK = Path(__file__).parents[1] / "run" / "desk"


@pytest.fixture(scope="module", params=["minimal", "desk"])
def whole(request: pytest.FixtureRequest, minimal: Policy) -> Analysis:
    """Return the analysis of a small policy, and of one with loops, offers and a sub-flow."""
    return analyse(minimal if request.param == "minimal" else load_folder(DESK))


def test_nothing_that_is_waited_for_is_passed_over(whole: Analysis) -> None:
    """Branches that are not tried, as nothing of them can be unknown, would have found nothing: all are tried here."""
    found = 0
    for state, ways in whole.reached():
        several = [situation.known for situation in ways.situations]
        needs = needs_of(whole.lore, state, *several)
        assert needs == tuple(
            dict.fromkeys(name for known in several for name in _tried_in_full(whole.lore, state, known))
        )
        found += len(needs)
    assert found > 2


def _tried_in_full(lore: Lore, state: State, known: Bits) -> tuple[str, ...]:
    """Return the facts that keep a case in a state, looked for in every world of every branch."""
    found: dict[str, None] = {}
    for index in range(len(state.branches)):
        for _, fact in explore(lore, known, state.offers, partial(needs_room._new_need, state, index, found)):
            if fact is not None:
                found[fact] = None
    return tuple(found)


def test_states_that_decide_alike_are_tried_alike(whole: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can happen in a state is the same whether or not another one was tried in its place."""
    alone = iter(range(10_000))
    monkeypatch.setattr(_Search, "_number", lambda *_: next(alone))
    again = analyse(whole.policy)
    assert again.ways == whole.ways
    assert next(alone) > 2


def test_a_state_comes_behind_all_that_lead_to_it(whole: Analysis) -> None:
    """Only a way round leads back to a state of a lower rank."""
    policy = whole.policy
    ranks = along_the_ways(policy, policy.flows[policy.root].start)
    assert ranks.keys() >= whole.ways.keys()
    assert sorted(ranks.values()) == list(range(len(ranks)))
    ahead = {key: {target.state for target in targets_of(policy, policy.states[key])} for key in ranks}
    for key, targets in ahead.items():
        for target in targets:
            assert ranks[target] > ranks[key] or key in _ahead(ahead, target)


def _ahead(ahead: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = ahead[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def test_moves_that_need_not_be_told_apart_come_once(whole: Analysis) -> None:
    """Of each way that a case can take the first move comes, in the order of all moves, whichever are told apart."""
    every = list(whole.moves(lambda _: True))
    once = {(move.source, id(move.way)): move for move in reversed(every)}
    assert list(whole.moves(lambda _: False)) == [move for move in every if once[move.source, id(move.way)] is move]
    lates = [move for move in every if isinstance(move.way, Late) or once[move.source, id(move.way)] is move]
    assert list(whole.moves(lambda way: isinstance(way, Late))) == lates
    assert len(once) < len(lates) < len(every)


def test_moves_along_some_ways_are_those_of_all_moves(whole: Analysis) -> None:
    """Whoever asks for the moves along some ways, or from some states, gets them as they stand among all."""
    every = list(whole.moves(lambda _: True))
    assert list(whole.moves_along(_changes)) == [move for move in every if _changes(move.way)]
    states = {*[*whole.ways][::2]}
    assert list(whole.moves(lambda _: True, states)) == [move for move in every if move.source in states]
    assert {key: {id(way) for way in ways} for key, ways in whole.taken().items() if ways} == {
        key: {id(move.way) for move in every if move.source == key} for key in {move.source for move in every}
    }


def _changes(way: Way) -> bool:
    return bool(way.target.forget or way.target.take or way.target.add)
