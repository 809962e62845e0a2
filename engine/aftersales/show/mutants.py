"""How much a policy's own tests notice: the score of every kind of fault, and each fault that slipped through."""

from __future__ import annotations

from typing import Final

from rich.console import Console

from aftersales.show import words
from aftersales.show.page import Page
from aftersales.study.mutants import MutationReport, Score, Verdict
from aftersales.text import Lang, Text
from aftersales.verify.mutants.operators import OPERATORS

_SCORE: Final = Text(
    "变异测试：{counted} 处有意写错，案例和守则发现 {noticed} 处（{share}）",
    "mutation test: {counted} faults put in on purpose, {noticed} noticed by cases and laws ({share})",
)
_TRIED: Final = Text("共 {found} 处可写错，试了 {tried} 处", "{found} faults can be put in, {tried} were tried")
_SEED: Final = Text("（--seed {seed}）", " (--seed {seed})")
_KINDS: Final = Text("各类写错", "Kinds of faults")
_KIND: Final = Text("类别", "kind")
_NOTICED: Final = Text("发现", "noticed")
_COUNTED: Final = Text("共", "of")
_NO_POLICY: Final = Text("读入即报错", "refused")
_SAME: Final = Text("没有区别", "equivalent")
_SLIPPED: Final = Text("没有被发现的", "Not noticed")
_DIFFERS: Final = Text(
    "案例 {case} 的 {parts} 会变，但没有写进 expect",
    "case {case} comes out otherwise in {parts} and does not expect it",
)
_SILENT: Final = Text(
    "有 {cases} 个案例走到这里（如 {nearest}），判定都不变",
    "{cases} worked cases look at it (such as {nearest}), none is decided otherwise",
)
_UNSEEN: Final = Text("没有案例走到这里", "no worked case comes here")


def show_mutants(report: MutationReport, lang: Lang, console: Console) -> None:
    """Write the score, a table of the kinds of faults, and each that nothing noticed, with its place and a hint."""
    page, whole = Page(console), report.whole
    said = _SCORE.to(lang).format(counted=whole.counted, noticed=whole.noticed, share=_percent(whole))
    page.title(said)
    tried = len(report.verdicts)
    chosen = _SEED.to(lang).format(seed=report.seed) if tried < report.found else ""
    page.line(_TRIED.to(lang).format(found=report.found, tried=tried) + chosen)
    page.heading(_KINDS.to(lang))
    heads = [head.to(lang) for head in (_KIND, _NOTICED, _COUNTED, words.SHARE, _NO_POLICY, _SAME)]
    page.table(heads, [_row(score, lang) for score in report.scores], right=(1, 2, 3, 4, 5))
    if report.survivors:
        page.heading(_SLIPPED.to(lang))
    for verdict in report.survivors:
        page.item("-", f"{verdict.mutant.span}  {verdict.mutant.edit.to(lang)}")
        page.line(_hint(verdict, lang), indent=4, style="dim")


def _row(score: Score, lang: Lang) -> tuple[str, ...]:
    title = next(operator.title for operator in OPERATORS if operator.name == score.operator)
    refused = score.fates.get("refused", 0) + score.fates.get("check", 0)
    same = score.fates.get("equivalent", 0)
    figures = (str(number) if number else "" for number in (refused, same))
    return title.to(lang), str(score.noticed), str(score.counted), _percent(score), *figures


def _percent(score: Score) -> str:
    """Return the share in per cent with one decimal, rounded down: 100.0% means all."""
    thousandths = 1000 * score.noticed // score.counted if score.counted else 1000
    return f"{thousandths / 10:.1f}%"


def _hint(verdict: Verdict, lang: Lang) -> str:
    """Say why nobody noticed: no case comes there, none is decided otherwise, or one is and does not expect it."""
    if verdict.hints:
        hint = verdict.hints[0]
        return _DIFFERS.to(lang).format(case=hint.case, parts=words.COMMA.to(lang).join(hint.parts))
    if not verdict.cases:
        return _UNSEEN.to(lang)
    return _SILENT.to(lang).format(cases=verdict.cases, nearest=verdict.nearest)
