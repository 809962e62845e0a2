"""The answers that a state offers, written out: one that does not count here is not seen by what comes after."""

from __future__ import annotations

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import TRUE
from aftersales.policy.model import Offer, Policy, State
from aftersales.policy.reads import choosing_facts
from aftersales.run.function.asked import NONE
from aftersales.run.function.lines import GIVE_UP
from aftersales.run.function.sheet import Sheet
from aftersales.run.function.texts import YES, both, known, true, value
from aftersales.run.reads import with_inputs


def write_offers(sheet: Sheet, state: State) -> None:
    """Write which answers count here: from then on one that does not is as if nobody had told it."""
    shown: dict[str, str] = {}
    for offer in state.offers:
        held = sheet.read_fact(offer.fact)
        ways = counts(sheet, offer, held)
        if ways != YES:
            local = f"h{sheet.names.facts[offer.fact]}"
            nothing = "U" if sheet.may_be_none(offer.fact) else NONE
            sheet.put(f"{local} = {held} if {ways} else {nothing}")
            shown[offer.fact] = local
    sheet.shown.update(shown)


def counts(sheet: Sheet, offer: Offer, held: str) -> str:
    """Return the text that is true where the answer ``held`` counts, and write that none is above its bound."""
    if offer.at_most is not None:
        sheet.read(offer.at_most)
        sure, most = known(offer.at_most, sheet), value(offer.at_most, sheet)
        sheet.put(f"if {both((f'{held} is not None', sure))} and {held} > {most}: {GIVE_UP}")
        return sure
    if offers_everything(offer, sheet.policy):
        return YES
    sheet.read(*(when for _, when in offer.options))
    ways = (both((f"{held} == {option!r}", true(when, sheet))) for option, when in offer.options)
    return f"({' or '.join(ways)})"


def offers_everything(offer: Offer, policy: Policy) -> bool:
    """Return whether every answer to the fact counts: all its values are offered on no condition."""
    type_ = policy.facts[offer.fact].type
    values = type_.values or (True, False)
    always = {option for option, when in offer.options if when == TRUE}
    return always >= set(values)


def hides_inputs(state: State, policy: Policy) -> bool:
    """Return whether an answer that may not count here is also an input of something else that the state looks at."""
    offered = {offer.fact for offer in state.offers if not offers_everything(offer, policy)}
    looked_at = [branch.guard for branch in state.branches] + ([] if state.until is None else [state.until])
    direct = {name for expr in looked_at for name in facts_of(expr)}
    chosen_by = {
        fact for expr in looked_at for name in params_of(expr) for fact in choosing_facts(policy, policy.params[name])
    }
    inputs = set(with_inputs(policy, (direct - offered) | chosen_by))
    return bool(offered & inputs) or any(
        policy.facts[name].derived is not None or policy.facts[name].flag is not None for name in offered
    )
