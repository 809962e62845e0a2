"""Where money is owed to the buyer, is there somebody who pays it?"""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.expr.names import nodes
from aftersales.expr.tree import Expr, FactRef, Literal, ParamRef
from aftersales.policy.checks.ends import term_of
from aftersales.policy.laid import LegTerm, laid_down, pays
from aftersales.policy.model import Bearing, Policy, State
from aftersales.policy.possible import Analysis
from aftersales.text import Text

#: Who the seller's refunds go to.
BUYER = "buyer"
#: Who pays nothing through the seller: the buyer bears it themselves, an insurer pays them directly.
_NOT_THROUGH_THE_SELLER = frozenset({BUYER, "insurer"})


def whoever_is_owed_is_paid(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find states that owe the buyer a refund, and ends that owe them postage, with no action that pays.

    A leg named further up may have cost nothing there; only what the end itself says of it is looked at.
    """
    policy = analysis.policy
    laid = analysis.once(laid_down)
    for state, _ in analysis.reached():
        if laid[state.key].paid_for or pays(policy, (todo.action for todo in state.do)):
            continue
        line = next((line for line in state.terms.refund if line.amount != _zero(line.amount)), None)
        if line is not None:
            yield _unpaid(Text(f"退款 {line.name}", f"the refund of {line.name}"), state)
            continue
        named = {term.leg: laid[state.key].legs[term.leg] for term in state.terms.postage}
        leg = next((leg for leg, terms in named.items() if _owed(policy, leg, terms)), None)
        if state.end is not None and leg is not None:
            yield _unpaid(Text(f"运费 {leg}", f"the postage {leg}"), state)


def _zero(amount: Expr) -> Expr:
    return Literal(amount.type, 0)


def _owed(policy: Policy, leg: str, terms: frozenset[LegTerm]) -> bool:
    """Return whether the buyer surely advanced a leg that surely somebody else bears, whose share the seller pays on.

    Where it depends on a fact there may be nothing to pay: postage that was free cost the buyer nothing.
    """
    for entry in terms:
        advanced = None if entry.advanced is None else term_of(policy, entry.advanced, leg).advanced
        advancers = {policy.legs[leg].advanced} if advanced is None else _parties(policy, advanced)
        bearers = _parties(policy, term_of(policy, entry.borne, leg).borne)
        if advancers == {BUYER} and bearers and not bearers & _NOT_THROUGH_THE_SELLER:
            return True
    return False


def _parties(policy: Policy, bearing: Bearing) -> set[str]:
    """Return every party that an expression can come to."""
    if bearing is None:
        return set()
    if isinstance(bearing, tuple):
        return {share.party for share in bearing}
    found: set[str] = set()
    for node in nodes(bearing):
        if isinstance(node, Literal) and node.type.kind is bearing.type.kind:
            found.add(str(node.value))
        elif isinstance(node, FactRef | ParamRef) and node.type.kind is bearing.type.kind:
            found.update(node.type.values or policy.parties)
    return found


def _unpaid(what: Text, state: State) -> Diagnostic:
    return Diagnostic(
        "nobody_pays",
        Text(
            f"状态 {state.name} 欠买家{what.zh}，却没有付款的动作",
            f"state {state.name} owes the buyer {what.en} and no action pays it",
        ),
        state.span,
        Text("在 do 或 duties 中加一个 pays: true 的动作", "list an action with pays: true under do or duties"),
    )
