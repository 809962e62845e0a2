"""What stands on the card of a state: who acts, what is done and asked, by when, and who pays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import Line, Words
from aftersales.draw.ways import question_of
from aftersales.draw.wording import Wording, line_title
from aftersales.expr.tree import FactRef, Literal
from aftersales.policy.model import Bearing, MoneyLine, PostageTerm, Share, State, Terms, Todo
from aftersales.text import Text

_DO: Final = Text("做", "do")
_ASK: Final = Text("问", "ask")
_UNTIL: Final = Text("等到", "until")
_CLOCK: Final = Text("时限", "within")
_NO_CLOCK: Final = Text("不限时", "no limit")
_DUTY: Final = Text("另需", "owed")
_WHY: Final = Text("理由", "reason")
_LIABLE: Final = Text("责任", "liable")
_POSTAGE: Final = Text("邮费", "postage")
_MONEY: Final = {
    "refund": Text("退款", "refund"),
    "deductions": Text("扣减", "less"),
    "charge": Text("收取", "charge"),
    "recover": Text("追偿", "recover"),
}
_AFTER: Final = Text("{0}（{1}之后）", "{0} (after {1})")
_BEARS: Final = Text("{0}：{1}承担", "{0}: borne by {1}")
_NOBODY: Final = Text("{0}：无需承担", "{0}: nothing to bear")
_DEPENDS: Final = Text("{0}：承担方 {1}", "{0}: borne by {1}")
_ADVANCED: Final = Text("{0}；垫付：{1}", "{0}; advanced by: {1}")
_UNINSURED: Final = Text("{0}；保险不赔", "{0}; not insured")
_UNDECIDED: Final = Text("未定", "undecided")
_REST: Final = Text("{0} 其余", "{0} the rest")
_SHARE: Final = Text("{0} {1}", "{0} {1}")
_AMOUNT: Final = Text("{0}：{1}", "{0}: {1}")
_CAPPED: Final = Text("{0}，至多 {1}", "{0}, at most {1}")
_FROM: Final = Text("{1}赔 {0}", "{0}, from {1}")
_QUESTION: Final = Text("{}？", "{}?")


def doers(state: State, wording: Wording) -> tuple[str, ...]:
    """Return who acts in the state, in the order of its actions; where nobody does, who answers its questions."""
    policy = wording.policy
    acting = [policy.actions[todo.action].by for todo in state.do if todo.action in policy.actions]
    asked = question_of(state)
    answering = [policy.facts[asked].answered_by] if asked else []
    return tuple(dict.fromkeys(acting or answering))


def card_lines(state: State, wording: Wording) -> Iterator[Line]:
    """Say everything that a reader of the card must know, in the order one acts on it."""
    if state.end and state.end.reason:
        yield Line(wording.of(_WHY), wording.of(state.end.reason))
    yield from _labelled(wording.of(_DO), (_todo(todo, wording) for todo in state.do))
    asked = question_of(state)
    if asked:
        yield Line(wording.of(_ASK), wording.filled(_QUESTION, wording.fact(asked)))
    if state.until is not None:
        yield Line(wording.of(_UNTIL), wording.expr(state.until))
    yield from _deadline(state, wording)
    yield from _terms(state.terms, wording)
    yield from _labelled(wording.of(_DUTY), (_action(name, wording) for name in state.duties))


def _labelled(label: Words, texts: Iterator[Words]) -> Iterator[Line]:
    """Put the label on the first line only."""
    for number, text in enumerate(texts):
        yield Line(label if number == 0 else tuple("" for _ in label), text)


def _todo(todo: Todo, wording: Wording) -> Words:
    action = _action(todo.action, wording)
    after = wording.all(tuple(_action(name, wording) for name in todo.after))
    return wording.filled(_AFTER, action, after) if todo.after else action


def _action(name: str, wording: Wording) -> Words:
    action = wording.policy.actions.get(name)
    return wording.of(action.title) if action else tuple(name for _ in wording.langs)


def _deadline(state: State, wording: Wording) -> Iterator[Line]:
    within = state.within
    if within is not None:
        yield Line(wording.of(_CLOCK), wording.each(lambda titles: titles.within(within)))
    elif state.no_deadline:
        yield Line(wording.of(_NO_CLOCK), wording.of(state.no_deadline))


def _terms(terms: Terms, wording: Wording) -> Iterator[Line]:
    if terms.says_liable:
        yield Line(wording.of(_LIABLE), _bearing(terms.liable, wording))
    yield from _labelled(wording.of(_POSTAGE), (_leg(term, wording) for term in terms.postage))
    for name, lines in (
        ("refund", terms.refund),
        ("deductions", terms.deductions),
        ("charge", terms.charge),
        ("recover", terms.recover),
    ):
        yield from _labelled(wording.of(_MONEY[name]), (_money(line, wording) for line in lines))


def _bearing(bearing: Bearing, wording: Wording) -> Words:
    if bearing is None:
        return wording.of(_UNDECIDED)
    if isinstance(bearing, tuple):
        return wording.all(tuple(_share(share, wording) for share in bearing))
    return wording.expr(bearing)


def _share(share: Share, wording: Wording) -> Words:
    rate = share.rate
    who = wording.who(share.party)
    if rate is None:
        return wording.filled(_REST, who)
    return wording.filled(_SHARE, who, wording.each(lambda titles: titles.plain(rate, None)))


def _leg(term: PostageTerm, wording: Wording) -> Words:
    leg = wording.policy.legs.get(term.leg)
    title = wording.of(leg.title) if leg else wording.each(lambda titles: titles.line(term.leg))
    said = wording.filled(_bears(term.borne), title, _bearing(term.borne, wording))
    if term.advanced is not None:
        said = wording.filled(_ADVANCED, said, wording.expr(term.advanced))
    return said if term.insured else wording.filled(_UNINSURED, said)


def _bears(bearing: Bearing) -> Text:
    if isinstance(bearing, Literal):
        return _NOBODY if bearing.value == "nobody" else _BEARS
    return _DEPENDS


def _money(line: MoneyLine, wording: Wording) -> Words:
    said = wording.expr(line.amount)
    title = wording.each(lambda titles: titles.line(line.name))
    if title != said and (line_title(wording.policy, line.name) or not isinstance(line.amount, FactRef)):
        said = wording.filled(_AMOUNT, title, said)
    if line.cap is not None:
        said = wording.filled(_CAPPED, said, wording.expr(line.cap))
    return wording.filled(_FROM, said, wording.who(line.party)) if line.party else said
