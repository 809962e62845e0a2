"""The verdicts on a policy's laws: a line for each, then every refuted one with its case and every open one with why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rich.console import Console

from aftersales.errors import render
from aftersales.policy.checks.whole import CHECKS
from aftersales.policy.model import Policy
from aftersales.run.decision import PathStep
from aftersales.show import words
from aftersales.show.page import Page
from aftersales.show.titles import Titles
from aftersales.study.found import Way, way_of
from aftersales.study.proof import READ, REST
from aftersales.syntax.shapes import first_line
from aftersales.text import Lang, Text
from aftersales.verify.case_file import cases_text, found_cases
from aftersales.verify.replay import Replay
from aftersales.verify.verdict import Ending, Proofs, Verdict

ENDINGS: Final = {
    "proved": Text("证明", "proved"),
    "refuted": Text("推翻", "refuted"),
    "unknown": Text("未知", "unknown"),
}
_ALLOWED: Final = Text("未知（允许）", "unknown (allowed)")
_COUNTS: Final = Text(
    "{all} 条中证明 {proved} 条，推翻 {refuted} 条，未知 {unknown} 条（{seconds}）",
    "{proved} of {all} laws proved, {refuted} refuted, {unknown} unknown ({seconds})",
)
_HOLDS: Final = Text(
    "所有案件、任何回答先后、期限守住或错过：全部成立。",
    "Every case, every order of answers, every deadline kept or passed: they hold.",
)
_SECONDS: Final = Text("{:.2f} 秒", "{:.2f} s")
_GROUPS: Final = (
    Text("结构", "Structure"),
    Text("凡规则都要成立", "Of every policy"),
    Text("本规则的守则", "The policy's own laws"),
)
_HEADS: Final = (
    Text("结论", "verdict"),
    Text("用时", "time"),
    Text("守则", "law"),
    Text("内容", "says"),
)
_FOUND: Final = Text("最小案例", "smallest case")
_PAIR: Final = Text("最小的两个案例", "smallest two cases")
_READS: Final = Text("读到", "reads")
_PATH: Final = Text("走过", "path")
_PATH_OF: Final = Text("{} 走过", "path of {}")
_STOPPED: Final = Text("状态机停在", "the machine stops")
_WHY: Final = Text("原因", "why")
_ARROW: Final = " → "
_ANSWERS: Final = frozenset((READ, REST, *(check.__name__ for check in CHECKS)))


def show_proofs(proofs: Proofs, policy: Policy, lang: Lang, console: Console) -> None:
    """Write every verdict on ``policy`` by group, then what each refuted law and each unknown one is about."""
    page, titles = Page(console), Titles(policy, lang)
    page.title(f"{titles.of(policy.title)}  {policy.id} {policy.version}")
    _Verdicts(page, lang, titles).write(proofs)


def show_unreadable(proofs: Proofs, folder: str, lang: Lang, console: Console) -> None:
    """Write the verdicts on a folder whose policy cannot be read, with every fault."""
    page = Page(console)
    page.title(folder)
    _Verdicts(page, lang, None).write(proofs)


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """Writes verdicts; ``titles`` are those of the policy, where there is one."""

    page: Page
    lang: Lang
    titles: Titles | None

    def write(self, proofs: Proofs) -> None:
        """Write counts, groups and details."""
        counts: dict[Ending, int] = {ending: len(proofs.of(ending)) for ending in ("proved", "refuted", "unknown")}
        seconds = self._seconds(proofs.seconds)
        self.page.line(_COUNTS.to(self.lang).format(all=len(proofs.verdicts), seconds=seconds, **counts))
        for title, verdicts in zip(_GROUPS, _grouped(proofs.verdicts), strict=True):
            if verdicts:
                self.page.heading(title.to(self.lang))
                heads = [head.to(self.lang) for head in _HEADS]
                self.page.table(heads, (self._row(verdict, proofs) for verdict in verdicts), right=(1,), whole=(2,))
        replay = Replay(self.titles.policy) if self.titles is not None and _any_case(proofs) else None
        for verdict in (*proofs.of("refuted"), *proofs.of("unknown")):
            self._detail(verdict, proofs, replay)
        if proofs.holds and proofs.verdicts:
            self.page.heading(_HOLDS.to(self.lang))

    def _row(self, verdict: Verdict, proofs: Proofs) -> tuple[str, ...]:
        sources = f"  [{', '.join(verdict.sources)}]" if verdict.sources else ""
        says = f"{verdict.title.to(self.lang)}{sources}"
        return self._ending(verdict, proofs), self._seconds(verdict.seconds), verdict.law, says

    def _ending(self, verdict: Verdict, proofs: Proofs) -> str:
        allowed = verdict.ending == "unknown" and verdict.law in proofs.allowed
        return (_ALLOWED if allowed else ENDINGS[verdict.ending]).to(self.lang)

    def _seconds(self, seconds: float) -> str:
        return _SECONDS.to(self.lang).format(seconds)

    def _detail(self, verdict: Verdict, proofs: Proofs, replay: Replay | None) -> None:
        self.page.heading(self._named(self._ending(verdict, proofs), verdict.law))
        self.page.line(verdict.title.to(self.lang))
        for source in self._sources(verdict.sources):
            self.page.line(source, style="dim")
        if verdict.span is not None:
            self.page.line(str(first_line(verdict.span)), style="dim")
        for fault in verdict.finding.faults:
            self.page.verbatim(render(fault, self.lang), indent=2)
        if verdict.finding.why is not None and not verdict.finding.faults:
            self.page.line(self._named(_WHY.to(self.lang), verdict.finding.why.to(self.lang)))
        if replay is not None and verdict.finding.example is not None:
            self._example(verdict, replay)

    def _example(self, verdict: Verdict, replay: Replay) -> None:
        cases, example = found_cases(verdict), verdict.finding.example
        self.page.line(self._named((_PAIR if len(cases) > 1 else _FOUND).to(self.lang), ""))
        self.page.verbatim(cases_text(verdict, replay), indent=4)
        if example is not None and example.reads:
            self.page.line(self._named(_READS.to(self.lang), example.reads))
        for found in cases:
            way = way_of(found.case, replay)
            if way is not None:
                self._way(way, (_PATH_OF if len(cases) > 1 else _PATH).to(self.lang).format(found.name))

    def _way(self, way: Way, name: str) -> None:
        self.page.line(self._named(name, _ARROW.join(self._stations(way.decision.path))))
        if way.stopped is not None:
            self.page.line(self._named(_STOPPED.to(self.lang), way.stopped.message.to(self.lang)))

    def _stations(self, path: Sequence[PathStep]) -> Iterator[str]:
        """Yield the states of a path by their titles, the flow in front where it is another than before."""
        titles = self.titles
        if titles is None or not path:
            return
        yield self._in_flow(path[0], titles)
        for before, step in pairwise(path):
            yield titles.state(step.state, step.flow) if step.flow == before.flow else self._in_flow(step, titles)

    def _in_flow(self, step: PathStep, titles: Titles) -> str:
        return f"{titles.flow(step.flow)} > {titles.state(step.state, step.flow)}"

    def _sources(self, names: Iterable[str]) -> Iterator[str]:
        known = self.titles.policy.sources if self.titles is not None else {}
        for name in names:
            source = known.get(name)
            if source is not None:
                article = words.ARTICLE.to(self.lang).format(source.article) if source.article else ""
                layer = words.LAYER[source.layer].to(self.lang)
                yield f"[{layer}] {name} {source.title.to(self.lang)} {article}".rstrip()

    def _named(self, name: str, value: str) -> str:
        return f"{name}{words.COLON.to(self.lang)}{value}".rstrip()


def _grouped(verdicts: Iterable[Verdict]) -> tuple[list[Verdict], list[Verdict], list[Verdict]]:
    """Return the verdicts of the checks, those of every policy, and the policy's own, each in its order."""
    groups: tuple[list[Verdict], list[Verdict], list[Verdict]] = ([], [], [])
    for verdict in verdicts:
        groups[0 if verdict.law in _ANSWERS else 1 if verdict.span is None else 2].append(verdict)
    return groups


def _any_case(proofs: Proofs) -> bool:
    return any(verdict.finding.example is not None for verdict in proofs.verdicts)
