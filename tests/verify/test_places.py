"""The map of a policy: every state by the rounds in which a case can come there, circles cut where they surely end."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales.policy.model import Policy
from aftersales.study.proof import compiled
from aftersales.verify.atlas import Atlas, ready
from aftersales.verify.prove import prove

SHOP = Path(__file__).parents[2] / "examples" / "small_shop"
COUNTER = """  photo_rounds:
    type: count
    from: policy
    max: 9
    title: {zh: 要照片的次数, en: times that photos were asked for}
  photos_sent:"""
ROUNDS = """    first:
      - when: not photos_sent and photo_rounds < 2
        to: verify
        forget: [photos_sent]
        add: {photo_rounds: 1}
      - {when: not photos_sent, to: no_photos}"""
ENDLESS = """    first:
      - {when: not photos_sent, to: verify, forget: [photos_sent]}"""


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str], Policy]:
    """Return the example shop with another first branch of its first state."""

    def change(branches: str) -> Policy:
        folder = shutil.copytree(SHOP, tmp_path / "shop")
        for file, old, new in (
            ("facts.yaml", "  photos_sent:", COUNTER),
            ("wrong_item.yaml", "    first:\n      - {when: not photos_sent, to: no_photos}", branches),
        ):
            text = (folder / file).read_text(encoding="utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        policy = compiled(folder)
        assert isinstance(policy, Policy), policy
        return policy

    return change


def rounds(atlas: Atlas) -> Counter[str]:
    """Return in how many rounds each state can be come to."""
    return Counter(place.state.partition(".")[2] for place in atlas.map.places)


def test_every_state_once() -> None:
    """Without a circle every state is one place, but for those that silence leads to or from in another way."""
    policy = compiled(SHOP)
    assert isinstance(policy, Policy)
    atlas = ready(policy)
    assert {place.state for place in atlas.map.places} == set(policy.states)
    assert set(rounds(atlas).values()) == {1}
    assert not atlas.map.endless


def test_counted_rounds(changed: Callable[[str], Policy]) -> None:
    """A circle that is counted to two is laid out three times, and no more."""
    atlas = ready(changed(ROUNDS))
    assert rounds(atlas)["verify"] == 3
    assert not atlas.map.endless


def test_endless_rounds_are_named(changed: Callable[[str], Policy]) -> None:
    """A circle that nothing bounds is cut and named; laws are then shown for some rounds only, which is no proof."""
    policy = changed(ENDLESS)
    atlas = ready(policy)
    assert [set(circle) for circle in atlas.map.endless] == [{"wrong_item.verify"}]
    verdicts = {verdict.law: verdict for verdict in prove(policy).verdicts}
    assert verdicts["every_circle_ends"].ending == "unknown"
    assert "proved" not in {verdicts[name].ending for name in policy.laws}
