"""What stands on the card of a state: who acts, what is done and asked, by when, and who pays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import Line, LineKind, Words
from aftersales.draw.questions import Answer, Question, Subject
from aftersales.draw.ways import Unit, paths
from aftersales.draw.wording import RECORDS, Wording, begins_with, line_title
from aftersales.expr.tree import All, Compare, Expr, FactRef, Literal
from aftersales.policy.model import Bearing, ByTime, MoneyLine, PostageTerm, Reopen, Share, State, Terms, Todo
from aftersales.text import Text

_DO: Final = Text("做", "do")
_ASK: Final = Text("问", "ask")
_UNTIL: Final = Text("等到", "until")
_CLOCK: Final = Text("时限", "within")
#: English says all of ``by 20:00`` itself.
_BY_CLOCK: Final = Text("时限", "")
_NO_CLOCK: Final = Text("不限时", "no limit")
_ON: Final = Text("→ {}", "→ {}")
_LATE: Final = Text("逾期", "late")
_LOOK: Final = Text("看", "see")
_REOPEN: Final = Text("重开", "reopens")
_AGAIN: Final = Text("{1}（{0}）", "{1} ({0})")
_DUTY: Final = Text("另需", "also")
_WHY: Final = Text("理由", "reason")
_LIABLE: Final = Text("责任", "liable")
_POSTAGE: Final = Text("运费", "postage")
_MONEY: Final = {
    "refund": Text("退款", "refund"),
    "deductions": Text("扣减", "less"),
    "charge": Text("收取", "charge"),
    "recover": Text("追偿", "recover"),
}
_AFTER: Final = Text("{0}（先{1}）", "{0} (first: {1})")
_BEARS: Final = Text("{0}：{1}承担", "{0}: borne by {1}")
_NOBODY: Final = Text("{0}：无需承担", "{0}: nothing to bear")
_DEPENDS: Final = Text("{0}：{1}", "{0}: borne by {1}")
_TOLD: Final = Text("{0}：{1}", "{0}: {1}")
_ADVANCED: Final = Text("{0}；垫付：{1}", "{0}; advanced by: {1}")
#: Where a fact tells who advanced a leg.
_BACK: Final = Text("{0}；谁垫付就还给谁", "{0}; repaid to whoever advanced it")
_UNINSURED: Final = Text("{0}；保险不赔", "{0}; not insured")
_UNDECIDED: Final = Text("未定", "undecided")
_REST: Final = Text("{0} 其余", "{0} the rest")
_SHARE: Final = Text("{0} {1}", "{0} {1}")
_AMOUNT: Final = Text("{0}：{1}", "{0}: {1}")
_CAPPED: Final = Text("{0}，至多 {1}", "{0}, at most {1}")
_FROM: Final = Text("{1}赔{0}", "{0}, from {1}")
#: The party that bears what costs nothing.
_NO_ONE: Final = "nobody"
#: Of a line of money that comes to nothing.
_NOTHING: Final = {
    "refund": Text("不退", "none"),
    "deductions": Text("不扣", "none"),
    "charge": Text("不收", "none"),
    "recover": Text("不追", "none"),
}
_KNOWN: Final = Text("{}已知", "{} known")
_BOTH: Final = Text(" 且 ", " and ")
#: Between actions, whose English titles may be whole clauses.
_SEVERAL: Final = Text("、", "; ")


def doers(unit: Unit, wording: Wording) -> tuple[str, ...]:
    """Return who acts in the state, in the order of its actions, then of its duties.

    Where nobody does and a case waits for an answer, it is who gives that; a case passes any other state, and nobody
    does anything there.
    """
    policy, state = wording.policy, unit.state
    names = (*(todo.action for todo in state.do), *state.duties)
    acting = [policy.actions[name].by for name in names if name in policy.actions]
    asked = asked_on_card(unit) if waits(state) else None
    answering = [policy.facts[asked].answered_by] if isinstance(asked, str) and asked in policy.facts else []
    return tuple(dict.fromkeys(acting or (who for who in answering if who not in RECORDS)))


def waits(state: State) -> bool:
    """Return whether a case may rest in a state: it has a deadline, or says why it has none."""
    return state.within is not None or state.no_deadline is not None


def asked_on_card(unit: Unit) -> Subject | None:
    """Return what the card itself asks: the first question of its state.

    Where only one answer can be, all that matters is that it is known.
    """
    if not isinstance(unit.step, Question):
        return None
    subject = unit.step.subject
    known = _of_nothing(subject) if len(unit.step.answers) == 1 and not isinstance(subject, str) else None
    return known or subject


def _of_nothing(condition: Expr) -> str | None:
    """Return the fact that a condition compares with 0; where that can only come out one way, it asks for the fact."""
    match condition:
        case Compare(">=" | "<", FactRef(name=name), Literal() as bound) if _is_zero(bound):
            return name
    return None


def _is_zero(expr: Expr) -> bool:
    """Tell whether an expression is 0 as it stands: no money, no time, none."""
    return (
        isinstance(expr, Literal)
        and expr.value is not None
        and not isinstance(expr.value, bool | str)
        and not expr.value
    )


def card_lines(unit: Unit, wording: Wording) -> Iterator[Line]:
    """Say everything that a reader of the card must know, in the order one acts on it."""
    state = unit.state
    if state.end is not None:
        yield from _end(state, wording)
        return
    duties = [name for name in state.duties if name not in {todo.action for todo in state.do}]
    yield from _labelled(wording.of(_DO), (_todo(todo, wording) for todo in state.do))
    yield from _labelled(wording.of(_DUTY), (_action(name, wording) for name in duties))
    if state.until is not None:
        yield Line(wording.of(_UNTIL), _until(state.until, wording), LineKind.ASK)
    yield from _asked(unit, wording)
    yield from _deadline(unit, wording)
    yield from _terms(state.terms, wording)


def desk_lines(unit: Unit, wording: Wording) -> Iterator[Line]:
    """List what each answer leads to, for a state that leads to many other flows."""
    yield from _labelled(wording.of(_DO), (_todo(todo, wording) for todo in unit.state.do))
    yield from _asked(unit, wording)
    yield from _deadline(unit, wording)
    for said, leaf in paths(unit.step) if unit.step else ():
        answers = (wording.answer(question.subject, Answer(values, leaf)) for question, values in said)
        flow = wording.policy.flows[wording.policy.states[leaf.target.state].flow]
        yield Line(wording.then(tuple(answers)), wording.filled(_ON, wording.of(flow.title)), LineKind.ROW)


def _end(state: State, wording: Wording) -> Iterator[Line]:
    if state.end and state.end.reason:
        yield Line(wording.of(_WHY), wording.of(state.end.reason))
    yield from _terms(state.terms, wording)
    done = dict.fromkeys((*(todo.action for todo in state.do), *state.duties))
    if done:
        yield Line(wording.of(_DO), wording.joined(_SEVERAL, tuple(_action(name, wording) for name in done)))
    for way in state.reopen:
        yield reopening(way, wording)


def reopening(way: Reopen, wording: Wording) -> Line:
    """Say what reopens a settled case, and how long it can."""
    said = wording.filled(_AGAIN, wording.within(way.within), wording.expr(way.when))
    return Line(wording.of(_REOPEN), said, LineKind.CLOCK)


def _until(condition: Expr, wording: Wording) -> Words:
    """Say what is waited for; an amount of 0 or more is one that is known."""
    parts = condition.operands if isinstance(condition, All) else (condition,)
    facts = [_of_nothing(part) for part in parts]
    if not any(facts):
        return wording.expr(condition)
    said = (
        wording.filled(_KNOWN, wording.fact(fact)) if fact else wording.expr(part)
        for fact, part in zip(facts, parts, strict=True)
    )
    return wording.joined(_BOTH, tuple(said))


def _asked(unit: Unit, wording: Wording) -> Iterator[Line]:
    subject = asked_on_card(unit)
    if subject is None:
        return
    fact = wording.policy.facts.get(subject) if isinstance(subject, str) else None
    open_ = fact is not None and fact.answered_by not in RECORDS and subject not in unit.known
    told = open_ and waits(unit.state)
    yield Line(wording.of(_ASK if told else _LOOK), wording.question(subject), LineKind.ASK)


def _labelled(label: Words, texts: Iterator[Words], kind: LineKind = LineKind.PLAIN) -> Iterator[Line]:
    """Put the label on the first line only."""
    for number, text in enumerate(texts):
        yield Line(label if number == 0 else tuple("" for _ in label), text, kind)


def _todo(todo: Todo, wording: Wording) -> Words:
    action = _action(todo.action, wording)
    after = wording.all(tuple(_action(name, wording) for name in todo.after))
    return wording.filled(_AFTER, action, after) if todo.after else action


def _action(name: str, wording: Wording) -> Words:
    action = wording.policy.actions.get(name)
    return wording.of(action.title) if action else tuple(name for _ in wording.langs)


def _deadline(unit: Unit, wording: Wording) -> Iterator[Line]:
    within = unit.state.within
    if within is not None:
        label = _BY_CLOCK if isinstance(within, ByTime) else _CLOCK
        yield Line(wording.of(label), wording.within(within), LineKind.CLOCK)
    elif unit.state.no_deadline:
        yield Line(wording.of(_NO_CLOCK), wording.of(unit.state.no_deadline), LineKind.CLOCK)
    asked = asked_on_card(unit)
    taken = [wording.taken(name, value, asked) for way in unit.taken for name, value in way.target.take]
    for number, text in enumerate(taken):
        yield Line(wording.of(_LATE) if number == 0 else tuple("" for _ in text), text, LineKind.CLOCK)


def _terms(terms: Terms, wording: Wording) -> Iterator[Line]:
    if terms.says_liable:
        yield Line(wording.of(_LIABLE), _bearing(terms.liable, wording), LineKind.MONEY)
    yield from _labelled(wording.of(_POSTAGE), (_leg(term, wording) for term in terms.postage), LineKind.MONEY)
    for name, lines in (
        ("refund", terms.refund),
        ("deductions", terms.deductions),
        ("charge", terms.charge),
        ("recover", terms.recover),
    ):
        yield from _labelled(wording.of(_MONEY[name]), (_money(name, line, wording) for line in lines), LineKind.MONEY)


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
    if isinstance(term.borne, Literal) and term.borne.value == _NO_ONE:
        return said
    if term.advanced is not None:
        told = isinstance(term.advanced, FactRef)
        said = wording.filled(_BACK, said) if told else wording.filled(_ADVANCED, said, wording.expr(term.advanced))
    return said if term.insured else wording.filled(_UNINSURED, said)


def _bears(bearing: Bearing) -> Text:
    if isinstance(bearing, Literal):
        return _NOBODY if bearing.value == _NO_ONE else _BEARS
    if bearing is None or isinstance(bearing, FactRef):
        return _TOLD
    return _BEARS if isinstance(bearing, tuple) else _DEPENDS


def _headed(title: Words, said: Words, wording: Wording) -> Words:
    """Put the title before an amount, unless the amount begins with it."""
    both = wording.filled(_AMOUNT, title, said)
    return tuple(
        amount if begins_with(amount, head) else named for head, amount, named in zip(title, said, both, strict=True)
    )


def _money(name: str, line: MoneyLine, wording: Wording) -> Words:
    title = wording.each(lambda titles: titles.line(line.name))
    if _is_zero(line.amount):
        return wording.filled(_AMOUNT, title, wording.of(_NOTHING[name]))
    said = wording.expr(line.amount)
    if title != said and (line_title(wording.policy, line.name) or not isinstance(line.amount, FactRef)):
        said = _headed(title, said, wording)
    if line.cap is not None and line.cap != line.amount:
        said = wording.beside(_CAPPED, said, wording.expr(line.cap))
    return wording.filled(_FROM, said, wording.who(line.party)) if line.party else said
