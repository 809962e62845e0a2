"""``aftersales verify``: verdicts, exit codes, counterexamples written and drawn, and what is wrong with the call."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aftersales import load
from aftersales.cli.mutation import ENOUGH
from aftersales.study.worked import run_worked
from aftersales.verify.built_in import BUILT_IN

if TYPE_CHECKING:
    from tests.cli.conftest import Run


SHOP = Path(__file__).parents[2] / "examples" / "small_shop"
POSTAGE = "fault_never_leaves_return_postage"
#: One law about two cases that the shop does not keep: the dearer order must get strictly more.
PAIR = """
  dearer_gets_more:
    title: {zh: 付得多就退得多, en: Who paid more gets more}
    source: our_choice
    two_cases: [claimed_paid]
    scope: same_end
    if: a.claimed_paid <= b.claimed_paid
    then: b.refund_total > a.refund_total
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example shop that a test may break."""
    return Path(shutil.copytree(SHOP, tmp_path / "shop"))


@pytest.fixture
def faulty(shop: Path) -> Path:
    """The shop with the buyer bearing the way back of a wrong item."""
    return changed(shop, "return: {advanced: buyer, borne: seller}", "return: buyer")


def changed(folder: Path, old: str, new: str) -> Path:
    """Replace a text of the shop's flow, which must be there."""
    flow = folder / "wrong_item.yaml"
    text = flow.read_text(encoding="utf-8")
    assert old in text
    flow.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def verdicts(out: str) -> dict[str, str]:
    """Return the verdict on every law of the JSON output."""
    return {one["law"]: one["verdict"] for one in json.loads(out)["verdicts"]}


def test_all_proved(run: Run) -> None:
    """A sound policy is proved, law by law, and the exit code is 0."""
    ran = run("verify", SHOP, "--json", "--processes", "1")
    found = verdicts(ran.out)
    assert (ran.code, ran.err, set(found.values())) == (0, "", {"proved"})
    assert {POSTAGE, "every_rest_ends", "money_keeps_to_its_caps", "somebody_always_acts"} <= set(found)


def test_refuted_with_its_case(run: Run, faulty: Path) -> None:
    """A broken law is shown with sources, smallest case, what it reads and the way of it; the exit code is 1."""
    ran = run("verify", faulty, "--law", POSTAGE, "--lang", "en", "--processes", "1")
    assert ran.code == 1
    assert "  0 of 1 laws proved, 1 refuted, 0 unknown (" in ran.out
    assert "  [law] consumer_law Consumer protection law art. 24\n  laws.yaml:2:3\n  smallest case:\n" in ran.out
    assert (
        "      facts: {photos_sent: true, warehouse_record: confirms_buyer, wants: return_and_refund}\n"
        "      expect:\n        flow: wrong_item\n        state: refunded\n" in ran.out
    )
    assert (
        "  reads: liable = seller, return_borne = buyer\n"
        "  path: Wrong item > Check the claim → Agree on a remedy → Refund goods and\n  postage\n" in ran.out
    )


def test_only_the_named_laws(run: Run, faulty: Path) -> None:
    """``--law`` asks for some laws alone: the one that is broken is not looked at."""
    ran = run("verify", faulty, "--law", "goods_once_at_most", "--law", "every_rest_ends", "--json", "--processes", "1")
    assert (ran.code, verdicts(ran.out)) == (0, {"every_rest_ends": "proved", "goods_once_at_most": "proved"})


@pytest.mark.parametrize("option", ["--law", "--allow"])
def test_no_such_law(run: Run, option: str) -> None:
    """A name that is no law's is a fault of the command line, and the nearest one is offered."""
    ran = run("verify", SHOP, option, "goods_once_at_least", "--lang", "en")
    assert ran.code == 2
    assert ran.err == "there is no law goods_once_at_least\n  hint: did you mean goods_once_at_most?\n"


def test_unknown_fails_unless_allowed(run: Run, shop: Path) -> None:
    """A law whose ``if`` no case meets is unknown: exit 1, unless it is allowed by name, and then the page says so."""
    laws = shop / "laws.yaml"
    laws.write_text(
        laws.read_text(encoding="utf-8").replace("if: liable == seller", "if: liable == undecided"), "utf-8"
    )
    asked = ("verify", shop, "--law", POSTAGE, "--lang", "en", "--processes", "1")
    ran = run(*asked)
    assert ran.code == 1
    assert f"unknown: {POSTAGE}\n" in ran.out
    assert "  why: no case meets its if: the law says nothing\n" in ran.out
    allowed = run(*asked, "--allow", POSTAGE)
    assert allowed.code == 0
    assert f"unknown (allowed): {POSTAGE}\n" in allowed.out


