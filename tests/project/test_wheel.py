"""The wheel, as a user gets it: built, installed away from this repository, and deciding a case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
CASE = {"claim": {"issue": "wrong_item", "opened_at": "2026-11-06T11:00+08:00"}}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without this repository on its path and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the pinned backend of the environment: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    run(sys.executable, "-c", build, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment that sees this one's dependencies, and return its Python."""
    place = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(place, with_pip=False)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip())
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    dependencies = place / "dependencies"
    dependencies.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "aftersales" not in entry.name and entry.suffix != ".pth":
            (dependencies / entry.name).symlink_to(entry)
    (site / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    return python


def test_wheel_carries_the_policy(wheel: Path) -> None:
    """The wheel holds the package, the shipped policy with its worked cases, the type marker, and no test."""
    names = ZipFile(wheel).namelist()
    flows = {str(path.relative_to(ROOT)) for path in (ROOT / "flows").rglob("*.yaml")}
    assert flows
    assert {f"aftersales/{name}" for name in flows} <= set(names)
    assert "aftersales/py.typed" in names
    assert [name for name in names if not name.startswith(("aftersales/", "aftersales-"))] == []


def test_same_commit_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """Building twice gives the same bytes."""
    run(sys.executable, "-c", f"from hatchling.build import build_wheel; build_wheel({str(tmp_path)!r})", cwd=ROOT)
    assert next(tmp_path.glob("*.whl")).read_bytes() == wheel.read_bytes()


def test_wheel_decides(installed: Path, tmp_path: Path) -> None:
    """Installed from the wheel, away from the repository, the shipped policy decides a case."""
    program = f"import aftersales, json; print(aftersales.load().decide(json.loads({json.dumps(CASE)!r})).flow)"
    assert run(installed, "-c", program, cwd=tmp_path).strip() == "wrong_item"


def test_wheel_knows_its_policy(installed: Path, tmp_path: Path) -> None:
    """The policy of the wheel is the one that was checked: a start does not check it again."""
    program = (
        "import aftersales, sys; aftersales.load(cache=False); print('aftersales.policy.checks.whole' in sys.modules)"
    )
    assert run(installed, "-c", program, cwd=tmp_path).strip() == "False"


def test_wheel_is_what_was_imported(installed: Path, tmp_path: Path) -> None:
    """The installed package is the one of the wheel, and its policy lies inside it."""
    program = (
        "import aftersales; from pathlib import Path; print((Path(aftersales.__file__).parent / 'flows').is_dir())"
    )
    assert run(installed, "-c", program, cwd=tmp_path).strip() == "True"


def test_wheel_brings_the_pytest_plugin(installed: Path, tmp_path: Path) -> None:
    """Installed, the plugin is there without being named, and once where it is named too."""
    small = ROOT / "tests" / "study" / "small"
    call = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--aftersales-policy", small)
    assert "passed" in run(installed, *call, cwd=tmp_path)
    named = run(installed, *call, "-p", "aftersales.pytest_plugin", "--collect-only", cwd=tmp_path)
    assert "policy.yaml::coverage" in named
