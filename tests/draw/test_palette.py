"""Actors are told apart by sign and by colour, in print and by eyes that do not see all colours."""

from __future__ import annotations

import pytest

from aftersales import LoadedPolicy
from aftersales.draw.palette import GREY, INK, SIGNS, SOFT, look

#: How eyes without red, or without green, receptors see a linear colour (Viénot, Brettel and Mollon 1999).
SEEN = {
    "no red": ((0.1124, 0.8876, 0.0), (0.1124, 0.8876, 0.0), (0.0040, -0.0040, 1.0)),
    "no green": ((0.2927, 0.7073, 0.0), (0.2927, 0.7073, 0.0), (-0.0223, 0.0223, 1.0)),
}


def linear(colour: str) -> tuple[float, float, float]:
    """Return the linear light of a six-digit colour."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    low, high = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "tint", [*(look(actor).tint for actor in range(len(SIGNS))), GREY, "#ffffff", "#eef2ff", "#f3f4f6", "#dbeafe"]
)
def test_text_can_be_read(tint: str) -> None:
    """Text has a contrast of at least 7 on every strip and row, text of less weight on white and shaded rows 4.5."""
    assert contrast(INK, tint) >= 7
    if tint in {"#ffffff", "#eef2ff", "#f3f4f6"}:
        assert contrast(SOFT, tint) >= 4.5


@pytest.mark.parametrize("actor", range(len(SIGNS)))
def test_signs_can_be_seen(actor: int) -> None:
    """An actor's sign has a contrast of at least 4.5 on its tint."""
    assert contrast(look(actor).badge, look(actor).tint) >= 4.5


def test_no_two_actors_share_a_sign(shipped: LoadedPolicy) -> None:
    """Every role and party of the shipped policy has a sign of its own, so that colour is never needed."""
    policy = shipped.model
    known = (*policy.roles, *(party for party in policy.parties if party not in policy.roles))
    assert len({look(actor).sign for actor in range(len(known))}) == len(known)


@pytest.mark.parametrize("eyes", list(SEEN))
def test_frequent_actors_differ_for_the_colour_blind(shipped: LoadedPolicy, eyes: str) -> None:
    """Agent, supervisor, warehouse, finance and buyer are told apart by colour too without red or green receptors."""
    policy = shipped.model
    known = (*policy.roles, *policy.parties)
    tints = [look(known.index(name)).tint for name in ("agent", "supervisor", "warehouse", "finance", "buyer")]
    seen = [tuple(sum(w * c for w, c in zip(row, linear(tint), strict=True)) for row in SEEN[eyes]) for tint in tints]
    apart = [
        sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        for one in seen
        for other in seen
        if one != other
    ]
    assert len(set(seen)) == len(tints)
    assert min(apart) > 0.08
