"""Is something on offer whatever is known, and does the state look at what is chosen?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN
from aftersales.policy.arrival import inputs
from aftersales.policy.checks.shown import answers, word
from aftersales.policy.fields import Bits, among
from aftersales.policy.lore import Lore
from aftersales.policy.model import Offer, State
from aftersales.policy.possible import Analysis, Ways
from aftersales.policy.world import TooManyWorldsError, World, explore
from aftersales.text import Text


def something_is_always_offered(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find offers whose options can all be closed, and options that are never open."""
    idle: dict[object, Diagnostic] = {}
    of_use: set[object] = set()
    for state, ways in analysis.reached():
        for offer in state.offers:
            if offer.at_most is not None:
                continue
            yield from _all_closed(analysis.lore, state, offer, ways)
            for number, fault in _never_open(analysis.lore, state, offer, ways):
                place = (state.span, offer.fact, number)
                if fault is None:
                    of_use.add(place)
                else:
                    idle.setdefault(place, fault)
    yield from (fault for place, fault in idle.items() if place not in of_use)


def what_is_offered_is_read(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find offers of a fact that the state does not look at."""
    for state, _ in analysis.reached():
        read = set(_read_here(analysis, state)) if state.offers else ()
        for offer in state.offers:
            if offer.fact not in read:
                message = Text(
                    f"状态 {state.name} 不读 {offer.fact}，不必提供选项",
                    f"state {state.name} offers {offer.fact} and does not read it",
                )
                hint = Text(f"按 {offer.fact} 分支", f"lead on by {offer.fact}")
                yield Diagnostic("offer_not_read", message, state.span, hint)


def what_is_offered_is_still_open(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find offers of a fact that some way here has settled with an answer that is no option: the case is stuck."""
    for state, ways in analysis.reached():
        for offer in state.offers:
            read = analysis.lore.reads.deciding(state)
            worlds = _worlds(analysis.lore, ways, partial(_stuck, offer), read, state.offers)
            stuck = None if offer.at_most is not None else next(worlds, None)
            if stuck is not None:
                yield _settled(state, offer, word(stuck.chosen["value", offer.fact]))


def _settled(state: State, offer: Offer, value: str) -> Diagnostic:
    return Diagnostic(
        "offer_settled",
        Text(
            f"{offer.fact} 可能已读定为 {value}，而状态 {state.name} 不提供它",
            f"{offer.fact} may be settled as {value} already, which state {state.name} does not offer",
        ),
        state.span,
        Text(
            f"先 forget: [{offer.fact}]，或也提供 {value}",
            f"forget: [{offer.fact}] on the way here, or offer {value} too",
        ),
    )


def _read_here(analysis: Analysis, state: State) -> Iterator[str]:
    policy, lore = analysis.policy, analysis.lore
    waiting = [name for branch in state.branches for name in lore.facts_of(branch.guard)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield name
            waiting.extend(inputs(policy.facts[name]))


def _all_closed(lore: Lore, state: State, offer: Offer, ways: Ways) -> Iterator[Diagnostic]:
    looked_at = lore.reads.opened(when for _, when in offer.options)
    example = next(_worlds(lore, ways, partial(_closed, offer), looked_at), None)
    if example is None:
        return
    told = lore.fields.arrival(example.known_here())
    read = dict.fromkeys(name for _, when in offer.options for name in facts_of(when) if name in told)
    shown = answers({name: told[name] for name in read if len(told[name].values or ()) == 1})
    message = Text(
        f"{shown.zh or '某些情况'} 时 {offer.fact} 没有可选项",
        f"no option of {offer.fact} is open where {shown.en or 'some amounts differ'}",
    )
    hint = Text("至少有一个选项总是 true", "let at least one option be true always")
    yield Diagnostic("nothing_offered", message, state.span, hint)


def _never_open(lore: Lore, state: State, offer: Offer, ways: Ways) -> Iterator[tuple[int, Diagnostic | None]]:
    for number, (option, when) in enumerate(offer.options):
        message = Text(
            f"选项 {word(option)} 在状态 {state.name} 中从不可选",
            f"the option {word(option)} is never open in state {state.name}",
        )
        opens = any(True for _ in _worlds(lore, ways, partial(_open, when), lore.reads.opened((when,))))
        yield number, None if opens else Diagnostic("option_never_open", message, state.span)


def _closed(offer: Offer, world: World) -> bool:
    return all(world.truth(when) is False for _, when in offer.options)


def _stuck(offer: Offer, world: World) -> bool:
    fields = world.lore.fields
    read = world.known & fields.bit[offer.fact] and not world.known & fields.unread[offer.fact]
    if not read or world.fact(offer.fact) is not UNKNOWN:
        return False
    return world.chosen.get(("value", offer.fact)) not in {option for option, _ in offer.options}


def _open(condition: Expr, world: World) -> bool:
    return world.truth(condition) is True


def _worlds(
    lore: Lore, ways: Ways, ask: Callable[[World], bool], read: Bits, offers: Sequence[Offer] = ()
) -> Iterator[World]:
    """Yield worlds of a state where the answer to ``ask``, which looks at what is ``read`` only, is yes: of each kind one.

    None where there are too many to try.
    """
    for known in among(read, (situation.known for situation in ways.situations)):
        with suppress(TooManyWorldsError):
            yield from (world for world, holds in explore(lore, known, offers, ask) if holds)
