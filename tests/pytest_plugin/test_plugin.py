"""The pytest plugin on the README's project: what it collects, how it fails, and that it keeps out of the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import aftersales
from aftersales.policy.checks.whole import CHECKS

pytest_plugins = ["pytester"]

ENGINE = Path(aftersales.__file__).parents[1]
PLUGIN = ("-p", "aftersales.pytest_plugin", "-p", "no:cacheprovider")
CASES = "my_policy/cases/wrong_item.yaml"

#: Stands in for the solver, whose own tests are in ``verify/``: one law refuted, one unknown.
PROOFS = """
import datetime as dt
import aftersales.verify.prove as door
from aftersales.text import Text
from aftersales.verify import verdict
from aftersales.verify.replay import Document

OPENED = dt.datetime(2026, 11, 6, tzinfo=dt.UTC)
CASE = Document(None, OPENED, None, ((OPENED, {"photos_sent": False}),), None)
FOUND = {
    "money_only_for_goods_back": verdict.Finding("refuted", example=verdict.Counterexample(CASE, "", (), "outcome = refused")),
    "a_refusal_pays_nothing": verdict.unknown("比率相乘", "rate times rate"),
}

def prove(policy, only):
    assert policy.laws.keys() >= set(only)
    return verdict.Proofs(tuple(verdict.Verdict(law, Text("", ""), FOUND[law], 0.0) for law in only), 0.0)

door.prove = prove
"""


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in the project, with the plugin as if it were installed, and in English."""
    return project.runpytest_inprocess(*PLUGIN, "--aftersales-lang", "en", *arguments)


def collected(project: pytest.Pytester, *arguments: str) -> list[str]:
    """Return the ids of what pytest collects."""
    result = run(project, "--collect-only", "-q", *arguments)
    return [line for line in result.outlines if "::" in line]


def change(project: pytest.Pytester, name: str, old: str, new: str) -> None:
    """Change one passage of a file of the policy."""
    path = project.path / "my_policy" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_sound_policy_passes(project: pytest.Pytester) -> None:
    """Structure, worked cases, laws and coverage of a sound policy are tests beside the project's own, and pass."""
    run(project).assert_outcomes(passed=1 + 1 + len(CHECKS) + 8 + 2 + 1)


def test_ids_name_file_and_case(project: pytest.Pytester) -> None:
    """Every check, case and law has an id that can be read, and be chosen by."""
    ids = collected(project)
    assert {
        "tests/test_own.py::test_own",
        "my_policy/policy.yaml::loads",
        "my_policy/policy.yaml::every_state_is_reached",
        "my_policy/policy.yaml::coverage",
        f"{CASES}::补发",
        "my_policy/laws.yaml::a_refusal_pays_nothing",
    } <= set(ids)
    assert collected(project, f"{CASES}::补发") == [f"{CASES}::补发"]
    assert collected(project, "-k", "refusal") == ["my_policy/laws.yaml::a_refusal_pays_nothing"]
    assert collected(project, "-m", "not aftersales") == ["tests/test_own.py::test_own"]


def test_a_call_that_names_places_gets_those(project: pytest.Pytester) -> None:
    """Whoever names what to run gets no policy beside it, unless the policy is named too; none comes twice."""
    whole = collected(project)
    assert collected(project, "tests") == ["tests/test_own.py::test_own"]
    assert sorted(collected(project, "tests", "--aftersales-policy", "my_policy")) == sorted(whole)
    assert sorted(collected(project, ".")) == sorted(whole)
    assert collected(project, "my_policy/laws.yaml", "--aftersales-policy", "my_policy") == [
        "my_policy/laws.yaml::money_only_for_goods_back",
        "my_policy/laws.yaml::a_refusal_pays_nothing",
    ]


def test_a_failing_case_shows_what_differs(project: pytest.Pytester) -> None:
    """A case that is decided otherwise fails alone, with place, line and carets; editors can follow the place."""
    change(project, "cases/wrong_item.yaml", 'total: "71.00"', 'total: "72.00"')
    result = run(project)
    result.assert_outcomes(failed=1, passed=37 - 1)
    result.stdout.fnmatch_lines_random(
        [
            f"{CASES}:10:21: refund.total: expected 72.00, got 71.00",
            '        refund: {total: "72.00", lines: *',
            "                        ^^^^^^^",
        ]
    )


