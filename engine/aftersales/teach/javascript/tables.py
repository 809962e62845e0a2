"""The tables of a policy that the page's engine runs on: states, guards, offers, deadlines, terms, params, titles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise

from aftersales.expr.types import Value
from aftersales.instants import EARLIEST, LATEST, zone_named
from aftersales.policy.computed import COMPUTED_FACTS
from aftersales.policy.model import (
    Action,
    Anytime,
    Bearing,
    Branch,
    ByTime,
    Fact,
    MoneyLine,
    Offer,
    Param,
    ParamValue,
    Policy,
    PostageLeg,
    PostageTerm,
    Reopen,
    State,
    Target,
    Terms,
    Tier,
    Within,
    WithinDays,
    WithinDuration,
    WithinHours,
)
from aftersales.policy.reads import choosing_facts, of_within
from aftersales.policy.rules import AnswerWithin, ConductRule, Penalty
from aftersales.teach.javascript.nodes import Json, Nodes, cannot_compile, local_day, plain
from aftersales.text import Text

Table = dict[str, Json]


def policy_tables(policy: Policy) -> Table:
    """Return everything that decides under ``policy``, as JSON. Raises PolicyError for what cannot be compiled."""
    return _Compiler(policy).policy()


class _Compiler:
    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._nodes = Nodes()

    def policy(self) -> Table:
        policy = self._policy
        tables: Table = {
            "id": policy.id,
            "version": policy.version,
            "digest": policy.digest,
            "title": _text(policy.title),
            "root": policy.root,
            "offsets": [[since, seconds] for since, seconds in clock_offsets(policy.timezone)],
            "roles": _titles(policy.roles),
            "parties": _titles(policy.parties),
            "outcomes": _titles(policy.outcomes),
            "legs": {name: _leg(leg) for name, leg in policy.legs.items()},
            "facts": {name: self._fact(fact) for name, fact in policy.facts.items()},
            "holds": [self._nodes.add(holds.condition) for holds in policy.holds],
            "params": {name: self._param(param) for name, param in policy.params.items()},
            "actions": {name: _action(action) for name, action in policy.actions.items()},
            "sources": {
                name: {"layer": one.layer, "title": _text(one.title), "article": one.article}
                for name, one in policy.sources.items()
            },
            "flows": {
                name: {
                    "title": _text(flow.title),
                    "start": flow.start,
                    "states": list(flow.states),
                    "anytime": [self._anytime(way) for way in flow.anytime],
                }
                for name, flow in policy.flows.items()
            },
            "states": {key: self._state(state) for key, state in policy.states.items()},
            "conduct": [self._rule(rule) for rule in policy.conduct.rules.values() if _warns(rule)],
        }
        return tables | {"nodes": self._nodes.table}

    def _fact(self, fact: Fact) -> Table:
        kind = fact.type
        inputs = [name for name in COMPUTED_FACTS[fact.name] if name in self._policy.facts] if fact.computed else None
        return _kept(
            {"kind": str(kind.kind), "values": list(kind.values), "title": _text(fact.title), "from": fact.answered_by},
            low=kind.low,
            high=kind.high,
            ask=_text(fact.ask),
            titles=_titles(fact.value_titles) or None,
            computed=_words(inputs),
            flag=fact.flag,
            counter=fact.counter or None,
            **{"is": None if fact.derived is None else self._nodes.add(fact.derived)},
        )

    def _param(self, param: Param) -> Table:
        """Return a param without the values of single shops: a case of the page names no shop."""
        values = [value for value in param.values if value.shop is None]
        if not values:
            raise cannot_compile(param.name)
        groups = {value.platform: [one for one in values if one.platform == value.platform] for value in values}
        return _kept(
            {"kind": str(param.type.kind), "title": _text(param.title)},
            groups=[
                _kept(platform=platform, entries=[self._entry(entry) for entry in entries])
                for platform, entries in groups.items()
            ],
            choosing=_words(choosing_facts(self._policy, param)),
            titles=_titles(param.value_titles) or None,
            on=param.on,
            dated_by=param.dated_by,
        )

    def _entry(self, entry: ParamValue) -> Table:
        zone = self._policy.timezone
        return _kept(
            {"source": entry.source},
            value=None if isinstance(entry.value, tuple) else plain(entry.value),
            tiers=[_tier(tier) for tier in entry.value] if isinstance(entry.value, tuple) else None,
            none_found=entry.none_found or None,
            until=None if entry.valid_until is None else local_day(entry.valid_until, zone),
            **{"from": None if entry.valid_from is None else local_day(entry.valid_from, zone)},
        )

    def _state(self, state: State) -> Table:
        return _kept(
            {"flow": state.flow, "name": state.name, "title": _text(state.title), "sources": _words(state.sources)},
            do=[[todo.action, _words(todo.after)] for todo in state.do],
            duties=_words(state.duties),
            offers=[self._offer(offer) for offer in state.offers],
            until=None if state.until is None else self._nodes.add(state.until),
            branches=[self._branch(branch) for branch in state.branches],
            within=None if state.within is None else self._within(state.within),
            late=[_kept(fact=late.fact, target=_target(late.target)) for late in state.late],
            terms=self._terms(state.terms),
            end=None if state.end is None else {"outcome": state.end.outcome, "reason": _text(state.end.reason)},
            reopen=[self._reopen(way) for way in state.reopen],
            uses=state.uses,
        )

    def _branch(self, branch: Branch) -> Table:
        return {
            "when": self._nodes.add(branch.when),
            "guard": self._nodes.add(branch.guard),
            "target": _target(branch.target),
            "sources": _words(branch.sources),
            "otherwise": branch.otherwise,
        }

    def _anytime(self, way: Anytime) -> Table:
        return {"on": way.on, "target": _target(way.target), "sources": _words(way.sources)}

    def _reopen(self, way: Reopen) -> Table:
        return {
            "when": self._nodes.add(way.when),
            "within": self._within(way.within),
            "target": _target(way.target),
        }

    def _offer(self, offer: Offer) -> Table:
        return _kept(
            {"fact": offer.fact, "options": [[plain(value), self._nodes.add(when)] for value, when in offer.options]},
            at_most=None if offer.at_most is None else self._nodes.add(offer.at_most),
        )

    def _within(self, within: Within) -> Table:
        length = {"of": self._nodes.add(of_within(within))}
        match within:
            case WithinDuration():
                return {"form": "duration", **length}
            case WithinDays(end_of_day=end_of_day):
                return {"form": "days", "end_of_day": end_of_day, **length}
            case WithinHours(opens=opens, closes=closes):
                return {"form": "hours", "opens": plain(opens), "closes": plain(closes), **length}
            case ByTime():
                return {"form": "by", **length}

    def _terms(self, terms: Terms) -> Table:
        said: Table = {"liable": self._bearing(terms.liable)} if terms.says_liable else {}
        return said | _kept(
            postage=[self._postage(term) for term in terms.postage] or None,
            refund=self._lines(terms.refund),
            deductions=self._lines(terms.deductions),
            charge=self._lines(terms.charge),
            recover=self._lines(terms.recover),
        )

    def _postage(self, term: PostageTerm) -> Table:
        return _kept(
            {"leg": term.leg, "borne": self._bearing(term.borne), "insured": term.insured},
            advanced=None if term.advanced is None else self._nodes.add(term.advanced),
        )

    def _bearing(self, bearing: Bearing) -> Json:
        """Return the number of a party's node, shares with their rates worked out, or null for undecided."""
        if not isinstance(bearing, tuple):
            return None if bearing is None else self._nodes.add(bearing)
        said = sum((share.rate or Fraction(0) for share in bearing), Fraction(0))
        return [[share.party, plain(1 - said if share.rate is None else share.rate)] for share in bearing]

    def _rule(self, rule: ConductRule) -> Table:
        answer = rule.answer
        return _kept(
            {"title": _text(rule.title), "source": rule.source, "platforms": _words(rule.platforms)},
            penalties=[_penalty(penalty) for penalty in rule.penalties],
            near=None if rule.near is None else self._nodes.add(rule.near),
            last_day=rule.last_day,
            answer=None if answer is None else _answer(answer),
        )

    def _lines(self, lines: Iterable[MoneyLine]) -> Json:
        return [
            _kept(
                {"name": line.name, "amount": self._nodes.add(line.amount)},
                cap=None if line.cap is None else self._nodes.add(line.cap),
                party=line.party,
            )
            for line in lines
        ] or None


