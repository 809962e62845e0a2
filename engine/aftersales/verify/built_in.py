"""Laws that hold of every policy: answers lead on, branches are taken, money keeps to its caps, ends leave nothing open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from aftersales.errors import AftersalesError, AmountError, CaseError, Diagnostic, UnmatchedCaseError
from aftersales.expr.tree import Expr
from aftersales.policy.edges import edges
from aftersales.policy.flat_names import SHARED
from aftersales.policy.model import Branch, State
from aftersales.run.settlement import settle_money
from aftersales.text import Text
from aftersales.verify.atlas import Atlas
from aftersales.verify.holes import holes, open_places, read_at
from aftersales.verify.places import Passage, Place
from aftersales.verify.replay import Document, Replay
from aftersales.verify.search import MOST_TRIES, Broken, Suspicion, settle
from aftersales.verify.settled import decided
from aftersales.verify.solver import Model, Unsettled
from aftersales.verify.story import Story, way_to
from aftersales.verify.terms import Formula, all_of, any_of, at_most_one, compare, negate, total
from aftersales.verify.verdict import PROVED, Finding, unknown
from aftersales.verify.within_bounds import every_figure_fits

#: The codes of amounts that cannot be settled; an answer above its bound is refused before that.
_SETTLING: Final = ("refund_above_maximum", "amount_below_zero")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A law of every policy: its name, what it says, and the question that settles it."""

    name: str
    title: Text
    ask: Callable[[Atlas, Replay], Finding]


def every_circle_ends(atlas: Atlas, _replay: Replay) -> Finding:
    """Find circles that a case may go round more often than is worked out: nothing counts or bounds them."""
    if not atlas.map.endless:
        return PROVED
    names = "; ".join(" → ".join(circle) for circle in atlas.map.endless)
    return unknown(f"循环没有次数上限：{names}", f"nothing bounds the rounds of {names}")


def one_way_on(atlas: Atlas, replay: Replay) -> Finding:
    """Find facts under which two branches of one state are open: the same facts would be decided in two ways."""
    return settle(atlas, replay, _two_open(atlas), _stops_with(UnmatchedCaseError))


def _two_open(atlas: Atlas) -> Iterator[Suspicion]:
    for place, state in open_places(atlas):
        yield place, negate(at_most_one([atlas.carried.guard(place, branch).yes for branch in state.branches]))


def every_answer_fits(atlas: Atlas, replay: Replay) -> Finding:
    """Find answers, each of them offered, that no branch of a state fits."""
    return settle(atlas, replay, holes(atlas), _stops_with(UnmatchedCaseError, read_at))


def _stops_with(kind: type[AftersalesError], there: Callable[[State], Iterable[Expr]] = lambda _state: ()) -> Broken:
    def seen(replay: Replay, case: Document) -> bool:
        try:
            replay.walk(case)
        except CaseError as fault:
            return isinstance(fault, kind)
        return False

    return Broken(seen, there=there)


def every_branch_is_taken(atlas: Atlas, _replay: Replay) -> Finding:
    """Find branches that no case takes: what stands above them, or the way to them, leaves nothing."""
    left = {edge.key: edge for edge in edges(atlas.policy) if isinstance(edge.way, Branch)}
    for place in reversed(atlas.map.places):
        for passage in atlas.map.out.get(place, ()):
            if passage.edge.key in left:
                answer = _gone(atlas, passage)
                if isinstance(answer, Unsettled):
                    return unknown(f"求解器没有得出答案（{answer.why}）", f"the solver gave no answer ({answer.why})")
                for taken in answer:
                    left.pop(taken, None)
    if not left:
        return PROVED
    faults = tuple(_never_taken(atlas, key) for key in left)
    return Finding("refuted", faults[0].message, faults=faults)


def _gone(atlas: Atlas, passage: Passage) -> Unsettled | tuple[str, ...]:
    """Return the edges that one case with ``passage`` on its way goes along, none where there is no such case."""
    taken = all_of((atlas.carried.taken(passage), atlas.agrees(passage.source)))
    answer = atlas.find(taken, [passage.source])
    if not isinstance(answer, Model):
        return answer or ()
    return (passage.edge.key, *(before.edge.key for before in way_to(atlas.carried, passage.source, answer)))


def _never_taken(atlas: Atlas, key: str) -> Diagnostic:
    edge = next(edge for edge in edges(atlas.policy) if edge.key == key)
    message = Text(f"没有案例走 {key} 这一分支", f"no case takes branch {key}")
    return Diagnostic("branch_never_taken", message, edge.way.span)


def money_keeps_to_its_caps(atlas: Atlas, replay: Replay) -> Finding:
    """Find cases whose money comes below zero or above its cap: goods above what is left, a line above its own."""
    return settle(atlas, replay, money_in_error(atlas, atlas.places()), IN_ERROR)


def money_in_error(atlas: Atlas, places: Iterable[Place]) -> Iterator[Suspicion]:
    """Yield when money cannot be settled though every answer keeps to its bound: one that does not is refused."""
    for place in places:
        broken = atlas.flat(place).settled.in_error()
        if broken is not False:
            sight = atlas.carried.sight(place, offered=True)
            bounds = (offer.fact for offer in atlas.carried.state(place).offers if offer.at_most is not None)
            yield place, all_of((broken, *(sight.fact(name).known for name in bounds)))


def _is_in_error(replay: Replay, case: Document) -> bool:
    """Return whether the machine cannot settle the money, be it said once the case has come to rest."""
    try:
        settle_money(replay.walk(case))
    except AmountError as fault:
        return fault.diagnostics[0].code in _SETTLING
    except CaseError:
        return False
    return False


