"""A small project that tests its policy with the plugin: the one of the README, around the policy of ``study/small``."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

# The YAML library cannot be brought in twice in one process: here once, before pytest runs within pytest.
import aftersales.policy.load  # noqa: F401

ROOT = Path(__file__).parents[2]
LAWS = """laws:
  money_only_for_goods_back:
    title: {zh: 退款先退货, en: Money only for goods that came back}
    source: S4
    if: refund_total > 0
    then: outcome == return_and_refund
  a_refusal_pays_nothing:
    title: {zh: 拒绝就不退款, en: A refusal pays nothing}
    source: S4
    if: outcome == refused
    then: refund_total == 0
"""


@pytest.fixture(autouse=True)
def _not_imported_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pytest import the plugin itself, as in a run of its own, and let what stands in for the solver not stay."""
    for name in [name for name in sys.modules if name.split(".")[:2] == ["aftersales", "pytest_plugin"]]:
        monkeypatch.delitem(sys.modules, name)
    if (door := sys.modules.get("aftersales.verify.prove")) is not None:
        monkeypatch.setattr(door, "prove", door.prove)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Make the README's project in an empty folder: its setting, a policy with laws, and one test of the project's own."""
    settings = re.findall(r"^```toml\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    own = 'testpaths = ["tests"]\nfilterwarnings = ["error"]\naddopts = ["--strict-markers", "--strict-config"]\n'
    (pytester.path / "pyproject.toml").write_text(f"{settings[0]}{own}", encoding="utf-8")
    (pytester.path / "tests").mkdir()
    (pytester.path / "tests" / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    shutil.copytree(ROOT / "tests" / "study" / "small", pytester.path / "my_policy")
    (pytester.path / "my_policy" / "laws.yaml").write_text(LAWS, encoding="utf-8")
    return pytester
