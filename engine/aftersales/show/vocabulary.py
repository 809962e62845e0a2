"""The facts of a policy as a list to look up: name, type, who answers, and what its values are called."""

from __future__ import annotations

from rich.console import Console

from aftersales.expr.types import Kind
from aftersales.money import show_money
from aftersales.policy.model import Fact, Policy
from aftersales.show import words
from aftersales.show.page import Page
from aftersales.show.titles import Titles
from aftersales.text import Lang


def show_facts(policy: Policy, lang: Lang, console: Console) -> None:
    """Write every fact of ``policy`` to ``console``, in the author's order."""
    page, titles = Page(console), Titles(policy, lang)
    page.title(titles.of(policy.title))
    for fact in policy.facts.values():
        page.heading(f"{fact.name}  {titles.of(fact.title)}")
        page.line(f"{_type(fact)}   {titles.named(words.ANSWERED_BY, titles.who(answerer(fact)))}")
        if fact.ask is not None:
            page.line(titles.of(fact.ask))
        for value in _values(fact):
            page.item("-", f"{value}  {titles.value(fact.name, value)}", indent=4)


def facts_json(policy: Policy) -> list[dict[str, object]]:
    """Return every fact as JSON: name, type, values, bounds (money with two decimals), titles, and who answers."""
    return [_fact_json(fact) for fact in policy.facts.values()]


def answerer(fact: Fact) -> str:
    """Return who answers a fact; ``derived`` where the engine works it out."""
    return "derived" if fact.derived is not None or fact.computed else fact.answered_by


def _fact_json(fact: Fact) -> dict[str, object]:
    return {
        "name": fact.name,
        "type": str(fact.type.kind),
        "from": answerer(fact),
        "title": fact.title.to_dict(),
        "ask": fact.ask and fact.ask.to_dict(),
        "values": {
            value: fact.value_titles[value].to_dict() if value in fact.value_titles else None for value in _values(fact)
        },
        "min": _bound(fact, fact.type.low),
        "max": _bound(fact, fact.type.high),
        "flow": fact.flow,
    }


def _values(fact: Fact) -> tuple[str, ...]:
    return ("true", "false") if fact.type.kind is Kind.FLAG else fact.type.values


def _type(fact: Fact) -> str:
    low, high = (_bound(fact, bound) for bound in (fact.type.low, fact.type.high))
    if low is None and high is None:
        return str(fact.type.kind)
    return f"{fact.type.kind} {low if low is not None else ''}..{high if high is not None else ''}"


def _bound(fact: Fact, bound: int | None) -> str | int | None:
    return show_money(bound) if bound is not None and fact.type.kind is Kind.MONEY else bound
