"""A loaded policy: what a caller holds to decide, open and resume cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from aftersales.case.parts import read_parts
from aftersales.case.read import read_as_of
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy
from aftersales.policy.narrow import narrow
from aftersales.run import open_case
from aftersales.run.as_json import Json, decision_to_dict
from aftersales.run.decision import Decision
from aftersales.run.machine import PolicyMachine
from aftersales.run.open_case import OpenCase
from aftersales.run.parts import decide_parts, fold_parts


class LoadedPolicy:
    """A checked policy, ready to decide. It keeps nothing of any case and may be shared between threads."""

    def __init__(self, model: Policy) -> None:
        self.model = model

    @cached_property
    def machine(self) -> PolicyMachine:
        """Return the policy's state machine, built once."""
        return PolicyMachine(self.model)

    def decide(
        self, case: Mapping[str, object], as_of: dt.datetime | str | None = None, *, outlook: bool = False
    ) -> Decision:
        """Decide a case as of an instant, by default its last event: deadlines before that have passed, none after.

        ``case`` is the documented mapping (order, claim, facts, events). Raises a CaseError, with its place in
        ``case``, where nothing can be decided; the same inputs always give the same answer.
        """
        walks = fold_parts(self.machine, self.model, read_parts(self.model, case), read_as_of(as_of))
        return decide_parts(walks, outlook=outlook)

    def decide_facts(self, **facts: object) -> Decision:
        """Decide from scalar facts alone, all told at once and without a clock: no deadline has passed."""
        return self.decide({"facts": facts})

    def open(self, case: Mapping[str, object], at: dt.datetime | str | None = None) -> OpenCase:
        """Open a case and keep it open: ``tell``, ``done``, ``advance``, ``decision``, ``to_dict``."""
        return OpenCase(self, case, read_as_of(at))

    def resume(self, snapshot: Mapping[str, object]) -> OpenCase:
        """Go on with a case from its snapshot. Raises SnapshotError or PolicyChangedError."""
        return open_case.resume(self, snapshot)

    def to_dict(self, decision: Decision) -> Json:
        """Return the documented JSON of a decision made under this policy."""
        return decision_to_dict(decision, self.model)


def load(folder: str | Path | None = None, *, platform: str | None = None, shop: str | None = None) -> LoadedPolicy:
    """Load the shipped policy, or the one in ``folder``; ``platform`` and ``shop`` narrow it to one of each.

    Raises PolicyError with every fault of the folder at once.
    """
    return LoadedPolicy(narrow(load_folder(Path(folder) if folder else shipped_folder()), platform=platform, shop=shop))


def shipped_folder() -> Path:
    """Return the folder of the policy that comes with this package: beside it in a wheel, in the repository otherwise."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "flows"
    return inside if inside.is_dir() else package.parents[1] / "flows"
