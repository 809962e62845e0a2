"""A loaded policy: what a caller holds to decide, open and resume cases."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aftersales.garbage import PutOff
from aftersales.policy.cache_folder import cache_folder
from aftersales.policy.model import Policy
from aftersales.run.function.earlier import NO_CODES, Codes
from aftersales.run.function.quick import Function, Functions, Trails
from aftersales.run.quick_decide import QuickDecisions
from aftersales.syntax.files import sound_files

if TYPE_CHECKING:  # what an everyday decision does without is brought in where it is asked for: a cold start is short
    from pathlib import Path

    from polars import DataFrame

    from aftersales.columns.frames import Decider
    from aftersales.run.as_json import Json
    from aftersales.run.decision import Decision
    from aftersales.run.function.answer import Answer
    from aftersales.run.function.recorded import RecordFunction
    from aftersales.run.function.validated import RowAnswers
    from aftersales.run.machine import PolicyMachine
    from aftersales.run.open_case import OpenCase


class LoadedPolicy:
    """A checked policy, ready to decide. It keeps nothing of any case and may be shared between threads."""

    def __init__(self, model: Policy, codes: Codes = NO_CODES) -> None:
        self.model = model
        self._codes = codes

    @cached_property
    def machine(self) -> PolicyMachine:
        """Return the policy's state machine, built once."""
        from aftersales.run.machine import PolicyMachine  # noqa: PLC0415 (see the top)

        return PolicyMachine(self.model)

    def decide(
        self, case: Mapping[str, object], as_of: dt.datetime | str | None = None, *, outlook: bool = False
    ) -> Decision:
        """Decide a case as of an instant, by default its last event: deadlines before that have passed, none after.

        ``case`` is the documented mapping (order, claim, facts, events). Raises a CaseError, with its place in
        ``case``, where nothing can be decided; the same inputs always give the same answer.
        """
        if as_of is None and not outlook:
            quick = self._quick.decide(case)
            if quick is not None:
                return quick
        from aftersales.case.parts import read_parts  # noqa: PLC0415 (see the top)
        from aftersales.case.read import read_as_of  # noqa: PLC0415
        from aftersales.run.parts import decide_parts, fold_parts  # noqa: PLC0415

        walks = fold_parts(self.machine, self.model, read_parts(self.model, case), read_as_of(as_of))
        return decide_parts(walks, outlook=outlook)

    def decide_facts(self, **facts: object) -> Decision:
        """Decide from scalar facts alone, all told at once and without a clock: no deadline has passed."""
        return self.decide({"facts": facts})

    @cached_property
    def function(self) -> Function:
        """Return the policy as one function of ``facts`` and ``elapsed=None``: the fastest way to an ``Answer``.

        ``facts`` are taken as the engine holds them (money in fen, aware instants, flags, words) and not checked; a
        fact that nobody told is left out, and is a KeyError to look up, as in a dictionary. They were told at
        ``facts["opened_at"]`` and are seen ``elapsed`` (a timedelta) later; without either no deadline passes. About a
        case at fault the answer has the fault's code.
        """
        return self._functions.answer

    @property
    def record_type(self) -> type[Any]:
        """Return the type of records of facts: an attribute, given by its name, for every fact that may be told.

        Values are those of ``function``. What nobody told is ``None``; a fact that may be none is ``UNKNOWN`` then.
        """
        return self._recorded.records.type

    @property
    def record_function(self) -> Callable[[Any], Answer]:
        """Return the policy as a function of a record (see ``record_type``), which answers as ``function`` does.

        It takes three quarters of the time where a case is decided by what is told, and as long where that is not all
        known, or much follows from it. No deadline passes. About a case at fault the answer has the fault's code.
        """
        return self._recorded.answer

    @cached_property
    def _recorded(self) -> RecordFunction:
        from aftersales.run.function.recorded import RecordFunction  # noqa: PLC0415 (see the top)

        return RecordFunction(self.model, self._functions)

    @cached_property
    def _functions(self) -> Functions:
        return Functions(self.model, lambda: self.machine, self._trails)

    @cached_property
    def _trails(self) -> Trails:
        return Trails(self.model, self._codes)

    def codes(self) -> Mapping[str, bytes]:
        """Return the functions that every case comes through or near, so that a later start need not write them."""
        return self._trails.codes()

    @cached_property
    def _quick(self) -> QuickDecisions:
        return QuickDecisions(self.model, lambda: self.machine, self._trails)

    @cached_property
    def _rows(self) -> RowAnswers:
        from aftersales.run.function.validated import RowAnswers  # noqa: PLC0415 (see the top)

        return RowAnswers(self.model, self._functions, lambda: self.machine)

    @cached_property
    def answer(self) -> Function:
        """Return what answers a row of facts written as a case writes them: a function of ``facts`` and ``elapsed=None``.

        All was told at once and is seen ``elapsed`` (a timedelta) later. The function raises a CaseError where a fact
        cannot be read, or nothing can be decided.
        """
        return self._rows.answer

    @cached_property
    def answer_json(self) -> Callable[..., str]:
        """Return what answers a row of facts written as a JSON object, as the text of one; money has two decimals.

        A function of ``facts`` (text or bytes) and ``elapsed=None``, which raises as ``answer`` does, and CaseShapeError
        where ``facts`` is no JSON object.
        """
        return self._rows.answer_json

    @cached_property
    def _deciders(self) -> dict[tuple[str, ...], Decider]:
        return {}

    def decide_frame(
        self, frame: object, *, keep: Sequence[str] = (), columns: Sequence[str] | None = None
    ) -> DataFrame:
        """Decide every row of a Polars frame of facts, or of a pandas or Arrow one, and return a Polars frame.

        A column for each fact (null: not known), ``opened_at``, and ``elapsed`` or ``as_of`` where rows are seen later;
        ``keep`` names columns to pass through, ``columns`` the answers that are asked for (the others are not worked
        out). A row at fault has the fault's code in ``error`` and nothing else.
        Raises UnknownNameError or CaseShapeError for a column, MissingToolError where Polars is not installed.
        """
        from aftersales.columns.frames import decide_frame  # noqa: PLC0415 (see the top)

        return decide_frame(self.model, frame, keep=keep, columns=columns, made=self._deciders)

    def open(self, case: Mapping[str, object], at: dt.datetime | str | None = None) -> OpenCase:
        """Open a case and keep it open: ``tell``, ``done``, ``advance``, ``decision``, ``to_dict``."""
        from aftersales.case.read import read_as_of  # noqa: PLC0415 (see the top)
        from aftersales.run.open_case import OpenCase  # noqa: PLC0415

        return OpenCase(self, case, read_as_of(at))

    def resume(self, snapshot: Mapping[str, object]) -> OpenCase:
        """Go on with a case from its snapshot. Raises SnapshotError or PolicyChangedError."""
        from aftersales.run.open_case import resume  # noqa: PLC0415 (see the top)

        return resume(self, snapshot)

    def to_dict(self, decision: Decision) -> Json:
        """Return the documented JSON of a decision made under this policy."""
        from aftersales.run.as_json import decision_to_dict  # noqa: PLC0415 (see the top)

        return decision_to_dict(decision, self.model)


