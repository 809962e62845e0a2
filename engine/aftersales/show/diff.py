"""Two policies compared on a page: what was edited, what is decided differently, what past cases would have cost."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console

from aftersales.show import diff_words as say
from aftersales.show import words
from aftersales.show.diff_rows import Rows
from aftersales.show.page import Page, terminal
from aftersales.show.past_cases import show_past
from aftersales.show.reasons import Spoken
from aftersales.show.said import Said
from aftersales.show.titles import Titles
from aftersales.study.changes import Edit
from aftersales.study.diff import Comparison, Difference, Ending
from aftersales.study.past_cases import PastCases
from aftersales.study.two_decisions import RESPECTS
from aftersales.text import Lang

#: More states than this that show one difference are counted, not listed.
_MOST_STATES = 3
_ENDINGS: tuple[Ending, ...] = ("differs", "proved_equal", "none_found", "words_only")


def show_diff(comparison: Comparison, past: PastCases | None, lang: Lang, console: Console) -> None:
    """Write a comparison to ``console``, with past cases below it where there are any."""
    _Written(comparison, lang, Page(console)).write(past)


def diff_text(comparison: Comparison, past: PastCases | None, lang: Lang, *, width: int = 80) -> str:
    """Return what ``show_diff`` writes, without colour, ``width`` columns wide."""
    stream = io.StringIO()
    show_diff(comparison, past, lang, terminal(stream, width=width, colour=False))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


class _Written:
    def __init__(self, comparison: Comparison, lang: Lang, page: Page) -> None:
        self._made = comparison
        self._page = page
        self._old = Titles(comparison.old, lang)
        self._new = Titles(comparison.new, lang)
        self._rows = Rows(self._old, self._new)

    def write(self, past: PastCases | None) -> None:
        """Write everything there is to say."""
        sides = (f"{one.id} {one.version} ({one.digest[:8]})" for one in (self._made.old, self._made.new))
        self._page.title(self._new.of(say.FROM_TO).format(*sides))
        if self._made.edits:
            self._summary()
            self._edits()
            self._differences()
        else:
            self._page.line(self._new.of(say.SAME))
        if past is not None:
            show_past(past, self._rows, self._page)

    def _summary(self) -> None:
        counts = [self._made.endings.count(ending) for ending in _ENDINGS]
        named = dict(zip(("differs", "equal", "none", "words"), counts, strict=True))
        self._page.line(self._new.of(say.COUNTS).format(edits=len(self._made.edits), **named), indent=0)
        searched = say.PROOF if self._made.missing is None else say.WORKED_ONLY
        self._page.line(self._new.of(searched).format(self._made.worked), indent=0, style="dim")

    def _edits(self) -> None:
        self._page.heading(self._new.of(say.EDITS))
        for number, (edit, ending) in enumerate(zip(self._made.edits, self._made.endings, strict=True), start=1):
            self._page.item(f"{number}.", self._named(edit))
            for sign, sentence in self._sentences(edit):
                self._page.item(sign, sentence, indent=5)
            for line in edit.lines:
                self._page.item("-" if line.side == "old" else "+", f"{line}  {line.text}", indent=5, style="dim")
            self._page.line(self._new.of(say.ENDINGS[ending]), indent=5)
        if any(edit.old is None or edit.new is None for edit in self._made.edits if edit.kind == "state"):
            self._page.line(self._new.of(say.NEW_CASES), style="dim")

    def _named(self, edit: Edit) -> str:
        titles = self._old if edit.new is None and edit.old is not None else self._new
        where: Mapping[str, str] = {"policy": edit.name, "relation": edit.name}
        name = where.get(edit.kind) or _title(edit, titles)
        more = titles.of(say.COPIES).format(len(edit.names) - 1) if len(edit.names) > 1 else ""
        change = ""
        if edit.kind != "policy" and (edit.old is None) != (edit.new is None):
            change = f" {titles.of(say.ADDED if edit.old is None else say.REMOVED)}"
        return f"{titles.of(say.KINDS[edit.kind])}{change}{titles.of(words.COLON)}{name}{more}"

    def _sentences(self, edit: Edit) -> Iterator[tuple[str, str]]:
        """Yield what only the old policy says of an element, then what only the new one does."""
        old, new = (
            Said(Spoken(policy, self._new.lang)).of(edit.kind, edit.name) for policy in (self._made.old, self._made.new)
        )
        yield from ((self._new.of(say.BEFORE), one) for one in old if one not in new)
        yield from ((self._new.of(say.NOW), one) for one in new if one not in old)

    def _differences(self) -> None:
        for respect in RESPECTS:
            found = self._made.in_respect(respect)
            if found:
                different, which = (self._new.of(text) for text in (say.DIFFERENT, say.RESPECTS[respect]))
                self._page.heading(f"{different}{self._new.of(words.COLON)}{which}")
            for one in found:
                self._difference(one)

    def _difference(self, found: Difference) -> None:
        because = self._new.of(say.BECAUSE).format(self._new.of(words.COMMA).join(map(str, found.edits)))
        self._page.item("*", f"{self._new.of(say.SHOWN_AT).format(self._states(found.states))}  {because}")
        if found.worked is not None:
            self._page.line(self._new.of(say.WORKED).format(found.worked), indent=4)
        else:
            self._page.line(self._new.of(say.SMALLEST) + self._told(found.example.case), indent=4)
        heads = ("", self._new.of(say.BEFORE), self._new.of(say.NOW))
        self._page.table(heads, self._rows.of(found), whole=(0,))

    def _states(self, keys: Sequence[str]) -> str:
        titles = [self._state(key) for key in keys[:_MOST_STATES]]
        said = self._new.of(words.COMMA).join(titles)
        return said if len(keys) <= _MOST_STATES else self._new.of(say.MORE_STATES).format(said, len(keys))

    def _state(self, key: str) -> str:
        titles = self._new if key in self._new.policy.states else self._old
        state = titles.policy.states[key]
        return f"{titles.flow(state.flow)} > {titles.of(state.title)}"

    def _told(self, case: Mapping[str, object]) -> str:
        """Return what the case tells, in words: its issue, then its facts, event by event."""
        told = [self._fact("issue", value) for value in _part(case, "claim", "issue")]
        told += [f"shop {value}" for value in _part(case, "order", "shop")]
        told += [self._fact(name, value) for name, value in _mapping(case.get("facts")).items()]
        for event in _events(case):
            at = str(event.get("at", ""))[:16].replace("T", " ")
            said = (self._fact(name, value) for name, value in _mapping(event.get("tell")).items())
            told.append(f"{at} {self._new.of(words.COMMA).join(said)}")
        if "as_of" in case:
            told.append(self._new.of(say.SEEN).format(str(case["as_of"])[:16].replace("T", " ")))
        return self._new.of(words.JOINT).join(told) or self._new.of(say.NOTHING_TOLD)

    def _fact(self, name: str, value: object) -> str:
        titles = self._new if name in self._new.policy.facts else self._old
        said = titles.value(name, value) if isinstance(value, bool | str | int) else str(value)
        return titles.of(say.VALUE).format(titles.fact(name), said)


def _title(edit: Edit, titles: Titles) -> str:
    policy = titles.policy
    match edit.kind:
        case "state":
            state = policy.states[edit.name]
            return f"{titles.flow(state.flow)} > {titles.of(state.title)}"
        case "flow":
            return titles.flow(edit.name)
        case "param":
            return titles.of(policy.params[edit.name].title)
        case "action":
            return titles.action(edit.name)
        case "leg":
            return titles.leg(edit.name)
        case _:
            return titles.fact(edit.name)


def _part(case: Mapping[str, object], record: str, key: str) -> tuple[object, ...]:
    value = _mapping(case.get(record)).get(key)
    return () if value is None else (value,)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _events(case: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    events = case.get("events")
    return tuple(map(_mapping, events)) if isinstance(events, list | tuple) else ()
