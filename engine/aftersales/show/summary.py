"""What a policy holds, in a few lines: the answer of ``check`` where nothing is wrong."""

from __future__ import annotations

from rich.console import Console

from aftersales.policy.edges import edges
from aftersales.policy.model import Policy
from aftersales.show import words
from aftersales.show.page import Page
from aftersales.show.titles import Titles
from aftersales.text import Lang


def show_summary(policy: Policy, lang: Lang, console: Console) -> None:
    """Write which policy was read, that no fault was found, and how large it is."""
    page, titles = Page(console), Titles(policy, lang)
    page.title(f"{titles.of(policy.title)}  {policy.id} {policy.version}")
    counts = summary_json(policy)
    page.line(titles.of(words.SOUND).format(**counts), indent=0)


def summary_json(policy: Policy) -> dict[str, object]:
    """Return a policy's id, version and digest, and how many flows, states, branches, facts, params and actions it has."""
    return {
        "id": policy.id,
        "version": policy.version,
        "digest": policy.digest,
        "flows": len(policy.flows),
        "states": len(policy.states),
        "branches": sum(1 for _ in edges(policy)),
        "facts": len(policy.facts),
        "params": len(policy.params),
        "actions": len(policy.actions),
    }