def test_case_files_can_be_decided_and_tested(run: Run, faulty: Path, tmp_path: Path) -> None:
    """``--write`` writes each counterexample as a case file that decides as it says, pairs as two cases."""
    laws = faulty / "laws.yaml"
    laws.write_text(laws.read_text(encoding="utf-8") + PAIR, encoding="utf-8")
    out = tmp_path / "found"
    asked = ("--law", POSTAGE, "--law", "dearer_gets_more")
    ran = run("verify", faulty, *asked, "--write", out, "--processes", "1")
    assert ran.code == 1
    assert ran.out.endswith(f"{out / POSTAGE}.yaml\n{out / 'dearer_gets_more'}.yaml\n")
    decided = run("decide", out / f"{POSTAGE}.yaml", "--name", POSTAGE, "--policy", faulty, "--lang", "en")
    assert decided.code == 0
    assert "liable: seller" in decided.out
    assert run("decide", out / "dearer_gets_more.yaml", "--name", "dearer_gets_more_b", "--policy", faulty).code == 0
    laws.unlink()
    for path in (faulty / "cases").iterdir():
        path.unlink()
    for path in out.iterdir():
        shutil.copy(path, faulty / "cases")
    report = run_worked(load(faulty), faulty)
    assert (report.passed, report.faults) == (3, ())


def test_pictures_of_the_way(run: Run, faulty: Path, tmp_path: Path) -> None:
    """``--draw`` draws the case's flow with its way lit: into a folder by the law's name, or as the file named."""
    asked = ("verify", faulty, "--law", POSTAGE, "--lang", "en", "--processes", "1", "--draw")
    ran = run(*asked, tmp_path / "way.dot")
    assert ran.out.endswith(f"{tmp_path / 'way.dot'}\n")
    lit = (tmp_path / "way.dot").read_text(encoding="utf-8")
    plain = tmp_path / "plain.dot"
    assert run("draw", "wrong_item", "--policy", faulty, "--lang", "en", "-o", plain).code == 0
    assert "Refund goods and postage" in lit
    assert lit != plain.read_text(encoding="utf-8")
    run(*asked, tmp_path / "pictures")
    assert (tmp_path / "pictures" / f"{POSTAGE}.svg").read_bytes().lstrip().startswith(b"<?xml")


def test_pictures_of_a_pair_stand_beside_each_other(run: Run, shop: Path, tmp_path: Path) -> None:
    """Where several cases are drawn as one file, each has its name behind the file's."""
    laws = shop / "laws.yaml"
    laws.write_text(laws.read_text(encoding="utf-8") + PAIR, encoding="utf-8")
    asked = ("verify", shop, "--law", "dearer_gets_more", "--processes", "1", "--lang", "en")
    ran = run(*asked, "--draw", tmp_path / "way.dot")
    assert ran.code == 1
    assert "  path of dearer_gets_more_a: Wrong item > " in ran.out
    assert sorted(path.name for path in tmp_path.glob("*.dot")) == [
        "way-dearer_gets_more_a.dot",
        "way-dearer_gets_more_b.dot",
    ]


