"""A policy folder proved: what cannot be read is refuted with its places, what the checks find too, then every law."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from aftersales.errors import MissingToolError, PolicyError
from aftersales.policy.checks.whole import CHECKS
from aftersales.policy.faults import distinct
from aftersales.policy.from_syntax import compile_policy
from aftersales.policy.model import Policy
from aftersales.policy.possible import analyse
from aftersales.syntax.read import read_folder
from aftersales.text import Text
from aftersales.verify.structure import refuted_by, structure
from aftersales.verify.verdict import Finding, Proofs, Verdict, unknown

#: Called with each verdict as it is reached, and how many there will be.
Progress = Callable[[Verdict, int], None]

#: Everything but its solver: these modules are loaded only where a proof is asked for.
_PROVE: Final = "aftersales.verify.prove"
_BUILT_IN: Final = "aftersales.verify.built_in"

#: What is asked of a folder before anything else, and what stands for all else where the answer is no.
READ: Final = "policy_can_be_read"
REST: Final = "every_other_law"
_READ_TITLE: Final = Text("规则文件夹能读懂", "the policy folder can be read")
_REST_TITLE: Final = Text("其他所有守则", "every other law")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be proved: the laws ``only`` (none: all), and how; ``patience`` in milliseconds for one question."""

    only: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    patience: int | None = None
    processes: int = 1


@dataclass(frozen=True, slots=True)
class FolderProof:
    """The verdicts on a folder. ``missing`` says what has to be installed before its laws can be proved."""

    proofs: Proofs
    missing: MissingToolError | None = None


def compiled(folder: Path) -> Policy | PolicyError:
    """Return the policy of a folder although it may not pass its checks, or every fault of reading it."""
    written, unread = read_folder(folder)
    if written is None:
        return PolicyError(*distinct(unread))
    try:
        return compile_policy(written)
    except PolicyError as fault:
        return fault


def law_names(policy: Policy) -> tuple[str, ...]:
    """Return the names of all that can be proved of a policy; without a solver those of every policy are left out."""
    found = [check.__name__ for check in CHECKS]
    with suppress(MissingToolError):
        found += [law.name for law in import_module(_BUILT_IN).BUILT_IN]
    return (*found, *policy.laws)


def unreadable(fault: PolicyError) -> FolderProof:
    """Return the verdicts on a folder that cannot be read: that, with every fault, and nothing known of all else."""
    why = unknown("规则读不懂，无从证明", "the policy cannot be read, so nothing can be asked of it")
    return FolderProof(
        Proofs(
            (
                Verdict(READ, _READ_TITLE, refuted_by(fault.diagnostics), 0.0),
                Verdict(REST, _REST_TITLE, why, 0.0),
            ),
            0.0,
        )
    )


def prove_policy(policy: Policy, wanted: Wanted, progress: Progress) -> FolderProof:
    """Settle the laws of a policy; where no solver is installed its checks alone, every law of its own being unknown."""
    patience = {} if wanted.patience is None else {"patience": wanted.patience}
    try:
        prove = import_module(_PROVE).prove
    except MissingToolError as missing:
        return FolderProof(_without_solver(policy, wanted, missing, progress), missing)
    proofs: Proofs = prove(
        policy, only=wanted.only, allow=wanted.allow, processes=wanted.processes, progress=progress, **patience
    )
    return FolderProof(proofs)


def _without_solver(policy: Policy, wanted: Wanted, missing: MissingToolError, progress: Progress) -> Proofs:
    started = time.perf_counter()
    why = Finding("unknown", missing.diagnostics[0].message)
    own = (Verdict(law.name, law.title, why, 0.0, law.sources, law.span) for law in policy.laws.values())
    verdicts = [
        verdict for verdict in (*structure(analyse(policy)), *own) if not wanted.only or verdict.law in wanted.only
    ]
    for verdict in verdicts:
        progress(verdict, len(verdicts))
    return Proofs(tuple(verdicts), time.perf_counter() - started, frozenset(wanted.allow))
