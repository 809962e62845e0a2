"""Whether the worked cases walk as many branches as is asked."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.policy.edges import Edge
from aftersales.pytest_plugin.folder import PolicyFolder
from aftersales.show.titles import Titles
from aftersales.show.worked import way_text
from aftersales.text import Lang, Text


def coverage_too_low(folder: PolicyFolder) -> Iterator[Diagnostic]:
    """Yield nothing where enough branches are walked, else how many are and each that is not. Raises PolicyError."""
    flows = folder.coverage()
    total, walked = sum(flow.total for flow in flows), sum(flow.walked for flow in flows)
    least = folder.options.coverage
    if walked * 100 >= least * total:
        return
    share = f"{walked * 1000 // total / 10:.1f}%"
    yield Diagnostic(
        "branches_not_walked",
        Text(
            f"分支覆盖 {share}（{total} 条出路走过 {walked} 条），至少应为 {float(least):g}%",
            f"branch coverage {share} ({walked} of {total} ways), at least {float(least):g}% is asked",
        ),
    )
    yield from (_not_walked(edge, folder) for flow in flows for edge in flow.missing)


def _not_walked(edge: Edge, folder: PolicyFolder) -> Diagnostic:
    zh, en = (way_text(edge, Titles(folder.policy.model, lang)) for lang in (Lang.ZH, Lang.EN))
    return Diagnostic("not_walked", Text(f"没有案例走过：{zh}", f"no case walks this: {en}"), edge.way.span)
