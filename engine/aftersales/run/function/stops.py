"""Nodes where time passes: until when a case may be there, and what its silence does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from aftersales.dataclass import dataclass
from aftersales.run.function.changes import Change
from aftersales.run.function.nodes import Node

if TYPE_CHECKING:  # brought in where a deadline is asked: a cold start is short
    from aftersales.run.function.places import Place


@dataclass(frozen=True, slots=True)
class Silence:
    """What a late edge does: its change of what is told, and where it leads.

    ``binds``: what is then told is held against itself anew; ``moves``: the clock of the state starts anew.
    """

    key: str
    change: Change
    node: Node
    binds: bool
    moves: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A node where time passes: the place of its state, ``None`` where silence leads nowhere.

    ``lasting`` is how long a case may be there, where that is the same in every case; ``zone`` the policy's timezone.
    """

    node: Node
    place: Place | None
    lasting: dt.timedelta | None
    zone: dt.tzinfo | None
    silences: dict[int | None, Silence]
