"""Who is liable, who bears which postage, and what is refunded, as a state lays it down and as an end carries it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aftersales.draw.wording import begins_with
from aftersales.expr.tree import Expr, Extreme, FactRef, Literal
from aftersales.policy.live import targets_of
from aftersales.policy.model import Bearing, MoneyLine, Policy, PostageTerm, Share, State, Terms
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Words
from aftersales.teach.handbook.voice import Voice
from aftersales.text import Text

#: A term by what it is about: ``("liable", "")``, ``("leg", name)``, ``("refund", name)`` and so on.
Key = tuple[str, str]
#: By term, the states that may have laid it down last before a case is where it is, its own included.
Carried = Mapping[Key, frozenset[str]]

_MONEY = ("refund", "deductions", "charge", "recover")
_BUYER = "buyer"
_NOBODY = "nobody"


def carried(policy: Policy) -> Mapping[str, Carried]:
    """Return for every state which states can have laid down each term that holds there; a later one replaces."""
    laid = {key: tuple(dict.fromkeys(_keys(state.terms))) for key, state in policy.states.items()}
    held: dict[str, dict[Key, frozenset[str]]] = {
        key: {term: frozenset({key}) for term in own} for key, own in laid.items()
    }
    waiting = dict.fromkeys(policy.states)
    while waiting:
        key, _ = waiting.popitem()
        for target in dict.fromkeys(target.state for target in targets_of(policy, policy.states[key])):
            if _hand_on(held[key], held[target], laid[target]):
                waiting[target] = None
    return held


def _hand_on(source: Carried, target: dict[Key, frozenset[str]], own: Sequence[Key]) -> bool:
    """Add to ``target`` what comes from ``source`` and is not replaced there; return whether that changed anything."""
    changed = False
    for term, by in source.items():
        if term not in own and not by <= target.get(term, frozenset()):
            target[term] = target.get(term, frozenset()) | by
            changed = True
    return changed


def _keys(terms: Terms) -> Iterator[Key]:
    if terms.says_liable:
        yield "liable", ""
    yield from (("leg", term.leg) for term in terms.postage)
    yield from ((kind, line.name) for kind in _MONEY for line in _lines(terms, kind))


def _lines(terms: Terms, kind: str) -> tuple[MoneyLine, ...]:
    found: dict[str, tuple[MoneyLine, ...]] = {
        "refund": terms.refund,
        "deductions": terms.deductions,
        "charge": terms.charge,
        "recover": terms.recover,
    }
    return found[kind]


def own_terms(state: State, voice: Voice) -> tuple[Words, ...]:
    """Say every term that a state itself lays down."""
    return tuple(_said(key, (state,), voice) for key in _keys(state.terms))


def payers(end: State, held: Carried, voice: Voice) -> tuple[Words, ...]:
    """Say who is liable at an end and who bears each leg; what differs by the way there is joined by *or*.

    What an earlier flow settled, before it handed over, is named as such.
    """
    policy = voice.policy
    wanted = [("liable", ""), *(("leg", name) for name in policy.legs)]
    said = [_settled(key, own, end, voice) for key in wanted if (own := laid_here(key, end, held, policy))]
    earlier = any(len(laid_here(key, end, held, policy)) < len(by) for key, by in held.items())
    return (*said, voice.of(words.AS_BEFORE)) if earlier else tuple(said)


def _settled(key: Key, states: Sequence[State], end: State, voice: Voice) -> Words:
    """Say who is liable or bears a leg; a leg that only some ways there settled says after which state."""
    said = _said(key, states, voice)
    return _noted(said, states, end, voice) if key[0] == "leg" else said


def amounts(end: State, held: Carried, voice: Voice) -> tuple[Words, ...]:
    """Say every formula of an end: refund, postage that goes back, deductions, charges, recoveries.

    Where there is none, what an earlier flow settled before it handed over may still hold.
    """
    found = {
        kind: [said for key in held if key[0] == kind for said in _formula(key, end, held, voice)] for kind in _MONEY
    }
    back, owed = _postage_moved(end, held, voice)
    said = (*found["refund"], *back, *found["deductions"], *found["charge"], *owed, *found["recover"])
    return said or (voice.of(_nothing_said(end, held, voice.policy)),)


def _nothing_said(end: State, held: Carried, policy: Policy) -> Text:
    """Return how to say that an end lays down no amount; what was paid in advance may go back all the same."""
    earlier = ((key, policy.states[name]) for key, by in held.items() for name in by)
    if any(state.flow != end.flow and _moves_money(key, state, policy) for key, state in earlier):
        return words.AS_SETTLED
    return words.NO_GOODS_REFUND if _pays_waived(end, policy) else words.NO_REFUND


def _moves_money(key: Key, state: State, policy: Policy) -> bool:
    """Tell whether a term of a state gives the buyer money or asks for it."""
    kind, name = key
    if kind in {"refund", "charge"}:
        return any(line.name == name and not _is_nothing(line) for line in _lines(state.terms, kind))
    terms = _of_leg(state, name) if kind == "leg" else ()
    pairs = (_names((term.borne, _advanced(term, policy.legs[name].advanced))) for term in terms)
    return any((borne == _BUYER) != (advanced == _BUYER) and borne != _NOBODY for borne, advanced in pairs)


def _pays_waived(end: State, policy: Policy) -> bool:
    """Tell whether an end waives a charge and has somebody act through whom money leaves."""
    paying = {action.by for action in policy.actions.values() if action.pays}
    acting = {policy.actions[name].by for name in (*(each.action for each in end.do), *end.duties)}
    return any(map(_is_nothing, end.terms.charge)) and bool(paying & acting)


def _is_nothing(line: MoneyLine) -> bool:
    """Tell whether a line is 0.00, which only takes back an earlier one."""
    return isinstance(line.amount, Literal) and not line.amount.value


def is_paid_back(end: State, name: str, policy: Policy) -> bool:
    """Tell whether an end gives back what its flow charged under a name."""
    states = (policy.states[key] for key in policy.flows[end.flow].states)
    lines = (line for state in states for line in state.terms.charge if line.name == name)
    return any(_gives_back(end, line) for line in lines if not _is_nothing(line))


def _gives_back(end: State, charge: MoneyLine) -> bool:
    """Tell whether an end gives back just what was charged: under the same name, or by the same formula."""
    return any(
        line.name == charge.name or charge.amount in _bounded(line.amount)
        for line in end.terms.refund
        if not _is_nothing(line)
    )


def _bounded(amount: Expr) -> tuple[Expr, ...]:
    return amount.operands if isinstance(amount, Extreme) else (amount,)


def _formula(key: Key, end: State, held: Carried, voice: Voice) -> Iterator[Words]:
    """Say a line of money; one that is 0.00 whatever the way there only takes back an earlier one, and is not said.

    A line that only some ways there lay down says after which state. What the end gives back is no longer due.
    """
    kind, name = key
    lines = [
        (state, line)
        for state in laid_here(key, end, held, voice.policy)
        for line in _lines(state.terms, kind)
        if line.name == name and not _is_nothing(line) and not (kind == "charge" and _gives_back(end, line))
    ]
    said: dict[Words, list[State]] = {}
    for state, line in lines:
        said.setdefault(_money(kind, line, voice), []).append(state)
    if said:
        yield voice.joined((_noted(one, states, end, voice) for one, states in said.items()), words.OR)


def _noted(said: Words, states: Sequence[State], end: State, voice: Voice) -> Words:
    if not _avoidable(frozenset(state.key for state in states), end, voice.policy):
        return said
    after = (voice.filled(words.QUOTED, voice.of(state.title)) for state in states)
    return voice.filled(words.ONLY_AFTER, said, voice.joined(after, words.OR))


def _avoidable(keys: frozenset[str], end: State, policy: Policy) -> bool:
    """Tell whether a way through the end's own flow leads to it past all of these states."""
    flow = policy.flows[end.flow]
    waiting = [flow.start]
    seen = set(keys)
    while waiting:
        key = waiting.pop()
        if key == end.key and key not in keys:
            return True
        if key not in seen and key in flow.states:
            seen.add(key)
            waiting.extend(target.state for target in targets_of(policy, policy.states[key]))
    return False


