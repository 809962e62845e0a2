"""The mutation test of a policy folder from end to end: which faults there are, a fair choice of them, what became of each."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

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

#: The same sample in every run.
_SEED: Final = 1
#: How long one question about a survivor may take, in milliseconds; what takes longer counts as a real fault.
_PATIENCE: Final = 3_000


def try_mutants(
    policy: LoadedPolicy, folder: Path, most: int | None, processes: int, progress: Progress | None = None
) -> MutationReport:
    """Put ``most`` faults (``None``: every one) into the policy of ``folder`` and return which were noticed.

    Raises PolicyError where the folder no longer reads as it did when ``policy`` was loaded.
    """
    started = time.perf_counter()
    written, faults = read_folder(folder)
    if written is None:
        raise PolicyError(*faults)
    mutants = in_turn(mutants_of(Workshop(written, policy.model)), _SEED)
    trial = Trial(policy, ready_cases(policy, folder), Alike(ready(policy.model, patience=_PATIENCE)))
    verdicts = run_mutants(trial, mutants[:most], processes=processes, progress=progress)
    return MutationReport(verdicts, len(mutants), time.perf_counter() - started)
