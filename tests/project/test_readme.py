"""What the README files show is what happens: commands, outputs, code and links."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import aftersales
from aftersales.study.worked import run_worked

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str, kind: str) -> list[str]:
    """Return the fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def sessions(name: str) -> list[tuple[str, str]]:
    """Return each command of the console blocks with the output shown below it."""
    found = []
    for block in blocks(name, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command, shown))
    return found


def timeless(text: str) -> list[str]:
    """Return the lines of an output with every time that something took left open."""
    return [re.sub(r"\b\d+\.\d\d (s|秒)", r"#.## \1", line.rstrip()) for line in text.strip().splitlines()]


def printed(command: str, code: int = 0) -> str:
    """Run ``aftersales …`` as a reader would, on a terminal 100 columns wide without colours; it ends with ``code``."""
    program, *arguments = shlex.split(command)
    assert program == "aftersales"
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    call = (sys.executable, "-c", "import sys; from aftersales.cli import main; sys.exit(main())", *arguments)
    done = subprocess.run(
        call, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.mark.parametrize(("name", "number"), [(name, i) for name in READMES for i in range(len(sessions(name)))])
def test_commands_print_what_is_shown(name: str, number: int) -> None:
    """Every command of a console block, run from the repository, prints exactly what stands below it."""
    command, shown = sessions(name)[number]
    assert timeless(printed(command)) == timeless(shown)


@pytest.mark.parametrize("name", READMES)
def test_the_law_is_refuted_as_shown(name: str, tmp_path: Path) -> None:
    """The law shown is the example shop's, and the change that the README describes refutes it with the case shown."""
    shop = Path(shutil.copytree(ROOT / "examples" / "small_shop", tmp_path / "shop"))
    assert (shop / "laws.yaml").read_text(encoding="utf-8").startswith(blocks(name, "yaml")[1])
    flow = shop / "wrong_item.yaml"
    text = flow.read_text(encoding="utf-8")
    assert "postage: {return: {advanced: buyer, borne: seller}}" in text
    flow.write_text(text.replace("{return: {advanced: buyer, borne: seller}}", "{return: buyer}"), encoding="utf-8")
    (command,) = [command for command, _ in sessions(name) if command.startswith("aftersales verify")]
    out = printed(command.replace("examples/small_shop", shlex.quote(str(shop))), code=1)
    (shown,) = blocks(name, "text")
    assert out.endswith(f"\n{shown}")


def test_the_example_passes_its_cases() -> None:
    """The example shop's worked cases hold and walk every branch."""
    shop = ROOT / "examples" / "small_shop"
    report = run_worked(aftersales.load(shop), shop)
    assert (report.faults, report.gaps) == ((), 0)


def test_both_languages_show_the_same() -> None:
    """Both READMEs show the same commands (but for ``--lang``), the same shell lines, YAML and sections."""
    english, chinese = READMES
    assert [command.replace(" --lang en", "") for command, _ in sessions(english)] == [
        command for command, _ in sessions(chinese)
    ]
    assert blocks(english, "yaml") == blocks(chinese, "yaml")
    shell = [[line.split("#")[0] for block in blocks(name, "sh") for line in block.splitlines()] for name in READMES]
    assert shell[0] == shell[1]
    depth = [re.findall(r"^(#+) ", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE) for name in READMES]
    assert depth[0] == depth[1]


@pytest.mark.parametrize("name", READMES)
def test_code_runs(name: str, tmp_path: Path) -> None:
    """The Python example runs as it stands, also away from the repository."""
    (code,) = blocks(name, "python")
    program = "import sys\n" + f"sys.path.insert(0, {str(ROOT / 'engine')!r})\n" + code
    call = (sys.executable, "-X", "utf8", "-W", "error", "-c", program)
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("wrong_item ")


@pytest.mark.parametrize("name", READMES)
def test_counts_are_true(name: str) -> None:
    """The README counts the flows of the shipped policy, and names a number of worked cases that it has."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.search(r"(\d+) (?:flows, more than|个流程、) ?([\d,]+)", text)
    assert found
    assert int(found[1]) == len(aftersales.load().model.flows)
    cases = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "flows" / "cases").glob("*.yaml"))
    assert len(re.findall(r"^- name: ", cases, re.MULTILINE)) >= int(found[2].replace(",", ""))


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "tests/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link leads to a file or folder of the repository."""
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []
