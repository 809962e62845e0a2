"""What is decided about a case, name by name, as laws read it; and whether cases keep the laws of their policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection as Names
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aftersales.expr.evaluate import Env, Line, evaluate
from aftersales.expr.names import nodes
from aftersales.expr.shown import show
from aftersales.expr.tree import Collection, FactRef, ParamRef
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.policy.flat_names import DUTIES, NEXT_ACTIONS, UNDECIDED, line_names
from aftersales.policy.laws import Law
from aftersales.policy.model import Policy
from aftersales.run.decision import Leg, MoneyItem
from aftersales.run.laid import Laid
from aftersales.run.settlement import GOODS, Settlement, goods_left, settle_money
from aftersales.run.walk import Walk

#: What a line of money is worth that no state lays down, in a policy whose states were revised after its laws were read.
_NO_SUCH_LINE = 0
#: The leg whose cost is part of the price: it is not counted as the buyer's expense for the case.
_OUTBOUND = "outbound"


class FlatCase:
    """A case where it stands, seen by flat names; beside them its facts and params. It never changes.

    Money that waits for a fact is ``UNKNOWN``; of a leg that is not travelled there is none (``None``). To make one
    raises AmountError where the case's money cannot be settled.
    """

    def __init__(self, walk: Walk) -> None:
        self._view = walk.view
        self._decided = decided(walk)
        self._groups: Mapping[str, Names[str]] = {
            NEXT_ACTIONS: {todo.action for todo in walk.at_state.do},
            DUTIES: walk.duties.keys(),
        }

    @property
    def zone(self) -> dt.tzinfo:
        """Return the policy's timezone."""
        return self._view.zone

    def fact(self, name: str) -> Value:
        """Return what a flat name or a fact of that name is worth, ``ACTION in next_actions`` too."""
        if name in self._decided:
            return self._decided[name]
        word, within, group = name.partition(" in ")
        if within:
            return word in self._groups[group]
        return self._view.fact(name) if name in self._view.policy.facts else _NO_SUCH_LINE

    def param(self, name: str) -> Value:
        """Return a param's value for this case."""
        return self._view.param(name)

    def param_blocker(self, name: str) -> str:
        """Return the fact that keeps a param unknown."""
        return self._view.param_blocker(name)

    def lines(self, collection: Collection) -> Sequence[Line] | Unknown:
        """Return the order lines, or the claimed ones."""
        return self._view.lines(collection)


class TwoCases:
    """Two cases of one policy: ``a.NAME`` is read in the first, ``b.NAME`` in the second."""

    def __init__(self, a: Env, b: Env) -> None:
        self._cases: Mapping[str, Env] = {"a": a, "b": b}
        self.zone: dt.tzinfo = a.zone

    def _of(self, name: str) -> tuple[Env, str]:
        case, _, rest = name.partition(".")
        return self._cases[case], rest

    def fact(self, name: str) -> Value:
        """Return what a name is worth in the case that it begins with."""
        case, rest = self._of(name)
        return case.fact(rest)

    def param(self, name: str) -> Value:
        """Return a param's value for the case that its name begins with."""
        case, rest = self._of(name)
        return case.param(rest)

    def param_blocker(self, name: str) -> str:
        """Return the fact that keeps a param unknown, with the case it is of."""
        case, rest = self._of(name)
        return f"{name[: -len(rest)]}{case.param_blocker(rest)}"

    def lines(self, collection: Collection) -> Sequence[Line] | Unknown:  # noqa: ARG002  # no law looks at order lines
        """Return ``UNKNOWN``: order lines belong to one case."""
        return UNKNOWN


def judge(law: Law, walk: Walk) -> bool | Unknown:
    """Return whether a case keeps a law about one case: false only where ``if`` is known true and ``then`` known false.

    ``UNKNOWN`` where a value is missing, or where the law does not speak of where the case stands. Raises AmountError
    where the case's money cannot be settled.
    """
    return verdict(law, FlatCase(walk)) if applies(law, walk) else UNKNOWN


def judge_two(law: Law, walk_a: Walk, walk_b: Walk) -> bool | Unknown:
    """Return whether two cases keep a law about two cases; that they are alike as its scope says is the caller's care."""
    return verdict(law, TwoCases(FlatCase(walk_a), FlatCase(walk_b)))


def broken(policy: Policy, walk: Walk) -> tuple[Law, ...]:
    """Return the laws about one case that a case breaks where it stands, in the author's order."""
    asked = [law for law in policy.laws.values() if applies(law, walk)]
    case = FlatCase(walk) if asked else None
    return tuple(law for law in asked if case is not None and verdict(law, case) is False)


def readings(law: Law, env: Env) -> str:
    """Return what a law reads of one case or of two: ``liable = seller, return_borne = buyer``."""
    read = (node for part in (law.condition, law.then) for node in nodes(part) if isinstance(node, FactRef | ParamRef))
    return ", ".join(f"{node.name} = {show(evaluate(node, env), node.type, env.zone)}" for node in dict.fromkeys(read))


def applies(law: Law, walk: Walk) -> bool:
    """Return whether a law about one case speaks of where the case stands: at an end, or in an open state."""
    return not law.two_cases and (law.at == "end") == (walk.at_state.end is not None)


def verdict(law: Law, env: Env) -> bool | Unknown:
    """Return whether a law is kept in ``env``, a ``FlatCase`` or ``TwoCases``, wherever the case stands."""
    condition, then = evaluate(law.condition, env), evaluate(law.then, env)
    if condition is False or then is True:
        return True
    return False if condition is True and then is False else UNKNOWN


def decided(walk: Walk) -> Mapping[str, Value]:
    """Return every flat name of the case with its value, money in fen.

    Raises AmountError where the case's money cannot be settled.
    """
    state, money, laid = walk.at_state, settle_money(walk), walk.laid
    values: dict[str, Value] = {
        "flow": state.flow,
        "state": state.name,
        "outcome": state.end.outcome if state.end is not None else None,
        "liable": money.liable,
        "silence": any(step.edge is not None and "~" in step.edge for step in walk.path),
        "goods_left": _or_unknown(goods_left(walk.view)),
        "refund_maximum": _or_unknown(money.maximum),
    }
    for leg in walk.policy.legs:
        values.update(_of_leg(leg, money.postage.get(leg), walk.policy))
    for book, lines, waiting in _books(money, laid):
        values.update(_of_book(book, line_names(walk.policy, book), lines, waiting))
    return {**values, "buyer_net": _buyer_net(values, money)}


def _of_leg(name: str, leg: Leg | None, policy: Policy) -> Iterator[tuple[str, Value]]:
    """Yield who bears and who advances a leg, and what each party bears of it."""
    yield f"{name}_borne", None if leg is None else leg.borne_by
    yield f"{name}_advanced", None if leg is None else leg.advanced_by or UNDECIDED
    for party in policy.parties:
        yield f"{name}_by_{party}", None if leg is None else _part(leg, party)


def _part(leg: Leg, party: str) -> Value:
    if not leg.shares:
        return UNKNOWN
    return leg.shares.get(party, 0) + (leg.insurer_pays if party == "insurer" else 0)


def _books(money: Settlement, laid: Laid) -> Iterator[tuple[str, Iterable[MoneyItem], Names[str]]]:
    """Yield each book with its lines, and the names that are missing in it while they wait."""
    waiting = {line.for_ for line in money.waiting}
    open_legs = {name: leg for name, leg in money.postage.items() if leg is not None and not leg.shares}
    unmoved = {name: leg.advanced_by for name, leg in open_legs.items() if name in waiting}
    back = {name for name, advanced in unmoved.items() if advanced in (None, "buyer")}
    owed = {name for name, advanced in unmoved.items() if advanced != "buyer"}
    others = {name for name, leg in open_legs.items() if leg.borne_by not in {"buyer", "seller", "nobody"}}
    goods_open = GOODS in laid.refund and all(line.for_ != GOODS for line in money.lines)
    yield "refund", money.lines, laid.refund.keys() | back
    yield "deduction", money.deductions, laid.deductions.keys() if goods_open else ()
    yield "charge", money.charges, laid.charge.keys() | owed
    yield "recover", money.recover, laid.recover.keys() | others


def _of_book(
    book: str, names: Iterable[str], lines: Iterable[MoneyItem], waiting: Names[str]
) -> Iterator[tuple[str, Value]]:
    """Yield the lines of a book, 0 where there is none, and their total."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.for_] = sums.get(line.for_, 0) + line.amount
    missing = [name for name in waiting if name not in sums]
    for name in names:
        yield f"{book}_{name}", UNKNOWN if name in missing else sums.get(name, 0)
    yield f"{book}_total", UNKNOWN if missing else sum(sums.values())


def _buyer_net(values: Mapping[str, Value], money: Settlement) -> Value:
    """Return what the buyer comes out with: refund and insurance less charges and the postage that they advanced."""
    refund, charge = values["refund_total"], values["charge_total"]
    spent = 0
    for name, leg in money.postage.items():
        if name == _OUTBOUND or leg is None or leg.advanced_by not in (None, "buyer"):
            continue
        if leg.amount is None or not leg.shares or leg.advanced_by is None:
            return UNKNOWN
        spent += leg.amount
    insured = sum(part.amount for part in money.transfers if (part.from_, part.to) == ("insurer", "buyer"))
    if not isinstance(refund, int) or not isinstance(charge, int):
        return UNKNOWN
    return refund + insured - charge - spent


def _or_unknown(amount: int | None) -> Value:
    return UNKNOWN if amount is None else amount
