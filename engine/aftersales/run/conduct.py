"""Warns where an open case is near to breaking a rule of conduct: which rule, why, and what it would cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from aftersales.case.model import Tell
from aftersales.expr.evaluate import evaluate, facts_of
from aftersales.expr.types import UNKNOWN
from aftersales.instants import zone_named
from aftersales.policy.reads import PLATFORM
from aftersales.policy.rules import DUE, AnswerWithin, ConductRule, Penalty
from aftersales.run.spoken import Speaker
from aftersales.run.walk import Walk
from aftersales.text import Text

#: From this hour on a deadline of the day is one of the night.
_EVENING = 18
_BUYER = "buyer"


def conduct_warnings(walk: Walk) -> Iterator[Text]:
    """Yield a warning for every rule that the case is near to breaking; none once it has ended.

    A rule of some platforms warns only where the case is known to be on one of them.
    """
    if walk.at_state.end is not None:
        return
    platform = _platform(walk)
    for rule in walk.policy.conduct.rules.values():
        if rule.platforms and platform not in rule.platforms:
            continue
        why = _why_near(rule, walk)
        if why:
            yield _warning(rule, why, platform, walk)


def _platform(walk: Walk) -> str | None:
    value = walk.view.fact(PLATFORM) if PLATFORM in walk.policy.facts else None
    return value if isinstance(value, str) else None


def _why_near(rule: ConductRule, walk: Walk) -> tuple[Text, ...]:
    """Say why a rule is near, in parts; nothing where one of the things that it asks for is not so."""
    parts: list[tuple[Text, ...]] = []
    if rule.near is not None:
        parts.append(_facts(rule, walk) if evaluate(rule.near, walk.standing.view) is True else ())
    if rule.last_day is not None:
        parts.append(_last_day(rule.last_day, walk))
    if rule.answer is not None:
        parts.append(_answer_by(rule.answer, walk))
    return tuple(part for said in parts for part in said) if all(parts) else ()


def _facts(rule: ConductRule, walk: Walk) -> tuple[Text, ...]:
    """Return the facts that make ``near`` true, in words; at least one part."""
    view, speaker = walk.standing.view, Speaker(walk.policy, walk.now)
    said = []
    for name in facts_of(rule.near) if rule.near is not None else ():
        value, title = view.fact(name), walk.policy.facts[name].title
        if isinstance(value, bool):
            said.append(speaker.fact(name, value))
        elif value is not UNKNOWN:
            word = speaker.fact(name, value)
            said.append(Text(f"{title.zh}：{word.zh}", f"{title.en}: {word.en}"))
    return tuple(said) or (Text("随时", "at any time"),)


def _last_day(name: str, walk: Walk) -> tuple[Text, ...]:
    """Say that a deadline falls on the day the case is seen, in the policy's timezone, and is not past."""
    at = walk.due if name == DUE else walk.standing.view.fact(name)
    if not isinstance(at, dt.datetime) or walk.now is None:
        return ()
    zone = zone_named(walk.policy.timezone)
    local, now = at.astimezone(zone), walk.now.astimezone(zone)
    if local.date() != now.date() or local < now:
        return ()
    day = Text("今晚", "tonight") if local.hour >= _EVENING else Text("今天", "today")
    if name == DUE:
        return (Text(f"{day.zh} {local:%H:%M} 到期", f"due {day.en} at {local:%H:%M}"),)
    title = walk.policy.facts[name].title
    return (Text(f"{title.zh}：{day.zh} {local:%H:%M}", f"{title.en}: {day.en} at {local:%H:%M}"),)


def _answer_by(answer: AnswerWithin, walk: Walk) -> tuple[Text, ...]:
    """Say until when the buyer's last message is to be answered, while that time runs."""
    heard = _heard_at(walk)
    if heard is None or walk.now is None:
        return ()
    zone = zone_named(walk.policy.timezone)
    clock = heard.astimezone(zone).time()
    until = heard + answer.length
    if not answer.opens <= clock < answer.closes or walk.now > until:
        return ()
    at = until.astimezone(zone)
    return (Text(f"{at:%H:%M:%S} 前答复买家", f"answer the buyer by {at:%H:%M:%S}"),)


def _heard_at(walk: Walk) -> dt.datetime | None:
    """Return when the buyer last said something: the claim, or an answer of theirs since."""
    heard = walk.case.claim.opened_at
    for event in walk.case.events:
        if isinstance(event, Tell) and event.at is not None and (walk.now is None or event.at <= walk.now):
            answered_by = {walk.policy.facts[name].answered_by for name in event.values}
            heard = event.at if _BUYER in answered_by else heard
    return heard


def _warning(rule: ConductRule, why: tuple[Text, ...], platform: str | None, walk: Walk) -> Text:
    costs = tuple(_cost(rule, penalty, platform, walk) for penalty in _penalties(rule, platform))
    parts = (*why, *costs) if costs else (*why, Text(f"依据 {rule.source}", rule.source))
    zh, en = "；".join(part.zh for part in parts), "; ".join(part.en for part in parts)
    return Text(f"注意行为规则“{rule.title.zh}”（{zh}）", f"conduct rule near: {rule.title.en} ({en})")


def _penalties(rule: ConductRule, platform: str | None) -> tuple[Penalty, ...]:
    """Return the penalties of the case's platform, else those for all; all of them where the platform is not known."""
    if platform is None:
        return rule.penalties
    own = tuple(penalty for penalty in rule.penalties if platform in penalty.platforms)
    return own or tuple(penalty for penalty in rule.penalties if not penalty.platforms)


def _cost(rule: ConductRule, penalty: Penalty, platform: str | None, walk: Walk) -> Text:
    """Say what a penalty comes to, with the platform's name where rule or penalty is that of some platforms only."""
    named = penalty.platforms or rule.platforms
    where = (platform,) if platform is not None and named else named
    titles = [walk.policy.facts[PLATFORM].value_titles[name] for name in where]
    zh, en = "、".join(title.zh for title in titles), ", ".join(title.en for title in titles)
    cost, source = _figure(penalty, walk)
    on = Text(f"{zh}{cost.zh}" if zh else cost.zh, f"{en}: {cost.en}" if en else cost.en)
    return Text(f"{on.zh}，依据 {source}", f"{on.en}, {source}") if source else on


def _figure(penalty: Penalty, walk: Walk) -> tuple[Text, str | None]:
    """Return what a penalty comes to in this case, and the source of that figure."""
    speaker, view = Speaker(walk.policy, walk.now), walk.standing.view
    if penalty.param is not None:
        value, entry = view.param(penalty.param), view.param_note(penalty.param)
        source = entry.source if entry is not None else penalty.source
        if not isinstance(value, int):
            return Text("赔付金额待确认", "compensation to be confirmed"), source
        paid = speaker.money(value)
        return Text(f"赔 {paid.zh}", f"pays {paid.en}"), source
    if penalty.money is not None:
        paid = speaker.money(penalty.money)
        return Text(f"罚 {paid.zh}", paid.en), penalty.source
    most = penalty.up_to
    zh, en = (
        (f"{penalty.points}", f"{penalty.points}")
        if most is None
        else (f"{penalty.points} 至 {most}", f"{penalty.points} to {most}")
    )
    return Text(f"扣 {zh} 分", f"{en} points"), penalty.source
