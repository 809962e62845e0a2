"""How actors look: each a tint, a dark badge and a sign of its own, so that none depends on seeing colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Text, and text of less weight; both are read on white and on every tint.
INK: Final = "#1f2937"
SOFT: Final = "#4b5563"
FAINT: Final = "#9ca3af"
#: Outcomes and what has no actor.
GREY: Final = "#e5e7eb"
#: The main path, and what a case has walked.
MAIN: Final = "#0f172a"
LIT: Final = "#b91c1c"
NEXT: Final = "#1d4ed8"
PALE: Final = "#cbd5e1"
PALE_INK: Final = "#94a3b8"

#: Geometric signs that every Chinese font has; no two actors of a policy share one.
SIGNS: Final = "●▲■◆★▼○△□◇☆▽◎⊙◐◣◢⊿"
#: Tint and badge; neighbours in this list differ in lightness too.
_COLOURS: Final = (
    ("#bfdbfe", "#1e40af"),
    ("#fbcfe8", "#9d174d"),
    ("#fde68a", "#78350f"),
    ("#ddd6fe", "#5b21b6"),
    ("#fecaca", "#991b1b"),
    ("#a5f3fc", "#155e75"),
    ("#e2e8f0", "#334155"),
    ("#bbf7d0", "#166534"),
    ("#fed7aa", "#9a3412"),
    ("#c7d2fe", "#3730a3"),
    ("#99f6e4", "#115e59"),
    ("#fef9c3", "#1c1917"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """An actor's looks: ``tint`` under the name, ``badge`` under the white ``sign``."""

    tint: str
    badge: str
    sign: str


def look(actor: int) -> Look:
    """Return the looks of the actor with a number (roles first, then parties); they repeat after many."""
    tint, badge = _COLOURS[actor % len(_COLOURS)]
    return Look(tint, badge, SIGNS[actor % len(SIGNS)])
