"""What stands behind a decision and behind each step of its path: laws, platform rules, shop choices, documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aftersales.dataclass import replace
from aftersales.expr.evaluate import facts_of, params_of
from aftersales.expr.tree import Expr
from aftersales.policy.edges import source_of, way_of
from aftersales.policy.model import Late, Policy, Reopen
from aftersales.policy.reads import of_within
from aftersales.run.decision import PathStep, SourceStamp
from aftersales.run.walk import Walk


def sources(walk: Walk) -> tuple[SourceStamp, ...]:
    """Return what the states and branches of the way cite, and where the figures of its money lines come from."""
    return _stamps(walk.policy, (*walk.sources, *_chosen(walk, params_in_play(walk))))


def path(walk: Walk) -> tuple[PathStep, ...]:
    """Return the path, each step with what stands behind the way that was taken."""
    return tuple(replace(step, sources=_stamps(walk.policy, _behind(walk, step))) for step in walk.path)


def params_in_play(walk: Walk) -> tuple[str, ...]:
    """Name the params that the money lines laid down so far read, through derived facts too."""
    laid = walk.laid
    lines = (*laid.refund.values(), *laid.deductions.values(), *laid.charge.values(), *laid.recover.values())
    parts = [part for line in lines for part in (line.amount, line.cap) if part is not None]
    return tuple(dict.fromkeys(_params(walk.policy, parts)))


def _behind(walk: Walk, step: PathStep) -> Iterator[str]:
    """Yield what the way into a step cites, and the sources of the figures that its conditions or deadline read."""
    policy = walk.policy
    if step.edge is None:
        yield from policy.states[f"{step.flow}.{step.state}"].sources
        return
    way = way_of(policy, step.edge)
    if isinstance(way, Late):
        state = policy.states[source_of(step.edge)]
        yield from state.sources
        exprs = [] if state.within is None else [of_within(state.within)]
    elif isinstance(way, Reopen):
        yield from policy.states[source_of(step.edge)].sources
        exprs = [way.when]
    else:
        yield from way.sources
        exprs = [] if "!" in step.edge else _conditions(policy, step.edge)
    yield from _chosen(walk, _params(policy, exprs))


def _conditions(policy: Policy, edge: str) -> list[Expr]:
    """Return the conditions that were looked at before a branch was taken: its own, and those above it."""
    branches = policy.states[source_of(edge)].branches
    return [branch.when for branch in branches[: branches.index(way_of(policy, edge)) + 1]]


def _params(policy: Policy, exprs: Iterable[Expr]) -> Iterator[str]:
    """Name the params that conditions read, through derived facts."""
    waiting = list(exprs)
    seen: set[str] = set()
    while waiting:
        expr = waiting.pop(0)
        yield from params_of(expr)
        for name in facts_of(expr):
            derived = policy.facts[name].derived
            if derived is not None and name not in seen:
                seen.add(name)
                waiting.append(derived)


def _chosen(walk: Walk, params: Iterable[str]) -> Iterator[str]:
    """Yield the source of each param's value for this case; nothing where it is not known yet which one it is."""
    view = walk.standing.view
    for name in params:
        entry = view.param_note(name)
        if entry is not None:
            yield entry.source


def _stamps(policy: Policy, names: Iterable[str]) -> tuple[SourceStamp, ...]:
    known = (policy.sources[name] for name in dict.fromkeys(names))
    return tuple(SourceStamp(source.id, source.layer, source.title, source.article) for source in known)
