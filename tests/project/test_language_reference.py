"""The language reference (flows/README.md) is complete and true: keys, examples, codes, limits, what is covered."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import aftersales
from aftersales import source, yaml_nodes
from aftersales.case import discounts, events, lines, order, parts
from aftersales.case import faults as case_faults
from aftersales.expr import scan
from aftersales.expr.check import read_expr
from aftersales.expr.kinds import USAGE
from aftersales.expr.scope import Scope
from aftersales.expr.types import FLAG
from aftersales.instants import EARLIEST, LATEST, LONGEST, show_duration
from aftersales.money import LARGEST, LARGEST_RATE, show_money, show_rate
from aftersales.policy import faults as policy_faults
from aftersales.policy.facts import MOST_COUNTED
from aftersales.policy.flows import MOST_STATES
from aftersales.policy.model import Policy
from aftersales.policy.possible import MOST_TRIED
from aftersales.policy.values import MOST
from aftersales.policy.vocabulary import LINE_ATTRIBUTES
from aftersales.policy.world import MOST_WORLDS
from aftersales.run import outlook
from aftersales.run.walk import MOST_STEPS
from aftersales.source import Source
from aftersales.study import nearest
from aftersales.study.case_file import MOST_CASES, WrittenCase, read_case_file
from aftersales.study.decide import decide_written
from aftersales.study.worked import run_worked
from aftersales.syntax import files, leaves
from aftersales.syntax.read import read_file
from aftersales.syntax.schema import FILE_KINDS, keys
from reference import REFERENCE, ROOT, WORD, headed, section, tables

ENGINE = ROOT / "engine" / "aftersales"

_NAME_OF = {"flow": "flow", "platform": "platform", "shop": "shop"}


@dataclass(frozen=True, slots=True)
class Example:
    """One fenced block: its kind of file, the name behind the kind, its text and its line in the reference."""

    kind: str
    name: str
    text: str
    line: int

    @property
    def path(self) -> str:
        """Return where the example stands in a policy folder."""
        if self.kind in _NAME_OF:
            found = re.search(rf"^{_NAME_OF[self.kind]}: (\w+)$", self.text, re.MULTILINE)
            assert found, self.line
            return {"flow": "", "platform": "platforms/", "shop": "shops/"}[self.kind] + f"{found[1]}.yaml"
        return f"cases/{self.name}.yaml" if self.kind == "cases" else f"{self.kind}.yaml"


def examples() -> tuple[Example, ...]:
    """Return every YAML block of the reference."""
    found = re.finditer(r"^```yaml(?: (\w+))?(?: (\w+))?\n(.*?)^```$", REFERENCE, re.MULTILINE | re.DOTALL)
    return tuple(
        Example(match[1] or "", match[2] or "", match[3], REFERENCE[: match.start()].count("\n") + 1) for match in found
    )


EXAMPLES = examples()


def documented_keys() -> dict[str, list[str]]:
    """Return the keys of every record that has a table."""
    found: dict[str, list[str]] = {}
    for head, rows in headed("key of "):
        for record in WORD.findall(head):
            found.setdefault(record, []).extend(key for row in rows for key in WORD.findall(row[0]))
    return found


def keys_by_record() -> dict[str, list[str]]:
    """Return the keys of every record of the language."""
    found: dict[str, list[str]] = {}
    for key in keys():
        found.setdefault(key.record, []).append(key.key)
    return found


@pytest.mark.parametrize("record", sorted({*keys_by_record(), *documented_keys()}))
def test_every_key_stands_in_the_table_of_its_record(record: str) -> None:
    """Each record of the language has a table with exactly its keys, each once."""
    assert sorted(documented_keys().get(record, [])) == sorted(keys_by_record().get(record, []))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.path}:{example.line}")
def test_every_example_is_read(example: Example) -> None:
    """Every YAML block says what it is, and the readers of its kind find no fault in it."""
    shape = FILE_KINDS[example.kind]
    assert read_file(Source(example.path, example.text), shape)[1] == ()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write all examples out as one policy folder; further blocks of facts continue the first."""
    made = tmp_path_factory.mktemp("reference")
    for example in EXAMPLES:
        path = made / example.path
        path.parent.mkdir(exist_ok=True)
        if example.kind == "case":
            continue
        first = not path.exists()
        assert first or example.kind == "facts", example.line
        text = example.text if first else example.text.removeprefix("facts:\n")
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    return made


