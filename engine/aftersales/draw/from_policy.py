"""A flow as pages: a card per state, questions with pills for answers, stubs for ways back and shared ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aftersales.draw.graph import Graph
from aftersales.draw.page import PageDrawing
from aftersales.draw.pages import pages_of
from aftersales.draw.plan import Plan
from aftersales.draw.usual import Usual, brought, usual_answers
from aftersales.draw.ways import units_of
from aftersales.draw.wording import Wording
from aftersales.policy.arrival import Arrival
from aftersales.policy.model import Flow, Policy
from aftersales.policy.possible import possible
from aftersales.text import Lang


@dataclass(frozen=True, slots=True)
class Atlas:
    """What the pictures of one policy have in common: its words, what is known on arrival, whether sources are told."""

    policy: Policy
    langs: tuple[Lang, ...]
    arrivals: Mapping[str, Arrival]
    sources: bool = False
    #: The answers that are usual in every flow, by what is asked.
    usual: Usual = field(default_factory=dict)
    #: How the flows are laid out, by name, as far as they were asked for: the same in every language.
    plans: dict[str, Plan] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy, langs: tuple[Lang, ...], *, sources: bool = False) -> Atlas:
        """Return the atlas of a policy; finding what is known on arrival takes about a second for the shipped one."""
        arrivals = possible(policy)
        return cls(policy, langs, arrivals, sources, usual_answers(policy, arrivals))

    @property
    def wording(self) -> Wording:
        """Return what says the policy's titles in the languages shown."""
        return Wording(self.policy, self.langs)

    def plan(self, flow: Flow) -> Plan:
        """Return the layout of one flow; a sub-flow's is that of its first copy, with every answer it offers anywhere."""
        if flow.name not in self.plans:
            known = self.arrivals if flow.name in self.policy.flows else {}
            units = units_of(self.policy, flow, known)
            usual = {**self.usual, **brought(self.policy, flow)}
            self.plans[flow.name] = Plan.of(self.policy, flow, units, pages_of(units, flow.start), known, usual)
        return self.plans[flow.name]


def flow_pages(atlas: Atlas, flow: Flow) -> tuple[Graph, ...]:
    """Return the pages of one flow; ids are made of the policy's names, or count up in the author's order."""
    plan = atlas.plan(flow)
    return tuple(
        PageDrawing(plan, number, atlas.wording, sources=atlas.sources).graph()
        for number in range(1, len(plan.pages) + 1)
    )
