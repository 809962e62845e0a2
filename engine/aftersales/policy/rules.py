"""Rules of conduct as every engine sees them: how staff behave towards buyers, and what breaking a rule costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from aftersales.dataclass import dataclass, field
from aftersales.expr.tree import Expr
from aftersales.source import Span
from aftersales.text import Text

#: The word for the deadline of the state in which a case rests, where a rule could also name an instant.
DUE: Final = "due"


@dataclass(frozen=True, slots=True)
class Penalty:
    """What breaking a rule costs: ``points`` (or up to ``up_to``), ``money`` in fen, or what the money ``param`` says.

    ``platforms`` empty: on every platform. A param brings its own ``source`` for each case.
    """

    source: str | None
    span: Span
    points: int | None = None
    up_to: int | None = None
    param: str | None = None
    money: int | None = None
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerWithin:
    """How soon a buyer is answered, on the clock of the policy's timezone between ``opens`` and ``closes``."""

    length: dt.timedelta
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True, slots=True)
class ConductRule:
    """One rule of conduct.

    What it forbids: ``words`` and numbers of more than ``longest_number`` digits in any text that staff say (``allow``
    are right phrases that hold such a word, ``exempt`` actions that may hold it), and ``actions`` in any flow. What it
    warns of, in open cases, where everything given is so: ``near`` is true, ``last_day`` (``due``, or an instant fact)
    falls on the day the case is seen, the time of ``answer`` is running.
    """

    id: str
    title: Text
    source: str
    span: Span
    platforms: tuple[str, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    longest_number: int | None = None
    actions: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    near: Expr | None = None
    last_day: str | None = None
    answer: AnswerWithin | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the rhythm that every case has, for people: no engine walks by it."""

    name: str
    title: Text
    means: Text
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conduct:
    """All rules of conduct, and the roles whose actions face the buyer: those have words, or say that they do not.

    ``rhythm`` are the phases of every case in their order.
    """

    rules: Mapping[str, ConductRule] = field(default_factory=dict)
    speakers: tuple[str, ...] = ()
    rhythm: tuple[Phase, ...] = ()
