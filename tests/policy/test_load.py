"""Loading a folder: good policies load, hostile ones are refused, the digest knows every byte that counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

import aftersales
from aftersales.errors import PolicyError
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy

FLOWS = Path(__file__).parent.parent / "flows"
SHIPPED = Path(aftersales.__file__).parent.parent.parent / "flows"
Change = Callable[[str, str, str], Path]


@pytest.mark.parametrize("name", sorted(folder.name for folder in (FLOWS / "good").iterdir()))
def test_a_good_policy_loads(name: str) -> None:
    """Every folder of tests/flows/good is without a fault."""
    assert load_folder(FLOWS / "good" / name).states


def test_the_shipped_policy_loads() -> None:
    """flows/ passes every check."""
    assert load_folder(SHIPPED).states


def test_the_digest_changes_with_a_policy_file(change: Change, minimal: Policy) -> None:
    """One word of one flow file makes another digest."""
    folder = change("wrong_item.yaml", "en: Agree on a remedy", "en: Agree")
    assert load_folder(folder).digest != minimal.digest


def test_the_digest_does_not_see_line_ends_and_cases(change: Change, minimal: Policy) -> None:
    """Worked cases, and how a checkout ends its lines, are not the policy."""
    folder = change("policy.yaml", "id: minimal", "id: minimal")
    policy_file = folder / "policy.yaml"
    policy_file.write_bytes(policy_file.read_bytes().replace(b"\n", b"\r\n"))
    (folder / "cases").mkdir()
    (folder / "cases" / "some.yaml").write_text("[]\n", encoding="utf-8")
    assert load_folder(folder).digest == minimal.digest


def test_faults_come_in_order_of_place(change: Change) -> None:
    """Faults of several files are told by file, line and column."""
    change("wrong_item.yaml", "outcome: kept", "outcome: keep")
    change("actions.yaml", "by: refund_payer", "by: refund_payers")
    folder = change("wrong_item.yaml", "start: verify", "start: verity")
    with pytest.raises(PolicyError) as raised:
        load_folder(folder)
    places = [str(fault.span) for fault in raised.value.diagnostics]
    assert places == ["actions.yaml:22:9", "wrong_item.yaml:4:8", "wrong_item.yaml:60:14"]


def test_a_deep_file_is_refused(change: Change) -> None:
    """Nesting that would crash a parser is stopped while reading."""
    folder = change("sources.yaml", "sources:\n", "sources:\n  X: " + "[" * 50_000 + "\n")
    with pytest.raises(PolicyError):
        load_folder(folder)


def test_a_huge_file_is_refused(change: Change) -> None:
    """A file of many megabytes is not read to its end."""
    folder = change("sources.yaml", "sources:\n", "sources:\n" + "# filler\n" * 2_000_000)
    with pytest.raises(PolicyError):
        load_folder(folder)


def test_a_deep_expression_is_refused(change: Change) -> None:
    """Brackets without end in an expression are a fault, no traceback."""
    deep = "(" * 400 + "photos_sent" + ")" * 400
    with pytest.raises(PolicyError):
        load_folder(change("wrong_item.yaml", "when: not photos_sent", f"when: {deep}"))


def test_too_many_combinations_are_told(change: Change) -> None:
    """A state that reads more than can be tried out is a fault, found in seconds."""
    names = [f"sign_{number}" for number in range(20)]
    facts = "".join(
        f"  {name}:\n    type: flag\n    from: agent\n    title: {{zh: 迹象, en: sign}}\n    ask: {{zh: 有吗？, en: Is it?}}\n"
        f"    values: {{true: {{zh: 有, en: seen}}, false: {{zh: 无, en: unseen}}}}\n"
        for name in names
    )
    change("facts.yaml", "  order_paid:\n", f"{facts}  order_paid:\n")
    pairs = " or ".join(f"({one} and not {other})" for one, other in pairwise(names))
    folder = change(
        "wrong_item.yaml",
        "    first:\n      - when: not photos_sent\n",
        f"    first:\n      - when: {pairs}\n        to: refused\n      - when: not photos_sent\n",
    )
    started = time.monotonic()
    with pytest.raises(PolicyError) as raised:
        load_folder(folder)
    assert time.monotonic() - started < 60
    assert "too_many_combinations" in {fault.code for fault in raised.value.diagnostics}


def test_sub_flows_that_double_with_every_level_are_refused(change: Change) -> None:
    """Thirty small files cannot blow up to millions of states."""
    folder = change("return_trip.yaml", "flow: return_trip\n", "flow: level_30\n")
    (folder / "return_trip.yaml").rename(folder / "level_30.yaml")
    names = ["return_trip", *(f"level_{number}" for number in range(1, 31))]
    for name, inner in pairwise(names):
        (folder / f"{name}.yaml").write_text(
            f"flow: {name}\ntitle: {{zh: 退回, en: back}}\nstart: one\nexits: [arrived, never_sent]\nstates:\n"
            f"  one:\n    use: {inner}\n    exits: {{arrived: two, never_sent: {{exit: never_sent}}}}\n"
            f"  two:\n    use: {inner}\n    exits: {{arrived: {{exit: arrived}}, never_sent: {{exit: never_sent}}}}\n",
            encoding="utf-8",
        )
    started = time.monotonic()
    with pytest.raises(PolicyError) as raised:
        load_folder(folder)
    assert time.monotonic() - started < 60
    assert [fault.code for fault in raised.value.diagnostics] == ["too_many_states"]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """A missing folder is told as a fault of the policy."""
    with pytest.raises(PolicyError):
        load_folder(tmp_path / "nowhere")
