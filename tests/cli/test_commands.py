"""The other commands, and what they have in common."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aftersales.cli.arguments import parser
from aftersales.syntax.schema import FILE_KINDS

if TYPE_CHECKING:
    from tests.cli.conftest import Run

COMMANDS = (
    "decide",
    "decide-many",
    "explain",
    "walk",
    "draw",
    "check",
    "test",
    "verify",
    "diff",
    "replay",
    "sql",
    "schema",
    "facts",
    "lists",
    "handbook",
    "trainer",
)


def test_every_command_explains_itself(run: Run) -> None:
    """``--help`` of the whole and of each command names it, with its exit codes, and ends with 0."""
    whole = run("--help")
    assert whole.code == 0
    for command in COMMANDS:
        assert command in whole.out
        ran = run(command, "--help")
        assert ran.code == 0
        assert "exit codes" in ran.out


def test_the_commands_are_the_documented_ones() -> None:
    """A command added here is added to the list above, to the tests and to the README."""
    (group,) = [action for action in parser()._actions if action.dest == "command"]
    assert tuple(group.choices or ()) == COMMANDS


def test_the_version_is_told(run: Run) -> None:
    """``--version`` prints the name and a version, exit 0."""
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.startswith("aftersales ")


@pytest.mark.parametrize(
    "arguments",
    [(), ("decode",), ("decide",), ("decide", "x", "--land", "zh"), ("facts", "--lang", "fr"), ("draw", "-o", "x.svg")],
)
def test_misuse_is_exit_2(run: Run, arguments: tuple[str, ...]) -> None:
    """What the command line does not understand is usage, on stderr."""
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "usage:" in ran.err


def test_check_finds_nothing_wrong(run: Run, small: Path) -> None:
    """A sound policy: exit 0 and how large it is."""
    ran = run("check", small, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "no fault found: 1 flows, 6 states" in ran.out
    assert json.loads(run("check", small, "--json").out)["states"] == 6


def test_check_reports_all_faults_with_their_places(run: Run, small: Path) -> None:
    """Every fault of the run at once, each with file and line; exit 1."""
    flow = small / "wrong_item.yaml"
    text = flow.read_text(encoding="utf-8")
    broken = text.replace("when: not photos_sent", "when: not photo_sent").replace("late: reshipped", "late: reshiped")
    flow.write_text(broken, encoding="utf-8")
    ran = run("check", small, "--lang", "en")
    assert ran.code == 1
    assert ran.out == ""
    assert "wrong_item.yaml:13:" in ran.err
    assert "wrong_item.yaml:20:" in ran.err
    faults = json.loads(run("check", small, "--json").err)["faults"]
    assert {fault["file"] for fault in faults} == {"wrong_item.yaml"}
    assert all(fault["message"]["zh"] and fault["message"]["en"] for fault in faults)


def test_the_worked_cases_pass_and_cover_every_branch(run: Run, small: Path) -> None:
    """The small policy's own cases walk all its branches: exit 0."""
    ran = run("test", small, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "cases: 8 passed, 0 failed" in ran.out
    assert "100%" in ran.out


def test_a_failing_case_is_told_at_the_expected_value(run: Run, small: Path) -> None:
    """Expected and got, with the line of the expectation; exit 1."""
    cases = small / "cases" / "wrong_item.yaml"
    cases.write_text(cases.read_text(encoding="utf-8").replace('total: "71.00"', 'total: "70.00"'), encoding="utf-8")
    ran = run("test", small, "--lang", "en")
    assert ran.code == 1
    assert "cases/wrong_item.yaml:10:21: refund.total: expected 70.00, got 71.00" in ran.err
    assert "cases: 7 passed, 1 failed" in ran.out
    made = json.loads(run("test", small, "--json").out)
    assert (made["passed"], made["failed"]) == (7, 1)
    assert made["cases"][0]["faults"][0]["code"] == "not_as_expected"


def test_a_branch_that_no_case_walks_fails(run: Run, small: Path) -> None:
    """A gap is named with its place and in words, and is exit 1 unless gaps are allowed."""
    cases = small / "cases" / "wrong_item.yaml"
    cases.write_text("- {name: 没有照片, facts: {photos_sent: false}, expect: {outcome: refused}}\n", encoding="utf-8")
    ran = run("test", small)
    assert ran.code == 1
    assert "wrong_item.yaml:14:9  wrong_item.verify->1" in ran.out
    assert "核实错发 -> 发货无误 | 出库记录是“证实发货无误”" in ran.out
    assert "逾期未答：出库记录" in ran.out
    assert run("test", small, "--allow-gaps").code == 0
    missing = json.loads(run("test", small, "--json").out)["coverage"][0]["missing"]
    assert len(missing) == 7


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_each_schema_is_printed(run: Run, kind: str) -> None:
    """``schema KIND`` prints one JSON Schema."""
    ran = run("schema", kind)
    assert ran.code == 0
    assert "$schema" in json.loads(ran.out)


def test_all_schemas_are_printed_by_kind(run: Run) -> None:
    """``schema`` alone prints them all, by kind; an unknown kind is misuse."""
    assert tuple(json.loads(run("schema").out)) == tuple(FILE_KINDS)
    assert run("schema", "poetry").code == 2


def test_the_facts_are_listed(run: Run, small: Path) -> None:
    """``facts`` lists names, types, who answers and values, for people and as JSON."""
    page = run("facts", "--policy", small).out
    assert "warehouse_record  出库记录" in page
    assert "confirms_buyer  证实买家所说" in page
    listed = {fact["name"]: fact for fact in json.loads(run("facts", "--policy", small, "--json").out)}
    assert listed["return_postage"]["max"] == "100.00"
    assert listed["photos_sent"]["values"]["true"] == {"zh": "是", "en": "yes"}
    assert listed["claimed_paid"]["from"] == "derived"


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("ending", ["dot", "mmd"])
def test_a_flow_is_drawn(run: Run, small: Path, tmp_path: Path, lang: str, ending: str) -> None:
    """``draw FLOW -o FILE`` writes the picture that the file's ending asks for."""
    picture = tmp_path / f"x.{ending}"
    assert run("draw", "wrong_item", "-o", picture, "--policy", small, "--lang", lang).code == 0
    text = picture.read_text(encoding="utf-8")
    assert ("核实错发" in text) == (lang != "en")
    assert ("check the claim" in text) == (lang != "zh")


def test_a_sub_flow_is_drawn_by_its_name(run: Run, tmp_path: Path) -> None:
    """A flow that others only use has a picture too; an unknown name is met with the nearest of both kinds."""
    picture = tmp_path / "x.dot"
    assert run("draw", "return_trip", "-o", picture).code == 0
    assert "退货" in picture.read_text(encoding="utf-8")
    ran = run("draw", "return_tripp", "-o", picture, "--lang", "en")
    assert ran.code == 2
    assert "did you mean return_trip?" in ran.err


def test_the_overview_is_drawn(run: Run, small: Path, tmp_path: Path) -> None:
    """``draw --overview`` draws how the flows hang together."""
    picture = tmp_path / "x.dot"
    assert run("draw", "--overview", "-o", picture, "--policy", small).code == 0
    assert "错发" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("flow", "output", "says"),
    [
        ("wrong_itm", "x.dot", "did you mean wrong_item?"),
        ("wrong_item", "x.gif", ".svg, .png, .pdf, .dot, .mmd"),
        ("wrong_item", "nowhere/x.dot", "cannot write"),
    ],
)
def test_a_picture_that_cannot_be_made_is_misuse(
    run: Run, small: Path, tmp_path: Path, flow: str, output: str, says: str
) -> None:
    """An unknown flow, an unknown ending and a folder that is not there are told with what would fit."""
    ran = run("draw", flow, "-o", tmp_path / output, "--policy", small, "--lang", "en")
    assert ran.code == 2
    assert says in ran.err


