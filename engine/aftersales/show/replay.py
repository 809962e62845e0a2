"""Past cases replayed, as a page for people, as JSON, and as CSV for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from rich.console import Console

from aftersales.errors import Diagnostic
from aftersales.money import show_money
from aftersales.show import diff_words, words
from aftersales.show import replay_words as say
from aftersales.show.lists import safe
from aftersales.show.page import Page
from aftersales.show.titles import Titles
from aftersales.study.replay import GROUPS, OF_CASES, OF_PAYERS, Decided, Group, Replayed, Tally
from aftersales.text import Text

#: What the CSV of the cases says of one decision.
_DECIDED: Final = ("flow", "state", "outcome", "liable", "refund", "charge", "recover", "payers", "fault")


@dataclass(frozen=True, slots=True)
class Report:
    """Says what came of replaying past cases; ``two`` says that there were two policies. The titles are the newer one's."""

    titles: Titles
    two: bool

    def show(self, tally: Tally, console: Console) -> None:
        """Write the page: how many, the sums by flow, payer and reason, what changes, and what could not be decided."""
        page = Page(console)
        page.title(self.titles.of(say.TITLE))
        page.line(self.counts(tally))
        outcomes = ((self.titles.outcome(name), count) for name, count in tally.outcomes.most_common())
        page.line(self.titles.of(say.OUTCOMES).format(self._counted(outcomes)))
        for kind in GROUPS:
            page.heading(self.titles.of(say.GROUPS[kind]))
            heads, *rows = self.table(kind, tally, short=True)
            page.table(heads, rows, right=range(1, len(heads)))
        if self.two:
            self._changes(tally, page)
        if tally.undecided:
            page.heading(self.titles.of(say.UNDECIDED).format(tally.undecided))
            for name, fault in tally.faults:
                page.item("*", f"{name}  {self.titles.of(fault.message)}")

    def counts(self, tally: Tally) -> str:
        """Return how many cases there were, were decided, and are decided differently."""
        whole = tally.whole
        text = self.titles.of(say.COUNTS).format(cases=tally.cases, decided=whole.cases)
        if not self.two:
            return text
        share = f"{whole.changed / whole.cases:.1%}" if whole.cases else words.DASH
        return text + self.titles.of(say.CHANGED).format(changed=whole.changed, share=share)

    def table(self, kind: str, tally: Tally, *, short: bool = False) -> Iterator[tuple[str, ...]]:
        """Yield the head of the table of one kind of group, and a row for each, the most money first.

        Under two policies every sum stands there twice, with the difference behind; ``short`` leaves the first sum as
        it is now, and of all of them the differences, where there are any.
        """
        groups = sorted(tally.groups[kind].items(), key=lambda item: -_weight(item[1]))
        whole = [] if kind == "payer" else [("", tally.whole)]
        columns = self._columns(kind, [group for _, group in groups], short=short)
        of = self.titles.of
        counts = (say.HEADS["cases"], *((say.HEADS["changed"],) if self.two else ()))
        heads = (of(form).format(of(say.HEADS[what])) for what, form in columns)
        yield of(say.HEADS[kind]), *(of(head) for head in counts), *heads
        for name, group in (*groups, *whole):
            named = of(say.ALL) if group is tally.whole else self.name(kind, name)
            changed = (str(group.changed),) if self.two else ()
            yield named, str(group.cases), *changed, *(_figure(group, what, form) for what, form in columns)

    def _columns(self, kind: str, groups: Sequence[Group], *, short: bool) -> list[tuple[str, Text]]:
        """Return the sums to show, each as it was, as it is now, or as the difference."""
        sums = OF_PAYERS if kind == "payer" else OF_CASES
        used = [what for what in sums if any(group.old[what] or group.new[what] for group in groups)]
        if not self.two:
            return [(what, say.PLAIN) for what in used]
        if not short:
            return [(what, form) for what in used for form in (say.OLD, say.NEW, say.MORE)]
        differ = [(what, say.MORE) for what in used if any(group.more(what) for group in groups)]
        return [*((what, say.NEW) for what in used[:1]), *differ]

    def name(self, kind: str, name: str) -> str:
        """Return the title of a flow, a payer or a reason."""
        match kind:
            case "flow":
                return self.titles.flow(name)
            case "payer":
                return self.titles.who(name)
            case _:
                return self.titles.value("issue", name) if name else self.titles.of(say.NO_REASON)

    def _changes(self, tally: Tally, page: Page) -> None:
        if not tally.respects:
            page.line(self.titles.of(say.NO_CHANGE))
            return
        counts = ((self.respect(name), count) for name, count in tally.respects.most_common())
        page.heading(self.titles.of(say.OF_THEM).format(self._counted(counts)))
        for one in tally.examples:
            page.item("*", f"{one.name}  {self._brief(one)}")

    def respect(self, name: str) -> str:
        """Return the title of what two decisions differ in."""
        return self.titles.of(diff_words.RESPECTS[name])

    def _brief(self, one: Replayed) -> str:
        """Return how a case is decided under either policy, on one line: by its state where the outcome tells nothing."""
        outcomes = {made.outcome for made in (one.old, one.new) if isinstance(made, Decided)}
        said = (self._said(made, by_state=len(outcomes) < 2) for made in (one.old, one.new))
        return self.titles.of(say.FROM_TO).format(*said)

    def _said(self, made: Decided | Diagnostic | None, *, by_state: bool) -> str:
        if not isinstance(made, Decided):
            return self.titles.of(made.message) if made is not None else words.DASH
        state = self.titles.state(made.state, made.flow)
        stands = state if by_state or made.outcome is None else self.titles.outcome(made.outcome)
        parts = [stands, self.titles.who(made.liable), show_money(made.refund)]
        return self.titles.of(words.COMMA).join(parts)

    def _counted(self, counts: Iterable[tuple[str, int]]) -> str:
        joined = (self.titles.of(say.HOW_MANY).format(what, count) for what, count in counts)
        return self.titles.of(words.COMMA).join(joined)


