"""What faults are put into a policy, as an author reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales import LoadedPolicy
from aftersales.policy.model import State
from aftersales.verify.mutants.mutant import Mutant
from aftersales.verify.mutants.operators import OPERATORS, mutants_of
from aftersales.verify.mutants.workshop import Workshop

WRITTEN = Path(__file__).parent / "edits.txt"


def listed(*workshops: Workshop) -> str:
    """Return every mutant as a line: its kind, its file and line, the edit."""
    found = (mutant for workshop in workshops for mutant in mutants_of(workshop))
    return "".join(f"{m.operator} | {m.span.source.name}:{m.span.line} | {m.edit.en}\n" for m in found)


def one(workshop: Workshop, edit: str) -> Mutant:
    """Return the only mutant with this edit."""
    (found,) = (mutant for mutant in mutants_of(workshop) if mutant.edit.en == edit)
    return found


def changed(workshop: Workshop, edit: str) -> dict[str, State]:
    """Return the states that an edit changes."""
    change = one(workshop, edit).make()
    assert change.refused == ()
    return dict(change.states)


def test_every_edit_reads_as_in_the_list(desk_workshop: Workshop, minimal_workshop: Workshop) -> None:
    """All mutants of two policies are those of ``edits.txt``, word for word; write the file anew where a kind changes."""
    assert listed(desk_workshop, minimal_workshop) == WRITTEN.read_text(encoding="utf-8")


def test_every_operator_has_an_example() -> None:
    """The list names every kind of fault, and no operator is called like another."""
    lines = WRITTEN.read_text(encoding="utf-8").splitlines()
    names = [operator.name for operator in OPERATORS]
    assert {line.split(" | ")[0] for line in lines} == set(names)
    assert len(set(names)) == len(names)


def test_every_mutant_differs(desk_workshop: Workshop) -> None:
    """A mutant changes something that the policy has, or is refused with a fault; the policy itself stays."""
    policy = desk_workshop.policy
    for mutant in mutants_of(desk_workshop):
        change = mutant.make()
        assert change.refused or change.names, mutant.edit.en
        other = change.applied_to(policy)
        for kind, name in change.names:
            assert getattr(other, kind)[name] != getattr(policy, kind)[name], mutant.edit.en


def test_a_guard_is_made_anew(desk_workshop: Workshop) -> None:
    """A changed condition changes its own guard and those of the branches below it, which no longer exclude the old one."""
    edit = "wrong_item.verify: not photos_sent → photos_sent"
    state = changed(desk_workshop, edit)["wrong_item.verify"]
    before = desk_workshop.policy.states["wrong_item.verify"]
    same = [one.guard == other.guard for one, other in zip(state.branches, before.branches, strict=True)]
    assert same[0] is True
    assert not any(same[1:])


def test_a_sub_flow_is_changed_in_every_copy(minimal_workshop: Workshop) -> None:
    """One written place is one mutant, however often its flow is used."""
    keys = {key for key in minimal_workshop.policy.states if key.endswith(".hand_over")}
    edit = next(m.edit.en for m in mutants_of(minimal_workshop) if m.place == "return_trip.hand_over")
    assert len(keys) == 2
    assert set(changed(minimal_workshop, edit)) == keys


def test_an_exit_is_changed_where_it_is_written(minimal_workshop: Workshop) -> None:
    """Where an exit leads is written by the flow that uses the sub-flow: only its own copy leads elsewhere."""
    mutants = [m for m in mutants_of(minimal_workshop) if m.operator == "wrong_target" and m.place == "no_reason.trip"]
    keys = {key for mutant in mutants for key in mutant.make().states}
    assert keys
    assert all(key.startswith("no_reason.trip.") for key in keys)


def test_an_edit_that_no_policy_may_have_is_refused(desk_workshop: Workshop) -> None:
    """An action that others come after cannot be left out: the fault is the loader's own."""
    change = one(desk_workshop, "wrong_item.reshipped: do: pack → (left out)").make()
    assert [fault.code for fault in change.refused] == ["after_elsewhere"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_edit_names_place_and_text(desk_workshop: Workshop, lang: str) -> None:
    """The edit is ``place: before → after``; what is left out is said in the reader's language."""
    edit = one(desk_workshop, "wrong_item.refunded: do: restock → (left out)").edit
    assert (
        edit.to_dict()[lang]
        == {
            "zh": "wrong_item.refunded：do: restock → （删去）",
            "en": "wrong_item.refunded: do: restock → (left out)",
        }[lang]
    )


def test_a_mutant_as_json(desk: LoadedPolicy, desk_workshop: Workshop) -> None:
    """The JSON tells kind, place, file, line and both texts."""
    assert desk.model is desk_workshop.policy
    assert one(desk_workshop, "pickup_time: 20:00 → 20:01").to_dict() == {
        "operator": "moved_param",
        "place": "pickup_time",
        "file": "params.yaml",
        "line": 3,
        "before": "20:00",
        "after": "20:01",
    }
