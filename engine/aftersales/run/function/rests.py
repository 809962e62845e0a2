"""What a case has to do with the state it rests in, written out: what is asked, how long, and what is to be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aftersales.expr.names import facts_of, nodes, params_of
from aftersales.expr.tree import TRUE, All, Either, Expr, Over, ParamRef
from aftersales.policy.model import Action, Fact, Offer, Policy, State
from aftersales.policy.reads import choosing_facts, of_within
from aftersales.run.function.asked import NONE, blocker, first
from aftersales.run.function.offers import offers_everything, write_offers
from aftersales.run.function.sheet import Names, Sheet
from aftersales.run.function.texts import YES, both, known, true, value
from aftersales.run.reads import with_inputs


class RestSheet(Sheet):
    """The body of a function about one state, in which only the answers that are offered there count."""

    def __init__(self, names: Names, state: State) -> None:
        super().__init__(names)
        self.state = state
        write_offers(self, state)

    def param_need(self, name: str) -> str:
        """Return the text of the fact that keeps a param unknown, not yet opened to what it rests on itself."""
        return f"param_blocker({name!r}, f)"

    def ask(self, name: str, *, told: bool) -> str:  # noqa: ARG002 (an ``Ask``: here both are asked alike)
        """Return the text of what to ask for: what keeps the fact's options from being offered, else the fact."""
        conditions = [expr for offer in self.state.offers if offer.fact == name for expr in _conditions(offer)]
        return first((*(self.blocker(expr, itself) for expr in conditions), repr(name)))


def itself(name: str, *, told: bool) -> str:  # noqa: ARG001 (an ``Ask``)
    """Return the text of a fact that is asked for itself."""
    return repr(name)


def _conditions(offer: Offer) -> Sequence[Expr]:
    return [when for _, when in offer.options] if offer.at_most is None else [offer.at_most]


def is_plain(policy: Policy, state: State) -> bool:
    """Return whether an answer that may not count in ``state`` is an input of nothing else that is written out here."""
    hidden = {offer.fact for offer in state.offers if not offers_everything(offer, policy)}
    if len({offer.fact for offer in state.offers}) < len(state.offers):
        return False
    if not hidden:
        return True
    conditions = [expr for offer in state.offers for expr in _conditions(offer)]
    if hidden.intersection(name for expr in conditions for name in facts_of(expr)):
        return False
    looked_at = set(_looked_at(policy, state, conditions)) - hidden
    rare = any(policy.facts[name].derived is not None or policy.facts[name].flag is not None for name in hidden)
    return not rare and hidden.isdisjoint(with_inputs(policy, looked_at))


def _looked_at(policy: Policy, state: State, conditions: Iterable[Expr]) -> Iterator[str]:
    exprs = [*conditions, *(branch.when for branch in state.branches)]
    exprs += [] if state.until is None else [state.until]
    exprs += [] if state.within is None else [of_within(state.within)]
    for expr in exprs:
        yield from facts_of(expr)
        for name in params_of(expr):
            yield from choosing_facts(policy, policy.params[name])
    for todo in state.do:
        action = policy.actions[todo.action]
        yield from action.gives
        if action.by in policy.params:
            yield from choosing_facts(policy, policy.params[action.by])


def write_asked(sheet: RestSheet) -> None:
    """Write which facts keep a case here, in the author's order, none of them opened to what it rests on."""
    state = sheet.state
    sheet.put("found = []")
    if state.until is not None and state.until != TRUE:
        sheet.read(state.until)
        holds = true(state.until, sheet)
        if holds != YES:
            with sheet.under(f"if not {holds}"):
                _wanting(sheet, state.until)
                sheet.put("return tuple(found)")
    for branch in state.branches:
        sheet.read(branch.when)
        holds = true(branch.when, sheet)
        if holds == YES:
            break
        sheet.put(f"if {holds}: return tuple(found)")
        add(sheet, blocker(branch.when, sheet, sheet.ask))
    sheet.put("return tuple(found)")


def _wanting(sheet: RestSheet, condition: Expr) -> None:
    """Write the facts that do not yet make a condition true, known or not."""
    holds = true(condition, sheet)
    if holds == YES:
        return
    with sheet.under(f"if not {holds}"):
        if isinstance(condition, All | Either):
            for operand in condition.operands:
                _wanting(sheet, operand)
        else:
            for name in facts_of(condition):
                add(sheet, sheet.ask(name, told=True))
        sheet.put("pass")


def add(sheet: Sheet, need: str) -> None:
    """Write that ``need`` is asked for, where it is anything."""
    if need.startswith("'"):
        sheet.put(f"found.append({need})")
    elif need != NONE:
        sheet.put(f"need = {need}", "if need is not None: found.append(need)")


def write_length(sheet: RestSheet) -> None:
    """Write the length, count or time of the deadline; ``None`` while it is not known."""
    if sheet.state.within is None:
        raise AssertionError(sheet.state.key)
    figure = of_within(sheet.state.within)
    sheet.read(figure)
    sheet.put(f"return {value(figure, sheet)} if {known(figure, sheet)} else None")


def write_owed(sheet: RestSheet, actions: Sequence[Action]) -> None:
    """Write of each action whether all that it tells is told already, and the role that a param says does it."""
    parts: list[str] = []
    for action in actions:
        told = (f"{sheet.read_fact(name)} == {sheet.constant(said)}" for name, said in action.gives.items())
        parts.append("False" if action.pays or not action.gives else both(told))
        parts.append(_role(sheet, action))
    sheet.put(f"return ({' '.join(f'{part},' for part in parts)})")


def _role(sheet: Sheet, action: Action) -> str:
    if action.by not in sheet.policy.params:
        return NONE
    sheet.read(role := ParamRef(sheet.policy.params[action.by].type, action.by))
    return f"({value(role, sheet)} if {known(role, sheet)} else None)"


def write_options(sheet: RestSheet, offer: Offer | None, at_most: Expr | None) -> None:
    """Write which options of a fact are open, in their order, and above which amount an answer may not lie."""
    conditions = [] if offer is None else [when for _, when in offer.options]
    sheet.read(*conditions, *(() if at_most is None else (at_most,)))
    flags = " ".join(f"{true(when, sheet)}," for when in conditions)
    most = NONE if at_most is None else f"({value(at_most, sheet)} if {known(at_most, sheet)} else None)"
    sheet.put(f"return ({flags}), {most}")


def write_base(sheet: Sheet, name: str) -> None:
    """Write what to ask for so that a derived fact becomes known; itself where it is, or where nothing helps."""
    held = sheet.read_fact(name)
    unknown = f"{held} is {'U' if sheet.may_be_none(name) else NONE}"
    sheet.put(f"if not ({unknown}): return {name!r}")
    sheet.put(f"return {sheet.base_need(name)}")


def is_asked_for(fact: Fact) -> bool:
    """Return whether nothing else than a fact itself is asked for: it is told, or only the order's lines say it."""
    of_lines = isinstance(fact.derived, Over) and not facts_of(fact.derived)
    return fact.ask is not None or of_lines or not (fact.derived or fact.computed)


def reads_lines(policy: Policy, name: str) -> bool:
    """Return whether a fact follows from the order's lines: then only a whole case says what it waits for."""
    fact = policy.facts[name]
    return fact.computed or (fact.derived is not None and any(isinstance(node, Over) for node in nodes(fact.derived)))