def laid_here(key: Key, end: State, held: Carried, policy: Policy) -> tuple[State, ...]:
    """Return the states of the end's own flow that may have laid a term down, in the author's order."""
    by = held.get(key, frozenset())
    return tuple(policy.states[name] for name in policy.flows[end.flow].states if name in by)


def _postage_moved(end: State, held: Carried, voice: Voice) -> tuple[list[Words], list[Words]]:
    """Say which legs go back to the buyer who advanced them, and which the buyer still owes."""
    back, owed = [], []
    for name, leg in voice.policy.legs.items():
        states = laid_here(("leg", name), end, held, voice.policy)
        terms = [term for state in states for term in _of_leg(state, name)]
        bearers = [(term.borne, _advanced(term, leg.advanced)) for term in terms]
        title = voice.of(leg.title)
        if any(borne != _BUYER and advanced == _BUYER for borne, advanced in map(_names, bearers)):
            sure = all(borne not in {None, _BUYER} and advanced == _BUYER for borne, advanced in map(_names, bearers))
            insured = leg.insured is not None and any(term.insured for term in terms)
            always, sometimes = (words.BACK_INSURED, words.BACK_INSURED_IF) if insured else (words.BACK, words.BACK_IF)
            back.append(_noted(voice.filled(always if sure else sometimes, title), states, end, voice))
        if all(borne == _BUYER and advanced == "seller" for borne, advanced in map(_names, bearers)) and bearers:
            owed.append(_noted(voice.filled(words.CHARGE, title), states, end, voice))
    return back, owed