def load(
    folder: str | Path | None = None, *, platform: str | None = None, shop: str | None = None, cache: bool = True
) -> LoadedPolicy:
    """Load the shipped policy, or the one in ``folder``; ``platform`` and ``shop`` narrow it to one of each.

    A policy that was read and checked is kept in the user's cache folder for the next start (elsewhere where the
    environment's ``AFTERSALES_CACHE`` names a folder, nowhere where that is ``off`` or without ``cache``); one whose
    files, or this package, have changed since is read anew, and checked anew unless its files are those that passed
    every check when this package was made. Raises PolicyError with every fault of the folder at once.
    """
    with PutOff(stays=True):
        whole = _read(_written(folder) if folder else _shipped(), cache=cache)
    if platform is None and shop is None:
        return whole
    from aftersales.policy.narrow import narrow  # noqa: PLC0415 (rarely asked for)

    return LoadedPolicy(narrow(whole.model, platform=platform, shop=shop))


def _read(folder: str, *, cache: bool) -> LoadedPolicy:
    """Return the policy of a folder: as it was kept, else read, checked, and kept."""
    files = sound_files(folder) if cache and cache_folder() is not None else None
    if files is None:
        return LoadedPolicy(_checked(folder))
    from aftersales.policy.kept import keep, recall  # noqa: PLC0415 (a start that keeps nothing does without)

    kept = recall(folder, files)
    if kept is not None:
        return LoadedPolicy(kept.policy, kept.codes)
    policy = LoadedPolicy(_checked(folder))
    keep(policy.model, files, policy.codes)
    return policy


def _checked(folder: str) -> Policy:
    from aftersales.policy.load import load_folder  # noqa: PLC0415 (a start from what was kept reads no YAML)

    return load_folder(folder, again=False)


def _written(folder: str | Path) -> str:
    """Return how a policy writes the folder that it was read from."""
    from pathlib import Path  # noqa: PLC0415 (slow to import)

    return str(Path(folder))


def shipped_folder() -> Path:
    """Return the folder of the policy that comes with this package: beside it in a wheel, in the repository otherwise."""
    from pathlib import Path  # noqa: PLC0415 (see above)

    return Path(_shipped())


def _shipped() -> str:
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    inside = os.path.join(package, "flows")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(os.path.dirname(package)), "flows")