def test_no_such_picture(run: Run, tmp_path: Path) -> None:
    """A picture format that is not drawn is refused before anything is proved."""
    ran = run("verify", SHOP, "--draw", tmp_path / "way.gif", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert "it ends with one of .svg, .png, .pdf, .dot, .mmd" in ran.err


def test_structure_is_refuted_with_its_place(run: Run, shop: Path) -> None:
    """What ``check`` would refuse is a refuted law of the structure, with the line and carets under it."""
    changed(shop, "    within: 48h\n    late: reshipped\n", "")
    ran = run("verify", shop, "--lang", "en", "--processes", "1")
    assert ran.code == 1
    assert "refuted: every_rest_ends\n" in ran.out
    assert "  wrong_item.yaml:15:3: a case can rest in state choose, for wants, and it has no deadline\n" in ran.out
    assert "\n        choose:\n        ^^^^^^\n" in ran.out


def test_unreadable_policy(run: Run, shop: Path) -> None:
    """A folder that cannot be read is refuted with every fault, and nothing else is known of it."""
    changed(shop, "outcome: reship", "outcome: reshipped")
    ran = run("verify", shop, "--json")
    told = json.loads(ran.out)
    assert (ran.code, ran.err) == (1, "")
    assert verdicts(ran.out) == {"policy_can_be_read": "refuted", "every_other_law": "unknown"}
    assert [fault["code"] for fault in told["verdicts"][0]["faults"]] == ["unknown_outcome"]
    page = run("verify", shop, "--lang", "en")
    assert page.code == 1
    assert "outcome: reshipped\n                   ^^^^^^^^^\n" in page.out
    assert "why: the policy cannot be read, so nothing can be asked of it\n" in page.out


def test_no_such_folder(run: Run, tmp_path: Path) -> None:
    """A folder that is not there is refuted like one that cannot be read."""
    ran = run("verify", tmp_path / "nowhere", "--lang", "en")
    assert ran.code == 1
    assert "there is no folder nowhere\n" in ran.out


def test_without_solver(run: Run, faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a solver the checks are shown, every law of the policy is unknown, and the line to install it is told."""
    for module in ("solver", "prove", "built_in"):
        monkeypatch.delitem(sys.modules, f"aftersales.verify.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "z3", None)
    ran = run("verify", faulty, "--lang", "en")
    assert ran.code == 1
    assert "proved" in ran.out
    assert f"unknown: {POSTAGE}\n" in ran.out
    assert ran.err == (
        "proofs need the solver z3, which is not installed\n  hint: run: pip install 'aftersales[verify]'\n"
    )


def test_mutants(run: Run, shop: Path) -> None:
    """``--mutants N`` puts N faults into the policy and shows the score; the same ones every time."""
    ran = run("verify", shop, "--mutants", "20", "--processes", "1", "--json")
    told = json.loads(ran.out)
    assert told["tried"] == 20
    assert told["found"] > 40
    assert ran.code == (0 if told["score"] >= ENOUGH else 1)
    page = run("verify", shop, "--mutants", "20", "--processes", "1", "--lang", "en")
    assert page.out.startswith("mutation test: ")


def test_mutants_stand_alone(run: Run) -> None:
    """What belongs to a proof does not go together with the mutation test."""
    ran = run("verify", SHOP, "--mutants", "1", "--law", POSTAGE, "--lang", "en")
    assert (ran.code, ran.out, ran.err) == (2, "", "--mutants does not go together with --law\n")


def test_another_seed_makes_another_choice(run: Run, shop: Path) -> None:
    """``--seed`` chooses others, the same ones every time; the report names the seed."""
    told = [
        json.loads(run("verify", shop, "--mutants", "9", "--seed", seed, "--processes", "1", "--json").out)
        for seed in ("1", "2", "2")
    ]
    assert [one["seed"] for one in told] == [1, 2, 2]
    assert told[1]["operators"] == told[2]["operators"] != told[0]["operators"]


def test_time_for_the_mutants(run: Run, shop: Path) -> None:
    """``--within`` ends the test early with what was tried by then."""
    told = json.loads(run("verify", shop, "--mutants", "--within", "0.001", "--processes", "1", "--json").out)
    assert told["tried"] == 1 < told["found"]


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("100", 1), ("12.5%", 0)])
def test_the_least_that_must_be_noticed(run: Run, shop: Path, least: str, code: int) -> None:
    """``--least`` is the percentage below which the exit code is 1."""
    ran = run("verify", shop, "--mutants", "30", "--least", least, "--processes", "1", "--json")
    assert 0.125 < json.loads(ran.out)["score"] < 1
    assert ran.code == code


@pytest.mark.parametrize(("option", "value"), [("--seed", "2"), ("--within", "5"), ("--least", "90")])
def test_only_with_mutants(run: Run, option: str, value: str) -> None:
    """What belongs to the mutation test is a fault of the command line without it."""
    ran = run("verify", SHOP, option, value, "--lang", "en")
    assert (ran.code, ran.out, ran.err) == (2, "", f"{option} goes with --mutants\n")


def test_too_few_noticed(run: Run, shop: Path) -> None:
    """A policy without cases and laws of its own notices next to nothing: exit 1."""
    shutil.rmtree(shop / "cases")
    (shop / "laws.yaml").unlink()
    ran = run("verify", shop, "--mutants", "20", "--processes", "1", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["score"] < 0.1


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--timeout", "0"),
        ("--timeout", "soon"),
        ("--timeout", "nan"),
        ("--processes", "-1"),
        ("--mutants", "none"),
        ("--seed", "0"),
        ("--within", "-1"),
        ("--least", "101"),
        ("--least", "most"),
    ],
)
def test_no_number(run: Run, option: str, value: str) -> None:
    """A time or a number that is none is a fault of the command line."""
    ran = run("verify", SHOP, option, value)
    assert ran.code == 2
    assert value in ran.err


def test_every_law_of_every_policy_is_described() -> None:
    """The language reference says of every law of every policy what refutes it, and names no other."""
    text = (SHOP.parents[1] / "flows" / "README.md").read_text(encoding="utf-8")
    table = text.partition("| law of every policy | is refuted by |\n|---|---|\n")[2].partition("\n\n")[0]
    assert [line.split("`")[1] for line in table.splitlines()] == [law.name for law in BUILT_IN]
