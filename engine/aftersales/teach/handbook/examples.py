"""Worked cases as the handbook shows them: what happened, the way it went, and how the money came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aftersales.errors import CaseError
from aftersales.expr.types import Value
from aftersales.policy.edges import way_of
from aftersales.policy.model import Late
from aftersales.run.decision import Decision, MoneyItem, PathStep
from aftersales.run.loaded import LoadedPolicy
from aftersales.study.case_file import WrittenCase
from aftersales.study.decide import decide_written
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Box, Cell, Line, Paragraph, Row, Table, Tone, Words
from aftersales.teach.handbook.reading import tried_cases
from aftersales.teach.handbook.sums import worked_out
from aftersales.teach.handbook.terms import is_paid_back
from aftersales.teach.handbook.too_late import told_too_late
from aftersales.teach.handbook.voice import Voice, cell, named, plain, quiet, strong
from aftersales.text import Lang, Text

#: So many cases show a flow; more would be leafed over.
MOST_CASES = 4

_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case of the policy folder with what the engine decides about it."""

    case: WrittenCase
    decision: Decision


def decided_cases(policy: LoadedPolicy) -> tuple[Example, ...]:
    """Decide worked cases of the policy's folder, enough to choose from for every flow, in the order of the files.

    Which flow a case is about is guessed by what it expects; what is shown is decided anew. A case that is refused,
    as some are meant to be, and a file that cannot be read teach nothing and are left out.
    """
    cases = tried_cases(Path(policy.model.folder) / "cases")
    return tuple(example for case in cases for example in _decided(policy, case))


def _decided(policy: LoadedPolicy, case: WrittenCase) -> Iterator[Example]:
    try:
        decision = decide_written(policy, case)
    except CaseError:
        return
    if decision.parts is None:
        yield Example(case, decision)


def chosen(examples: Sequence[Example], flow: str) -> tuple[Example, ...]:
    """Choose the cases that show a flow: one per outcome, then per end, money first; the last is one still open."""
    here = [one for one in examples if one.decision.flow == flow]
    ended = sorted((one for one in here if one.decision.status != "open"), key=_money_moves, reverse=True)
    by_outcome: dict[str | None, Example] = {}
    by_end: dict[str, Example] = {}
    for one in ended:
        by_outcome.setdefault(one.decision.outcome, one)
    for one in (*by_outcome.values(), *ended):
        by_end.setdefault(one.decision.state, one)
    still_open = [one for one in here if one.decision.status == "open" and one.decision.next_actions]
    room = MOST_CASES - len(still_open[:1])
    return (*list(by_end.values())[:room], *still_open[:1])


def _money_moves(example: Example) -> tuple[bool, bool]:
    return example.decision.refund.total > 0, bool(example.decision.transfers)


def example_box(example: Example, number: int, voice: Voice) -> Box:
    """Return a worked case: order and claim, what was decided and is to do, the way there with what was read, every amount.

    Tables come last: no single line is left over for the next page.
    """
    case, decision = example.case, example.decision
    title = voice.of(case.title) if case.title is not None else voice.same(case.name or "")
    lines = tuple(Paragraph(line) for line in (*_story(case, voice), *_verdict(decision, voice)))
    every = (_way(case, decision, voice), _postage(decision, voice), _money(decision, voice))
    after = tuple(Paragraph(line) for line in _next(decision, voice))
    said = (strong(voice.filled(words.CASE, voice.same(number))), plain(voice.filled(words.BLANK, title)))
    tables = tuple(table for table in every if table is not None)
    return Box(said, (*lines, *after, *tables), Tone.CASE, again=(*said, quiet(voice.of(words.CONTINUED))))


def _story(case: WrittenCase, voice: Voice) -> Iterator[Line]:
    order, claim = _record(case.data.get("order")), _record(case.data.get("claim"))
    facts = [(name, order.get(name)) for name in ("platform",)]
    parts = [voice.value(name, value) for name, value in facts if isinstance(value, str) and name in voice.policy.facts]
    parts += _goods(order, voice)
    if isinstance(order.get("postage_paid"), str):
        parts.append(voice.filled(words.POSTAGE_PAID, voice.same(order["postage_paid"])))
    if parts:
        yield named(voice, words.ORDER, plain(voice.joined(parts, words.COMMA)))
    issue = claim.get("issue")
    if isinstance(issue, str) and "issue" in voice.policy.facts:
        yield named(voice, words.CLAIM, plain(voice.value("issue", issue)))


