"""The trainer: one page that works offline, with the policy's own engine, its pictures, practice and a quiz."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from importlib.resources import files
from string import Template
from typing import Final

from aftersales.draw import Picture, flow_pictures
from aftersales.draw.palette import look
from aftersales.draw.ways import shown_states
from aftersales.draw.wording import Titles, line_title
from aftersales.expr.tree import TRUE
from aftersales.expr.words import say
from aftersales.policy.edges import branch_key
from aftersales.policy.model import Flow, Policy
from aftersales.teach.javascript.module import engine_text, script_json
from aftersales.text import Lang, Text

#: The parts of the page's script, in the order in which they build on each other.
_SCRIPTS: Final = ("words", "cases", "picture", "panels", "practice", "quiz", "main")
#: When every case of the page is opened, on the policy's clock: a page is the same whenever it is made.
_OPENED: Final = "2026-11-06T10:00:00+08:00"
#: Who answers or decides without being a role or a party of the policy.
_OTHERS: Final = {
    "order": Text("订单记录", "order record"),
    "policy": Text("规则", "policy"),
    "undecided": Text("未定", "undecided"),
    "shared": Text("按比例分担", "shared"),
}


def trainer_page(policy: Policy, lang: Lang = Lang.ZH) -> str:
    """Return the trainer for ``policy`` as one HTML page that needs nothing else, opened in ``lang``.

    The same policy gives the same page. Raises PolicyError for a policy that the page could decide otherwise than the engine, DrawingError where Graphviz is
    missing.
    """
    folder = files("aftersales.teach") / "page"
    parts = {name: (folder / name).read_text(encoding="utf-8") for name in ("page.html", "style.css")}
    scripts = [(folder / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS]
    script = "\n".join((engine_text(policy), f"const PAGE = {script_json(_page_data(policy, lang))};\n", *scripts))
    return Template(parts["page.html"]).substitute(
        title=policy.title.zh.replace("<", "&lt;"), style=parts["style.css"], script=script
    )


def _page_data(policy: Policy, lang: Lang) -> dict[str, object]:
    """Return what the page shows beside what its engine decides."""
    return {
        "lang": str(lang),
        "opened": _OPENED,
        "looks": dict(_looks(policy)),
        "who": {name: text.to_dict() for name, text in _OTHERS.items()},
        "lines": dict(_line_titles(policy)),
        "rhythm": [
            {"title": phase.title.to_dict(), "means": phase.means.to_dict(), "actions": list(phase.actions)}
            for phase in policy.conduct.rhythm
        ],
        "conditions": dict(_conditions(policy)),
        "pictures": _pictures(policy),
        "sizes": {name: _size(policy, flow) for name, flow in policy.flows.items()},
    }


def _size(policy: Policy, flow: Flow) -> dict[str, int]:
    """Return how many steps and ends a flow has, as its picture shows them: a sub-flow is one step."""
    shown = [policy.states[key] for key in shown_states(policy, flow)]
    ends = sum(state.end is not None for state in shown)
    return {"steps": len(shown) - ends, "ends": ends}


def _pictures(policy: Policy) -> dict[str, object]:
    """Return every flow's pages, packed, in both languages, and the nodes that stand for its states on each."""
    drawn = {str(lang): flow_pictures(policy, policy.flows, lang=str(lang)) for lang in Lang}
    return {
        flow: {
            "nodes": [dict(page.nodes) for page in drawn["zh"][flow]],
            **{lang: [_packed(page) for page in pictures[flow]] for lang, pictures in drawn.items()},
        }
        for flow in policy.flows
    }


def _packed(page: Picture) -> dict[str, str]:
    """Return a page's title and its picture, without the lines in front of it, compressed as text."""
    svg = page.svg[page.svg.index("<svg") :]
    return {"title": page.title, "svg": base64.b64encode(zlib.compress(svg.encode(), 9)).decode()}


def _looks(policy: Policy) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield how everybody looks: the tint, badge and sign of the pictures."""
    for number, name in enumerate((*policy.roles, *policy.parties)):
        looks = look(number)
        yield name, {"tint": looks.tint, "badge": looks.badge, "sign": looks.sign}


def _line_titles(policy: Policy) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the title of every money line that a state lays down."""
    for state in policy.states.values():
        terms = state.terms
        for line in (*terms.refund, *terms.deductions, *terms.charge, *terms.recover):
            title = line_title(policy, line.name)
            if title is not None:
                yield line.name, title.to_dict()


def _conditions(policy: Policy) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield in words what each branch asks for, by the branch's edge: its condition, or what the state waits for."""
    titles = {lang: Titles(policy, lang) for lang in Lang}
    for key, state in policy.states.items():
        for number, branch in enumerate(state.branches):
            asked = (state.until or TRUE) if branch.when == TRUE else branch.when
            if not branch.otherwise:
                words = {str(lang): "" if asked == TRUE else say(asked, titles[lang], lang) for lang in Lang}
                yield branch_key(key, number), words