def _names(pair: tuple[Bearing, Expr | str]) -> tuple[str | None, str]:
    """Return who bears a leg and who advances it, by name; ``None`` where the case decides who bears it.

    Where the case decides who advances it, that may be the buyer.
    """
    borne, advanced = pair
    bearer = str(borne.value) if isinstance(borne, Literal) else None
    if isinstance(advanced, str):
        return bearer, advanced
    return bearer, str(advanced.value) if isinstance(advanced, Literal) else _BUYER


def _advanced(term: PostageTerm, otherwise: str) -> Expr | str:
    return otherwise if term.advanced is None else term.advanced


def _of_leg(state: State, leg: str) -> Iterator[PostageTerm]:
    return (term for term in state.terms.postage if term.leg == leg)


def _said(key: Key, states: Sequence[State], voice: Voice) -> Words:
    """Say one term as any of ``states`` lays it down."""
    kind, name = key
    if kind == "liable":
        who = voice.joined((_liable(state.terms.liable, voice) for state in states), words.OR)
        return voice.filled(words.LIABLE_IS, who)
    if kind == "leg":
        terms = [term for state in states for term in _of_leg(state, name)]
        each = tuple(_legs(terms, voice))
        return voice.filled(words.LEG_IS, voice.leg(name), voice.joined(each, _or_between(each, voice)))
    lines = (line for state in states for line in _lines(state.terms, kind) if line.name == name)
    return voice.joined((_money(kind, line, voice) for line in lines), words.OR)


def _or_between(parts: Sequence[Words], voice: Voice) -> Text:
    """Return the *or* between parts; a stronger one where a part has a comma, so that it is not read across."""
    commas = voice.of(words.COMMA)
    return (
        words.JOINT_OR
        if any(mark in said for one in parts for mark, said in zip(commas, one, strict=True))
        else words.OR
    )


def _liable(bearing: Bearing, voice: Voice) -> Words:
    """Say who is liable; where an answer says who, that answer is to be looked at."""
    said = _bearing(bearing, voice)
    return voice.filled(words.AS_ANSWERED, said) if isinstance(bearing, FactRef) else said


def _bearing(bearing: Bearing, voice: Voice) -> Words:
    if bearing is None:
        return voice.of(words.UNDECIDED)
    if isinstance(bearing, tuple):
        return voice.joined(_share(share, voice) for share in bearing)
    return voice.expr(bearing)


def _share(share: Share, voice: Voice) -> Words:
    rate = share.rate
    if rate is None:
        return voice.filled(words.REST, voice.who(share.party))
    return voice.filled(words.SHARE, voice.who(share.party), voice.bare(rate, None))


def _legs(terms: Sequence[PostageTerm], voice: Voice) -> Iterator[Words]:
    """Say who bears a leg, each bearer once, whoever may have advanced it."""
    found: dict[tuple[Words, bool], list[Words | None]] = {}
    for term in terms:
        found.setdefault((_borne(term, voice), term.insured), []).append(_advances(term, voice))
    for (borne, insured), advanced in found.items():
        known = voice.joined((who for who in advanced if who is not None), words.OR)
        by = words.OR_ADVANCED if None in advanced else words.ADVANCED
        said = voice.filled(by, borne, known) if any(who is not None for who in advanced) else borne
        yield said if insured else voice.filled(words.UNINSURED, said)


def _advances(term: PostageTerm, voice: Voice) -> Words | None:
    """Say who advances a leg that another bears; ``None`` where that is not said."""
    return voice.expr(term.advanced) if isinstance(term.advanced, Literal) and term.advanced != term.borne else None


def _borne(term: PostageTerm, voice: Voice) -> Words:
    borne = _bearing(term.borne, voice)
    match term.borne:
        case Literal(value="nobody"):
            return voice.of(words.NOTHING_TO_BEAR)
        case Literal() | tuple():
            return voice.filled(words.BEARS, borne)
        case _:
            return borne


def _money(kind: str, line: MoneyLine, voice: Voice) -> Words:
    title, amount = voice.line(line.name), voice.expr(line.amount)
    both = voice.filled(words.AMOUNT, title, amount)
    said = tuple(
        alone if begins_with(alone, head) else named for head, alone, named in zip(title, amount, both, strict=True)
    )
    if line.cap is not None and line.cap != line.amount:
        said = voice.capped(words.CAPPED, said, voice.expr(line.cap))
    match kind:
        case "deductions":
            return voice.filled(words.LESS, said)
        case "charge":
            return voice.filled(words.CHARGE, said)
        case "recover":
            return voice.filled(words.RECOVER, voice.who(line.party or ""), said)
        case _:
            return said
