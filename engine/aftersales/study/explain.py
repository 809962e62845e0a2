"""Why a case stands where it does, and why it did not come to another end: the face of both for Python callers.

>>> from aftersales.study.explain import explain
>>> explanation = explain(policy, case, why_not="return_and_refund")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from aftersales.case.faults import Where
from aftersales.case.parts import read_parts
from aftersales.case.read import read_as_of
from aftersales.errors import UnknownNameError
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.case_file import WrittenCase
from aftersales.study.nearest import MOST_TRIED
from aftersales.study.stages import Explained, explain_parts
from aftersales.study.why_not import Asked, WhyNot, asked_for, why_not


@dataclass(frozen=True, slots=True)
class Explanation:
    """A case explained part by part; ``why_not`` answers for each part, empty where nothing was asked for."""

    parts: tuple[Explained, ...]
    why_not: tuple[WhyNot, ...] = ()


def explain(
    policy: LoadedPolicy,
    case: Mapping[str, object],
    as_of: dt.datetime | str | None = None,
    *,
    why_not: str | None = None,
    limit: int = MOST_TRIED,
) -> Explanation:
    """Explain the decision of a case as of an instant, by default its last event.

    ``why_not`` names an outcome, a state ``flow.state``, or a state of the flow that the case is in: the explanation
    then says what kept the case from it, and the smallest change of facts that leads there. ``limit`` bounds the work.
    Raises a CaseError as ``decide`` does, UnknownNameError where the policy has nothing called ``why_not``.
    """
    explained = _explained(policy, case, read_as_of(as_of), None)
    return explained if why_not is None else ask(policy, explained, why_not, limit)


def explain_written(policy: LoadedPolicy, case: WrittenCase, as_of: dt.datetime | None = None) -> Explanation:
    """Explain a case from a file. Raises a CaseError with places in the file."""
    return _explained(policy, case.data, as_of, case.where)


def ask(policy: LoadedPolicy, explanation: Explanation, word: str, limit: int = MOST_TRIED) -> Explanation:
    """Return the explanation with the answer why no part of the case came to what ``word`` names.

    Raises UnknownNameError where the policy has nothing of that name.
    """
    asked = _asked(policy, explanation, word)
    answers = (why_not(policy, part, asked, limit) for part in explanation.parts)
    return Explanation(explanation.parts, tuple(answers))


def _asked(policy: LoadedPolicy, explanation: Explanation, word: str) -> Asked:
    """Look ``word`` up among the outcomes and all states, then among the states of each part's flow."""
    first, *others = (part.walk.at_state.flow for part in explanation.parts)
    for flow in others:
        try:
            return asked_for(policy.model, word, first)
        except UnknownNameError:
            first = flow
    return asked_for(policy.model, word, first)


def _explained(
    policy: LoadedPolicy, case: Mapping[str, object], as_of: dt.datetime | None, where: Where | None
) -> Explanation:
    return Explanation(explain_parts(policy, read_parts(policy.model, case, where=where), as_of))
