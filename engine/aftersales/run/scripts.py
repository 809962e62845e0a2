"""Fills in what staff say: placeholders become what the case knows, in both languages."""

from __future__ import annotations

import datetime as dt

from aftersales.dataclass import dataclass
from aftersales.policy.scripts import DUE, PLACEHOLDER, REFUND_DUE, REFUND_TOTAL
from aftersales.run.settlement import Settlement
from aftersales.run.spoken import TO_BE_CONFIRMED, Speaker
from aftersales.run.walk import Walk
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class Scripts:
    """Fills in scripts for one walk; ``due`` is the deadline that ``{due}`` stands for."""

    walk: Walk
    money: Settlement
    due: dt.datetime | None

    def fill(self, say: Text | None) -> Text | None:
        """Return a script with its placeholders filled in; what is not known yet is to be confirmed."""
        if say is None or "{" not in say.zh + say.en:
            return say
        return Text(
            PLACEHOLDER.sub(lambda found: self._said(found[1]).zh, say.zh),
            PLACEHOLDER.sub(lambda found: self._said(found[1]).en, say.en),
        )

    def _said(self, name: str) -> Text:
        speaker = Speaker(self.walk.policy, self.walk.now)
        if name == DUE:
            return speaker.instant(self.due)
        if name in {REFUND_DUE, REFUND_TOTAL}:
            amount = self._refund_due() if name == REFUND_DUE else self._refund_total()
            return TO_BE_CONFIRMED if amount is None else speaker.money(amount)
        view = self.walk.standing.view
        if name in self.walk.policy.facts:
            return speaker.fact(name, view.fact(name))
        return speaker.param(name, view.param(name))

    def _refund_due(self) -> int | None:
        """Return what is to be paid now (fen); ``None`` while nothing is due and something may still become so."""
        return self.money.due if self.money.due or self._is_final() else None

    def _refund_total(self) -> int | None:
        """Return the whole refund (fen); ``None`` while a line waits or the case has not ended."""
        return self.money.total if self._is_final() else None

    def _is_final(self) -> bool:
        return self.walk.at_state.end is not None and not self.money.waiting
