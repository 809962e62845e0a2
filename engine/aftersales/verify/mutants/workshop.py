"""Where mutants are made: what the author wrote beside the policy it means, so that one changed state is compiled alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from aftersales.instants import zone_named
from aftersales.policy.faults import Faults, distinct
from aftersales.policy.flows import copy_frame, read_state
from aftersales.policy.frames import Frame, Shelf, host_frame
from aftersales.policy.model import Policy, State
from aftersales.policy.vocabulary import Vocabulary, Words
from aftersales.source import Span
from aftersales.syntax.tree import FlowSyntax, PolicyFolderSyntax, StateSyntax
from aftersales.verify.mutants.mutant import Change, Mutant
from aftersales.verify.mutants.nodes import swapped


@dataclass(frozen=True, slots=True)
class Edit:
    """One change inside a state as written: ``old`` (the element itself) gives way to ``new``; ``after`` as in Mutant."""

    old: object
    new: object
    span: Span
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """One state as the author wrote it, with every frame it stands in: a sub-flow's state is copied several times."""

    written: StateSyntax
    frames: tuple[Frame, ...]

    @property
    def frame(self) -> Frame:
        """Return the first frame: names and types are the same in all."""
        return self.frames[0]

    @property
    def file(self) -> FlowSyntax:
        """Return the flow file that the state stands in."""
        return self.frame.flow

    @property
    def name(self) -> str:
        """Return how people call the state: ``flow.state``."""
        return f"{self.file.name}.{self.written.name}"


#: Finds the edits of one kind in one state.
Finds = Callable[[Place], Iterator[Edit]]


class Workshop:
    """A policy with its text. It is shared by all mutants and not by threads: compiling notes faults in it."""

    def __init__(self, written: PolicyFolderSyntax, policy: Policy) -> None:
        self.policy = policy
        self._faults = Faults()
        shelf = Shelf(_vocabulary(policy), {flow.name.text: flow for flow in written.flows}, self._faults)
        self.places = _places(shelf)

    def edits(self, operator: str, finds: Finds) -> Iterator[Mutant]:
        """Yield a mutant for every edit that ``finds`` sees in any state."""
        for place in self.places:
            for edit in finds(place):
                yield Mutant(
                    operator=operator,
                    room=place.file.name.text,
                    place=place.name,
                    span=edit.span,
                    before=edit.before,
                    after=edit.after,
                    make=partial(self._change, place, edit),
                )

    def _change(self, place: Place, edit: Edit) -> Change:
        """Compile the state with the edit, in every copy, and keep what came out differently."""
        written = swapped(place.written, edit.old, edit.new)
        self._faults.found.clear()
        states = (state for frame in place.frames for state in read_state(written, frame))
        changed = {state.key: state for state in states if self._differs(state)}
        return Change(states=changed, refused=distinct(self._faults.found))

    def _differs(self, state: State) -> bool:
        return self.policy.states.get(state.key) != state


def _places(shelf: Shelf) -> tuple[Place, ...]:
    found: dict[int, tuple[StateSyntax, list[Frame]]] = {}
    for flow in shelf.flows.values():
        if flow.exits is None:
            for frame in _frames(host_frame(shelf, flow)):
                for written in frame.flow.states:
                    found.setdefault(id(written), (written, []))[1].append(frame)
    return tuple(Place(written, tuple(frames)) for written, frames in found.values())


def _frames(frame: Frame) -> Iterator[Frame]:
    """Yield a flow's own frame and that of every copy inside it."""
    yield frame
    for written in frame.flow.states:
        copy = None if written.use is None else copy_frame(written, written.use, frame)
        if copy is not None:
            yield from _frames(copy)


def _vocabulary(policy: Policy) -> Vocabulary:
    words = Words(
        zone=zone_named(policy.timezone),
        roles=policy.roles,
        parties=policy.parties,
        outcomes=policy.outcomes,
        sources=policy.sources,
    )
    return Vocabulary(
        words=words,
        legs=policy.legs,
        facts=policy.facts,
        line_facts=policy.line_facts,
        params=policy.params,
        actions=policy.actions,
        lists=policy.lists,
    )
