"""What the solver is asked about a mutant that no worked case notices."""

from __future__ import annotations

from typing import Protocol

from aftersales.policy.model import Policy
from aftersales.verify.mutants.mutant import Mutant


class Settles(Protocol):
    """Settles survivors over every case at once; ``None`` where it cannot tell."""

    def equivalent(self, mutant: Mutant, mutated: Policy) -> bool | None:
        """Return whether the mutated policy decides every case as the policy itself does."""

    def broken_law(self, mutant: Mutant, mutated: Policy) -> str | None:
        """Return the name of a law that the mutated policy breaks, ``None`` where none is shown to be broken."""
