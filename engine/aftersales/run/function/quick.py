"""A policy as a function: scalar facts in, an answer out; what it cannot show to be the same, the machine decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aftersales.case.fields import ISSUE
from aftersales.case.quick_shapes import Shapes
from aftersales.errors import CaseError
from aftersales.expr.types import Value
from aftersales.policy.edges import anytime_key, late_key, source_of, way_of
from aftersales.policy.model import Policy, State
from aftersales.run.function.changes import Beyond, Change, binding_facts, changes_any
from aftersales.run.function.earlier import NO_CODES, Codes
from aftersales.run.function.nodes import Node
from aftersales.run.function.stops import Silence, Stop
from aftersales.run.function.written import Told, Trail, Written

if TYPE_CHECKING:  # brought in where the machine, or a deadline, is asked: a cold start is short
    from aftersales.run.function.answer import Answer
    from aftersales.run.function.opened import Behind
    from aftersales.run.function.places import Places
    from aftersales.run.machine import PolicyMachine

OPENED_AT: Final = "opened_at"
#: Deadlines that may pass one after another before the machine is asked what is wrong.
MOST_DEADLINES: Final = 2_000
#: Ways from one deadline to the next that are kept; those of a policy of strange size are looked at anew.
_MOST_WAYS: Final = 4_096

#: One row of facts, as the engine holds values, and how long after they were told the case is seen.
Function = Callable[..., "Answer"]


class Functions:
    """The policy's functions of ``facts`` and ``elapsed`` (``None``: no deadline passes).

    Facts are taken as the engine holds them, unchecked; a fact that nobody told is left out, and a KeyError to look
    up. They never raise about a case at fault: the answer then has the fault's code.
    """

    def __init__(self, policy: Policy, machine: Callable[[], PolicyMachine], trails: Trails) -> None:
        self._written = _written(policy, machine, trails)

    @cached_property
    def answer(self) -> Function:
        """Return the function that answers."""
        return self._written.start_surely()

    @cached_property
    def answer_carefully(self) -> Function:
        """Return the function of ``facts`` alone that answers, without a KeyError on its way where not all is told."""
        return self._written.start_carefully()

    @cached_property
    def say(self) -> Callable[..., Answer | str]:
        """Return the function that answers as the text of a JSON object, or with an ``Answer`` where that is not plain."""
        return self._written.start_said()

    def write(self, answer: Answer) -> str:
        """Return an answer as the text of a JSON object."""
        return self._written.writer.write(answer)


def policy_function(policy: Policy, machine: Callable[[], PolicyMachine], trails: Trails) -> Function:
    """Return the policy's function that answers (see ``Functions``)."""
    return Functions(policy, machine, trails).answer


def _written(policy: Policy, machine: Callable[[], PolicyMachine], trails: Trails) -> Written:
    """Return the functions of a policy, with what they leave to others."""

    def reference(told: Told, elapsed: dt.timedelta | None = None) -> Answer:
        from aftersales.run.function.reference import by_machine  # noqa: PLC0415 (see the top)

        return by_machine(machine(), policy, told, elapsed)

    def timed(told: Told, elapsed: dt.timedelta) -> Answer:
        try:
            return trails.later(told, elapsed)
        except (Beyond, CaseError, RecursionError):
            return reference(told, elapsed)

    written = Written(policy, trail=False)
    written.give(by_machine=reference, timed=timed)
    return written


#: What a trail does about a case that is interrupted where it begins.
_INTERRUPTED: Final = "return interrupted(f)"
#: Where a case rests: its trail, since when it is in its state, and until when it waits for an answer, where that was
#: worked out.
Rest = tuple[Trail, dt.datetime | None, dt.datetime | None]


