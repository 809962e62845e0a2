"""All that an element of a policy says, a sentence for each thing: what two policies do not share is the meaning of an edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aftersales.expr.tree import TRUE, Expr
from aftersales.expr.types import Value
from aftersales.policy.model import (
    Action,
    Bearing,
    Branch,
    Fact,
    Flow,
    Param,
    ParamValue,
    Policy,
    PostageLeg,
    PostageTerm,
    State,
    Target,
    Terms,
    Tier,
)
from aftersales.show import diff_words as say
from aftersales.show import words
from aftersales.show.titles import Titles
from aftersales.text import Text

_BOOKS: Final = ("refund", "deductions", "charge", "recover")


@dataclass(frozen=True, slots=True)
class Said:
    """Says what the elements of one policy say, with its own titles."""

    titles: Titles

    @property
    def _policy(self) -> Policy:
        return self.titles.policy

    def of(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the sentences of an element, nothing where the policy has none of that name."""
        policy = self._policy
        where: Mapping[str, Mapping[str, object]] = {
            "state": policy.states,
            "flow": policy.flows,
            "param": policy.params,
            "fact": {**policy.facts, **policy.line_facts},
            "action": policy.actions,
            "leg": policy.legs,
        }
        if kind == "policy":
            return (str(getattr(policy, name)),)
        if kind == "relation":
            return tuple(self.titles.condition(one.condition) for one in policy.holds if str(one.span) == name)
        element = where[kind].get(name)
        return () if element is None else tuple(dict.fromkeys(self._sentences(element)))

    def _sentences(self, element: object) -> Iterator[str]:
        match element:
            case State():
                yield from self._state(element)
            case Flow():
                yield from self._flow(element)
            case Param():
                yield from self._param(element)
            case Fact():
                yield from self._fact(element)
            case Action():
                yield from self._action(element)
            case PostageLeg():
                yield self._say(say.ADVANCES, self.titles.of(element.title), self.titles.who(element.advanced))
            case _:
                raise TypeError(element)

    def _say(self, text: Text, *parts: str) -> str:
        return self.titles.of(text).format(*parts)

    def _joined(self, parts: Iterator[str]) -> str:
        return self.titles.of(words.COMMA).join(parts)

    def _state(self, state: State) -> Iterator[str]:
        if state.end is not None:
            reason = self._say(say.REASON, self.titles.of(state.end.reason)) if state.end.reason is not None else ""
            yield self._say(say.ENDS, self.titles.outcome(state.end.outcome)) + reason
        if state.uses is not None:
            title = self._policy.sub_flows.get(state.uses)
            yield self._say(say.USES, state.uses if title is None else self.titles.of(title))
        else:
            yield from (self._branch(branch, state) for branch in state.branches)
        if state.until is not None:
            yield self._say(say.ONLY_ONCE, self.titles.condition(state.until))
        yield from self._clock(state)
        yield from self._work(state)
        yield from self._terms(state.terms)

    def _branch(self, branch: Branch, state: State) -> str:
        target = self._target(branch.target, state)
        if branch.otherwise:
            return self._say(say.OTHERWISE, target)
        if branch.when == TRUE:
            return self._say(say.ALWAYS, target)
        return self._say(say.WHEN, self.titles.condition(branch.when), target)

    def _target(self, target: Target, state: State) -> str:
        flow = self._policy.states[target.state].flow if target.state in self._policy.states else state.flow
        title = self.titles.state(target.state, state.flow)
        notes = [title if flow == state.flow else f"{self.titles.flow(flow)} > {title}"]
        if target.forget:
            notes.append(self._say(say.FORGETS, self.titles.names(target.forget)))
        if target.take:
            notes.append(self._say(say.TAKES, self.titles.facts(dict(target.take))))
        if target.add:
            notes.append(self._say(say.COUNTS_UP, self._joined(f"{self.titles.fact(n)} +{m}" for n, m in target.add)))
        if target.restart:
            notes.append(self.titles.of(say.AGAIN))
        return self.titles.of(words.JOINT).join(notes)

    def _clock(self, state: State) -> Iterator[str]:
        if state.within is not None:
            yield self._say(say.WITHIN, self.titles.within(state.within))
        for late in state.late:
            target = self._target(late.target, state)
            fact = late.fact
            yield (
                self._say(say.LATE_ANY, target) if fact is None else self._say(say.LATE, self.titles.fact(fact), target)
            )
        for reopen in state.reopen:
            when = self.titles.condition(reopen.when)
            yield self._say(say.REOPEN, self.titles.within(reopen.within), when, self._target(reopen.target, state))

    def _work(self, state: State) -> Iterator[str]:
        for todo in state.do:
            action = self._policy.actions[todo.action]
            after = self._say(say.AFTER, self._joined(map(self.titles.action, todo.after))) if todo.after else ""
            yield self._say(say.DOES, self.titles.action(todo.action) + after, self.titles.who(action.by))
        yield from (self._say(say.DUTY, self.titles.action(name)) for name in state.duties)
        for offer in state.offers:
            for value, when in offer.options:
                said = self.titles.value(offer.fact, value)
                if when == TRUE:
                    yield self._say(say.OFFERS, said)
                else:
                    yield self._say(say.OFFERS_IF, said, self.titles.condition(when))
            if offer.at_most is not None:
                yield self._say(say.AT_MOST, self.titles.fact(offer.fact), self.titles.amount(offer.at_most))

    def _terms(self, terms: Terms) -> Iterator[str]:
        if terms.says_liable:
            yield self._say(say.LIABLE, self._bearing(terms.liable))
        yield from (self._leg(term) for term in terms.postage)
        for book in _BOOKS:
            for line in getattr(terms, book):
                cap = "" if line.cap is None else self._say(say.CAP, self._expr(line.cap))
                yield self._say(say.MONEY[book], self.titles.line(line.name), self._expr(line.amount)) + cap

    def _leg(self, term: PostageTerm) -> str:
        advanced = "" if term.advanced is None else self._say(say.ADVANCED, self._expr(term.advanced))
        covered = self._policy.legs[term.leg].insured is None or term.insured
        insured = "" if covered else self.titles.of(say.NOT_INSURED)
        return self._say(say.LEG, self.titles.leg(term.leg), self._bearing(term.borne)) + advanced + insured

    def _bearing(self, bearing: Bearing) -> str:
        if bearing is None:
            return self.titles.who("undecided")
        if isinstance(bearing, tuple):
            return self._joined(
                self.titles.who(share.party) + ("" if share.rate is None else f" {self.titles.plain(share.rate, None)}")
                for share in bearing
            )
        return self._expr(bearing)

    def _expr(self, expr: Expr) -> str:
        return self.titles.condition(expr)

    def _flow(self, flow: Flow) -> Iterator[str]:
        start = self._policy.states[flow.start]
        yield self._say(say.START, self.titles.of(start.title))
        for way in flow.anytime:
            yield self._say(say.ANYTIME, self.titles.fact(way.on), self._target(way.target, start))

    def _param(self, param: Param) -> Iterator[str]:
        title = self.titles.of(param.title)
        for entry in param.values:
            yield self._say(say.VALUE, title, self._figure(entry, param)) + self._where(entry)
        if param.floor is not None or param.ceiling is not None:
            least, most = (self._bound(bound, param) for bound in (param.floor, param.ceiling))
            yield self._say(say.BOUNDS, title, least, most)

    def _figure(self, entry: ParamValue, param: Param) -> str:
        if isinstance(entry.value, tuple):
            return self._joined(self._tier(tier) for tier in entry.value)
        titled = param.value_titles.get(str(entry.value))
        return self.titles.plain(entry.value, param.type.kind) if titled is None else self.titles.of(titled)

    def _tier(self, tier: Tier) -> str:
        pay = self.titles.money(tier.pay) if isinstance(tier.pay, int) else self.titles.plain(tier.pay, None)
        upper = f"<= {self.titles.money(tier.up_to)}" if tier.up_to is not None else ""
        upper = f"< {self.titles.money(tier.below)}" if tier.below is not None else upper
        held = f" [{self.titles.money(tier.least)}, {self.titles.money(tier.most)}]"
        return f"{upper} {pay}".strip() + (held if (tier.least, tier.most) != (None, None) else "")

    def _where(self, entry: ParamValue) -> str:
        parts = [name for name in (entry.platform, entry.shop) if name is not None]
        if entry.valid_from is not None:
            parts.append(self._say(say.FROM_DAY, self.titles.instant(entry.valid_from)))
        if entry.valid_until is not None:
            parts.append(self._say(say.UNTIL_DAY, self.titles.instant(entry.valid_until)))
        return self._say(say.FOR_WHOM, self._joined(iter(parts))) if parts else ""

    def _bound(self, bound: Value, param: Param) -> str:
        return words.DASH if bound is None else self.titles.plain(bound, param.type.kind)

    def _fact(self, fact: Fact) -> Iterator[str]:
        title = self.titles.of(fact.title)
        if fact.derived is not None:
            yield self._say(say.IS, title, self._expr(fact.derived))
        else:
            yield self._say(say.ANSWERED, title, self.titles.who(fact.answered_by))
        if fact.type.values:
            yield self._say(say.ANSWERS, title, self._joined(self.titles.value(fact.name, v) for v in fact.type.values))
        if fact.type.low is not None or fact.type.high is not None:
            least, most = (
                words.DASH if bound is None else self.titles.value(fact.name, bound)
                for bound in (fact.type.low, fact.type.high)
            )
            yield self._say(say.BOUNDS, title, least, most)

    def _action(self, action: Action) -> Iterator[str]:
        title = self.titles.of(action.title)
        yield self._say(say.DONE_BY, title, self.titles.who(action.by))
        if action.pays:
            yield self._say(say.PAYS, title)
        if action.gives:
            yield self._say(say.GIVES, title, self.titles.facts(action.gives))
