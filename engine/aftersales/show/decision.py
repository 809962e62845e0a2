"""One decision at a glance: what to do next, who bears which postage, how much is refunded, and why."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console

from aftersales.expr.tree import TRUE
from aftersales.expr.words import code
from aftersales.policy.edges import late_key
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision, Duty, Need, NextAction, Outlook, PathStep, SourceStamp, Way
from aftersales.show import words
from aftersales.show.amounts import show_amounts
from aftersales.show.page import Page, terminal
from aftersales.show.titles import Titles
from aftersales.text import Lang

#: How the path writes the condition of a branch that is always open.
_ALWAYS = code(TRUE)


def show_decision(decision: Decision, policy: Policy, lang: Lang, console: Console) -> None:
    """Write a decision to ``console``, with the titles of ``policy``; its parts follow below it."""
    page, titles = Page(console), Titles(policy, lang)
    _show_one(decision, page, titles)
    for number, part in enumerate(decision.parts or (), start=1):
        page.heading(titles.of(words.PART).format(number))
        _show_one(part, page, titles)


def decision_text(decision: Decision, policy: Policy, lang: Lang, *, width: int = 80) -> str:
    """Return what ``show_decision`` writes, without colour, ``width`` columns wide."""
    stream = io.StringIO()
    show_decision(decision, policy, lang, terminal(stream, width=width, colour=False))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def show_name(name: str, console: Console) -> None:
    """Write the name of a case above its decision, where several are shown."""
    Page(console).title(f"=== {name} ===")


def show_headline(decision: Decision, page: Page, titles: Titles) -> None:
    """Write where the case stands: flow and state, then status, outcome, liability and deadline."""
    page.title(f"{titles.flow(decision.flow)} > {titles.of(decision.title)}")
    parts = [
        (words.STANDS, titles.of(words.STATUS[decision.status])),
        (words.OUTCOME, titles.outcome(decision.outcome)),
        (words.LIABLE, titles.who(decision.liable or "undecided")),
    ]
    if decision.due is not None:
        parts.append((words.DUE, titles.instant(decision.due)))
    page.line("   ".join(titles.named(name, value) for name, value in parts), indent=0)
    if decision.reason is not None:
        page.line(titles.named(words.REASON, titles.of(decision.reason)), indent=0)


def show_need(need: Need, page: Page, titles: Titles, *, numbered: bool = False) -> None:
    """Write one question with who answers it and the options that are open, ``numbered`` to choose from."""
    page.item("?", f"{titles.of(need.ask)}  [{titles.of(words.ASKED).format(titles.who(need.from_))}]")
    for number, (option, title) in enumerate(zip(need.options, need.option_titles, strict=True), start=1):
        page.item(f"{number}." if numbered else "-", f"{titles.of(title)} ({option})", indent=4)
    if need.at_most is not None:
        page.item("-", titles.of(words.AT_MOST).format(titles.value(need.fact, need.at_most)), indent=4)


def show_outlook(outlook: Outlook, page: Page, titles: Titles) -> None:
    """Write the ends that are still reachable, each with the answers that lead there; nothing where the case has ended."""
    if not outlook.ways:
        return
    page.heading(titles.of(words.OUTLOOK))
    for way in outlook.ways:
        page.item("-", _condition(way, titles))
        page.line(_end(way, titles), indent=4)
    if outlook.more:
        page.line(titles.of(words.MORE).format(outlook.more))
    if not outlook.complete:
        page.line(titles.of(words.INCOMPLETE))


def _show_one(decision: Decision, page: Page, titles: Titles) -> None:
    show_headline(decision, page, titles)
    _show_next(decision.next_actions, decision.flow, page, titles)
    if decision.needs:
        page.heading(titles.of(words.NEEDS))
        for need in decision.needs:
            show_need(need, page, titles)
    _show_duties(decision.duties, page, titles)
    show_amounts(decision, page, titles)
    _show_path(decision.path, page, titles)
    _show_sources(decision, page, titles)
    _show_warnings(decision, page, titles)
    if decision.outlook is not None:
        show_outlook(decision.outlook, page, titles)


def _show_next(actions: tuple[NextAction, ...], flow: str, page: Page, titles: Titles) -> None:
    if not actions:
        return
    page.heading(titles.of(words.NEXT))
    heads = [titles.of(head) for head in (words.WHO_DOES, words.WHAT, words.UNTIL, words.IF_LATE)]
    page.table(heads, [_next_row(action, flow, titles) for action in actions])
    _show_scripts(actions, page, titles)


def _show_scripts(owed: Iterable[NextAction | Duty], page: Page, titles: Titles) -> None:
    for one in owed:
        if one.say is not None:
            page.item("-", f"{titles.of(one.title)}  {titles.of(words.SAY).format(titles.of(one.say))}")


def _next_row(action: NextAction, flow: str, titles: Titles) -> tuple[str, ...]:
    what = [titles.of(action.title)]
    if action.amount is not None:
        what.append(titles.of(words.PAYS).format(titles.money(action.amount)))
    if action.after:
        before = titles.of(words.COMMA).join(titles.action(name) for name in action.after)
        what.append(titles.of(words.AFTER).format(before))
    until = titles.instant(action.due) if action.due else ""
    return titles.who(action.by), "\n".join(what), until, _if_late(action, flow, titles)


def _if_late(action: NextAction, flow: str, titles: Titles) -> str:
    """Say where the case goes when the deadline passes, or which answer it is taken for where it stays."""
    if action.if_late_takes:
        return titles.of(words.TAKEN_AS).format(titles.facts(dict(action.if_late_takes)))
    return titles.state(action.if_late, flow) if action.if_late else ""


def _show_duties(duties: tuple[Duty, ...], page: Page, titles: Titles) -> None:
    if not duties:
        return
    page.heading(titles.of(words.DUTIES))
    heads = (words.WHO_DOES, words.WHAT, words.SINCE, words.UNTIL, words.LIST)
    page.table([titles.of(head) for head in heads], [_duty_row(duty, titles) for duty in duties])
    _show_scripts(duties, page, titles)


def _duty_row(duty: Duty, titles: Titles) -> tuple[str, ...]:
    since = titles.instant(duty.since) if duty.since else ""
    due = titles.instant(duty.due) if duty.due else ""
    return titles.who(duty.by), titles.of(duty.title), since, due, duty.list or ""


def _show_path(path: tuple[PathStep, ...], page: Page, titles: Titles) -> None:
    if not path:
        return
    page.heading(titles.of(words.PATH))
    flow = None
    for number, step in enumerate(path, start=1):
        where = titles.of(step.title) if step.flow == flow else f"{titles.flow(step.flow)} > {titles.of(step.title)}"
        page.item(f"{number}.", f"{titles.instant(step.at)}  {where}" if step.at else where)
        page.line(_reason(step, titles), indent=5)
        if step.sources:
            page.line(layers(step.sources, titles), indent=5, style="dim")
        flow = step.flow


def _reason(step: PathStep, titles: Titles) -> str:
    """Say why the case came here: what was read, who was silent, or the condition; nothing where it always goes on."""
    if step.edge is None:
        return titles.of(words.OPENED)
    if "~" in step.edge:
        return _silence(step.edge, titles)
    if step.read or step.because == _ALWAYS:
        return titles.facts(step.read)
    return titles.code(step.because)


def layers(sources: tuple[SourceStamp, ...], titles: Titles) -> str:
    """Name what stands behind a step, layer by layer, law first."""
    parts = []
    for layer, title in words.LAYER.items():
        names = [_with_article(source, titles) for source in sources if source.layer == layer]
        parts += [f"[{titles.of(title)}] {titles.of(words.COMMA).join(names)}"] if names else []
    return "  ".join(parts)


def _with_article(source: SourceStamp, titles: Titles) -> str:
    return f"{source.id} {titles.of(words.ARTICLE).format(source.article)}" if source.article else source.id


def _silence(edge: str, titles: Titles) -> str:
    state = titles.policy.states[edge.rpartition("~")[0]]
    fact = next((late.fact for i, late in enumerate(state.late) if late_key(state.key, i) == edge), None)
    return titles.of(words.LATE) if fact is None else titles.of(words.SILENT).format(titles.fact(fact))


def _show_sources(decision: Decision, page: Page, titles: Titles) -> None:
    if not decision.sources:
        return
    page.heading(titles.of(words.SOURCES))
    for source in decision.sources:
        layer = titles.of(words.LAYER[source.layer]) if source.layer in words.LAYER else source.layer
        article = titles.of(words.ARTICLE).format(source.article) if source.article else ""
        page.item("-", " ".join(part for part in (f"[{layer}]", source.id, titles.of(source.title), article) if part))


def _show_warnings(decision: Decision, page: Page, titles: Titles) -> None:
    if not decision.warnings:
        return
    page.heading(titles.of(words.WARNINGS))
    for warning in decision.warnings:
        page.item("!", titles.of(warning), style="yellow")


def _condition(way: Way, titles: Titles) -> str:
    if not way.if_nobody_answers and not way.if_ and way.shortest:
        return titles.of(words.FOR_EXAMPLE).format(titles.facts(way.shortest))
    answers = titles.facts(way.if_) if way.if_ else titles.of(words.ANYHOW)
    if not way.if_nobody_answers:
        return answers
    silence = titles.of(words.SILENCE)
    return f"{silence} ({titles.facts(way.if_)})" if way.if_ else silence


def _end(way: Way, titles: Titles) -> str:
    parts = [
        f"-> {titles.outcome(way.outcome)}",
        titles.state(way.state, way.flow),
        f"{titles.of(words.LIABLE)} {titles.who(way.liable)}",
        f"{titles.of(words.REFUNDS)} {_range(way, titles)}",
        *(f"{titles.leg(leg)} {titles.who(bearer)}" for leg, bearer in way.postage.items()),
    ]
    return " | ".join(parts)


def _range(way: Way, titles: Titles) -> str:
    least = titles.money(way.refund_least)
    if way.refund_most is None:
        return titles.of(words.FROM_ON).format(least)
    if way.refund_most == way.refund_least:
        return least
    return titles.of(words.RANGE).format(least, titles.money(way.refund_most))
