"""Whether the worked cases and laws of a policy notice faults put into it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.policy.model import Policy
from aftersales.run.machine import PolicyMachine
from aftersales.study.mutants import MutationReport, Trial, Verdict, _differing, run_mutants
from aftersales.study.prepared import Cases, Decided, decide_again, ready_cases
from aftersales.syntax.read import read_folder
from aftersales.verify.mutants.mutant import Mutant
from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.workshop import Workshop

SMALL = Path(__file__).parent / "small"

LAW = """
laws:
  seller_reships:
    title: {zh: 补发由卖家负责, en: A reship is the seller's fault}
    sources: [T26]
    if: outcome == reship
    then: liable == seller
"""


def mutants_in(folder: Path, policy: LoadedPolicy) -> list[Mutant]:
    """Return every mutant of a policy, in order."""
    written, faults = read_folder(folder)
    assert written is not None, faults
    return list(mutants_of(Workshop(written, policy.model)))


class Oracle:
    """Stands for the solver: says of every survivor what it was told to say."""

    def __init__(self, *, same: bool | None = None, law: str | None = None) -> None:
        self.same = same
        self.law = law

    def equivalent(self, _mutant: Mutant, _mutated: Policy) -> bool | None:
        """Return what was told."""
        return self.same

    def broken_law(self, _mutant: Mutant, _mutated: Policy) -> str | None:
        """Return what was told."""
        return self.law


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


@pytest.fixture(scope="module")
def cases(policy: LoadedPolicy) -> Cases:
    """Its worked cases, ready."""
    return ready_cases(policy, SMALL)


@pytest.fixture(scope="module")
def mutants(policy: LoadedPolicy) -> list[Mutant]:
    """Its mutants."""
    return mutants_in(SMALL, policy)


def fates(verdicts: tuple[Verdict, ...]) -> dict[str, tuple[str, str]]:
    """Return what became of each mutant, by its edit."""
    return {verdict.mutant.edit.en: (verdict.fate, verdict.by) for verdict in verdicts}


def test_cases_that_cannot_be_read_or_do_not_hold_are_left_out(cases: Cases, policy: LoadedPolicy) -> None:
    """Eight cases are written; one expects that it cannot be read, which no fault of a policy changes."""
    assert len(cases.all) == 7
    assert not any(case.notices(case.decided, policy.model) for case in cases.all)


def test_a_case_looks_at_what_its_decision_depends_on(cases: Cases) -> None:
    """The states walked and the params read are noted, others are not."""
    (case,) = (case for case in cases.all if case.name == "仓库逾期，买家也不选方案")
    assert {("states", "wrong_item.choose_remedy"), ("params", "remedy_time")} <= case.looked_at
    assert ("states", "wrong_item.refunded") not in case.looked_at


def test_what_a_case_does_not_look_at_cannot_change_it(
    cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]
) -> None:
    """Under every mutant the cases that are left aside decide as before."""
    for mutant in mutants:
        change = mutant.make()
        mutated = change.applied_to(policy.model)
        machine = PolicyMachine(mutated)
        concerned = {case.name for case in cases.concerned(change.names)}
        for case in cases.all:
            assert case.name in concerned or decide_again(case.parts, mutated, machine).same_as(case.decided)


def test_a_revised_machine_decides_as_a_new_one(cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """Whatever the mutant changes: the machine whose edges were exchanged gives the decisions of one built anew."""
    for mutant in mutants:
        change = mutant.make()
        mutated = change.applied_to(policy.model)
        revised = policy.machine.revised(mutated, set(change.states) | set(policy.model.states))
        exact = policy.machine.revised(mutated, change.states)
        for case in cases.all:
            fresh = decide_again(case.parts, mutated, PolicyMachine(mutated))
            assert decide_again(case.parts, mutated, revised).same_as(fresh)
            assert decide_again(case.parts, mutated, exact).same_as(fresh)


def test_the_small_shop_notices_most(cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """A wrong payer, a wrong target, a dropped branch are noticed by the case that expects otherwise."""
    found = fates(run_mutants(Trial(policy, cases), mutants))
    assert found["wrong_item.refunded: return borne: seller → return borne: buyer"] == (
        "case",
        "退货退款，卖家承担退回邮费",
    )
    assert found["wrong_item.verify: not photos_sent: to: no_evidence → (left out)"] == ("case", "没有照片")
    assert found["wrong_item.verify: within: 48h → within: 49h"] == ("case", "照片逾期")
    assert found["wrong_item.reshipped: liable: seller → liable: buyer"] == ("survived", "")


def test_a_survivor_says_where_it_shows(cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """The cases that come out otherwise without expecting it are named with the parts that changed."""
    (verdict,) = (
        verdict
        for verdict in run_mutants(Trial(policy, cases), mutants)
        if verdict.mutant.edit.en == "wrong_item.reshipped: liable: seller → liable: buyer"
    )
    assert verdict.hints[0].case == "补发"
    assert verdict.hints[0].parts == ("liable",)
    assert verdict.to_dict()["hints"] == [
        {"case": hint.case, "place": hint.place, "parts": list(hint.parts)} for hint in verdict.hints
    ]


def test_a_survivor_says_how_near_the_cases_come(cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """How many cases look at what is changed, and the one that looks at the least else: it could expect more."""
    found = {verdict.mutant.edit.en: verdict for verdict in run_mutants(Trial(policy, cases), mutants)}
    verdict = found["wrong_item.reshipped: liable: seller → liable: buyer"]
    assert (verdict.cases, verdict.nearest) == (2, "补发")
    unseen = run_mutants(Trial(policy, Cases(())), [verdict.mutant])[0]
    assert (unseen.cases, unseen.nearest, unseen.hints) == (0, "", ())
    assert unseen.to_dict()["nearest"] is None


def test_what_no_case_can_expect_is_no_hint(cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """Another wording of why a case went its way is not compared, so nobody is told to expect it."""
    case = cases.all[0]
    made = case.decided.decision
    assert made is not None
    worded = tuple(replace(step, because="otherwise") for step in made.path)
    assert _differing(case, Decided((), replace(made, path=worded)), policy.model) == ()
    shorter = replace(made, path=made.path[:-1], liable="buyer")
    assert _differing(case, Decided((), shorter), policy.model) == ("liable", "path")
    for verdict in run_mutants(Trial(policy, cases), mutants):
        assert all(hint.parts for hint in verdict.hints), verdict.mutant.edit.en


def test_a_law_notices_what_no_case_expects(tmp_path: Path) -> None:
    """A law of the policy ends the mutant that breaks it, on the case that shows it."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "shop"))
    (folder / "laws.yaml").write_text(LAW, encoding="utf-8")
    policy = load(folder)
    found = fates(run_mutants(Trial(policy, ready_cases(policy, folder)), mutants_in(folder, policy)))
    assert found["wrong_item.reshipped: liable: seller → liable: buyer"] == ("law", "seller_reships")


def test_what_load_would_refuse_is_noticed_by_the_checks(policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """Without any case the checks of a policy folder still refuse a late edge that is missing."""
    found = fates(run_mutants(Trial(policy, Cases(())), mutants))
    assert found["wrong_item.verify: late: photos_sent → (left out)"][0] == "check"
    assert found["wrong_item.reshipped: liable: seller → liable: buyer"][0] == "survived"


@pytest.mark.parametrize(
    ("oracle", "fate"),
    [
        (Oracle(same=True), ("equivalent", "")),
        (Oracle(same=False), ("survived", "")),
        (Oracle(same=None), ("survived", "")),
        (Oracle(law="seller_reships"), ("law", "seller_reships")),
    ],
)
def test_the_solver_settles_survivors(
    oracle: Oracle, fate: tuple[str, str], cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]
) -> None:
    """What no case notices is the same in every case, breaks a law, or survives; what it cannot tell survives."""
    found = fates(run_mutants(Trial(policy, cases, oracle), mutants))
    assert found["wrong_item.reshipped: liable: seller → liable: buyer"] == fate
    assert found["wrong_item.verify: within: 48h → within: 49h"] == ("case", "照片逾期")


def test_two_processes_find_the_same(cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """Shared work gives the same verdicts in the same order, and tells how far it is."""
    seen: list[tuple[int, int]] = []
    trial = Trial(policy, cases)
    alone = run_mutants(trial, mutants)
    shared = run_mutants(trial, mutants, processes=2, progress=lambda done, of: seen.append((done, of)))
    assert shared == alone
    assert seen == [(number, len(mutants)) for number in range(1, len(mutants) + 1)]


@pytest.mark.parametrize("processes", [1, 2])
def test_time_runs_out(processes: int, cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """What is not done within the time is left out: a beginning is a sample."""
    verdicts = run_mutants(Trial(policy, cases), mutants, processes=processes, seconds=0)
    assert [verdict.mutant for verdict in verdicts] == mutants[:1]


def test_the_report_counts_what_counts(cases: Cases, policy: LoadedPolicy, mutants: list[Mutant]) -> None:
    """The share leaves out what load refuses and what makes no difference; survivors stand in order of place."""
    verdicts = run_mutants(Trial(policy, cases), mutants)
    report = MutationReport(verdicts, len(mutants), 1.5)
    whole = report.whole
    assert sum(whole.fates.values()) == len(mutants)
    assert whole.counted == whole.fates["case"] + whole.fates["survived"]
    assert whole.share == whole.noticed / whole.counted
    assert [verdict.fate for verdict in report.survivors] == ["survived"] * whole.fates["survived"]
    lines = [(verdict.mutant.span.source.name, verdict.mutant.span.line) for verdict in report.survivors]
    assert lines == sorted(lines)
    shown = report.to_dict()
    assert (shown["found"], shown["tried"], shown["seconds"], shown["seed"]) == (len(mutants), len(mutants), 1.5, 1)
    assert shown["score"] == round(whole.share, 4)