#: How a case shows that its money comes below zero or above its cap.
IN_ERROR: Final = Broken(_is_in_error)


def ends_leave_nothing_open(atlas: Atlas, replay: Replay) -> Finding:
    """Find ends at which nobody is liable or a leg that was travelled has no bearer."""
    return settle(atlas, replay, _undecided(atlas), Broken(_is_undecided))


def _undecided(atlas: Atlas) -> Iterator[Suspicion]:
    for place in atlas.places():
        if atlas.carried.state(place).end is not None:
            flat = atlas.flat(place)
            legs = (flat.settled.leg(name) for name in atlas.policy.legs)
            yield (
                place,
                any_of(
                    (negate(decided(flat.settled.liable())), *(all_of((leg.laid, negate(leg.decided))) for leg in legs))
                ),
            )


def _is_undecided(replay: Replay, case: Document) -> bool:
    try:
        walk = replay.walk(case)
        money = settle_money(walk)
    except CaseError:
        return False
    borne = [leg.borne_by for leg in money.postage.values() if leg is not None]
    return walk.at_state.end is not None and "undecided" in (money.liable, *borne)


def legs_are_conserved(atlas: Atlas, replay: Replay) -> Finding:
    """Find legs whose parts do not add up to what they cost, or that a refund makes whole more than once."""
    return settle(atlas, replay, _unbalanced(atlas), Broken(_is_unbalanced))


def _unbalanced(atlas: Atlas) -> Iterator[Suspicion]:
    for place in atlas.places():
        if atlas.carried.state(place).end is None:
            continue
        money = atlas.flat(place).settled
        for name in atlas.policy.legs:
            leg = money.leg(name)
            if leg.laid is False:
                continue
            parts = [(1, money.by(name, party).value) for party in atlas.policy.parties]
            whole = compare("==", total(parts), leg.cost.value)
            buyer = [(1, money.refund(name).value), (1, leg.insurer.value), (1, money.by(name, "buyer").value)]
            back = any_of((negate(leg.advanced.word("buyer")), compare("==", total(buyer), leg.cost.value)))
            alone = negate(leg.borne.word(SHARED))
            yield place, all_of((leg.settled, alone, negate(all_of((whole, back)))))


def _is_unbalanced(replay: Replay, case: Document) -> bool:
    try:
        money = settle_money(replay.walk(case))
    except CaseError:
        return False
    legs = [leg for leg in money.postage.values() if leg is not None and leg.amount is not None and leg.shares]
    return any(sum(leg.shares.values()) + leg.insurer_pays != leg.amount for leg in legs)


def machine_agrees(atlas: Atlas, replay: Replay) -> Finding:
    """Take a case from each end's formulas and decide it in the machine: it must come to that end.

    It is the law that catches faults of the proof itself.
    """
    for place in atlas.places():
        if atlas.carried.state(place).end is None or place.round:
            continue
        plain = all_of((atlas.here(place), negate(atlas.flat(place).settled.in_error())))
        if not _is_come_to(atlas, replay, place, plain):
            return unknown(
                f"公式说能到 {place.state}，状态机没有到", f"the formulas come to {place.state}, the machine does not"
            )
    return PROVED


def _is_come_to(atlas: Atlas, replay: Replay, place: Place, left: Formula) -> bool:
    """Return whether one of the first cases of an end comes to it in the machine; yes too where it has none."""
    answer = atlas.find(all_of((left, negate(atlas.carried.silent(place)))), [place]) or atlas.find(left, [place])
    for _ in range(MOST_TRIES):
        if not isinstance(answer, Model):
            return answer is None
        if _comes_to(atlas, replay, place, answer):
            return True
        way = way_to(atlas.carried, place, answer)
        left = all_of((left, negate(all_of(atlas.carried.fires(step.source, step.edge) for step in way))))
        answer = atlas.find(left, [place])
    return False


def _comes_to(atlas: Atlas, replay: Replay, place: Place, model: Model) -> bool:
    case = Story(atlas.carried, model, replay).along(way_to(atlas.carried, place, model), place, ())
    try:
        return case is not None and replay.walk(case).state == place.state
    except CaseError:
        return False


BUILT_IN: tuple[BuiltIn, ...] = (
    BuiltIn("every_circle_ends", Text("每个循环都有上限", "every circle is bounded"), every_circle_ends),
    BuiltIn("one_way_on", Text("同样的事实，同样的判定", "same facts, same decision"), one_way_on),
    BuiltIn("every_answer_fits", Text("每个回答都有去处", "every answer leads on"), every_answer_fits),
    BuiltIn(
        "every_figure_fits",
        Text("上下限之间的任何取值都有去处", "every figure between its bounds leads on"),
        every_figure_fits,
    ),
    BuiltIn("every_branch_is_taken", Text("每个分支都走得到", "every branch can be taken"), every_branch_is_taken),
    BuiltIn(
        "money_keeps_to_its_caps",
        Text("金额不为负，也不超过上限", "no amount is negative or above its cap"),
        money_keeps_to_its_caps,
    ),
    BuiltIn(
        "ends_leave_nothing_open",
        Text("结束时责任和每段运费都有着落", "every end fixes who is liable and who bears each leg"),
        ends_leave_nothing_open,
    ),
    BuiltIn(
        "legs_are_conserved",
        Text("每段运费各方之和等于运费", "what the parties bear of a leg adds up to its cost"),
        legs_are_conserved,
    ),
    BuiltIn("machine_agrees", Text("状态机和公式判定一致", "the machine decides as the formulas do"), machine_agrees),
)
