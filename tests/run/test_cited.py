"""What stands behind every step of a path: the branch's own sources and those of the figures that it read."""

from __future__ import annotations

import shutil
from pathlib import Path

import aftersales
from aftersales.policy.edges import edges, source_of, way_of

MINIMAL = Path(__file__).parents[1] / "flows" / "good" / "minimal"


def behind(decision: aftersales.Decision) -> list[tuple[str, list[str]]]:
    """Return each step's state with the layers and names of what stands behind it."""
    return [(step.state, [f"{source.layer} {source.id}" for source in step.sources]) for step in decision.path]


def test_every_step_names_its_layers(tmp_path: Path) -> None:
    """The way in cites what the branch does; a figure that its condition read brings the rule that it comes from."""
    folder = tmp_path / "minimal"
    shutil.copytree(MINIMAL, folder)
    flow = folder / "no_reason.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("sources: [L25]", "sources: [S1]", 1), encoding="utf-8")
    policy = aftersales.load(folder)
    order = {"platform": "tmall", "delivered_at": "2026-11-04T10:00+08:00"}
    made = {
        "order": {**order, "lines": [{"sku": "A", "quantity": 1, "paid": "9.00"}]},
        "claim": {"issue": "no_reason_return", "opened_at": "2026-11-06T10:00+08:00"},
    }
    decision = policy.decide(made)
    assert behind(decision) == [
        ("sort", ["document S1"]),
        ("window", ["document S1"]),
        ("postage_rule", ["document S1", "platform P1"]),
    ]
    path = policy.to_dict(decision)["path"]
    assert isinstance(path, list)
    assert path[2]["sources"] == [
        {"id": "S1", "layer": "document", "article": None},
        {"id": "P1", "layer": "platform", "article": None},
    ]


def test_silence_stands_on_the_deadline() -> None:
    """A step after a deadline cites its state and where the deadline's length comes from."""
    policy = aftersales.load(MINIMAL)
    made = {
        "order": {"lines": [{"sku": "A", "quantity": 1, "paid": "9.00"}]},
        "claim": {"issue": "wrong_item", "opened_at": "2026-11-06T10:00+08:00"},
        "facts": {"photos_sent": True, "evidence": "confirmed", "in_stock": True},
    }
    assert behind(policy.decide(made, "2026-11-09T10:00+08:00"))[-1] == ("refused", ["document S1"])


def test_an_interrupt_cites_its_flow() -> None:
    """A withdrawal stands on what the flow stands on."""
    policy = aftersales.load(MINIMAL)
    made = {"claim": {"issue": "wrong_item", "opened_at": "2026-11-06T10:00+08:00"}, "facts": {"claim_withdrawn": True}}
    assert behind(policy.decide(made))[-1] == ("withdrawn", ["document S1"])


def test_every_edge_is_found_by_its_name() -> None:
    """An edge's name leads back to the way it stands for, and to where it leaves from."""
    policy = aftersales.load(MINIMAL).model
    for edge in edges(policy):
        assert way_of(policy, edge.key) is edge.way
        assert source_of(edge.key) == edge.source
