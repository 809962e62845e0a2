"""Which one thing told otherwise turns a condition: an answer, a date, an amount, the kind of the goods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aftersales.case.model import Case
from aftersales.case.units import claimed_stretches
from aftersales.case.view import CaseView
from aftersales.errors import CaseError
from aftersales.expr.evaluate import evaluate
from aftersales.expr.names import nodes
from aftersales.expr.tree import Call, Expr, FactRef, LineRef, ParamRef
from aftersales.expr.types import UNKNOWN, Kind, Type, Value
from aftersales.instants import zone_named
from aftersales.policy.model import Policy
from aftersales.policy.reads import choosing_facts
from aftersales.run.reads import names_read, with_inputs
from aftersales.study.nearest_values import nearest_values
from aftersales.study.suppose import LINES, Change, place_of, suppose
from aftersales.study.watched import Moment


def truth(policy: Policy, case: Case, told: Mapping[str, Value], expr: Expr) -> Value:
    """Return what a condition is worth with ``told``; a known none where the case would be at fault."""
    try:
        return evaluate(expr, CaseView(policy, case, told))
    except CaseError:
        return None


def single_changes(policy: Policy, case: Case, moment: Moment, expr: Expr, *, want: bool) -> Iterator[Change]:
    """Yield every single change that makes ``expr`` what is wanted at ``moment``, the author's order of facts.

    Of amounts, counts and dates only the nearest on either side: the boundary.
    """
    leaves = [*_told(policy, case, moment, expr), *_of_lines(policy, case, moment, expr)]
    inside = [node for part in _opened(policy, moment, expr) for node in nodes(part)]
    by_days = any(isinstance(node, Call) for node in inside)
    dates = set(_dates_that_count(policy, inside))
    for leaf in leaves:

        def fits(value: Value, leaf: _Leaf = leaf) -> bool:
            return _makes(policy, case, moment, expr, leaf.to(value)) is want

        yield from map(leaf.to, filter(fits, leaf.starts(policy, moment)))
        if leaf.type.kind is not Kind.INSTANT or leaf.name in dates:
            near = nearest_values(leaf.type, leaf.told, fits, zone_named(policy.timezone), by_days=by_days)
            yield from map(leaf.to, near)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """Something told that a condition rests on, with the place where it was told."""

    name: str
    type: Type
    told: Value
    place: int

    def to(self, value: Value) -> Change:
        return Change(self.name, self.told, value, self.place)

    def starts(self, policy: Policy, moment: Moment) -> tuple[Value, ...]:
        """Return the values to try where there is no nearest: none, and for none the other dates of the case."""
        fact = policy.facts.get(self.name)
        if fact is None or fact.flag is None:
            return ()
        if self.told is not None:
            return (None,)
        kinds = (name for name in moment.told if policy.facts[name].type.kind is self.type.kind)
        return tuple(dict.fromkeys(moment.told[name] for name in kinds if moment.told[name] is not None))


def _told(policy: Policy, case: Case, moment: Moment, expr: Expr) -> Iterator[_Leaf]:
    told, found = moment.told, set(with_inputs(policy, names_read(policy, expr), moment.told))
    for name in (name for name in policy.facts if name in found):
        fact = policy.facts[name]
        view = CaseView(policy, case, told)
        value = view.fact(name) if fact.computed and name not in told else told.get(name, UNKNOWN)
        place = None if value is UNKNOWN else place_of(policy, case, name, value, moment.now)
        if place is not None:
            yield _Leaf(name, fact.type, value, place)


def _of_lines(policy: Policy, case: Case, moment: Moment, expr: Expr) -> Iterator[_Leaf]:
    """Yield the attributes of the claimed lines that a condition looks at; all these lines then say the same."""
    if case.order is None:
        return
    named = (node.name for part in _opened(policy, moment, expr) for node in nodes(part) if isinstance(node, LineRef))
    for name in dict.fromkeys(name for name in named if name in policy.line_facts):
        said = [part.line.attributes.get(name, UNKNOWN) for part in claimed_stretches(case.order, case.claim)]
        known = [value for value in said if value is not UNKNOWN]
        if known:
            yield _Leaf(name, policy.line_facts[name].type, known[0], LINES)


def _dates_that_count(policy: Policy, inside: Iterable[Expr]) -> Iterator[str]:
    """Yield the facts whose value counts, and not only whether they have one."""
    for node in inside:
        if isinstance(node, FactRef):
            yield node.name
        elif isinstance(node, ParamRef):
            yield from choosing_facts(policy, policy.params[node.name])


def _opened(policy: Policy, moment: Moment, expr: Expr) -> Iterator[Expr]:
    """Yield a condition and the derivations of what it rests on, as far as these are not told themselves."""
    yield expr
    for name in with_inputs(policy, names_read(policy, expr), moment.told):
        derived = policy.facts[name].derived
        if derived is not None and name not in moment.told:
            yield derived


def _makes(policy: Policy, case: Case, moment: Moment, expr: Expr, change: Change) -> Value:
    if change.place != LINES:
        return truth(policy, case, {**moment.told, change.fact: change.new}, expr)
    supposed = suppose(policy, case, [change])
    return None if supposed is None else truth(policy, supposed, moment.told, expr)
