"""What two policies decide of one case, side by side: a row for each thing in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aftersales.run.decision import Decision
from aftersales.show import diff_words as say
from aftersales.show import words
from aftersales.show.titles import Titles
from aftersales.study.diff import Difference
from aftersales.study.two_decisions import Judged, TwoDecisions

#: A row: what differs, as the old policy has it, as the new one has it.
Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """Writes both sides, each with the titles of its own policy."""

    old: Titles
    new: Titles

    def of(self, found: Difference) -> Iterator[Row]:
        """Yield every row in which the two decisions differ; where they stand is always told first."""
        two = found.example
        if two.old.decision is None or two.new.decision is None:
            yield (self._head("error"), self._stopped(two.old, self.old), self._stopped(two.new, self.new))
            return
        yield from self._read("stage", two, _stage)
        for respect in two.respects:
            if respect != "stage":
                yield from self._read(respect, two, _SAYS[respect])
        if found.old_ahead != found.new_ahead and "outcome" not in two.respects:
            sides = ((self.old, found.old_ahead), (self.new, found.new_ahead))
            yield (
                self.new.of(words.OUTLOOK),
                *(_list(titles, map(titles.outcome, names)) for titles, names in sides),  # type: ignore[misc]
            )

    def brief(self, two: TwoDecisions) -> str:
        """Return on one line what matters most of all that differs, and the money where it does too."""
        stage, *others = self.of(Difference((), (), two))
        money = [row for row in others[1:] if row[0] == self._head("refund")]
        shown = [*others[:1], *money] or [stage]
        arrow = self.new.of(say.FROM_TO)
        return self.new.of(words.JOINT).join(
            self.new.of(say.VALUE).format(head, arrow.format(a, b)) for head, a, b in shown
        )

    def _head(self, respect: str) -> str:
        return self.new.of(say.RESPECTS[respect])

    def _stopped(self, judged: Judged, titles: Titles) -> str:
        if judged.fault is None:
            return titles.of(say.DECIDED)
        return titles.of(say.STOPPED).format(titles.of(judged.fault.message))

    def _read(
        self, respect: str, two: TwoDecisions, says: Callable[[Decision, Titles], tuple[str, ...]]
    ) -> Iterator[Row]:
        """Yield a row with what the two do not share; where they say the same in words, all of it."""
        if two.old.decision is not None and two.new.decision is not None:
            old, new = says(two.old.decision, self.old), says(two.new.decision, self.new)
            shared = set(old) & set(new) if set(old) != set(new) else set()
            apart = (tuple(one for one in parts if one not in shared) for parts in (old, new))
            before, after = (parts or ((words.DASH,) if shared else ()) for parts in apart)
            yield self._head(respect), _list(self.old, before), _list(self.new, after)


def _list(titles: Titles, parts: Iterable[str]) -> str:
    return titles.of(words.COMMA).join(parts) or titles.of(say.NONE)


def _stage(made: Decision, titles: Titles) -> tuple[str, ...]:
    return (f"{titles.flow(made.flow)} > {titles.of(made.title)}",)


def _outcome(made: Decision, titles: Titles) -> tuple[str, ...]:
    reason = "" if made.reason is None else titles.of(say.REASON).format(titles.of(made.reason))
    return (titles.outcome(made.outcome) + reason,)


def _liable(made: Decision, titles: Titles) -> tuple[str, ...]:
    return (titles.who(made.liable or "undecided"),)


def _payer(made: Decision, titles: Titles) -> tuple[str, ...]:
    legs = ((name, leg) for name, leg in made.postage.items() if leg is not None)
    return tuple(
        titles.of(say.LEG).format(titles.leg(name), titles.who(leg.borne_by))
        + ("" if leg.advanced_by is None else titles.of(say.ADVANCED).format(titles.who(leg.advanced_by)))
        for name, leg in legs
    )


def _refund(made: Decision, titles: Titles) -> tuple[str, ...]:
    """Return the total, each line of money, and between whom money moves otherwise than as refund."""
    lines = [f"{titles.line(line.for_)} {titles.money(line.amount)}" for line in made.refund.lines]
    less = [f"{titles.line(line.for_)} {titles.money(line.amount)}" for line in made.refund.deductions]
    charged = [f"{titles.line(line.for_)} {titles.money(line.amount)}" for line in made.charges]
    moved = [
        f"{titles.who(one.from_)} → {titles.who(one.to)} {titles.line(one.for_)} {titles.money(one.amount)}"
        for one in made.transfers
        if (one.from_, one.to) not in {("seller", "buyer"), ("buyer", "seller")}
    ]
    return (
        titles.of(say.TOTAL_REFUND).format(titles.money(made.refund.total)),
        *lines,
        *(titles.of(words.DEDUCTION).format(one) for one in less),
        *(titles.of(say.CHARGED).format(one) for one in charged),
        *moved,
    )


def _actions(made: Decision, titles: Titles) -> tuple[str, ...]:
    to_do = [f"{titles.of(action.title)} ({titles.who(action.by)})" for action in made.next_actions]
    owed = [titles.of(say.OWED).format(titles.of(duty.title)) for duty in made.duties]
    return (*to_do, *owed)


def _deadline(made: Decision, titles: Titles) -> tuple[str, ...]:
    late = dict.fromkeys(action.if_late for action in made.next_actions if action.if_late is not None)
    due = () if made.due is None else (titles.instant(made.due),)
    return (*due, *(titles.of(say.LATE_TO).format(titles.state(name, made.flow)) for name in late))


def _questions(made: Decision, titles: Titles) -> tuple[str, ...]:
    asked = []
    for need in made.needs:
        options = [titles.of(title) for title in need.option_titles]
        asked.append(titles.fact(need.fact) + (f" ({_list(titles, options)})" if options else ""))
    return tuple(asked)


_SAYS: Final[Mapping[str, Callable[[Decision, Titles], tuple[str, ...]]]] = {
    "outcome": _outcome,
    "liable": _liable,
    "payer": _payer,
    "refund": _refund,
    "actions": _actions,
    "deadline": _deadline,
    "questions": _questions,
}