class CaseSheet:
    """Writes every replayed case as a line of CSV, as it comes: UTF-8 with a byte order mark, right for Excel."""

    def __init__(self, report: Report, stream: IO[str]) -> None:
        self._report = report
        self._writer = csv.writer(stream)
        stream.write("\ufeff")
        self._writer.writerow(self._heads())

    def _heads(self) -> Iterator[str]:
        of = self._report.titles.of
        yield of(say.CASE_HEADS["case"])
        yield of(say.CASE_HEADS["reason"])
        if not self._report.two:
            yield from (of(say.CASE_HEADS[name]) for name in _DECIDED)
            return
        yield of(say.CHANGES)
        yield from (of(form).format(of(say.CASE_HEADS[name])) for form in (say.OLD, say.NEW) for name in _DECIDED)

    def add(self, one: Replayed) -> None:
        """Write one case."""
        titles, shown = self._report.titles, one.shown
        cells = [one.name, self._report.name("reason", (shown.issue if shown else None) or "")]
        if self._report.two:
            cells.append(titles.of(words.COMMA).join(self._report.respect(name) for name in one.changes))
        for made in (one.old, one.new) if self._report.two else (one.old,):
            cells += self._decided(made)
        self._writer.writerow([safe(cell, "case" if column == 0 else "") for column, cell in enumerate(cells)])

    def _decided(self, made: Decided | Diagnostic | None) -> list[str]:
        titles = self._report.titles
        if not isinstance(made, Decided):
            return [""] * (len(_DECIDED) - 1) + [titles.of(made.message) if made is not None else ""]
        money = (show_money(amount) for amount in (made.refund, made.charge, made.recover))
        payers = titles.of(words.JOINT).join(f"{titles.who(name)} {show_money(fen)}" for name, fen in made.pays.items())
        stands = (titles.flow(made.flow), titles.state(made.state, made.flow))
        return [*stands, titles.outcome(made.outcome), titles.who(made.liable), *money, payers, ""]


def write_groups(report: Report, kind: str, tally: Tally, stream: IO[str]) -> None:
    """Write the table of one kind of group as CSV, as ``CaseSheet`` writes cases."""
    stream.write("\ufeff")
    csv.writer(stream).writerows((safe(name, ""), *figures) for name, *figures in report.table(kind, tally))


def replay_json(tally: Tally, *, two: bool) -> dict[str, object]:
    """Return the sums as JSON: names as the policy has them, money as text with two decimals."""
    return {
        "cases": tally.cases,
        "undecided": tally.undecided,
        "outcomes": {name or "open": count for name, count in tally.outcomes.most_common()},
        "all": _group_json(tally.whole, OF_CASES, two=two),
        **{
            f"by_{kind}": {
                name or "not_told": _group_json(group, OF_PAYERS if kind == "payer" else OF_CASES, two=two)
                for name, group in tally.groups[kind].items()
            }
            for kind in GROUPS
        },
        **({"changed_in": dict(tally.respects), "examples": [one.name for one in tally.examples]} if two else {}),
        "faults": [
            {"case": name, "code": fault.code, "message": fault.message.to_dict()} for name, fault in tally.faults
        ],
    }


def _group_json(group: Group, sums: Iterable[str], *, two: bool) -> Mapping[str, object]:
    old = {what: show_money(group.old[what]) for what in sums}
    if not two:
        return {"cases": group.cases, **old}
    new = {what: show_money(group.new[what]) for what in sums}
    return {"cases": group.cases, "changed": group.changed, "old": old, "new": new}


def _figure(group: Group, what: str, form: Text) -> str:
    """Return a sum as the head of its column says: old, new, or how much more."""
    if form is say.MORE:
        more = group.more(what)
        return f"+{show_money(more)}" if more > 0 else show_money(more)
    return show_money((group.new if form is say.NEW else group.old)[what])


def _weight(group: Group) -> int:
    """Return how much money a group is about, under either policy."""
    return max(sum(group.old.values()), sum(group.new.values()))