def test_a_policy_that_does_not_load_fails_as_check_does(project: pytest.Pytester) -> None:
    """The fault stands in one test as ``aftersales check`` shows it; everything else fails in one line that says so."""
    change(project, "sources.yaml", "  S4:", "  S5:")
    result = run(project, "-k", "loads or 补发 or every_round_ends")
    result.assert_outcomes(failed=3)
    shown = checked(project.path / "my_policy")
    assert "wrong_item.yaml:3:11: there is no source S4" in shown
    text = result.stdout.str().replace("my_policy/", "")
    assert shown in text
    assert result.stdout.str().count("\nmy_policy does not load (faults: ") == 2


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project, with this package on its path."""
    environment = os.environ | {"PYTHONPATH": str(ENGINE), "PYTHONIOENCODING": "utf-8"}
    call = (sys.executable, *arguments)
    return subprocess.run(call, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def checked(folder: Path) -> str:
    """Return what ``aftersales check`` says of a folder."""
    return python("-m", "aftersales", "check", str(folder), "--lang", "en").stderr.strip()


def test_a_check_fails_under_its_own_name(project: pytest.Pytester) -> None:
    """A fault of structure fails the check that finds it, loading, and whatever needs the policy."""
    island = "  island: {title: {zh: 孤岛, en: Island}, outcome: refused, reason: {zh: 无, en: none}, liable: buyer}\n"
    change(project, "wrong_item.yaml", "  no_evidence:\n", f"{island}  no_evidence:\n")
    result = run(project, "-k", "reached or every_round_ends or loads")
    result.assert_outcomes(failed=2, passed=1)


def test_a_broken_law_names_the_cases(project: pytest.Pytester) -> None:
    """A law that worked cases break fails with its own place, then with every case and what was read of it."""
    change(project, "laws.yaml", "then: refund_total == 0", "then: liable == seller")
    result = run(project, "my_policy/laws.yaml")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "my_policy/laws.yaml:7:3: worked cases that break it: 3",
            "      a_refusal_pays_nothing:",
            f"{CASES}:17:3: the law a_refusal_pays_nothing is broken (*): outcome = refused, liable = buyer",
        ]
    )


def test_a_law_that_nothing_is_asked_of_fails(project: pytest.Pytester) -> None:
    """Where no worked case meets a law, nobody knows what it would say."""
    change(project, "laws.yaml", "if: refund_total > 0", "if: state == verify")
    result = run(project, "my_policy/laws.yaml")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*laws.yaml:2:3: no worked case meets the law money_only_for_goods_back"])


def test_a_law_about_two_cases_says_that_it_waits_for_a_proof(project: pytest.Pytester) -> None:
    """Over worked cases it cannot be held: skipped, with the setting that proves it."""
    two = "    two_cases: [wants]\n    scope: same_end\n    if: a.outcome == refused\n    then: b.outcome == refused\n"
    change(project, "laws.yaml", "    if: outcome == refused\n    then: refund_total == 0\n", two)
    result = run(project, "my_policy/laws.yaml", "-rs")
    result.assert_outcomes(skipped=1, passed=1)
    result.stdout.fnmatch_lines(["SKIPPED * can only be proved: aftersales_laws = proof"])


def test_laws_can_be_left_out(project: pytest.Pytester) -> None:
    """``aftersales_laws = off``: no law is collected, and none fails a worked case."""
    change(project, "laws.yaml", "then: refund_total == 0", "then: refund_total > 0")
    run(project, "--aftersales-laws", "off").assert_outcomes(passed=37 - 2)


def test_coverage_has_a_least_percentage(project: pytest.Pytester) -> None:
    """Branches that no case walks fail one test, each with its place, unless as few are asked."""
    change(project, "cases/wrong_item.yaml", "warehouse_record: confirms_seller}", "warehouse_record: no_record}")
    change(project, "cases/wrong_item.yaml", "{outcome: refused, reason: 出库记录证实发货无误}", "{status: open}")
    result = run(project, "-k", "coverage")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "branch coverage 87.5% (7 of 8 ways), at least 100% is asked",
            "my_policy/wrong_item.yaml:14:*: no case walks this: check the claim -> sent right*",
        ]
    )
    run(project, "-k", "coverage", "--aftersales-coverage", "87.5").assert_outcomes(passed=1)


def test_a_file_of_cases_that_cannot_be_read_is_one_failure(project: pytest.Pytester) -> None:
    """It stops neither the collection nor the other files."""
    (project.path / "my_policy" / "cases" / "other.yaml").write_text("- name: [\n", encoding="utf-8")
    result = run(project, "my_policy/cases")
    result.assert_outcomes(failed=1, passed=8)
    result.stdout.fnmatch_lines(["my_policy/cases/other.yaml:*"])


def test_what_failed_last_runs_again(project: pytest.Pytester) -> None:
    """``--lf`` runs only what failed."""
    change(project, "cases/wrong_item.yaml", 'total: "71.00"', 'total: "72.00"')
    with_cache = ("-p", "aftersales.pytest_plugin")
    project.runpytest_inprocess(*with_cache).assert_outcomes(failed=1, passed=36)
    project.runpytest_inprocess(*with_cache, "--lf").assert_outcomes(failed=1)


def test_the_work_is_spread(project: pytest.Pytester) -> None:
    """Under xdist every check runs once, on either process, and failures read the same."""
    change(project, "cases/wrong_item.yaml", 'total: "71.00"', 'total: "72.00"')
    result = run(project, "-n", "2")
    result.assert_outcomes(failed=1, passed=36)
    result.stdout.fnmatch_lines([f"{CASES}:10:21: refund.total: expected 72.00, got 71.00"])


def test_a_project_without_a_policy_sees_nothing(project: pytest.Pytester) -> None:
    """Loaded, but asked nothing, the plugin collects nothing, not even files that look like a policy."""
    (project.path / "pyproject.toml").write_text("[tool.pytest.ini_options]\nfilterwarnings = ['error']\n")
    run(project).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--aftersales-laws", "some"), "aftersales_laws: 'some' is none of cases, proof, off"),
        (("--aftersales-lang", "fr"), "aftersales_lang: 'fr' is none of zh, en"),
        (("--aftersales-coverage", "101"), "aftersales_coverage: '101' is no percentage from 0 to 100"),
        (("--aftersales-policy", "tests"), "aftersales_policies: *tests: policy.yaml is missing in it"),
        (("--aftersales-policy", "nowhere"), "aftersales_policies: *nowhere: there is no such folder"),
    ],
)
def test_options_are_checked(project: pytest.Pytester, arguments: tuple[str, str], said: str) -> None:
    """An option that makes no sense stops the run before anything is collected, and says what would."""
    result = run(project, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}"])


def test_without_a_solver_a_proof_says_what_to_install(project: pytest.Pytester) -> None:
    """Where z3 is missing, a law that should be proved fails with the line to run; the rest goes on without z3."""
    options = [*PLUGIN, "--aftersales-lang", "en", "--aftersales-laws", "proof"]
    program = f"import pytest, sys; sys.modules['z3'] = None; sys.exit(pytest.main({options!r}))"
    shown = python("-c", program).stdout
    assert "2 failed, 35 passed" in shown
    said = "proofs need the solver z3, which is not installed\n  hint: run: pip install 'aftersales[verify]'\n"
    assert said in shown


def test_nothing_but_a_proof_needs_the_solver(project: pytest.Pytester) -> None:
    """A run over worked cases, like importing the package, loads neither z3 nor, without the plugin, pytest."""
    program = "import sys, aftersales, aftersales.cli; print({'pytest', 'z3'} & set(sys.modules))"
    assert python("-c", program).stdout == "set()\n"
    own = "import sys\n\n\ndef test_own():\n    assert 'z3' not in sys.modules\n"
    (project.path / "tests" / "test_own.py").write_text(own, encoding="utf-8")
    assert "37 passed" in python("-m", "pytest", *PLUGIN, "my_policy", "tests").stdout


def test_a_law_is_proved_by_the_solver(project: pytest.Pytester) -> None:
    """What no worked case shows the solver finds: of two laws the wrong one is refuted by a case of its own."""
    change(project, "laws.yaml", "then: refund_total == 0", "then: state == no_evidence")
    change(project, "cases/wrong_item.yaml", "warehouse_record: confirms_seller}", "warehouse_record: no_record}")
    change(project, "cases/wrong_item.yaml", "{outcome: refused, reason: 出库记录证实发货无误}", "{status: open}")
    run(project, "my_policy/laws.yaml").assert_outcomes(passed=2)
    result = run(project, "my_policy/laws.yaml", "--aftersales-laws", "proof")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "my_policy/laws.yaml:7:3: the law a_refusal_pays_nothing is refuted: *",
            "  hint: the case {*warehouse_record*confirms_seller*",
        ]
    )


def test_a_proof_tells_what_became_of_each_law(project: pytest.Pytester) -> None:
    """Asked for proofs: proved passes; refuted shows the case and what the law reads of it; unknown says why."""
    (project.path / "conftest.py").write_text(PROOFS, encoding="utf-8")
    result = run(project, "my_policy/laws.yaml", "--aftersales-laws", "proof")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "my_policy/laws.yaml:2:3: the law money_only_for_goods_back is refuted: Money only for goods that came back",
            '  hint: the case {"claim": {*}, "facts": {"photos_sent": false}} (outcome = refused)',
            "my_policy/laws.yaml:7:3: the law a_refusal_pays_nothing is not known to hold: rate times rate",
        ]
    )
    (project.path / "conftest.py").write_text(PROOFS.replace("FOUND[law]", "verdict.PROVED"), encoding="utf-8")
    run(project, "my_policy/laws.yaml", "--aftersales-laws", "proof").assert_outcomes(passed=2)