@pytest.fixture(scope="module")
def policy(folder: Path) -> aftersales.LoadedPolicy:
    """Load the examples."""
    return aftersales.load(folder)


def test_the_examples_are_one_sound_policy(policy: aftersales.LoadedPolicy, folder: Path) -> None:
    """All examples together load without a fault, every worked case is decided as it says, every law asks of one."""
    report = run_worked(policy, folder)
    assert [str(fault) for fault in report.faults] == []
    assert report.unmet == ()
    assert report.passed > 0


def shown_case(folder: Path) -> WrittenCase:
    """Return the case that the reference decides."""
    (example,) = (example for example in EXAMPLES if example.kind == "case")
    path = folder.parent / "case.yaml"
    path.write_text(example.text, encoding="utf-8")
    (case,) = read_case_file(path, "case.yaml")
    return case


def test_the_decision_shown_is_the_one_made(policy: aftersales.LoadedPolicy, folder: Path) -> None:
    """The JSON of the reference is what its case gives, but for the digest."""
    (shown,) = re.findall(r"^```json decision\n(.*?)^```$", REFERENCE, re.MULTILINE | re.DOTALL)
    decided = json.loads(json.dumps(policy.to_dict(decide_written(policy, shown_case(folder)))))
    decided["policy"]["digest"] = "…"
    assert json.loads(shown) == decided


def test_every_part_of_a_decision_is_described(policy: aftersales.LoadedPolicy, folder: Path) -> None:
    """The tables of the decision have exactly its parts, and those of its lists and records."""
    decided = policy.to_dict(decide_written(policy, shown_case(folder)))
    described = {
        WORD.findall(head)[0]: sorted(word for row in rows for word in WORD.findall(row[0]))
        for head, rows in headed("part of ")
    }
    records = {name: _first_record(decided[name]) for name in described if name != "decision"}
    assert described == {name: sorted(record) for name, record in {"decision": decided, **records}.items()}


def _first_record(part: object) -> Mapping[str, object]:
    """Return the record that a part of the decision holds: itself, the first of a list, the first leg."""
    inside = part[0] if isinstance(part, list) else part
    assert isinstance(inside, dict)
    legs = [value for value in inside.values() if isinstance(value, dict)]
    return legs[0] if legs and set(inside) <= {"outbound", "return", "reship"} else inside


CODE_CALLS = {"Diagnostic", "add", "fault", "stop"}


