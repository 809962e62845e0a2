"""Reading the worked cases of a policy's folder, in a process of its own while this one draws.

They are a hundred times as many as a handbook shows; reading them takes longer than anything else that is made.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from aftersales.errors import CaseError
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.yaml_nodes import Scalar

#: Returns the cases to choose from, waiting until they are read.
Reading = Callable[[], Sequence[WrittenCase]]

#: Of so many cases per flow the handbook chooses.
_MOST_TRIED = 8


def start_reading(policy_folder: Path) -> Reading:
    """Begin to read the cases of a policy's folder, enough to choose from for every flow, in the order of the files.

    Where no further process can be started, or it fails, they are read once they are asked for.
    """
    folder = policy_folder.absolute() / "cases"
    command = [sys.executable, "-P", "-m", __name__, str(folder)]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    except OSError:
        return lambda: tried_cases(folder)
    return lambda: _finished(process, folder)


def tried_cases(folder: Path) -> list[WrittenCase]:
    """Read a folder of cases and return a few for each flow, one for each state that they expect; money goes first.

    Which flow a case is about is guessed by what it expects. A file that cannot be read is left out.
    """
    tried: dict[str, dict[str, WrittenCase]] = {}
    written = [case for path in sorted(folder.glob("*.yaml")) for case in _read(path)]
    for case in sorted(written, key=lambda case: not _expects(case, "refund")):
        states = tried.setdefault(_expects(case, "flow"), {})
        if len(states) < _MOST_TRIED:
            states.setdefault(_expects(case, "state") or case.name or "", case)
    return [case for states in tried.values() for case in states.values()]


def _finished(process: subprocess.Popen[bytes], folder: Path) -> list[WrittenCase]:
    written, _ = process.communicate()
    if process.returncode:
        return tried_cases(folder)
    cases: list[WrittenCase] = pickle.loads(written)  # noqa: S301 - our own process wrote it
    return cases


def _read(path: Path) -> tuple[WrittenCase, ...]:
    try:
        return read_case_file(path, path.name)
    except CaseError:
        return ()


def _expects(case: WrittenCase, key: str) -> str:
    """Return what a case expects under a key, as text; a record's is any text but an empty one."""
    node = case.expect.get(key) if case.expect is not None else None
    if node is None:
        return ""
    return node.text if isinstance(node, Scalar) else key


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(tried_cases(Path(sys.argv[1])), pickle.HIGHEST_PROTOCOL))