def test_a_case_is_walked_on_a_pipe(run: Run, small: Path) -> None:
    """From nothing to the decision: the questions of a fresh case, answered by number and word."""
    ran = run("walk", "--policy", small, "--lang", "en", typed="1\nconfirms_seller\n")
    assert ran.code == 0
    assert "has the buyer sent photos?" in ran.out
    assert "> confirms_seller" in ran.out
    assert "reason: the record shows the right item" in ran.out


def test_a_walk_starts_from_a_case(run: Run, small: Path, case: Path) -> None:
    """``--case`` asks only what the case does not know, and its clock starts at the case's last event."""
    ran = run("walk", "--case", case, "--policy", small, typed="t\n1\n")
    assert "买家发来照片了吗" not in ran.out
    assert "时间来到 2026-11-08 11:00:01" in ran.out
    assert "补发" in ran.out


def test_a_walk_goes_back_and_chooses_again(run: Run, small: Path, case: Path) -> None:
    """``b`` undoes the last answer on the real engine too."""
    ran = run("walk", "--case", case, "--policy", small, "--lang", "en", typed="2\n")
    assert "sent right" in ran.out
    ran = run("walk", "--case", case, "--policy", small, "--lang", "en", typed="1\nb\n2\n")
    assert "reason: the record shows the right item" in ran.out


