"""The files of a policy folder: which belong to it, their bytes, and one digest over all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.errors import Diagnostic
from aftersales.source import LARGEST_FILE
from aftersales.text import Text, clip

MOST_FILES: Final = 500
LARGEST_FOLDER: Final = 10_000_000
OVERLAYS: Final = ("platforms", "shops")
_CASES: Final = "cases"
_README: Final = "README.md"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """One file of the folder: its name as faults show it, relative to the folder."""

    name: str
    data: bytes


def files_of(folder: Path, faults: list[Diagnostic]) -> dict[str, PolicyFile] | None:
    """Return the policy's files by name, sorted, worked cases and the README left out; ``None``: not even looked at."""
    if not folder.is_dir():
        message = Text(f"没有这个文件夹：{folder.name}", f"there is no folder {folder.name}")
        faults.append(Diagnostic("no_folder", message))
        return None
    paths = _paths(folder, faults)
    if paths is None:
        return None
    files: dict[str, PolicyFile] = {}
    size = 0
    for name, path in paths:
        data = bytes_of(path) if path.resolve().is_relative_to(folder.resolve()) else None
        if data is None:
            faults.append(unreadable(name))
            continue
        files[name] = PolicyFile(name, data)
        size += len(data)
        if size > LARGEST_FOLDER:
            message = Text(
                f"文件合计超过 {LARGEST_FOLDER:,} 字节", f"the files are larger than {LARGEST_FOLDER:,} bytes"
            )
            faults.append(Diagnostic("folder_too_large", message))
            return None
    return files


def _paths(folder: Path, faults: list[Diagnostic]) -> list[tuple[str, Path]] | None:
    """Return the names (relative to the folder) and paths of the policy's files, sorted; ``None``: too many."""
    found = []
    for name, path in _entries(folder, ""):
        if path.is_dir() and name in OVERLAYS:
            found += list(_entries(path, f"{name}/"))
        elif not (path.is_dir() and name == _CASES) and name != _README:
            found.append((name, path))
    if len(found) > MOST_FILES:
        message = Text(f"文件夹里超过 {MOST_FILES} 个文件", f"more than {MOST_FILES} files in the folder")
        faults.append(Diagnostic("too_many_files", message))
        return None
    return sorted(each for each in found if _belongs(*each, faults))


def _entries(folder: Path, before: str) -> Iterator[tuple[str, Path]]:
    """Yield names and paths of what lies in a folder, hidden files aside; no more than shows that they are too many.

    A folder that may not be read is empty: its files are then missing.
    """
    with suppress(OSError):
        visible = (path for path in folder.iterdir() if not path.name.startswith("."))
        yield from ((f"{before}{path.name}", path) for path in islice(visible, MOST_FILES + 10))


def _belongs(name: str, path: Path, faults: list[Diagnostic]) -> bool:
    """Say whether a file is one that a policy folder holds, and note it where not."""
    if path.is_file() and path.suffix == ".yaml":
        return True
    message = Text(f"{clip(name)} 不属于策略文件夹", f"{clip(name)} does not belong in a policy folder")
    hint = Text(
        "这里只有 *.yaml、README.md 和文件夹 platforms、shops、cases",
        "it holds *.yaml, README.md and the folders platforms, shops and cases",
    )
    faults.append(Diagnostic("unknown_file", message, None, hint))
    return False


def bytes_of(path: Path) -> bytes | None:
    """Return the bytes of a file, at most one beyond the limit; ``None`` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError:
        return None


def unreadable(name: str) -> Diagnostic:
    """Return the fault of a file that cannot be read."""
    return Diagnostic("unreadable", Text(f"读不了 {clip(name)}", f"{clip(name)} cannot be read"))


def digest_of(files: Mapping[str, PolicyFile]) -> str:
    """Return a SHA-256 over names and contents, each with its length in front so that no two folders run together.

    How a checkout ends its lines makes no difference.
    """
    digest = hashlib.sha256()
    for file in files.values():
        for part in (file.name.encode(), file.data.replace(b"\r\n", b"\n")):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def folder_digest(folder: Path) -> str | None:
    """Return the digest of a policy folder as it is now; ``None`` where its files cannot all be read or do not belong."""
    faults: list[Diagnostic] = []
    files = files_of(folder, faults)
    return None if files is None or faults else digest_of(files)
