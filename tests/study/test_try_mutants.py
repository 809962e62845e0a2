"""The mutation test from end to end: on the small shop, and on the shipped policy, whose tests must notice 95 %."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, PolicyError, load
from aftersales.run.loaded import shipped_folder
from aftersales.study.mutants import MutationReport, Trial, run_mutants
from aftersales.study.prepared import ready_cases
from aftersales.study.try_mutants import Effort, try_mutants
from aftersales.syntax.read import read_folder
from aftersales.verify.atlas import ready
from aftersales.verify.mutants.alike import Alike
from aftersales.verify.mutants.mutant import Mutant
from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.sampling import in_turn
from aftersales.verify.mutants.workshop import Workshop

SMALL = Path(__file__).parent / "small"
SURVIVORS = Path(__file__).parent / "survivors.txt"
#: The least share of faults that the shipped policy's own tests notice.
ENOUGH = 0.95


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


@pytest.fixture(scope="module")
def shipped() -> tuple[LoadedPolicy, tuple[Mutant, ...]]:
    """The shipped policy and all that can be put into it, as a seed turns it."""
    policy = load()
    written, faults = read_folder(shipped_folder())
    assert written is not None, faults
    return policy, in_turn(mutants_of(Workshop(written, policy.model)), seed=1)


def edits(report: MutationReport) -> list[str]:
    """Return the faults that were tried, in turn."""
    return [verdict.mutant.edit.en for verdict in report.verdicts]


def test_every_fault_is_tried(small: LoadedPolicy) -> None:
    """Without a number every fault is put in, once."""
    seen: list[int] = []
    report = try_mutants(small, SMALL, Effort(), lambda done, _of: seen.append(done))
    assert len(set(edits(report))) <= len(report.verdicts) == report.found == seen[-1]
    assert report.seconds > 0


def test_a_seed_chooses(small: LoadedPolicy) -> None:
    """One seed gives one choice, another one another; the report says which it was."""
    one, again, other = (try_mutants(small, SMALL, Effort(most=12, seed=seed)) for seed in (1, 1, 2))
    assert edits(one) == edits(again) != edits(other)
    assert [len(report.verdicts) for report in (one, other)] == [12, 12]
    assert [report.seed for report in (one, other)] == [1, 2]


def test_time_ends_it(small: LoadedPolicy) -> None:
    """When the time is over, what was tried so far is the beginning of the same choice."""
    short = try_mutants(small, SMALL, Effort(seconds=0))
    assert edits(short) == edits(try_mutants(small, SMALL, Effort(most=1)))


def test_the_solver_settles_what_no_case_notices(small: LoadedPolicy) -> None:
    """Of all faults in the small shop some make no difference: they do not count against its tests."""
    fates = Counter(verdict.fate for verdict in try_mutants(small, SMALL, Effort()).verdicts)
    assert fates["equivalent"] > 0
    assert fates["survived"] > 0


def test_a_folder_that_no_longer_reads(small: LoadedPolicy, tmp_path: Path) -> None:
    """A folder that was changed since it was loaded is a fault of the policy, with its place."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "shop"))
    (folder / "wrong_item.yaml").write_text("flow: [", encoding="utf-8")
    with pytest.raises(PolicyError) as fault:
        try_mutants(small, folder, Effort(most=1))
    assert fault.value.diagnostics[0].span is not None


def test_the_shipped_policy_notices_a_fair_choice(shipped: tuple[LoadedPolicy, tuple[Mutant, ...]]) -> None:
    """Of 40 faults its cases and laws notice 95 %; the solver is only asked where the cases alone do not."""
    policy, mutants = shipped
    cases, chosen = ready_cases(policy, shipped_folder()), mutants[:40]
    report = MutationReport(run_mutants(Trial(policy, cases), chosen), len(mutants), 0.0)
    if report.whole.share < ENOUGH:
        settled = Trial(policy, cases, Alike(ready(policy.model, patience=Effort().patience)))
        report = MutationReport(run_mutants(settled, chosen), len(mutants), 0.0)
    missed = "\n".join(verdict.mutant.edit.en for verdict in report.survivors)
    assert report.whole.share >= ENOUGH, missed


def explained() -> Counter[str]:
    """Return the faults that ``survivors.txt`` explains: the indented lines, each below a reason."""
    lines = SURVIVORS.read_text(encoding="utf-8").splitlines()
    return Counter(line.strip() for line in lines if line.startswith("  "))


def test_every_survivor_stands_below_a_reason() -> None:
    """The list of survivors is made of blocks: a reason in one line, then its faults."""
    text = SURVIVORS.read_text(encoding="utf-8").rstrip("\n")
    for block in text.split("\n\n")[1:]:
        reason, *faults = block.split("\n")
        assert reason
        assert not reason.startswith((" ", "#"))
        assert faults
        assert all(fault.startswith("  ") and "→" in fault for fault in faults), block


def test_the_explained_faults_are_faults_of_the_shipped_policy(
    shipped: tuple[LoadedPolicy, tuple[Mutant, ...]],
) -> None:
    """No explanation outlives the line that it is about."""
    assert set(explained()) <= {mutant.edit.en for mutant in shipped[1]}


@pytest.mark.slow
def test_every_fault_in_the_shipped_policy() -> None:
    """Every fault is noticed, makes no difference, or is explained in ``survivors.txt``; 95 % is the least."""
    report = try_mutants(load(), shipped_folder(), Effort(processes=2))
    assert len(report.verdicts) == report.found
    assert Counter(verdict.mutant.edit.en for verdict in report.survivors) == explained()
    assert report.whole.share >= ENOUGH