def codes_in(*places: str) -> set[str]:
    """Return every code of a fault that the files of ``places`` can give."""
    files = [path for place in places for path in sorted(ENGINE.glob(place))]
    assert files
    calls = [
        node
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    return {code for call in calls for code in _codes_of(call)}


def _codes_of(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    if name in CODE_CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value
    if name in {"known", "_known"} and len(call.args) > 2:
        yield "unknown_" + _english(call.args[2]).replace(" ", "_")


def _english(what: ast.expr) -> str:
    """Return the English of a ``Text`` that is written out, or of one that the faults of policies name."""
    if isinstance(what, ast.Name):
        return str(getattr(policy_faults, what.id).en)
    assert isinstance(what, ast.Call)
    assert isinstance(what.args[1], ast.Constant)
    return str(what.args[1].value)


POLICY_CODES = codes_in("policy/**/*.py", "syntax/*.py", "expr/*.py", "yaml_*.py")
#: The codes whose first part is the kind of value that was not written as it should be.
FORMAT_CODES = {"rate_format", "duration_format", "time_of_day_format"}
CASE_CODES = codes_in("case/*.py", "run/*.py", "study/*.py") | FORMAT_CODES


@pytest.mark.parametrize(
    ("codes", "titles"),
    [
        pytest.param(POLICY_CODES, ("Checks", "Expressions"), id="policy"),
        pytest.param(CASE_CODES, ("The decision", "Cases"), id="case"),
    ],
)
def test_every_code_is_mentioned(codes: set[str], titles: tuple[str, ...]) -> None:
    """Every code that a check, a reader or a case can give stands in the sections that list codes."""
    mentioned = {word for title in titles for word in WORD.findall(section(title))}
    assert sorted(codes - mentioned) == []


def test_only_real_codes_are_listed() -> None:
    """Every code in a column of codes is one that the engine gives."""
    listed = {
        word
        for head, rows in tables()
        for column, name in enumerate(head)
        if name in {"code", "codes"}
        for row in rows
        for word in WORD.findall(row[column])
    }
    assert sorted(listed - POLICY_CODES - CASE_CODES) == []


def test_every_function_is_described() -> None:
    """The table of functions has exactly the functions of the expression language, each as it is written."""
    ((_, rows),) = headed("function")
    assert {row[0].strip("`"): USAGE.get(row[0].strip("`")) for row in rows} == dict(USAGE)
    assert [row[1] for row in rows if f"`{USAGE[row[0].strip('`')]}`" not in row[1]] == []


def refused() -> Iterator[tuple[str, str]]:
    """Yield each refused expression of the reference with its code; rows that only describe one are left out."""
    ((_, rows),) = headed("refused")
    yield from ((written, row[1].strip("`")) for row in rows for written in WORD.findall(row[0]))


@pytest.mark.parametrize(("written", "code"), tuple(refused()))
def test_what_is_refused_is_refused(policy: aftersales.LoadedPolicy, written: str, code: str) -> None:
    """Every expression that the reference calls refused is refused with its code, in a guard or in a derived flag."""
    found = [
        read_expr(written, scope_of(policy.model, derives=derives), FLAG, lambda _start, _end: None)[1]
        for derives in (False, True)
    ]
    assert code in {fault.code for faults in found for fault in faults}


def scope_of(model: Policy, *, derives: bool) -> Scope:
    """Return what an expression of the example policy may name."""
    attributes = {**LINE_ATTRIBUTES, **{name: fact.type for name, fact in model.line_facts.items()}}
    return Scope(
        facts={name: fact.type for name, fact in model.facts.items()},
        params={name: param.type for name, param in model.params.items()},
        lines=attributes if derives else {},
        parties=tuple(model.parties),
        derives=derives,
    )


def test_the_limits_are_those_of_the_engine() -> None:
    """The table of limits says what the engine's own constants say."""
    ((_, rows),) = ((head, rows) for head, rows in tables(section("Limits")))
    assert lines.MOST_LINES == discounts.MOST_DISCOUNTS == order.MOST_PAYMENTS == order.MOST_REFUNDS
    assert dict(rows) == {
        "bytes of a file": f"{source.LARGEST_FILE:,}",
        "values in a file": f"{yaml_nodes.MOST_NODES:,}",
        "levels of a file": f"{yaml_nodes.DEEPEST}",
        "files in a folder": f"{files.MOST_FILES}",
        "bytes of a folder": f"{files.LARGEST_FOLDER:,}",
        "faults shown of a file": f"{yaml_nodes.MOST_FAULTS}",
        "characters of a name": f"{leaves._LONGEST_NAME}",
        "characters of a title or sentence": f"{leaves._LONGEST_TEXT:,}",
        "characters of an expression": f"{scan.LONGEST:,}",
        "levels of an expression": f"{scan.DEEPEST}",
        "states of a policy, copies of sub-flows counted": f"{MOST_STATES:,}",
        "combinations tried for a state": f"{MOST_WORLDS:,}",
        "combinations tried for a policy": f"{MOST_TRIED:,}",
        "a count that a policy writes": f"{MOST:,}",
        "the bound of a counter": f"{MOST_COUNTED:,}",
        "an amount, in yuan": f"{int(show_money(LARGEST)[:-3]):,}.00",
        "a rate": show_rate(LARGEST_RATE),
        "a duration": show_duration(LONGEST),
        "years": f"{EARLIEST.year} to {LATEST.year}",
        "lines, discounts, payments, refunds of an order, each": f"{lines.MOST_LINES:,}",
        "events of a case": f"{events.MOST_EVENTS:,}",
        "parts of a claim": f"{parts.MOST_PARTS}",
        "cases in a file": f"{MOST_CASES:,}",
        "faults shown of a case": f"{case_faults.MOST_FAULTS}",
        "steps of a case between two events": f"{MOST_STEPS:,}",
        "entries of an outlook": f"{outlook.MOST_WAYS}",
        "positions searched for an outlook": f"{outlook.MOST_POSITIONS:,}",
        "places searched for a smallest change, unless `--limit` says otherwise": f"{nearest.MOST_TRIED:,}",
    }


def test_links_inside_lead_somewhere() -> None:
    """Every link to a section of the reference leads to a heading."""
    headings = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", REFERENCE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", REFERENCE)) <= headings