def _record(written: object) -> Mapping[str, object]:
    return written if isinstance(written, Mapping) else {}


def _goods(order: Mapping[str, object], voice: Voice) -> list[Words]:
    lines = order.get("lines")
    records = [_record(line) for line in lines] if isinstance(lines, list) else []
    priced = words.GOODS_PRICED if "paid_at" in order and order["paid_at"] is None else words.GOODS
    return [_line(record, priced, voice) for record in records]


def _line(record: Mapping[str, object], priced: Text, voice: Voice) -> Words:
    """Say one line of an order; ``priced`` says what its amount is, for not every order has been paid."""
    title = _goods_named(record, voice)
    quantity, paid = voice.same(record.get("quantity", 1)), record.get("paid")
    if isinstance(paid, str):
        return voice.filled(priced, title, quantity, voice.same(paid))
    return voice.filled(words.GOODS_UNPAID, title, quantity)


def _goods_named(record: Mapping[str, object], voice: Voice) -> Words:
    """Return the title of goods; where it has Chinese characters, English calls them by their SKU."""
    title, sku = (str(record.get(key) or "") for key in ("title", "sku"))
    read_by_all = title.isascii() or not sku
    return tuple((title or sku) if lang is Lang.ZH or read_by_all else sku for lang in voice.langs)


def _verdict(decision: Decision, voice: Voice) -> Iterator[Line]:
    status = quiet(voice.filled(words.BRACKETS, voice.of(words.STATUS[decision.status])))
    said = [strong(voice.of(decision.title))]
    if decision.outcome is not None:
        said += [plain(voice.of(words.COMMA)), plain(voice.of(voice.policy.outcomes[decision.outcome]))]
    yield named(voice, words.RESULT, *said, status)
    if decision.reason is not None:
        yield named(voice, words.REASON, plain(voice.of(decision.reason)))
    if decision.liable is not None:
        yield named(voice, words.LIABLE, plain(voice.who(decision.liable)))


def _way(case: WrittenCase, decision: Decision, voice: Voice) -> Table:
    """Return the way of a case; states that it only passed through stand in the row of the answer that led on.

    What it was told too late has a row too, for that it led nowhere is what such a case shows.
    """
    rows: list[tuple[PathStep, list[Words], Cell]] = []
    for step, read in _first_read(decision.path, voice):
        why, title = _why(step, read, voice), voice.of(step.title)
        if why or not rows:
            rows.append((step, [title], why))
        else:
            rows[-1][1].append(title)
    heads = (words.AT, words.WHY, words.PATH)
    times = [step.at for step, _, _ in rows]
    said = tuple(
        Row((_time(at, before, voice), why, cell(voice.joined(titles, words.STEP_ON))))
        for at, before, (_, titles, why) in zip(times, (None, *times), rows, strict=False)
    )
    said += tuple(
        Row((_time(at, None, voice), cell(voice.told({name: True})), cell(voice.of(words.TOO_LATE))))
        for at, name in told_too_late(case, decision, voice.policy)
    )
    return Table(tuple(map(voice.of, heads)), said, (16, 43, 41), Tone.CASE)


def _first_read(path: Sequence[PathStep], voice: Voice) -> Iterator[tuple[PathStep, Mapping[str, Value]]]:
    """Yield the steps of a case with what was read there for the first time, or read otherwise than before.

    Where a case only went on later, it says again why. That a counter still stands at 0 explains nothing.
    """
    facts = voice.policy.facts
    known: dict[str, Value] = {name: 0 for name, fact in facts.items() if fact.counter}
    before: dt.datetime | None = None
    for step in path:
        new = {name: value for name, value in step.read.items() if name not in known or known[name] != value}
        yield step, new if step.at == before else new or step.read
        known |= step.read
        before = step.at


def _time(at: dt.datetime | None, before: dt.datetime | None, voice: Voice) -> Cell:
    """Say when a step was taken; nothing where it was at the time of the step above."""
    return () if at is None or at == before else cell(voice.instant(at))


