"""A mutant: one small, readable fault put into a policy, as an author could have made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from aftersales.errors import Diagnostic
from aftersales.policy.model import Action, Fact, Flow, Param, Policy, State
from aftersales.source import Span
from aftersales.text import Text

#: What stands in place of something that is left out.
_NOTHING: Final = Text("（删去）", "(left out)")


@dataclass(frozen=True, slots=True)
class Change:
    """What of a policy is different, by name; ``refused`` are the faults for which it is no policy at all."""

    states: Mapping[str, State] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    refused: tuple[Diagnostic, ...] = ()

    def applied_to(self, policy: Policy) -> Policy:
        """Return ``policy`` with the change; the policy itself stays as it is."""
        return replace(
            policy,
            states={**policy.states, **self.states},
            flows={**policy.flows, **self.flows},
            params={**policy.params, **self.params},
            facts={**policy.facts, **self.facts},
            actions={**policy.actions, **self.actions},
        )

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """Return what is different as (kind, name): a decision that looks at none of it comes out the same."""
        kinds: Mapping[str, Mapping[str, object]] = {
            "states": self.states,
            "flows": self.flows,
            "params": self.params,
            "facts": self.facts,
            "actions": self.actions,
        }
        return frozenset((kind, name) for kind, changed in kinds.items() for name in changed)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: which operator made it, where (``place`` as people call it), and the text before and after.

    ``after`` ``None``: left out. ``room`` is the flow file that it stands in, or ``params``, ``facts``, ``actions``.
    ``make`` works out the change; a sub-flow's state is changed in every copy of it.
    """

    operator: str
    room: str
    place: str
    span: Span
    before: str
    after: str | None
    make: Callable[[], Change]

    @property
    def edit(self) -> Text:
        """Return the fault as people read it: ``flow.state: this → that``."""
        shown = _NOTHING if self.after is None else Text(self.after, self.after)
        return Text(f"{self.place}：{self.before} → {shown.zh}", f"{self.place}: {self.before} → {shown.en}")

    def to_dict(self) -> dict[str, object]:
        """Return the mutant as JSON shows it; ``after`` is null where something is left out."""
        return {
            "operator": self.operator,
            "place": self.place,
            "file": self.span.source.name,
            "line": self.span.line,
            "before": self.before,
            "after": self.after,
        }
