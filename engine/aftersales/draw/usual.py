"""Which answers a policy shows to be usual, whatever the card says that asks: by its switches and by how it asks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from aftersales.draw.questions import Leaf, Question, Step, Subject, asked_in, leaves
from aftersales.expr.tree import ParamRef
from aftersales.expr.types import Kind, Value
from aftersales.policy.arrival import Arrival
from aftersales.policy.model import Flow, Param, Policy, Target

#: The usual answers to a question, by what it is about.
Usual = Mapping[Subject, frozenset[Value]]

#: In so many places an answer must end the questions at once, and the other in none, to be an exception everywhere.
_PLACES: Final = 3


def usual_answers(policy: Policy, arrivals: Mapping[str, Arrival]) -> Usual:
    """Return what is usual in every flow: a switch as the policy ships it, and of a yes or no what it asks on after.

    Where one answer ends the questions at once in at least three places and the other never does, the other is usual.
    """
    return {
        **{ParamRef(param.type, name): frozenset({value}) for name, param, value in _switches(policy)},
        **{name: frozenset({value}) for name, value in _asked_on(policy, arrivals)},
    }


def brought(policy: Policy, flow: Flow) -> Usual:
    """Return what most of the hand-overs into a flow bring with them; nothing where only one or no most does."""
    counts: dict[str, Counter[Value]] = defaultdict(Counter)
    for target in _hand_overs(policy, flow):
        for name, value in target.take:
            counts[name][value] += 1
    return {name: frozenset({_first(found)}) for name, found in counts.items() if _most(found)}


def _hand_overs(policy: Policy, flow: Flow) -> Iterator[Target]:
    """Yield where the branches and deadlines of other flows lead into one."""
    inside = set(flow.states)
    others = [state for key, state in policy.states.items() if key not in inside]
    targets = (way.target for state in others for ways in (state.branches, state.late) for way in ways)
    yield from (target for target in targets if target.state in inside)


def _most(counts: Counter[Value]) -> bool:
    """Tell whether one value was counted more than once, and more often than any other."""
    numbers = sorted(counts.values(), reverse=True)
    return numbers[0] > max(numbers[1:2], default=1)


def _first(counts: Counter[Value]) -> Value:
    return max(counts, key=counts.__getitem__)


def _switches(policy: Policy) -> Iterator[tuple[str, Param, Value]]:
    """Yield the flags among the params with the value that holds where no platform and no shop sets another."""
    for name, param in policy.params.items():
        plain = [entry.value for entry in param.values if entry.platform is None and entry.shop is None]
        if param.type.kind is Kind.FLAG and len(plain) == 1 and isinstance(plain[0], bool):
            yield name, param, plain[0]


def _asked_on(policy: Policy, arrivals: Mapping[str, Arrival]) -> Iterator[tuple[str, bool]]:
    """Yield the yes-or-no facts of which always the same answer asks on, with that answer."""
    asking: dict[str, Counter[bool]] = defaultdict(Counter)
    for key, state in policy.states.items():
        for question in _questions(asked_in(state, arrivals.get(key))):
            on = _asks_on(question)
            if on is not None and isinstance(question.subject, str):
                asking[question.subject][on] += 1
    for name, counts in asking.items():
        (answer, places), *others = counts.items()
        if places >= _PLACES and not others:
            yield name, answer


def _asks_on(question: Question) -> bool | None:
    """Return which of yes and no asks on where the other ends the questions at once, ``None`` where neither or both do."""
    ends = {
        value: isinstance(answer.then, Leaf) or len(list(leaves(answer.then))) == 1
        for answer in question.answers
        for value in answer.values
    }
    asks = [value for value, end in ends.items() if not end]
    return asks[0] if set(ends) == {True, False} and len(asks) == 1 and isinstance(asks[0], bool) else None


def _questions(step: Step | None) -> Iterator[Question]:
    if isinstance(step, Question):
        yield step
        for answer in step.answers:
            yield from _questions(answer.then)
