"""One imagined case: every fact that is looked at gets a value, one by one, and conditions are evaluated under them.

``explore`` runs a question in every such world. A world starts empty; where the question looks at something that has
no value yet, the world splits into one for each value, so that only what matters is ever told apart. Amounts, counts
without a bound and instants have no list of values: a comparison of two of them is below, equal or above, chosen once
for the pair, so that ``a <= b`` and ``a > b`` are each other's negation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from aftersales.dataclass import dataclass, field
from aftersales.expr.tree import FALSE, Expr, FactRef, Literal, ParamRef
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.policy.arrival import finite_values
from aftersales.policy.fields import NOTHING, Bits
from aftersales.policy.lore import Lore
from aftersales.policy.model import Offer, Policy

#: How many worlds one question may take. Only what matters is told apart: the largest state of the shipped policy
#: takes some 300, and 8,192 are tried in a few seconds.
MOST_WORLDS: Final = 8_192

#: What a world has a value for: a kind of thing and which one.
Key = tuple[str, object]
#: One of the ways in which a world can split: what is chosen in it.
Choice = tuple[tuple[Key, Value], ...]

Answer = TypeVar("Answer")


class TooManyWorldsError(Exception):
    """A question that needs more than ``MOST_WORLDS`` worlds; split the state, or use fewer facts at once."""


class _Split(Exception):  # noqa: N818 - a signal, never seen outside
    """The world has no value for a key yet; its only argument are the choices."""


class _Impossible(Exception):  # noqa: N818 - a signal, never seen outside
    """No case is like this world, or another world stands for it."""


@dataclass(slots=True)
class World:
    """One imagined case that arrived with what is ``known`` where ``offers`` are made; see the module.

    ``derived`` holds what was worked out, ``masked`` the answers that do not count here: false for one that is not on
    offer, unknown for one whose condition is. ``facts`` and ``truths`` (of comparisons, by identity) hold what was
    found out before, so that it is not found out again on the way to a world; so does ``passed``, how many of the
    conditions that are asked one after another are false here.
    """

    lore: Lore
    known: Bits
    offers: Mapping[str, Offer]
    chosen: dict[Key, Value]
    derived: dict[str, Value] = field(default_factory=dict)
    masked: dict[str, bool | Unknown] = field(default_factory=dict)
    facts: dict[str, Value] = field(default_factory=dict)
    truths: dict[int, bool | Unknown] = field(default_factory=dict)
    passed: int = 0

    def split(self, choice: Choice) -> World:
        """Return this world with more values chosen; all that was found out stays true in it."""
        return World(
            self.lore,
            self.known,
            self.offers,
            self.chosen | dict(choice),
            self.derived.copy(),
            self.masked.copy(),
            self.facts.copy(),
            self.truths.copy(),
            self.passed,
        )

    def truth(self, expr: Expr) -> bool | Unknown:
        """Return whether a condition holds here."""
        return self.lore.asked.condition(expr)(self)

    def word(self, expr: Expr) -> Value:
        """Return the value of an expression whose values can be listed: a flag, a choice, a party."""
        return self.lore.asked.word(expr)(self)

    def amount(self, expr: Expr) -> Expr | Unknown:
        """Return an amount, count or instant with everything in it decided that can be, or that it is unknown."""
        return self.lore.asked.amount(expr)(self)

    def fact(self, name: str) -> Value:
        """Return the value of a fact whose values can be listed, as it counts here."""
        if name not in self.facts:
            self.facts[name] = self._fact(name)
        return self.facts[name]

    def _fact(self, name: str) -> Value:
        derived = self.lore.made_of(name)
        if derived is not None:
            value = self._from_inputs(name, derived)
            if value is not UNKNOWN:
                return value
        key = ("value", name)
        if key not in self.chosen:
            if not self._may_know(name):
                return UNKNOWN
            self.choose(key, self._values(name))
        value = self.chosen[key]
        return value if not self.offers or self._counts(name, value) else UNKNOWN

    def knows(self, name: str) -> bool:
        """Return whether a fact is known here."""
        return self.surely_knows(name) or self.choose(("known", name), (False, True)) is True

    def surely_knows(self, name: str) -> bool:
        """Return whether a fact is known in every world of this arrival; so is a counter."""
        return self.known & self.lore.fields.bit[name] != 0 or self.lore.policy.facts[name].counter

    def _may_know(self, name: str) -> bool:
        """Return whether a fact is known here; where that is open, the world splits with a value for it where it is."""
        key: Key = ("known", name)
        if self.surely_knows(name):
            return True
        if key in self.chosen:
            return self.chosen[key] is True
        known = [((key, True), (("value", name), value)) for value in self._values(name)]
        raise _Split([((key, False),), *known])

    def choose(self, key: Key, choices: Sequence[Value]) -> Value:
        """Return this world's value for ``key``; where it has none, the world splits."""
        if key in self.chosen:
            return self.chosen[key]
        if len(choices) == 1:
            self.chosen[key] = choices[0]
            return choices[0]
        if not choices:
            raise _Impossible
        raise _Split([((key, choice),) for choice in choices])

    def _from_inputs(self, name: str, derived: Expr) -> Value:
        value = self.word(derived)
        if value is not UNKNOWN:
            fields = self.lore.fields
            if self.known & fields.bit[name] and not self.known & fields.value[name].get(value, NOTHING):
                raise _Impossible
            self.derived[name] = value
        return value

    def _values(self, name: str) -> Sequence[Value]:
        """Return the values to try: an answer that is not on offer counts as none, unless it was settled before."""
        possible = self.lore.fields.value[name]
        if self.known & self.lore.fields.bit[name]:
            return [value for value, bit in possible.items() if self.known & bit]
        offer = self.offers.get(name)
        if offer is None or offer.at_most is not None:
            return [*possible]
        offered = {value for value, _ in offer.options}
        return [value for value in possible if value in offered]

    def _counts(self, name: str, value: Value) -> bool:
        """Return whether an answer counts here: it is on offer, and its condition is known to be true."""
        offer = self.offers.get(name)
        if offer is None or offer.at_most is not None:
            return True
        condition = next((when for option, when in offer.options if option == value), FALSE)
        holds = self.truth(condition)
        if holds is False and not self.known & self.lore.fields.bit[name]:
            raise _Impossible
        if holds is not True:
            self.masked[name] = holds
        return holds is True

    def param(self, name: str) -> Value:
        """Return the value of a param whose values can be listed."""
        if not self.knows_param(name):
            return UNKNOWN
        return self.choose(("param", name), finite_values(self.lore.policy.params[name].type) or ())

    def knows_param(self, name: str) -> bool:
        """Return whether it is known here which value of a param holds."""
        if all(self.knows(fact) for fact in self.lore.choosing(name)):
            return True
        return self.choose(("param known", name), (False, True)) is True

    def amount_of_fact(self, expr: FactRef) -> Expr | Unknown:
        """Return an amount, count or instant that a fact holds; a counter's number."""
        name = expr.name
        if self.lore.policy.facts[name].counter:
            return self.lore.counted(expr, self.fact(name))
        offer = self.offers.get(name)
        if offer is not None and offer.at_most is not None and self.amount(offer.at_most) is UNKNOWN:
            return UNKNOWN
        return expr if self.knows(name) else UNKNOWN

    def sign(self, left: Expr, right: Expr) -> int:
        """Return -1, 0 or 1: how two amounts compare in this world."""
        pair = self.lore.pair(left, right)
        if pair.sign is not None:
            return pair.sign
        key = pair.key
        sign = self.chosen[key] if key in self.chosen else self.choose(key, self._possible_signs(pair.left, pair.right))
        turned = pair.left is not left
        return (-sign if turned else sign) if isinstance(sign, int) else 0

    def _possible_signs(self, left: Expr, right: Expr) -> tuple[int, ...]:
        """Return how an amount can compare to a number, given its bounds and how it compares to others here."""
        if not isinstance(right, Literal) or not isinstance(right.value, int):
            return (-1, 0, 1)
        low, high = _bounds(self.lore.policy, left)
        for (kind, pair), sign in self.chosen.items():
            if kind == "order" and isinstance(pair, tuple) and pair[0] == left and isinstance(pair[1], Literal):
                low, high = _narrowed(low, high, pair[1].value, sign)
        number = right.value
        fits = {-1: low is None or low < number, 1: high is None or high > number}
        fits[0] = (low is None or low <= number) and (high is None or high >= number)
        return tuple(sign for sign in (-1, 0, 1) if fits[sign])

    def known_here(self) -> Bits:
        """Return every fact that this world knows, with what it has been seen to be."""
        fields, known = self.lore.fields, self.known
        for (kind, name), value in self.chosen.items():  # that it is known is chosen before its value
            if not isinstance(name, str):
                continue
            if kind == "value" and known & fields.bit[name]:
                known = known & ~fields.values[name] | fields.value[name][value]
            elif kind == "known" and value is True and not known & fields.bit[name]:
                known |= fields.whole[name] if name in self.masked else fields.anything[name]
        for name, value in self.derived.items():
            known = known & ~fields.whole[name] | fields.just(name, value)
        return known


