"""Does every end fix what it has to: outcome, liability, every leg of postage that was named on the way?"""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.expr.tree import Expr, Literal
from aftersales.policy.checks.shown import listed
from aftersales.policy.fields import among
from aftersales.policy.laid import laid_down
from aftersales.policy.lore import Lore
from aftersales.policy.model import Bearing, Policy, PostageTerm, State
from aftersales.policy.needs import missing_for
from aftersales.policy.possible import Analysis, Ways
from aftersales.source import Span
from aftersales.text import Text

#: The outcome that is told with its reason.
REFUSED = "refused"


def every_end_is_an_end(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find ends that wait, ask or reopen as only an open state does, and refusals without a reason."""
    for state, _ in analysis.reached():
        if state.end is None:
            continue
        extra = [
            key
            for key, there in (
                ("within", state.within),
                ("late", state.late),
                ("no_deadline", state.no_deadline),
                ("until", state.until),
                ("offer", state.offers),
            )
            if there
        ]
        if extra:
            names = listed(extra)
            message = Text(f"终点 {state.name} 不能有 {names.zh}", f"{state.name} is an end, it has no {names.en}")
            yield Diagnostic("end_waits", message, state.span)
        if state.end.outcome == REFUSED and state.end.reason is None:
            message = Text(f"拒绝的终点 {state.name} 没有理由", f"the refusal {state.name} has no reason")
            yield Diagnostic("no_reason", message, state.span, Text("写上 reason: {zh, en}", "give reason: {zh, en}"))


def every_end_names_who_is_liable(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find ends where nobody, somebody undecided, or somebody not known yet is liable."""
    laid = analysis.once(laid_down)
    for state, ways in analysis.reached():
        if state.end is None:
            continue
        here = laid[state.key]
        if here.liable_unsaid:
            message = Text(f"终点 {state.name} 没有写明责任归谁", f"the end {state.name} does not say who is liable")
            yield Diagnostic("no_liable", message, state.span, Text("写上 liable", "give liable"))
        for key in here.liable:
            yield from _bearer(analysis.lore, state, ways, analysis.policy.states[key].terms.liable)


def every_leg_has_a_bearer(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find legs of postage that some way to an end named and that nobody surely bears there."""
    laid = analysis.once(laid_down)
    for state, ways in analysis.reached():
        if state.end is not None:
            for leg, terms in laid[state.key].legs.items():
                for borne_by in dict.fromkeys(entry.borne for entry in terms):
                    term = term_of(analysis.policy, borne_by, leg)
                    yield from _leg(analysis.lore, state, ways, term)


def term_of(policy: Policy, key: str, leg: str) -> PostageTerm:
    """Return what a state says of a leg."""
    return next(term for term in policy.states[key].terms.postage if term.leg == leg)


def _bearer(lore: Lore, state: State, ways: Ways, liable: Bearing) -> Iterator[Diagnostic]:
    if liable is None:
        message = Text(
            f"到终点 {state.name} 时责任归谁仍未定", f"who is liable is still undecided at the end {state.name}"
        )
        hint = Text("在终点写上 liable", "give liable at the end")
        yield Diagnostic("undecided_at_end", message, state.span, hint)
    elif not isinstance(liable, tuple):
        missing = _missing(lore, ways, liable)
        if missing:
            yield _not_known(Text("责任归谁", "who is liable"), missing, state, state.span)


def _leg(lore: Lore, state: State, ways: Ways, term: PostageTerm) -> Iterator[Diagnostic]:
    if term.borne is None:
        message = Text(
            f"到终点 {state.name} 时 {term.leg} 由谁承担仍未定",
            f"who bears {term.leg} is still undecided at the end {state.name}",
        )
        hint = Text(f"在终点的 postage 中写明 {term.leg}", f"say who bears {term.leg} under postage of the end")
        yield Diagnostic("leg_without_bearer", message, state.span, hint)
    elif not isinstance(term.borne, tuple):
        missing = _missing(lore, ways, term.borne)
        if missing:
            yield _not_known(Text(f"{term.leg} 由谁承担", f"who bears {term.leg}"), missing, state, state.span)


def _missing(lore: Lore, ways: Ways, expr: Expr) -> tuple[str, ...]:
    """Return the facts that can keep ``expr`` unknown in any situation."""
    if isinstance(expr, Literal):
        return ()
    several = among(lore.reads.opened((expr,)), (situation.known for situation in ways.situations))
    return tuple(dict.fromkeys(name for known in several for name in missing_for(lore, known, expr)))


def _not_known(what: Text, missing: tuple[str, ...], state: State, span: Span) -> Diagnostic:
    names = listed(missing)
    return Diagnostic(
        "bearer_not_known",
        Text(
            f"{what.zh}取决于 {names.zh}，到终点 {state.name} 时不一定已知",
            f"{what.en} depends on {names.en}, not surely known at the end {state.name}",
        ),
        span,
        Text("在到达之前先读取它", "let a state on every way here read it"),
    )
