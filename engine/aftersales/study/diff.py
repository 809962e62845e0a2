"""The meaning of a change between two policies: what was edited, which cases are decided differently, and what it costs.

>>> from aftersales.study.diff import diff
>>> comparison = diff(load("old"), load("new"), worked=(...))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final, Literal

from aftersales.errors import MissingToolError
from aftersales.policy.model import Policy
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.case_file import WrittenCase
from aftersales.study.changes import Edit, edits_between
from aftersales.study.touched import touched
from aftersales.study.two_decisions import RESPECTS, TwoDecisions, TwoPolicies

#: What is known of an edit: cases are decided differently; none is, over all cases; none was found; it is words alone.
Ending = Literal["differs", "proved_equal", "none_found", "words_only"]
#: Called with each state that is asked about, and how many there will be.
Progress = Callable[[int, int, str], None]

#: Loaded only where a search over all cases is asked for: it needs the solver.
_CONTRAST: Final = "aftersales.study.contrast"


@dataclass(frozen=True, slots=True)
class Difference:
    """One smallest case that is decided differently: ``states`` show the same, ``edits`` (numbers from 1) are behind it.

    ``example.respects`` says in what the two decisions differ. ``worked`` names the worked case where it is one.
    ``old_ahead`` and ``new_ahead`` are the outcomes that it has or may still come to.
    """

    states: tuple[str, ...]
    edits: tuple[int, ...]
    example: TwoDecisions
    worked: str | None = None
    old_ahead: tuple[str, ...] = ()
    new_ahead: tuple[str, ...] = ()

    @property
    def leading(self) -> str:
        """Return the respect that matters most; a case that may come to other outcomes differs in its outcome."""
        first = self.example.respects[0]
        return first if first == "error" or self.old_ahead == self.new_ahead else "outcome"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies compared. ``endings`` says of each edit what came of it, in the order of ``edits``.

    Where a solver was ``missing`` only worked cases were searched, and nothing is proved.
    """

    old: Policy
    new: Policy
    edits: tuple[Edit, ...]
    endings: tuple[Ending, ...]
    differences: tuple[Difference, ...]
    worked: int = 0
    missing: MissingToolError | None = None

    @property
    def differs(self) -> bool:
        """Return whether a case was found that is decided differently."""
        return bool(self.differences)

    def in_respect(self, respect: str) -> tuple[Difference, ...]:
        """Return the differences that lead with this respect."""
        return tuple(found for found in self.differences if found.leading == respect)


def diff(
    old: LoadedPolicy, new: LoadedPolicy, worked: Sequence[WrittenCase] = (), progress: Progress | None = None
) -> Comparison:
    """Compare two policies; ``worked`` are cases to try beside those that the solver finds.

    Without a solver they are all that is tried, and the comparison says so.
    """
    worked = tuple({str(case.data): case for case in reversed(worked)}.values())[::-1]
    edits = edits_between(old.model, new.model)
    where = {number: touched(edit, old.model, new.model) for number, edit in enumerate(edits, start=1)}
    search = _Search(where, frozenset(_with_new_answers(edits, old.model, new.model)))
    missing = search.over_all_cases(old, new, progress) if any(where.values()) else None
    policies = TwoPolicies(old, new)
    search.over(worked, policies)
    endings = tuple(search.ending(number, edit) for number, edit in enumerate(edits, start=1))
    return Comparison(old.model, new.model, edits, endings, tuple(search.differences(policies)), len(worked), missing)


class _Search:
    """Gathers the cases that are decided differently, by the states that show them."""

    def __init__(self, where: dict[int, tuple[str, ...]], new_answers: frozenset[int]) -> None:
        self._where = where
        self._new_answers = new_answers
        self._found: list[Difference] = []
        self._proved: set[str] = set()

    def over_all_cases(
        self, old: LoadedPolicy, new: LoadedPolicy, progress: Progress | None
    ) -> MissingToolError | None:
        """Ask the solver about every touched state that both policies have; return what has to be installed for that."""
        try:
            contrasts = import_module(_CONTRAST).Contrasts(old, new)
        except MissingToolError as missing:
            return missing
        both = [key for key in old.model.states if key in new.model.states and self._edits_of([key])]
        for number, key in enumerate(both, start=1):
            if progress is not None:
                progress(number, len(both), key)
            contrast = contrasts.at(key)
            self._found += [Difference((key,), self._edits_of([key]), two) for two in contrast.found]
            if contrast.proved and not self._new_answers.intersection(self._edits_of([key])):
                self._proved.add(key)
        return None

    def over(self, worked: Sequence[WrittenCase], policies: TwoPolicies) -> None:
        """Try worked cases; one is kept where it shows what no other case has shown yet."""
        for case in worked:
            two = policies.decide(case.data)
            keys = sorted(key for key in two.passed if self._edits_of([key]))
            found = Difference(tuple(keys), self._edits_of(keys), two, case.name)
            if two.respects and not any(_tells(other, found) for other in self._found):
                self._found.append(found)

    def _edits_of(self, keys: Iterable[str]) -> tuple[int, ...]:
        asked = set(keys)
        return tuple(number for number, states in self._where.items() if asked & set(states))

    def ending(self, number: int, edit: Edit) -> Ending:
        """Return what came of one edit."""
        if edit.words_only:
            return "words_only"
        states = self._where[number]
        one_sided = edit.kind == "state" and (edit.old is None or edit.new is None)
        if any(
            number in found.edits or (one_sided and found.example.passed.intersection(states)) for found in self._found
        ):
            return "differs"
        return "proved_equal" if states and self._proved.issuperset(states) else "none_found"

    def differences(self, policies: TwoPolicies) -> Iterator[Difference]:
        """Yield one case for each set of respects and of edits, those that matter most first; the smallest is kept."""
        groups: dict[object, list[Difference]] = {}
        for found in self._found:
            if not any(_covers(other, found) for other in self._found):
                groups.setdefault((found.edits, found.example.respects), []).append(found)
        joined = [_joined(group, policies) for group in groups.values()]
        yield from sorted(joined, key=lambda found: RESPECTS.index(found.leading))


def _with_new_answers(edits: Iterable[Edit], old: Policy, new: Policy) -> Iterator[int]:
    """Yield the edits that make another answer possible, or one impossible: no question covers the answers of one side."""
    for number, edit in enumerate(edits, start=1):
        before, after = old.facts.get(edit.name), new.facts.get(edit.name)
        if edit.kind == "fact" and (before is None or after is None or before.type != after.type):
            yield number


def _tells(one: Difference, other: Difference) -> bool:
    """Return whether ``one`` shows already, of the same edits, what ``other`` leads with."""
    return set(one.edits) <= set(other.edits) and other.example.respects[0] in one.example.respects


def _covers(one: Difference, other: Difference) -> bool:
    """Return whether ``one`` leads with the same respect, of the same edits, and shows more besides."""
    mine, others = one.example.respects, other.example.respects
    return one.edits == other.edits and mine[0] == others[0] and set(mine) > set(others)


def _joined(group: Sequence[Difference], policies: TwoPolicies) -> Difference:
    """Return the smallest case of a group, shown by all of its states."""
    least = min(group, key=lambda found: (found.worked is not None, len(str(found.example.case))))
    states = dict.fromkeys(state for found in group for state in found.states)
    old, new = policies.ahead(least.example.case)
    return replace(least, states=tuple(states), old_ahead=old, new_ahead=new)
