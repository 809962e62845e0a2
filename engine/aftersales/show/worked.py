"""The result of the worked cases: which failed and where, which branches no case walks, which laws no case meets."""

from __future__ import annotations

from rich.console import Console

from aftersales.expr.tree import TRUE
from aftersales.policy.edges import Edge
from aftersales.policy.model import Branch, Late, Policy, Reopen
from aftersales.show import words
from aftersales.show.page import Page
from aftersales.show.titles import Titles
from aftersales.study.coverage import FlowCoverage
from aftersales.study.worked import Report
from aftersales.text import Lang


def show_report(report: Report, policy: Policy, lang: Lang, console: Console) -> None:
    """Write how many cases passed, the coverage of every flow, and each branch that is not walked, with its place.

    Below stand the laws that ask nothing of any case.
    """
    page, titles = Page(console), Titles(policy, lang)
    page.title(titles.of(words.CASES).format(passed=report.passed, failed=report.failed))
    for result in report.results:
        if result.faults:
            page.item("-", f"{result.place}  {result.name}")
    page.heading(titles.of(words.COVERAGE))
    heads = [titles.of(head) for head in (words.FLOW, words.WALKED, words.WAYS, words.SHARE)]
    page.table(heads, [_row(flow, titles) for flow in report.coverage], right=(1, 2, 3))
    missing = [edge for flow in report.coverage for edge in flow.missing]
    if missing:
        page.heading(titles.of(words.NOT_WALKED))
    for edge in missing:
        page.item("-", f"{edge.way.span}  {edge.key}")
        page.line(way_text(edge, titles), indent=4)
    if report.unmet:
        page.heading(titles.of(words.NOT_MET))
    for law in report.unmet:
        page.item("-", f"{law.span}  {law.name}")
        page.line(titles.of(law.title), indent=4)


def report_json(report: Report) -> dict[str, object]:
    """Return the report as JSON: every case with its faults, every flow with the edges that are not walked, the unmet laws."""
    return {
        "passed": report.passed,
        "failed": report.failed,
        "cases": [
            {"name": result.name, "place": result.place, "faults": [fault.to_dict() for fault in result.faults]}
            for result in report.results
        ],
        "coverage": [
            {
                "flow": flow.flow,
                "walked": flow.walked,
                "total": flow.total,
                "missing": [_edge_json(e) for e in flow.missing],
            }
            for flow in report.coverage
        ],
        "unmet_laws": [law.name for law in report.unmet],
    }


def _row(flow: FlowCoverage, titles: Titles) -> tuple[str, ...]:
    share = 100 * flow.walked // flow.total
    return f"{titles.flow(flow.flow)} ({flow.flow})", str(flow.walked), str(flow.total), f"{share}%"


def way_text(edge: Edge, titles: Titles) -> str:
    """Return where a way leads from and to, and for what reason."""
    state = titles.policy.states.get(edge.source)
    source = titles.of(state.title) if state else titles.flow(edge.source)
    target = titles.of(titles.policy.states[edge.target.state].title)
    return f"{source} -> {target} | {_reason(edge, titles)}"


def _reason(edge: Edge, titles: Titles) -> str:
    way = edge.way
    if isinstance(way, Late):
        return titles.of(words.LATE) if way.fact is None else titles.of(words.SILENT).format(titles.fact(way.fact))
    if isinstance(way, Branch):
        always = titles.of(words.OTHERWISE if way.otherwise else words.ANYHOW)
        return always if way.otherwise or way.when == TRUE else titles.condition(way.when)
    if isinstance(way, Reopen):
        return titles.condition(way.when)
    return titles.of(words.ANYTIME).format(titles.fact(way.on))


def _edge_json(edge: Edge) -> dict[str, object]:
    span = edge.way.span
    return {
        "edge": edge.key,
        "target": edge.target.state,
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
    }
