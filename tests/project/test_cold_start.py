"""A cold start: what a plain import and a first decision bring in, and that neither takes many times a bare start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DESK = ROOT / "tests" / "run" / "desk"
#: Packages that are for some of the work only.
HEAVY = {
    *("z3", "polars", "pandas", "pyarrow", "numpy", "duckdb", "sqlglot", "typst", "graphviz", "rich"),
    *("http", "urllib.request", "requests", "httpx", "transitions", "yaml", "difflib", "inspect", "typing"),
}
FIRST_DECISION = f"import aftersales; aftersales.load({str(DESK)!r}).decide({{'facts': {{}}}}).state"


def brought_in(code: str, cache: str) -> set[str]:
    """Return the modules that a fresh Python has after running ``code``, beside those that it starts with."""
    shown = "import sys; before = set(sys.modules)\n%s\nprint('\\n'.join(sys.modules.keys() - before))"
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{shown % code}"],
        capture_output=True,
        text=True,
        check=True,
        env={"AFTERSALES_CACHE": cache, "PATH": os.defpath},
    )
    return set(run.stdout.split())


def test_a_plain_import_brings_in_next_to_nothing() -> None:
    """No solver, no frame library, no HTTP library; not even what reads policies: that comes with the first name."""
    found = brought_in("import aftersales", "off")
    assert "aftersales" in found
    assert not HEAVY & found
    assert len(found) < 5


def test_every_name_of_the_front_door_is_there() -> None:
    """What ``__all__`` promises can be imported, and ``dir`` shows it; anything else is an AttributeError."""
    code = (
        "import aftersales\n"
        "assert set(aftersales.__all__) <= set(dir(aftersales))\n"
        "for name in aftersales.__all__: getattr(aftersales, name)\n"
        "assert not hasattr(aftersales, 'nothing')"
    )
    assert "aftersales.run.open_case" in brought_in(code, "off")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="policies are kept where files have owners")
def test_a_first_decision_from_a_kept_policy_reads_no_yaml(tmp_path: Path) -> None:
    """With what an earlier start kept, nothing is read as YAML, checked or written; nor is the machine's package needed."""
    brought_in(FIRST_DECISION, str(tmp_path / "kept"))
    found = brought_in(FIRST_DECISION, str(tmp_path / "kept"))
    assert "aftersales.run.quick_decide" in found
    assert not {"yaml", "transitions", "inspect", "aftersales.policy.checks.whole", "aftersales.syntax.read"} & found
    assert not {"aftersales.run.function.writer", "aftersales.run.function.places", "aftersales.expr.say"} & found