def test_a_walk_asks_an_amount_again_above_its_bound(run: Run, small: Path, tmp_path: Path) -> None:
    """The engine's own bound is told and the question stays; then the refund is right to the fen."""
    path = tmp_path / "case.yaml"
    path.write_text(
        'order: {lines: [{sku: A, title: a, quantity: 3, paid: "10.00"}]}\n'
        "claim: {opened_at: 2026-11-06T11:00+08:00, lines: [{sku: A, quantity: 1}]}\n"
        "facts: {photos_sent: true, warehouse_record: confirms_buyer, wants: return_and_refund}\n",
        encoding="utf-8",
    )
    ran = run("walk", "--case", path, "--policy", small, "--lang", "en", typed="100.01\n12.00\n")
    assert "100.01 is outside 0.00 to 100.00" in ran.out
    assert "events#" not in ran.out
    assert "15.33" in ran.out


def test_a_walk_needs_one_case(run: Run, small: Path) -> None:
    """A list of cases asks for ``--name``; with it the walk starts."""
    cases = small / "cases" / "wrong_item.yaml"
    ran = run("walk", "--case", cases, "--policy", small)
    assert ran.code == 2
    assert "--name" in ran.err
    assert run("walk", "--case", cases, "--name", "等仓库答复", "--policy", small, typed="q\n").code == 0


@pytest.mark.skipif(os.name == "nt", reason="length of names as on POSIX")
@pytest.mark.parametrize("arguments", [("check", "a" * 5000), ("decide", "a" * 5000)])
def test_what_the_system_refuses_is_a_fault(run: Run, arguments: tuple[str, ...]) -> None:
    """A path that no system takes is exit 1 with the system's reason, and never a traceback."""
    ran = run(*arguments, "--json")
    assert ran.code == 1
    assert [fault["code"] for fault in json.loads(ran.err)["faults"]] == ["refused_by_system"]


def test_a_name_without_a_file_is_misuse(run: Run, small: Path) -> None:
    """``--name`` alone would be ignored: it is refused."""
    assert run("walk", "--name", "x", "--policy", small).code == 2


def test_bytes_that_are_no_text_are_no_answer(run: Run, small: Path) -> None:
    """What is typed may be anything: it is asked again, then the input ends."""
    ran = run("walk", "--policy", small, "--lang", "en", typed=b"\xff\xfe\n")
    assert ran.code == 0
    assert "there is no such option" in ran.out


def command(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start the real command."""
    words = [sys.executable, "-m", "aftersales", *(str(argument) for argument in arguments)]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env=env)


@pytest.mark.skipif(os.name == "nt", reason="pipes as on POSIX")
@pytest.mark.parametrize("name", ["schema", "facts"])
def test_a_reader_that_goes_away_is_no_traceback(small: Path, name: str) -> None:
    """``aftersales facts | head -1``: quiet, and the exit code of a broken pipe, for JSON and for pages."""
    arguments = [name] if name == "schema" else [name, "--policy", small]
    with command(*arguments) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == b""
    assert started.returncode == 141


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_an_interrupt_is_no_traceback(small: Path) -> None:
    """Ctrl-C at a question: quiet, exit 130."""
    with command("walk", "--policy", small) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        while not started.stdout.readline().startswith("  输入".encode()):
            assert started.poll() is None
        started.send_signal(signal.SIGINT)
        assert started.stderr.read() == b""
    assert started.returncode == 130


def test_a_terminal_without_chinese_still_gets_an_answer(small: Path, case: Path) -> None:
    """Where the output's encoding has no Chinese, codes are shown in its place."""
    words = [sys.executable, "-m", "aftersales", "decide", str(case), "--policy", str(small)]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(words, env=env, capture_output=True, check=False)
    assert ran.returncode == 0
    assert rb"\u9519\u53d1" in ran.stdout