def _why(step: PathStep, read: Mapping[str, Value], voice: Voice) -> Cell:
    if step.edge is None:
        return cell(voice.of(words.OPENED))
    way = way_of(voice.policy, step.edge)
    if isinstance(way, Late):
        late = voice.of(words.DEADLINE_PASSED) if way.fact is None else voice.filled(words.SILENT, voice.fact(way.fact))
        return cell(late)
    return cell(voice.told(read)) if read else ()


def _postage(decision: Decision, voice: Voice) -> Table | None:
    rows = []
    for name, leg in decision.postage.items():
        if leg is None:
            continue
        title = voice.leg(name)
        who = (_party(one, voice) for one in (leg.advanced_by, leg.borne_by))
        sums = (_sum(leg.amount, voice), _sum(leg.insurer_pays or None, voice))
        rows.append(Row(tuple(map(cell, (title, *who, *sums)))))
    heads = (words.POSTAGE, words.LEG_ADVANCED, words.LEG_BORNE, words.LEG_AMOUNT, words.LEG_INSURED)
    return Table(tuple(map(voice.of, heads)), tuple(rows), (30, 18, 22, 15, 15), Tone.CASE) if rows else None


def _party(name: str | None, voice: Voice) -> Words:
    """Say who bears a leg, in the words of the ends where nobody does."""
    if name is None:
        return voice.of(words.DASH)
    return voice.of(words.NOTHING_TO_BEAR) if name == _NOBODY else voice.who(name)


def _sum(fen: int | None, voice: Voice) -> Words:
    return voice.of(words.DASH) if fen is None else voice.money(fen)


def _money(decision: Decision, voice: Voice) -> Table | None:
    """Return every amount with its derivation, as the engine worked it out."""
    refund = decision.refund
    rows = [_item(item, voice.line(item.for_), voice) for item in refund.lines]
    rows += [_item(item, _titled(words.LESS, item, voice), voice) for item in refund.deductions]
    if refund.lines or refund.deductions:
        total = ((strong(voice.of(words.TOTAL)),),), ((strong(voice.money(refund.total)),),), ()
        rows.append(Row(total))
    rows += [_item(item, _titled(_charged(item, decision, voice), item, voice), voice) for item in decision.charges]
    rows += [_item(item, _titled(words.RECOVERED, item, voice), voice) for item in decision.recover]
    heads = (words.REFUND_LINE, words.LEG_AMOUNT, words.DERIVATION)
    return Table(tuple(map(voice.of, heads)), tuple(rows), (30, 15, 55), Tone.CASE) if rows else None


def _charged(item: MoneyItem, decision: Decision, voice: Voice) -> Text:
    """Return how to name a charge: what the end gives back has been paid and is not due."""
    end = voice.policy.states[f"{decision.flow}.{decision.state}"]
    return words.CHARGED_BACK if is_paid_back(end, item.for_, voice.policy) else words.CHARGED


def _titled(pattern: Text, item: MoneyItem, voice: Voice) -> Words:
    return voice.filled(pattern, voice.line(item.for_))


def _item(item: MoneyItem, title: Words, voice: Voice) -> Row:
    return Row((cell(title), cell(voice.money(item.amount)), worked_out(item, voice)))


def _next(decision: Decision, voice: Voice) -> Iterator[Line]:
    for waiting in decision.refund.waiting:
        title = voice.line(waiting.for_)
        needs = voice.filled(words.WAITS, voice.joined(map(voice.fact, waiting.needs)))
        yield (quiet(voice.filled(words.NAMED, title)), plain(needs))
    actions = [voice.filled(words.BY, voice.of(action.title), voice.who(action.by)) for action in decision.next_actions]
    if actions:
        yield named(voice, words.NEXT_ACTIONS, plain(_until(decision, voice.joined(actions, words.JOINT), voice)))
    if decision.needs:
        yield named(
            voice, words.TO_ASK, plain(voice.joined((voice.of(need.ask) for need in decision.needs), words.SPACE))
        )


def _until(decision: Decision, said: Words, voice: Voice) -> Words:
    if decision.due is None:
        return said
    return voice.filled(words.UNTIL, said, voice.instant(decision.due))
