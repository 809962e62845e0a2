"""Is every fact that may be a known none read only behind its flag?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of
from aftersales.expr.nullable import unguarded_nullables
from aftersales.policy.arrival import finite_values
from aftersales.policy.fields import Fields
from aftersales.policy.model import Policy, State
from aftersales.policy.possible import Analysis, Ways
from aftersales.source import Span
from aftersales.text import Text

_TRUE: Final = frozenset({True})


def every_none_is_guarded(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find reads of a fact that may be none where its flag is not surely true."""
    flags = flags_of(analysis.policy)
    yield from _derived(analysis.policy, flags)
    lore = analysis.lore
    nullable = lore.fields.mask(flags)
    for state, ways in analysis.reached():
        if not lore.reads.in_(state) & nullable:
            continue
        asides = [
            (expr, span) for expr, span in lore.reads.asides(state) if not flags.keys().isdisjoint(lore.facts_of(expr))
        ]
        guards = [not flags.keys().isdisjoint(lore.facts_of(branch.guard)) for branch in state.branches]
        if not asides and not any(guards):
            continue
        for true, fires in _flags_known(lore.fields, ways, frozenset(flags.values())).items():
            for expr, span in asides:
                for name in unguarded_nullables(expr, flags, true):
                    yield _unguarded(name, flags[name], span)
            yield from _guards(
                state, [number for number, read in enumerate(guards) if read and number in fires], (flags, true)
            )


def flags_of(policy: Policy) -> Mapping[str, str]:
    """Map every fact that may be a known none to the flag that says it is there.

    A derived amount, count or instant made of such a fact is none with it.
    """
    flags = {name: fact.flag for name, fact in policy.facts.items() if fact.flag is not None}
    grown = True
    while grown:
        grown = False
        for name, fact in policy.facts.items():
            if name in flags or fact.derived is None or finite_values(fact.type) is not None:
                continue
            open_ = unguarded_nullables(fact.derived, flags, frozenset())
            if open_:
                flags[name] = flags[open_[0]]
                grown = True
    return flags


def _derived(policy: Policy, flags: Mapping[str, str]) -> Iterator[Diagnostic]:
    for fact in policy.facts.values():
        if fact.derived is not None and finite_values(fact.type) is not None:
            for name in unguarded_nullables(fact.derived, flags, frozenset()):
                yield _unguarded(name, flags[name], fact.span)


def _flags_known(fields: Fields, ways: Ways, flags: frozenset[str]) -> Mapping[frozenset[str], set[int]]:
    """Return the sets of flags that may be known to be true here, each with the branches that may then be taken."""
    found = defaultdict[frozenset[str], set[int]](set)
    for situation in ways.situations:
        true = frozenset(name for name in flags if fields.of_fact(name, situation.known).values == _TRUE)
        found[true].update(number for number, alternatives in enumerate(situation.fires) if alternatives)
    return found


def _guards(
    state: State, numbers: Sequence[int], known: tuple[Mapping[str, str], frozenset[str]]
) -> Iterator[Diagnostic]:
    flags, true = known
    for number in numbers:
        branch = state.branches[number]
        own = {*facts_of(branch.when), *(() if state.until is None else facts_of(state.until))}
        for name in unguarded_nullables(branch.guard, flags, true):
            if name in own:
                yield _unguarded(name, flags[name], branch.span)


def _unguarded(name: str, flag: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "unguarded",
        Text(f"{name} 可能没有值，这里还不知道 {flag} 成立", f"{name} may be none, and {flag} is not surely true here"),
        span,
        Text(
            f"先写 {flag} and …，或在前面按 {flag} 分支",
            f"write {flag} and … before it, or tell {flag} apart on the way here",
        ),
    )
