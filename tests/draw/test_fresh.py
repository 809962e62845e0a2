"""The committed pictures are those of the shipped policy; ``./dev draw`` renders them anew."""

from __future__ import annotations

from pathlib import Path

import aftersales
from aftersales.draw.gallery import digest, drawn_from, gallery, write_gallery
from aftersales.policy.model import Policy

DIAGRAMS = Path(__file__).parents[2] / "diagrams"


def test_pictures_are_fresh() -> None:
    """Every flow, sub-flow and the overview has its picture in both languages, drawn from what the flow says now."""
    graphs = gallery(aftersales.load().model)
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
