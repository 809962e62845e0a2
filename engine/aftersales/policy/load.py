"""Reads a policy folder from disk: composed, compiled, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales.errors import PolicyError
from aftersales.garbage import PutOff
from aftersales.policy.checked import was_checked
from aftersales.policy.faults import distinct
from aftersales.policy.from_syntax import compile_policy
from aftersales.policy.model import Policy
from aftersales.syntax.read import read_folder

if TYPE_CHECKING:  # slow to import
    from pathlib import Path


def load_folder(folder: str | Path, *, again: bool = True) -> Policy:
    """Return the policy of ``folder``, ready for every engine.

    Without ``again`` the shipped files, which passed every check when this package was made, are not checked once more,
    and their laws are read when they are first looked at.
    Raises PolicyError with every fault of the run in order of file, line and column: first what cannot be read, then
    names and types, then what only the whole policy can show.
    """
    with PutOff():
        written, unread = read_folder(folder) if again else read_folder(folder, was_checked)
        if written is None:
            raise PolicyError(*distinct(unread))
        policy = compile_policy(written)
        del written  # the checks take room, and need nothing of it
        if again or not was_checked(policy.digest):
            _check(policy)
        return policy


def _check(policy: Policy) -> None:
    from aftersales.policy.checks.whole import check  # noqa: PLC0415 (a policy that was checked before does without)

    faults = check(policy)
    if faults:
        raise PolicyError(*faults)
