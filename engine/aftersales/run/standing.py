"""Where a case stands in one state: the answers that count here, the guards' verdicts, what is missing, what is open.

An answer that the state does not offer is no answer here: the guards see the fact as unknown, it stays told and
counts in the first state that offers it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aftersales.case.model import Case
from aftersales.case.view import CaseView
from aftersales.dataclass import dataclass, field
from aftersales.errors import AmountError, Diagnostic
from aftersales.expr.evaluate import blocker, evaluate, facts_of
from aftersales.expr.shown import show
from aftersales.expr.tree import All, Either, Expr
from aftersales.expr.types import UNKNOWN, Kind, Known, Value
from aftersales.instants import zone_named
from aftersales.money import show_money
from aftersales.policy.model import Late, Offer, Policy, State
from aftersales.run.decision import Need
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """A state seen with the answers that count in it.

    ``answers`` is what was told without the answers that do not count here, ``view`` looks through it, ``unoffered``
    are the answers that are not offered here, ``opens`` maps an offered fact to the fact that its options still wait
    for.
    """

    policy: Policy
    state: State
    answers: Mapping[str, Value]
    view: CaseView
    unoffered: Mapping[str, Value]
    opens: Mapping[str, str]
    _verdicts: list[Value] = field(default_factory=list, repr=False)

    @property
    def verdicts(self) -> Sequence[Value]:
        """Return the guards' three values in branch order, worked out when they are first looked at."""
        if not self._verdicts:
            self._verdicts[:] = [evaluate(branch.guard, self.view) for branch in self.state.branches]
        return self._verdicts

    @property
    def true_branches(self) -> tuple[int, ...]:
        """Return the indices of the branches whose guard is true; at most one, the compiler made them disjoint."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict is True)


def stand(policy: Policy, case: Case, state: State, told: Mapping[str, Value]) -> Standing:
    """Look at ``state`` with what was told.

    Raises AmountError where an offered amount is above its bound.
    """
    whole = CaseView(policy, case, told)
    unoffered: dict[str, Value] = {}
    opens: dict[str, str] = {}
    hidden: set[str] = set()
    for offer in state.offers:
        open_by = _options_wait_for(offer, whole)
        if open_by is not None:
            opens[offer.fact] = open_by
        value = whole.fact(offer.fact)
        if value is UNKNOWN or value is None:
            continue
        counts = _counts(offer, value, whole)
        if counts is not True:
            hidden.add(offer.fact)
        if counts is False:
            unoffered[offer.fact] = value
    answers = {name: value for name, value in told.items() if name not in hidden}
    view = CaseView(policy, case, answers) if hidden else whole
    return Standing(policy, state, answers, view, unoffered, opens)


def _counts(offer: Offer, value: Known, view: CaseView) -> Value:
    """Return whether an answer counts here: true, false, or unknown while its condition is."""
    if offer.at_most is not None:
        most = evaluate(offer.at_most, view)
        if isinstance(most, int) and isinstance(value, int) and value > most:
            raise AmountError(_above(offer.fact, value, most))
        return UNKNOWN if most is UNKNOWN else True
    condition = next((when for option, when in offer.options if option == value), None)
    return False if condition is None else evaluate(condition, view)


def _above(fact: str, value: int, most: int) -> Diagnostic:
    told, maximum = show_money(value), show_money(most)
    return Diagnostic(
        "above_maximum",
        Text(f"{fact} 为 {told}，超过了此处的上限 {maximum}", f"{fact} is {told}, the maximum here is {maximum}"),
    )


def _options_wait_for(offer: Offer, view: CaseView) -> str | None:
    """Return the fact that keeps one of the offer's conditions (or its bound) unknown."""
    conditions = [when for _, when in offer.options] if offer.at_most is None else [offer.at_most]
    return next((missing for when in conditions if (missing := blocker(when, view)) is not None), None)


def missing(standing: Standing) -> tuple[str, ...]:
    """Return the facts, in the author's order, that keep the case here; derived facts are named themselves.

    Nothing for an end, or where a branch is open.
    """
    state = standing.state
    if state.until is not None and evaluate(state.until, standing.view) is not True:
        found = list(_wanting(state.until, standing.view))
    else:
        found = list(_unknown_in_branches(standing))
    return tuple(dict.fromkeys(standing.opens.get(fact, fact) for fact in found))


