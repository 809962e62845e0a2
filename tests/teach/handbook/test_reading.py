"""Which worked cases a handbook chooses from: a few of each flow, read without reading all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from aftersales.run.loaded import LoadedPolicy
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.teach.handbook.reading import tried_cases
from aftersales.yaml_nodes import Scalar

CASE = """- name: {name}
  claim: {{issue: wrong_item}}
  expect:
    flow: {flow}
    state: {state}
    refund: {{total: "1.00"}}
"""


def test_a_few_of_every_flow_are_read(policy: LoadedPolicy) -> None:
    """Of every flow that a shipped case is about some, of none more than a handful, each as its whole file has it."""
    folder = Path(policy.model.folder) / "cases"
    tried = tried_cases(folder)
    flows = Counter(map(_flow, tried))
    assert set(policy.model.flows) <= set(flows)
    assert max(flows.values()) <= 6
    every = {case.name: case for path in sorted(folder.glob("*.yaml")) for case in read_case_file(path, path.name)}
    assert len(tried) * 5 < len(every)
    assert [case.name for case in tried if every[str(case.name)].data != case.data] == []


def _flow(case: WrittenCase) -> str:
    node = case.expect.get("flow") if case.expect is not None else None
    return node.text if isinstance(node, Scalar) else ""


def test_what_is_read_is_guessed_by_words(tmp_path: Path) -> None:
    """One case for each state, those with money first; a case alone is read, one that cannot be read is left out."""
    first = CASE.format(name="a", flow="f", state="s").replace("    refund", "    postage")
    (tmp_path / "1.yaml").write_text(first + CASE.format(name="b", flow="f", state="s"), encoding="utf-8")
    (tmp_path / "2.yaml").write_text("# alone\nclaim: {issue: wrong_item}\n", encoding="utf-8")
    (tmp_path / "3.yaml").write_text("- name: [\n", encoding="utf-8")
    (tmp_path / "4.yaml").write_bytes(b"\xff")
    assert [case.name for case in tried_cases(tmp_path)] == ["b", None]
