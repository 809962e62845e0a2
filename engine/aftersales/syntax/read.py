"""Reads policy folders: files in, what the author wrote out, all faults of all files at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal, TypeVar

from aftersales.errors import Diagnostic
from aftersales.source import Source, Span
from aftersales.syntax.conduct import ConductFileSyntax
from aftersales.syntax.conduct_shapes import CONDUCT_FILE
from aftersales.syntax.flow import FlowSyntax
from aftersales.syntax.flow_shapes import FLOW_FILE
from aftersales.syntax.law_shapes import LAWS_FILE
from aftersales.syntax.shapes import Bad, Reading, Shape
from aftersales.syntax.tree import PolicyFolderSyntax
from aftersales.syntax.vocabulary import OverlaySyntax
from aftersales.syntax.vocabulary_shapes import (
    ACTIONS_FILE,
    FACTS_FILE,
    PARAMS_FILE,
    PLATFORM_FILE,
    POLICY_FILE,
    SHOP_FILE,
    SOURCES_FILE,
)
from aftersales.text import Text, clip
from aftersales.yaml_nodes import LARGEST_FILE, Node, compose, decode

T = TypeVar("T")

MOST_FILES: Final = 500
LARGEST_FOLDER: Final = 10_000_000
VOCABULARY: Final = (
    "policy.yaml",
    "facts.yaml",
    "params.yaml",
    "actions.yaml",
    "sources.yaml",
    "conduct.yaml",
    "laws.yaml",
)
_OVERLAY_FOLDERS: Final[dict[str, tuple[Literal["platform", "shop"], Shape[OverlaySyntax]]]] = {
    "platforms": ("platform", PLATFORM_FILE),
    "shops": ("shop", SHOP_FILE),
}
_CASES: Final = "cases"
_README: Final = "README.md"


def read_folder(folder: Path) -> tuple[PolicyFolderSyntax | None, tuple[Diagnostic, ...]]:
    """Read a whole policy folder (not its worked cases); ``None`` where there are faults.

    At most ``MOST_FILES`` files a folder and ``LARGEST_FOLDER`` bytes; links to elsewhere and files of other kinds are
    faults. The digest covers names and contents of every file read.
    """
    faults: list[Diagnostic] = []
    files = _files(folder, faults)
    syntax = None if files is None else _Reader(files, faults).folder(folder)
    return (None if faults else syntax), tuple(faults)


def read_file(source: Source, shape: Shape[T]) -> tuple[T | None, tuple[Diagnostic, ...]]:
    """Read one file by its shape; ``None`` where there are faults. They come in the order of their places."""
    node, found = compose(source)
    if node is None:
        return None, found
    faults = list(found)
    made = shape.read(node, Reading(faults))
    return (None if faults or isinstance(made, Bad) else made), tuple(sorted(faults, key=_position))


def _position(fault: Diagnostic) -> tuple[int, int]:
    """Return where a fault stands in its file."""
    return (fault.span.line, fault.span.column) if fault.span else (0, 0)


def read_source(path: Path, name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """Read a file's text, at most ``LARGEST_FILE`` bytes of it; ``name`` is how faults call it."""
    data = _bytes(path)
    if data is None:
        return None, (_unreadable(name),)
    source = decode(name, data)
    return (source, ()) if isinstance(source, Source) else (None, (source,))