def _unknown_in_branches(standing: Standing) -> Iterator[str]:
    for branch in standing.state.branches:
        if evaluate(branch.when, standing.view) is True:
            return
        fact = blocker(branch.when, standing.view)
        if fact is not None:
            yield fact


def supporting(condition: Expr, view: CaseView) -> Iterator[str]:
    """Name the facts that make a true ``condition`` true; what is false or unknown beside an ``or`` was not read."""
    if isinstance(condition, All | Either):
        for operand in condition.operands:
            if evaluate(operand, view) is True:
                yield from supporting(operand, view)
        return
    yield from facts_of(condition)


def _wanting(condition: Expr, view: CaseView) -> Iterator[str]:
    """Name the facts that do not yet make ``condition`` true, known or not: "not yet" is an answer too."""
    if evaluate(condition, view) is True:
        return
    if isinstance(condition, All | Either):
        for operand in condition.operands:
            yield from _wanting(operand, view)
        return
    yield from facts_of(condition)


def needs(standing: Standing) -> tuple[Need, ...]:
    """Return what the case waits for, as questions with the options that are open here."""
    asked: dict[str, Need] = {}
    for fact in missing(standing):
        for base in standing.view.base_needs(fact) or (fact,):
            asked.setdefault(base, question(standing, base))
    return tuple(asked.values())


def question(standing: Standing, name: str) -> Need:
    """Return a fact as a question, with the options that are open here."""
    at_most = next((o.at_most for o in standing.state.offers if o.fact == name), None)
    most = evaluate(at_most, standing.view) if at_most is not None else None
    return need_of(standing.policy, name, open_values(standing, name), most if isinstance(most, int) else None)


def need_of(policy: Policy, name: str, values: Sequence[Value], at_most: int | None) -> Need:
    """Return a fact as a question whose open options are ``values``."""
    fact = policy.facts[name]
    return Need(
        fact=name,
        ask=fact.ask or fact.title,
        from_=fact.answered_by,
        options=tuple(_word(value) for value in values),
        option_titles=tuple(value_title(policy, name, value) for value in values),
        at_most=at_most,
    )


def open_values(standing: Standing, name: str) -> tuple[Value, ...]:
    """Return the values of a fact that are open here: those offered, else all words of its type; none if it is free."""
    offer = next((o for o in standing.state.offers if o.fact == name and o.at_most is None), None)
    if offer is not None:
        return tuple(option for option, when in offer.options if evaluate(when, standing.view) is True)
    return all_values(standing.policy, name)


def all_values(policy: Policy, name: str) -> tuple[Value, ...]:
    """Return all words of a fact's type, both sides of a flag; none if it is free."""
    kind = policy.facts[name].type
    return (True, False) if kind.kind is Kind.FLAG else kind.values


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def value_title(policy: Policy, fact: str, value: Value) -> Text:
    """Return the title of a fact's value as people read it; values without one are shown as they are."""
    word = _word(value)
    titles = policy.facts[fact].value_titles
    if word in titles:
        return titles[word]
    return policy.parties.get(word, Text(word, word))


def answer_text(policy: Policy, fact: str, value: Value) -> str:
    """Return an answer as a case writes it: ``true``, ``18.00``, a word, an instant with the policy's offset."""
    return show(value, policy.facts[fact].type, zone_named(policy.timezone))


def late_edge(standing: Standing) -> int | None:
    """Return the index of the late edge that fires here: the first listed whose fact the case still waits for."""
    waiting = set(missing(standing))
    for fact in tuple(waiting):
        waiting.update(standing.view.base_needs(fact))
    return next((i for i, late in enumerate(standing.state.late) if _fits(late, waiting)), None)


def taken_if_late(standing: Standing) -> tuple[tuple[str, Value], ...]:
    """Return the answers that are recorded when the deadline passes, where the case then stays in its state."""
    index = late_edge(standing)
    target = None if index is None else standing.state.late[index].target
    return target.take if target is not None and target.state == standing.state.key else ()


def _fits(late: Late, waiting: set[str]) -> bool:
    return late.fact is None or late.fact in waiting
