"""The files of a policy folder: which belong to it, their bytes, and one digest over all of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.digests import sha256
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


@dataclass(frozen=True, slots=True)
class _Found:
    """Something that lies in the folder; ``linked``: it may lie elsewhere."""

    name: str
    path: str
    linked: bool


def files_of(folder: str | os.PathLike[str], faults: list[Diagnostic]) -> dict[str, PolicyFile] | None:
    """Return the policy's files by name, sorted, worked cases and the README left out; ``None``: not even looked at."""
    if not os.path.isdir(folder):
        _tell_what_the_system_refuses(folder)
        name = os.path.basename(os.path.normpath(folder))
        faults.append(Diagnostic("no_folder", Text(f"没有这个文件夹：{name}", f"there is no folder {name}")))
        return None
    found = _found(os.fspath(folder), faults)
    if found is None:
        return None
    files: dict[str, PolicyFile] = {}
    size = 0
    for each in found:
        data = None if each.linked and not _is_inside(each.path, folder) else bytes_of(each.path)
        if data is None:
            faults.append(unreadable(each.name))
            continue
        files[each.name] = PolicyFile(each.name, data)
        size += len(data)
        if size > LARGEST_FOLDER:
            message = Text(
                f"文件合计超过 {LARGEST_FOLDER:,} 字节", f"the files are larger than {LARGEST_FOLDER:,} bytes"
            )
            faults.append(Diagnostic("folder_too_large", message))
            return None
    return files


def _tell_what_the_system_refuses(folder: str | os.PathLike[str]) -> None:
    """Raise OSError where it is not that there is no such folder: its name is too long, or it may not be looked at."""
    with suppress(FileNotFoundError, NotADirectoryError, ValueError):
        try:
            os.stat(folder)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise


def _is_inside(path: str, folder: str | os.PathLike[str]) -> bool:
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def _found(folder: str, faults: list[Diagnostic]) -> list[_Found] | None:
    """Return the policy's files, sorted by their names relative to the folder; ``None``: too many."""
    found = []
    for each in _entries(folder, "", linked=False):
        if each.name in OVERLAYS and os.path.isdir(each.path):
            found += list(_entries(each.path, f"{each.name}/", linked=each.linked))
        elif each.name != _README and not (each.name == _CASES and os.path.isdir(each.path)):
            found.append(each)
    if len(found) > MOST_FILES:
        message = Text(f"文件夹里超过 {MOST_FILES} 个文件", f"more than {MOST_FILES} files in the folder")
        faults.append(Diagnostic("too_many_files", message))
        return None
    return sorted((each for each in found if _belongs(each, faults)), key=lambda each: each.name)


def _entries(folder: str, before: str, *, linked: bool) -> Iterator[_Found]:
    """Yield what lies in a folder, hidden files aside; no more than shows that they are too many.

    A folder that may not be read is empty: its files are then missing.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        visible = (entry for entry in entries if not entry.name.startswith("."))
        for entry in islice(visible, MOST_FILES + 10):
            yield _Found(f"{before}{entry.name}", entry.path, linked or entry.is_symlink())


def _belongs(found: _Found, faults: list[Diagnostic]) -> bool:
    """Say whether a file is one that a policy folder holds, and note it where not."""
    if os.path.splitext(found.name)[1] == ".yaml" and os.path.isfile(found.path):
        return True
    message = Text(f"{clip(found.name)} 不属于策略文件夹", f"{clip(found.name)} does not belong in a policy folder")
    hint = Text(
        "这里只有 *.yaml、README.md 和文件夹 platforms、shops、cases",
        "it holds *.yaml, README.md and the folders platforms, shops and cases",
    )
    faults.append(Diagnostic("unknown_file", message, None, hint))
    return False


def bytes_of(path: str | os.PathLike[str]) -> bytes | None:
    """Return the bytes of a file, at most one beyond the limit; ``None`` where it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > LARGEST_FILE:
                return file.read(LARGEST_FILE + 1)
            return file.readall()
    except OSError:
        return None


def unreadable(name: str) -> Diagnostic:
    """Return the fault of a file that cannot be read."""
    return Diagnostic("unreadable", Text(f"读不了 {clip(name)}", f"{clip(name)} cannot be read"))


def digest_of(files: Mapping[str, PolicyFile]) -> str:
    """Return a SHA-256 over names and contents, each with its length in front so that no two folders run together.

    How a checkout ends its lines makes no difference.
    """
    digest = sha256()
    for file in files.values():
        for part in (file.name.encode(), file.data.replace(b"\r\n", b"\n")):
            digest.update(len(part).to_bytes(8, "big") + part)
    found: str = digest.hexdigest()
    return found


def sound_files(folder: str | os.PathLike[str]) -> dict[str, PolicyFile] | None:
    """Return the files of a policy folder as it is now; ``None`` where they cannot all be read or do not belong."""
    faults: list[Diagnostic] = []
    files = files_of(folder, faults)
    return None if faults else files