class Trails:
    """A policy's function that also says which way a case came: for decisions, and where time passes."""

    def __init__(self, policy: Policy, codes: Codes = NO_CODES) -> None:
        self.policy = policy
        self._written = Written(policy, trail=True, codes=codes)
        self._stops: dict[Node, Stop] = {}
        self._moving: dict[str, bool] = {}
        self._moved: dict[tuple[str, ...], bool] = {}
        self._throws: dict[tuple[int, str], Node] = {}
        self._flows: dict[str, str] = {}
        self._written.give(interrupted=self._interrupted)
        self._start: Callable[[Told], Trail] = self._written.start(interrupted=_INTERRUPTED)
        self._shapes = Shapes(self._agreed)
        self._agreeing = self._shapes.readers

    def codes(self) -> dict[str, bytes]:
        """Return the code of the functions written so far: with it a later start of the same policy is shorter."""
        return self._written.codes()

    def of(self, told: Told) -> Trail:
        """Return how far what is told at once leads. Raises ``Beyond`` or a CaseError where the machine must say."""
        return self._start(told)

    def of_shape(self, told: dict[str, Value], shape: tuple[str, ...]) -> Trail:
        """Return the same as ``of`` about a case with a plain order whose keys tell the facts ``shape``.

        Nothing else in it tells any of the facts ``of_relations``.
        """
        agreed = self._agreeing.get(shape) or self._shapes.count(dict.fromkeys(shape))
        if agreed is None:
            return self._start(told)
        agreed(told, told.get)
        return self._begin(told)

    def _agreed(self, shape: tuple[str, ...]) -> Callable[..., object]:
        """Return what raises ``Beyond`` where a case of a shape does not agree with itself."""
        from aftersales.case.quick_plain import ALWAYS_FOLLOW  # noqa: PLC0415 (see the top)

        facts = self.policy.facts
        if any(facts[name].derived is not None for name in shape):
            return lambda told, _get: self._written.agree(told)
        perhaps = [name for name, fact in facts.items() if fact.computed or name in {ISSUE, OPENED_AT}]
        return self._written.agreed((*shape, *ALWAYS_FOLLOW), perhaps)

    @cached_property
    def _begin(self) -> Callable[[Told], Trail]:
        return self._written.start_agreed(_INTERRUPTED)

    @cached_property
    def of_relations(self) -> frozenset[str]:
        """Return the facts that what is told is held against, and those that follow from others."""
        return self._written.of_relations()

    def later(self, told: Mapping[str, Value], elapsed: dt.timedelta) -> Answer:
        """Return the answer ``elapsed`` after everything was told. Raises as ``of`` does."""
        from aftersales.run.function.answer import Answer  # noqa: PLC0415 (see the top)
        from aftersales.run.function.reference import OnlyFacts  # noqa: PLC0415 (see the top)

        trail, since = self.of(told), told.get(OPENED_AT)
        if isinstance(since, dt.datetime):
            trail, _, _ = self.seen(trail, since, since + elapsed, OnlyFacts(self.policy, told))
        return Answer(*trail[3])

    @cached_property
    def places(self) -> Places:
        """Return the states as cases rest in them."""
        from aftersales.run.function.places import Places  # noqa: PLC0415 (see the top)

        return Places(self._written)

    def seen(self, trail: Trail, since: dt.datetime | None, seen: dt.datetime | None, case: Behind) -> Rest:
        """Return where a trail that came to rest at ``since`` has got to by ``seen``, deadline by deadline.

        Without ``seen`` no deadline passes, without ``since`` none runs; ``case`` says what there is besides what the
        trail was told. Raises as ``of`` does.
        """
        if since is None or seen is None:
            return trail, since, None
        stops, may_interrupt, after = self._stops, self._may_interrupt, self._written.steady_days.after
        for _ in range(MOST_DEADLINES):
            taken, node, told, _ = trail
            stop = stops.get(node) or self._stop(node)
            place = stop.place
            if place is None:
                return trail, since, None
            lasting = stop.lasting
            due = place.due(told, since) if lasting is None else after(since, lasting)
            if due is None or due >= seen:
                return trail, since, None if due is None else due.astimezone(stop.zone)
            late = place.asked(told, case).late
            silence = stop.silences.get(late) or self._silence(stop, late)
            told = silence.change(told)
            if silence.binds:
                self._written.agree(told)
            edges, node, told, answer = self._written.from_node(silence.node)(told, told.get)
            edges = (silence.key, *edges)
            if not told.keys().isdisjoint(may_interrupt):
                self._uninterrupted(silence.node.state, edges, taken, told)
            if silence.moves or self._move(edges):
                since = due
            trail = taken + edges, node, told, answer
        raise Beyond

    def _interrupted(self, told: Told) -> Trail:
        """Return the trail of a case that is interrupted where it begins, by what is told from the start."""
        node, taken = self._first, list[str]()
        while node.state.end is None:
            key = next(self._interrupts({node.state.flow}, taken, told), None)
            if key is None:
                break
            node = self._thrown(node, key)
            taken.append(key)
        edges, rest, there, answer = self._written.from_node(node)(told, told.get)
        self._uninterrupted(node.state, edges, taken, told)
        return (*taken, *edges), rest, there, answer

    @cached_property
    def _first(self) -> Node:
        return self._written.nodes.start()

    def _thrown(self, node: Node, key: str) -> Node:
        """Return the node that an interrupt leads to. Raises ``Beyond`` where it changes what is told."""
        after = self._throws.get((node.number, key))
        if after is None:
            target = way_of(self.policy, key).target
            if target.forget or target.take or target.add:
                raise Beyond
            after = self._throws[node.number, key] = self._written.nodes.after(node, target)
        return after

    def _uninterrupted(self, state: State, edges: Sequence[str], taken: Collection[str], told: Told) -> None:
        """Raise ``Beyond`` where a case would be interrupted on its way from ``state`` along ``edges``."""
        if edges and not told.keys().isdisjoint(self._may_interrupt):
            flows = {state.flow, *(self._flow_after(edge) for edge in edges)}
            if next(self._interrupts(flows, taken, told), None) is not None:
                raise Beyond

    def _flow_after(self, edge: str) -> str:
        """Return the flow of the state that an edge leads to."""
        flow = self._flows.get(edge)
        if flow is None:
            flow = self._flows[edge] = self.policy.states[way_of(self.policy, edge).target.state].flow
        return flow

    @cached_property
    def _may_interrupt(self) -> frozenset[str]:
        return frozenset(way.on for flow in self.policy.flows.values() for way in flow.anytime)

    @cached_property
    def _binding(self) -> frozenset[str]:
        return binding_facts(self.policy)

    def _interrupts(self, flows: Collection[str], fired: Collection[str], told: Told) -> Iterator[str]:
        """Yield the interrupts of flows that fire, each once a case. Raises ``Beyond`` about one that is not plain."""
        for flow in flows:
            for fact, key in self._anytime[flow]:
                if fact in self._offered or self.policy.facts[fact].derived is not None:
                    raise Beyond
                if told.get(fact) is True and key not in fired:
                    yield key

    @cached_property
    def _anytime(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the facts that interrupt each flow, with the keys of their edges."""
        flows = self.policy.flows.items()
        return {
            name: tuple((way.on, anytime_key(name, index)) for index, way in enumerate(flow.anytime))
            for name, flow in flows
        }

    @cached_property
    def _offered(self) -> frozenset[str]:
        return frozenset(offer.fact for state in self.policy.states.values() for offer in state.offers)

    def _stop(self, node: Node) -> Stop:
        """Return what there is to know of a node where time passes, worked out once."""
        stop = Stop(node, None, None, None, {})
        if node.state.late:
            place = self.places.at(node.state)
            stop = Stop(node, place, place.lasting(), self.places.zone, {})
        return self._stops.setdefault(node, stop)

    def _silence(self, stop: Stop, index: int | None) -> Silence:
        """Return what a late edge of a stop does, worked out once. Raises ``Beyond`` where there is none."""
        if index is None:
            raise Beyond
        target, key = stop.node.state.late[index].target, late_key(stop.node.state.key, index)
        after = self._written.nodes.after(stop.node, target)
        binds = changes_any(target, self._binding)
        silence = Silence(key, Change(target), after, binds=binds, moves=self._moves(key))
        return stop.silences.setdefault(index, silence)

    def _move(self, edges: tuple[str, ...]) -> bool:
        """Return whether the clock of a state starts anew on a way."""
        found = self._moved.get(edges)
        if found is None:
            found = any(self._moves(edge) for edge in edges)
            if len(self._moved) < _MOST_WAYS:
                self._moved[edges] = found
        return found

    def _moves(self, edge: str) -> bool:
        """Return whether the clock of the state starts anew with an edge."""
        found = self._moving.get(edge)
        if found is None:
            target = way_of(self.policy, edge).target
            found = self._moving[edge] = target.restart or target.state != source_of(edge)
        return found