@cache
def clock_offsets(timezone: str) -> tuple[tuple[int, int], ...]:
    """Return from when on the clock of ``timezone`` is how many seconds ahead of UTC, from 1970 to 2200.

    Each day is looked at: that takes half a second, and is the same for every policy.
    """
    zone = zone_named(timezone)
    days = [EARLIEST + dt.timedelta(days=n) for n in range((LATEST - EARLIEST).days + 1)]
    ahead = [_ahead(day, zone) for day in days]
    changed = [
        _changed(before, after, zone)
        for (before, was), (after, now) in pairwise(zip(days, ahead, strict=True))
        if was != now
    ]
    return tuple((int(at.timestamp()), _ahead(at, zone)) for at in (EARLIEST, *changed))


def _ahead(at: dt.datetime, zone: dt.tzinfo) -> int:
    offset = at.astimezone(zone).utcoffset() or dt.timedelta()
    return offset.days * 86_400 + offset.seconds


def _changed(before: dt.datetime, after: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return the first second of a day at which the clock shows the offset of ``after``."""
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        same = _ahead(dt.datetime.fromtimestamp(middle, dt.UTC), zone) == _ahead(before, zone)
        low, high = (middle, high) if same else (low, middle)
    return dt.datetime.fromtimestamp(high, dt.UTC)


def _leg(leg: PostageLeg) -> Table:
    return _kept(title=_text(leg.title), amount=leg.amount, insured=leg.insured, advanced=leg.advanced)


def _warns(rule: ConductRule) -> bool:
    return rule.near is not None or rule.last_day is not None or rule.answer is not None


def _answer(answer: AnswerWithin) -> Table:
    return {"length": plain(answer.length), "opens": plain(answer.opens), "closes": plain(answer.closes)}


def _penalty(penalty: Penalty) -> Table:
    return _kept(
        {"source": penalty.source, "platforms": _words(penalty.platforms)},
        points=penalty.points,
        up_to=penalty.up_to,
        param=penalty.param,
        money=penalty.money,
    )


def _action(action: Action) -> Table:
    return _kept(
        {"by": action.by, "title": _text(action.title), "gives": _pairs(action.gives.items())},
        say=_text(action.say),
        pays=action.pays or None,
        list=action.list,
    )


def _target(target: Target) -> Table:
    return _kept(
        {"state": target.state, "forget": _words(target.forget), "take": _pairs(target.take)},
        add=[[name, more] for name, more in target.add],
        restart=target.restart or None,
    )


def _tier(tier: Tier) -> Table:
    return _kept({"pay": plain(tier.pay)}, up_to=tier.up_to, below=tier.below, least=tier.least, most=tier.most)


def _kept(always: Mapping[str, Json] | None = None, **wanted: Json) -> Table:
    """Return what always stands in a table, and of the rest what there is."""
    return {**(always or {}), **{name: value for name, value in wanted.items() if value is not None}}


def _pairs(values: Iterable[tuple[str, Value]]) -> Json:
    return [[name, plain(value)] for name, value in values]


def _words(words: Iterable[str] | None) -> Json:
    return None if words is None else list(words)


def _text(text: Text | None) -> Json:
    return None if text is None else {"zh": text.zh, "en": text.en}


def _titles(titles: Mapping[str, Text]) -> Table:
    return {name: _text(title) for name, title in titles.items()}
