"""The committed pictures are those of the shipped policy; ``./dev draw`` renders them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

import aftersales
from aftersales.draw import draw_path
from aftersales.draw.dot import LIT
from aftersales.draw.gallery import digest, drawn_from, gallery, write_gallery
from aftersales.policy.model import Policy

DIAGRAMS = Path(__file__).parents[2] / "diagrams"


@pytest.fixture(scope="module")
def shipped() -> aftersales.LoadedPolicy:
    """Return the shipped policy."""
    return aftersales.load()


def test_path_of_a_decision_is_drawn(shipped: aftersales.LoadedPolicy) -> None:
    """The picture of a decision is that of its flow, with the path in red; of an earlier flow where it is named."""
    decision = shipped.decide_facts(issue="lost_parcel")
    assert decision.flow == "lost_parcel"
    for flow in (None, "reception"):
        picture = draw_path(shipped.model, decision, flow=flow, fmt="dot").decode()
        assert picture.count(LIT) > 1
    assert draw_path(shipped.model, decision, fmt="svg").startswith(b"<?xml")


def test_pictures_are_fresh(shipped: aftersales.LoadedPolicy) -> None:
    """Every flow, sub-flow and the overview has its picture in both languages, drawn from what the flow says now."""
    graphs = gallery(shipped.model)
    drawn = {path.name: drawn_from(path.read_bytes()) for path in DIAGRAMS.glob("*.svg")}
    assert drawn == {name: digest(graph) for name, graph in graphs.items()}


def test_gallery_draws_only_what_changed(policy: Policy, tmp_path: Path) -> None:
    """A fresh picture is left alone, a stale one drawn again, a foreign one removed."""
    write_gallery(policy, tmp_path)
    names = sorted(gallery(policy))
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    (tmp_path / "main.svg").write_bytes(b"stale")
    (tmp_path / "gone.svg").write_bytes(b"of a flow that is no more")
    others = {name: (tmp_path / name).stat().st_mtime_ns for name in names if name != "main.svg"}
    write_gallery(policy, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert drawn_from((tmp_path / "main.svg").read_bytes()) == digest(gallery(policy)["main.svg"])
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in others} == others
