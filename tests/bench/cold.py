"""Cold start, and the memory that a loaded policy takes: in processes of their own."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aftersales.run.loaded import shipped_folder
from report import Section, Target
from rounds import Measured, measure, seconds

#: What says that no cache is kept.
_NO_CACHE: Final = "off"
_NOTHING: Final = "pass"
_IMPORT: Final = "import aftersales"
_CASE: Final = "{'facts': {'issue': 'wrong_item'}}"
#: The shipped policy, or that of a folder that is named.
_FIRST: Final = f"import aftersales, sys; aftersales.load(*sys.argv[1:]).decide({_CASE})"
_MEMORY: Final = """
import gc, sys
import aftersales
def resident():
    gc.collect()
    with open('/proc/self/statm') as pages:
        return int(pages.read().split()[1]) * 4096
before = resident()
policy = aftersales.load()
policy.decide({'facts': {'issue': 'wrong_item'}})
print(resident() - before, *sorted({name.partition('.')[0] for name in sys.modules}))
"""
_FIRST_PLAIN: Final = "a bare `python -c pass`"
_NAMES: Final = {
    "import": "`import aftersales`",
    "cached": "shipped policy and first decision, cached",
    "fresh": "the same without a cache",
    "changed": "the same with a comment more, without a cache: checked in full",
}
_HOW: Final = {"cached": "from the cache", "fresh": "without a cache"}
#: Libraries that a plain import must not pull in: a solver, frames, HTTP.
_HEAVY: Final = frozenset(
    ("z3", "polars", "pandas", "pyarrow", "numpy", "duckdb", "requests", "httpx", "aiohttp", "urllib3")
)


def run(rounds: int) -> Section:
    """Measure a bare interpreter, the import, and the first decision with and without a cache."""
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as changed:
        _start(_FIRST, cache)
        _change(changed)
        measured = measure(
            {
                _FIRST_PLAIN: lambda: _start(_NOTHING, cache),
                _NAMES["import"]: lambda: _start(_IMPORT, cache),
                _NAMES["cached"]: lambda: _start(_FIRST, cache),
                _NAMES["fresh"]: lambda: _start(_FIRST, _NO_CACHE),
                _NAMES["changed"]: lambda: _start(_FIRST, _NO_CACHE, changed),
            },
            rounds,
            _spent,
            0.0,
        )
        cached, loaded = _memory(cache)
        fresh, _ = _memory(_NO_CACHE)
    return _section(measured, {"cached": cached, "fresh": fresh}, _heavy(), loaded)


def _spent() -> float:
    """Return the CPU seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _start(program: str, cache: str, *arguments: str) -> int:
    subprocess.run([sys.executable, "-c", program, *arguments], env=_with(cache), check=True)
    return 1


def _change(folder: str) -> None:
    """Copy the shipped policy into a folder, with a comment more: the same to read, and nobody has checked it."""
    shutil.copytree(shipped_folder(), folder, ignore=shutil.ignore_patterns("cases"), dirs_exist_ok=True)
    with Path(folder, "policy.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")


def _with(cache: str) -> dict[str, str]:
    return {**os.environ, "AFTERSALES_CACHE": cache, "PYTHONDONTWRITEBYTECODE": ""}


def _memory(cache: str) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, "-c", _MEMORY], env=_with(cache), check=True, capture_output=True, text=True)
    size, *modules = done.stdout.split()
    return int(size), modules


def _heavy() -> list[str]:
    """Return the heavy libraries that a plain import pulls in."""
    program = f"import sys, aftersales; print(*({set(_HEAVY)!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout.split()


def _section(
    measured: Mapping[str, Measured], memory: Mapping[str, int], heavy: list[str], modules: list[str]
) -> Section:
    bare = measured[_FIRST_PLAIN]
    rows = [(name, seconds(found.middle), f"{found.over(bare)}×") for name, found in measured.items()]
    rows += [
        (f"memory of the shipped policy, {_HOW[key]}", f"{size / 2**20:.1f} MB", "") for key, size in memory.items()
    ]
    limits = {"import": 3, "cached": 8, "fresh": 30}
    targets = [
        Target(_NAMES[key], (ratio := measured[_NAMES[key]].over(bare)).middle, limit, spread=ratio)
        for key, limit in limits.items()
    ]
    targets += [
        Target(f"memory of the loaded shipped policy, {_HOW[key]}", size / 2**20, 30, unit=" MB")
        for key, size in memory.items()
    ]
    targets.append(Target("solver, frame or HTTP libraries that `import aftersales` pulls in", len(heavy), 0, unit=""))
    later = sorted(_HEAVY.intersection(modules))
    return Section(
        "Cold start and memory",
        "Every figure is CPU time of a process of its own, started anew in each round; the memory is what loading and"
        " the first decision add to the process. Python's own byte code is compiled before. Without a cache the shipped"
        " files are read and compiled; their digest says that they passed every check when the package was made, so that"
        " a start need not repeat them. Any other files are checked in full, as the row of the changed policy shows.",
        ("what", "CPU time", "to a bare interpreter"),
        rows,
        targets,
        (f"Pulled in by the first decision besides: {', '.join(later)}.",) if later else (),
    )
