"""Reads a policy folder from disk: composed, compiled, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales.errors import PolicyError
from aftersales.garbage import PutOff
from aftersales.policy.checks import check
from aftersales.policy.faults import distinct
from aftersales.policy.from_syntax import compile_policy
from aftersales.policy.model import Policy
from aftersales.syntax.read import read_folder

if TYPE_CHECKING:  # slow to import
    from pathlib import Path


def load_folder(folder: str | Path) -> Policy:
    """Return the policy of ``folder``, ready for every engine.

    Raises PolicyError with every fault of the run in order of file, line and column: first what cannot be read, then
    names and types, then what only the whole policy can show.
    """
    with PutOff():
        written, unread = read_folder(folder)
        if written is None:
            raise PolicyError(*distinct(unread))
        policy = compile_policy(written)
        del written  # the checks take room, and need nothing of it
        faults = check(policy)
        if faults:
            raise PolicyError(*faults)
        return policy
