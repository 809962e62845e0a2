"""Which states an edit can make a difference in: those that were edited, and those that read what was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import Expr
from aftersales.policy.model import Policy, State
from aftersales.policy.reads import asides_of, choosing_facts
from aftersales.study.changes import Edit, bare


def touched(edit: Edit, old: Policy, new: Policy) -> tuple[str, ...]:
    """Return the keys of the states in which ``edit`` may show, in the policies' order; none for words alone.

    Where a flow was edited these are all of its states, where the whole policy was or a relation between facts, none:
    no single state shows it.
    """
    if edit.words_only or edit.kind in ("policy", "relation"):
        return ()
    return tuple(dict.fromkeys(key for policy in (old, new) for key in _in(edit, policy)))


def _in(edit: Edit, policy: Policy) -> Iterator[str]:
    match edit.kind:
        case "state":
            yield from (name for name in edit.names if name in policy.states)
        case "flow":
            yield from (key for key, state in policy.states.items() if state.flow in edit.names)
        case _:
            readers = _readers(edit.names, policy) if edit.kind in ("param", "fact") else frozenset(edit.names)
            yield from (key for key, state in policy.states.items() if readers & _read_by(state))


def _readers(names: Iterable[str], policy: Policy) -> frozenset[str]:
    """Return ``names`` and every fact and param whose value rests on one of them."""
    found = set(names)
    size = 0
    while size < len(found):
        size = len(found)
        found |= {name for name, fact in policy.facts.items() if fact.derived and found & _names(fact.derived)}
        found |= {name for name, fact in policy.facts.items() if fact.flag in found}
        found |= {name for name, param in policy.params.items() if found & set(choosing_facts(policy, param))}
    return frozenset(found)


def _read_by(state: State) -> frozenset[str]:
    """Return all that a state names: facts, params, actions and legs."""
    exprs = [branch.guard for branch in state.branches] + [expr for expr, _ in asides_of(state)]
    named = frozenset[str]().union(*(_names(expr) for expr in exprs))
    late = (late.fact for late in state.late if late.fact is not None)
    actions = (*(todo.action for todo in state.do), *state.duties)
    return named.union(
        late, actions, (term.leg for term in state.terms.postage), (offer.fact for offer in state.offers)
    )


def meaning_of(expr: Expr, policy: Policy) -> object:
    """Return an expression with all that it rests on, to be compared with another's: two that are equal mean the same."""
    found: dict[str, object] = {}
    waiting = list(_names(expr))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        fact, param = policy.facts.get(name), policy.params.get(name)
        found[name] = bare(fact or param)
        if fact is not None and fact.derived is not None:
            waiting += _names(fact.derived)
        if param is not None:
            waiting += choosing_facts(policy, param)
    return bare(expr), found


def _names(expr: Expr) -> frozenset[str]:
    return frozenset((*facts_of(expr), *params_of(expr)))
