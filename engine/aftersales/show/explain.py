"""A case explained on a page: what led from state to state, who told what when, and why it did not go another way."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console

from aftersales.policy.model import Policy
from aftersales.show import explain_words as say
from aftersales.show import words
from aftersales.show.decision import layers, show_headline
from aftersales.show.page import Page, terminal
from aftersales.show.reasons import Reasons
from aftersales.show.why_not import show_why_not
from aftersales.study.explain import Explanation
from aftersales.study.stages import Explained, Stage
from aftersales.text import Lang


def show_explanation(explanation: Explanation, policy: Policy, lang: Lang, console: Console) -> None:
    """Write an explanation to ``console``; several parts one after another, each with its own answer to *why not*."""
    page, reasons = Page(console), Reasons(policy, lang)
    for number, part in enumerate(explanation.parts):
        if len(explanation.parts) > 1:
            page.heading(reasons.of(words.PART).format(number + 1))
        show_headline(part.decision, page, reasons)
        _show_stages(part, page, reasons)
        if explanation.why_not:
            show_why_not(explanation.why_not[number], page, reasons)


def explanation_text(explanation: Explanation, policy: Policy, lang: Lang, *, width: int = 80) -> str:
    """Return what ``show_explanation`` writes, without colour, ``width`` columns wide."""
    stream = io.StringIO()
    show_explanation(explanation, policy, lang, terminal(stream, width=width, colour=False))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _show_stages(part: Explained, page: Page, reasons: Reasons) -> None:
    page.heading(reasons.of(say.WHY))
    shown: set[object] = set()
    flow = None
    for number, stage in enumerate(part.stages, start=1):
        title = reasons.of(stage.state.title)
        where = title if stage.state.flow == flow else f"{reasons.flow(stage.state.flow)} > {title}"
        flow = stage.state.flow
        page.item(f"{number}.", f"{reasons.instant(stage.entered)}  {where}" if stage.entered else where)
        page.line(reasons.way(stage), indent=5)
        for line in _read(stage, reasons, shown):
            page.item("-", line, indent=5)
        _show_others(stage, page, reasons)
        if stage.sources and stage.left != "ended":
            page.line(layers(stage.sources, reasons), indent=5, style="dim")


def _read(stage: Stage, reasons: Reasons, shown: set[object]) -> Iterator[str]:
    """Yield what was read, with who told it; what an earlier stage has shown already is left out."""
    for reading in stage.readings:
        if (reading.fact, reading.value) not in shown:
            shown.add((reading.fact, reading.value))
            yield reasons.reading(reading)
    for figure in stage.figures:
        if (figure.param, figure.value) not in shown:
            shown.add((figure.param, figure.value))
            yield reasons.figure(figure)


def _show_others(stage: Stage, page: Page, reasons: Reasons) -> None:
    others = list(reasons.others(stage))
    if not others:
        return
    page.line(reasons.of(say.OPEN if stage.left == "waits" else say.NOT_TAKEN), indent=5)
    for line in others:
        page.item("×" if stage.left != "waits" else "?", line, indent=7)