def _bounds(policy: Policy, amount: Expr) -> tuple[int | None, int | None]:
    """Return the bounds of an amount. Those of a param are its values, so that a count kept under one is bounded.

    A param that is 0 now may be set to 1: what it rules out today is no fault.
    """
    if not isinstance(amount, ParamRef):
        return amount.type.low, amount.type.high
    values = [entry.value for entry in policy.params[amount.name].values]
    numbers = [value for value in values if isinstance(value, int)]
    return amount.type.low, max(*numbers, 1) if len(numbers) == len(values) else None


def _narrowed(low: int | None, high: int | None, number: Value, sign: Value) -> tuple[int | None, int | None]:
    """Return the bounds of an amount that compares to ``number`` as ``sign`` says."""
    if not isinstance(number, int) or not isinstance(sign, int):
        return low, high
    if sign >= 0:
        low = number + sign if low is None else max(low, number + sign)
    if sign <= 0:
        high = number + sign if high is None else min(high, number + sign)
    return low, high


def explore(
    lore: Lore, known: Bits, offers: Sequence[Offer], ask: Callable[[World], Answer]
) -> Iterator[tuple[World, Answer]]:
    """Yield every world that ``ask`` can tell apart, with its answer there; ``lore`` is what is known of the policy.

    Raises TooManyWorldsError where there are more than ``MOST_WORLDS``.
    """
    made = {offer.fact: offer for offer in offers}
    waiting = [World(lore, known, made, {})]
    tried = 0
    while waiting:
        tried += 1
        if tried > MOST_WORLDS:
            raise TooManyWorldsError
        world = waiting.pop()
        try:
            answer = ask(world)
        except _Split as split:
            ((first, *others),) = split.args
            waiting += [world.split(choice) for choice in reversed(others)]
            world.chosen.update(first)  # it was shown to nobody yet
            waiting.append(world)
        except _Impossible:
            continue
        else:
            yield world, answer
