"""What an edge does to the told facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aftersales.policy.model import Target
from aftersales.verify.symbols import Symbol, certain
from aftersales.verify.vocabulary import Vocabulary, constant


@dataclass(frozen=True, slots=True)
class Change:
    """What an edge does to the told facts: answered anew behind it, taken as a known none or as an answer, counted."""

    anew: frozenset[str]
    none: frozenset[str]
    taken: Mapping[str, Symbol]
    counted: Mapping[str, int]


def change_of(vocabulary: Vocabulary, target: Target) -> Change:
    """Return what going to ``target`` does to the told facts: it forgets, then takes, then counts."""
    facts, goes_into = vocabulary.policy.facts, vocabulary.goes_into
    taken: dict[str, Symbol] = {}
    anew, none = set(target.forget), set[str]()
    for name, value in target.take:
        flag_of = facts[name].flag
        if value is None and flag_of is not None:
            taken[flag_of] = certain(formula=False)
            none.add(name)
        else:
            taken[name] = constant(value)
    changed = (*target.forget, *(name for name, _ in target.take))
    stale = anew.union(none, *(goes_into[name] for name in changed)) - taken.keys()
    told = frozenset(name for name in stale if vocabulary.derivation(name) is None)
    return Change(told, frozenset(none), taken, dict(target.add))