def read_nodes(path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read a file into nodes that know their place, whatever it holds (worked cases, a case)."""
    source, faults = read_source(path, name)
    return (None, faults) if source is None else compose(source)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the folder: its name as faults show it, relative to the folder."""

    name: str
    data: bytes


class _Reader:
    """Reads the files of one folder, noting all faults."""

    def __init__(self, files: dict[str, _File], faults: list[Diagnostic]) -> None:
        self.files = files
        self.faults = faults

    def folder(self, folder: Path) -> PolicyFolderSyntax | None:
        """Return everything that the folder says; ``None`` only together with faults."""
        policy = self.one("policy.yaml", POLICY_FILE)
        facts = self.one("facts.yaml", FACTS_FILE)
        params = self.one("params.yaml", PARAMS_FILE) if "params.yaml" in self.files else ()
        actions = self.one("actions.yaml", ACTIONS_FILE)
        sources = self.one("sources.yaml", SOURCES_FILE)
        conduct = self.one("conduct.yaml", CONDUCT_FILE) if "conduct.yaml" in self.files else ConductFileSyntax()
        laws = self.one("laws.yaml", LAWS_FILE) if "laws.yaml" in self.files else ()
        flows, overlays = tuple(self.flows()), tuple(self.overlays())
        if policy is None or facts is None or params is None or actions is None or sources is None:
            return None
        if conduct is None or laws is None:
            return None
        digest = _digest(self.files)
        return PolicyFolderSyntax(
            str(folder),
            policy,
            facts,
            params,
            actions.actions,
            sources,
            flows,
            overlays,
            digest,
            conduct,
            actions.lists,
            laws,
        )

    def one(self, name: str, shape: Shape[T]) -> T | None:
        """Return what one file says."""
        file = self.files.get(name)
        if file is None:
            message = Text(f"缺少文件 {name}", f"the file {name} is missing")
            self.faults.append(Diagnostic("file_missing", message))
            return None
        source = decode(file.name, file.data)
        if not isinstance(source, Source):
            self.faults.append(source)
            return None
        made, found = read_file(source, shape)
        self.faults += found
        return made

    def flows(self) -> Iterator[FlowSyntax]:
        """Yield the flows; each has the name of its file."""
        for name in self.files:
            if "/" in name or name in VOCABULARY:
                continue
            flow = self.one(name, FLOW_FILE)
            if flow and self.same_name(flow.name.text, name, flow.name.span):
                yield flow

    def overlays(self) -> Iterator[OverlaySyntax]:
        """Yield the overlays of platforms and shops; each has the name of its file."""
        for name in self.files:
            place = _OVERLAY_FOLDERS.get(name.split("/")[0])
            overlay = self.one(name, place[1]) if place else None
            if overlay and self.same_name(overlay.name.text, name, overlay.name.span):
                yield overlay

    def same_name(self, written: str, name: str, span: Span) -> bool:
        """Note a name that is not its file's."""
        stem = Path(name).stem
        if written != stem:
            message = Text(f"文件名是 {stem}，这里写的是 {written}", f"the file is called {stem}, this says {written}")
            self.faults.append(Diagnostic("name_of_file", message, span))
        return written == stem


def _files(folder: Path, faults: list[Diagnostic]) -> dict[str, _File] | None:
    """Return the policy's files by name, sorted, worked cases and the README left out; ``None``: not even looked at."""
    if not folder.is_dir():
        message = Text(f"没有这个文件夹：{folder.name}", f"there is no folder {folder.name}")
        faults.append(Diagnostic("no_folder", message))
        return None
    paths = _paths(folder, faults)
    if paths is None:
        return None
    files: dict[str, _File] = {}
    size = 0
    for name, path in paths:
        data = _bytes(path) if path.resolve().is_relative_to(folder.resolve()) else None
        if data is None:
            faults.append(_unreadable(name))
            continue
        files[name] = _File(name, data)
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
        if path.is_dir() and name in _OVERLAY_FOLDERS:
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


def _bytes(path: Path) -> bytes | None:
    """Return the bytes of a file, at most one beyond the limit; ``None`` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError:
        return None


def _unreadable(name: str) -> Diagnostic:
    """Return the fault of a file that cannot be read."""
    return Diagnostic("unreadable", Text(f"读不了 {clip(name)}", f"{clip(name)} cannot be read"))


def _digest(files: dict[str, _File]) -> str:
    """Return a SHA-256 over names and contents, each with its length in front so that no two folders run together.

    How a checkout ends its lines makes no difference.
    """
    digest = hashlib.sha256()
    for file in files.values():
        for part in (file.name.encode(), file.data.replace(b"\r\n", b"\n")):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
