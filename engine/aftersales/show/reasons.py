"""Why a way was taken or not, in people's words: conditions with the values that stood in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from aftersales.case.view import CaseView
from aftersales.expr import words as expressions
from aftersales.expr.build import negate
from aftersales.expr.evaluate import facts_of
from aftersales.expr.tree import TRUE, Compare, Expr, FactRef, In, Literal, Not
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.show import explain_words as say
from aftersales.show import words
from aftersales.show.titles import Titles
from aftersales.study.guards import NotTaken
from aftersales.study.readings import Figure, Reading
from aftersales.study.stages import Stage
from aftersales.study.watched import Moment

#: More branches than this that only ask for another answer to one question are counted, not listed.
MOST_ANSWERS: Final = 4
_AMOUNTS = frozenset({Kind.COUNT, Kind.MONEY, Kind.RATE, Kind.INSTANT, Kind.DURATION, Kind.TIME_OF_DAY})


class Spoken(Titles):
    """Titles in which a flag that is only yes or no is told with its name: ``已发照片：是``."""

    __slots__ = ()

    def value(self, fact: str, value: Value) -> str:
        """Return what a value of a fact is called."""
        said = Titles.value(self, fact, value)
        bare = isinstance(value, bool) and said == self.plain(value, Kind.FLAG)
        return f"{Titles.fact(self, fact)}{self.of(words.COLON)}{said}" if bare else said


@dataclass(frozen=True, slots=True)
class _Valued(Spoken):
    """Titles with the value that an amount, a date or a figure had at a moment behind them: ``签收后天数 8``."""

    view: CaseView

    def fact(self, name: str) -> str:
        """Return the title of a fact, with its value where it is an amount or a date."""
        fact = self.policy.facts.get(name)
        if fact is None or fact.type.kind not in _AMOUNTS:
            return Titles.fact(self, name)
        return f"{short(fact.title.to(self.lang))} {Titles.value(self, name, self.view.fact(name))}"

    def param(self, name: str) -> str:
        """Return the title of a param with its value for the case."""
        param = self.policy.params[name]
        return f"{short(param.title.to(self.lang))} {self.plain(self.view.param(name), param.type.kind)}"


class Reasons(Titles):
    """Says why, with the titles of one policy in one language."""

    __slots__ = ()

    def way(self, stage: Stage) -> str:
        """Say how a state was left, or that the case waits or ends there."""
        target = "" if stage.target is None else self.state(stage.target, stage.state.flow)
        match stage.left:
            case "branch":
                return self._branch(stage, target)
            case "late":
                return self._late(stage, target)
            case "anytime":
                return self.of(say.ANYTIME).format(self.names(stage.missing), target)
            case "reopen":
                return self.of(say.REOPENED).format(self._met(stage), target)
            case "override":
                return self.of(say.OVERRIDDEN).format(self.who(stage.by), stage.because, target)
            case "waits":
                return self._waits(stage)
            case "ended":
                return self.of(say.ENDED).format(self.outcome(stage.state.end.outcome if stage.state.end else None))

    def _branch(self, stage: Stage, target: str) -> str:
        if stage.condition is None or stage.condition == TRUE:
            always = not stage.otherwise
            return self.of(say.GOES_ON).format(target) if always else self._took(self.of(say.OTHERWISE), target)
        return self._took(self._met(stage), target)

    def _took(self, because: str, target: str) -> str:
        return self.of(say.TOOK).format(because, target)

    def _late(self, stage: Stage, target: str) -> str:
        due = self.instant(stage.due)
        if not stage.missing:
            return self.of(say.LATE_ALONE).format(due, target)
        return self.of(say.LATE).format(due, self.names(stage.missing), target)

    def _waits(self, stage: Stage) -> str:
        said = self.of(say.WAITS_FOR).format(self.names(stage.missing)) if stage.missing else self.of(say.WAITS)
        until = "" if stage.due is None else self.of(say.UNTIL).format(self.instant(stage.due))
        return f"{said}   {until}" if until else said

    def _met(self, stage: Stage) -> str:
        if stage.condition is None or stage.moment is None:
            return ""
        return self.valued(stage.condition, stage.moment)

    def valued(self, condition: Expr, moment: Moment) -> str:
        """Return a condition with the values that stood in it."""
        return expressions.say(condition, _Valued(self.policy, self.lang, moment.standing.view), self.lang)

    def reading(self, reading: Reading) -> str:
        """Say a value that was read, and who told it when, or what it follows from."""
        said = f"{self.facts({reading.fact: reading.value})}"
        if reading.rests_on:
            below = self.of(words.JOINT).join(self.reading(one) for one in reading.rests_on)
            return f"{said}{self.of(say.FROM).format(below)}"
        return f"{said}{self._teller(reading)}"

    def _teller(self, reading: Reading) -> str:
        match reading.origin:
            case "silence":
                return self.of(say.SILENCE)
            case "taken":
                return self.of(say.TAKEN)
            case "counted":
                return self.of(say.COUNTED)
            case "computed" | "derived":
                return self.of(say.COMPUTED)
            case "unknown":
                return ""
        if reading.by == "policy" and reading.at is not None:
            return self.of(say.WITH_CASE).format(self.instant(reading.at))
        who = self.who(reading.by)
        if reading.at is None or reading.by == "order":
            return self.of(say.BY).format(who)
        return self.of(say.TOLD).format(who, self.instant(reading.at))

    def told(self, fact: str, value: Value) -> str:
        """Return a fact with its value; a side of a flag that is called like the fact itself stands alone."""
        title, said = self.fact(fact), self.value(fact, value)
        return title if title == said else self.of(say.READING).format(title, said)

    def figure(self, figure: Figure) -> str:
        """Say a figure of the policy that was read, and the source that it stands on."""
        param = self.policy.params[figure.param]
        said = self.of(say.READING).format(param.title.to(self.lang), self.plain(figure.value, param.type.kind))
        source = figure.source
        if source is None:
            return said
        article = "" if source.article is None else f" {self.of(words.ARTICLE).format(source.article)}"
        return f"{said}{self.of(say.SOURCE).format(f'[{self.of(words.LAYER[source.layer])}] {source.id}{article}')}"

    def others(self, stage: Stage, only: Collection[NotTaken] | None = None) -> Iterator[str]:
        """Say why each other branch was not taken, or of ``only`` those.

        Many that only want another answer to one question are told in one line.
        """
        if stage.moment is None:
            return
        groups: dict[object, list[NotTaken]] = {}
        for other in stage.not_taken if only is None else only:
            groups.setdefault(_asked(other) or other.branch, []).append(other)
        for asked, others in groups.items():
            if isinstance(asked, str) and len(others) > MOST_ANSWERS:
                value = self.value(asked, stage.moment.standing.view.fact(asked))
                yield self.of(say.OTHER_ANSWERS).format(self.fact(asked), value, len(others))
            else:
                yield from (self.other(other, stage) for other in others)

    def other(self, other: NotTaken, stage: Stage) -> str:
        """Say where one branch leads and why it was not taken."""
        return self.of(say.WAY).format(self.state(other.target, stage.state.flow), self._why(other, stage))

    def _why(self, other: NotTaken, stage: Stage) -> str:
        if other.answer is not None and stage.moment is not None:
            return self._not_offered(other.answer, other.part, stage.moment)
        if other.part is None or stage.moment is None:
            pattern = say.ABOVE if stage.left == "branch" else say.ABOVE_OPEN
            above = stage.state.branches[other.above].target.state if other.above is not None else ""
            return self.of(pattern).format(self.state(above, stage.state.flow))
        if other.unknown:
            return self._unknown(other.part, stage.moment)
        return self.fails(other.part, stage.moment)

    def _not_offered(self, answer: tuple[str, str], part: Expr | None, moment: Moment) -> str:
        title = self.value(*answer)
        if part is None:
            return self.of(say.NEVER_OFFERED).format(title)
        return self.of(say.NOT_OFFERED).format(title, self.fails(part, moment))

    def _unknown(self, part: Expr, moment: Moment) -> str:
        match part:
            case Compare("==", FactRef(name=name), Literal(value=str(word))):
                return self.of(say.NOT_ANSWERED).format(self.fact(name), self.value(name, word))
            case FactRef(name=name) | Not(operand=FactRef(name=name)):
                return self.of(say.NOT_ANSWERED).format(self.fact(name), self.value(name, isinstance(part, FactRef)))
        unknown = tuple(name for name in facts_of(part) if moment.standing.view.fact(name) is UNKNOWN)
        return self.of(say.NOT_KNOWN).format(
            self.names(unknown or facts_of(part)), expressions.say(part, Spoken(self.policy, self.lang), self.lang)
        )

    def fails(self, part: Expr, moment: Moment) -> str:
        """Say that a part of a condition does not hold, with the values that stood there."""
        match part:
            case Compare("==", FactRef(name=name), Literal(value=str(word))):
                return self._is_not(name, (word,), moment)
            case In(FactRef(name=name), values):
                return self._is_not(name, values, moment)
        return self.valued(negate(part), moment)

    def _is_not(self, name: str, wanted: tuple[str, ...], moment: Moment) -> str:
        value = self.value(name, moment.standing.view.fact(name))
        titles = self.of(say.OR).join(self.value(name, word) for word in wanted)
        return self.of(say.IS_NOT).format(self.fact(name), value, titles)


def short(title: str) -> str:
    """Return a title without what it explains in brackets at its end."""
    for opening in ("（", " ("):
        if title.endswith(("）", ")")) and opening in title:
            return title[: title.rindex(opening)]
    return title


def _asked(other: NotTaken) -> str | None:
    """Return the fact that a branch wanted another answer to."""
    match other.part:
        case Compare("==", FactRef(name=name), Literal(value=str())):
            return name
    return None
