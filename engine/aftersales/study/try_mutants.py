"""The mutation test of a policy folder from end to end: which faults there are, a fair choice of them, what became of each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from aftersales.errors import PolicyError
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.mutants import MutationReport, Progress, Trial, run_mutants
from aftersales.study.prepared import ready_cases
from aftersales.syntax.read import read_folder
from aftersales.verify.atlas import ready
from aftersales.verify.mutants.alike import Alike
from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.sampling import in_turn
from aftersales.verify.mutants.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of a mutation test is wanted: ``most`` faults (``None``: every one), chosen by ``seed``.

    ``seconds`` ends it early: what was tried by then is a fair choice too. ``patience`` is how long, in milliseconds,
    one question about a survivor may take; what takes longer counts as a real fault.
    """

    most: int | None = None
    seed: int = 1
    seconds: float | None = None
    patience: int = 3_000
    processes: int = 1


def try_mutants(policy: LoadedPolicy, folder: Path, effort: Effort, progress: Progress | None = None) -> MutationReport:
    """Put faults into the policy of ``folder`` and return which were noticed.

    Raises PolicyError where the folder no longer reads as it did when ``policy`` was loaded, MissingToolError where no
    solver is installed.
    """
    started = time.perf_counter()
    written, faults = read_folder(folder)
    if written is None:
        raise PolicyError(*faults)
    mutants = in_turn(mutants_of(Workshop(written, policy.model)), effort.seed)
    trial = Trial(policy, ready_cases(policy, folder), Alike(ready(policy.model, patience=effort.patience)))
    verdicts = run_mutants(
        trial, mutants[: effort.most], processes=effort.processes, seconds=effort.seconds, progress=progress
    )
    return MutationReport(verdicts, len(mutants), time.perf_counter() - started, effort.seed)
