"""Reads policy folders: files in, what the author wrote out, all faults of all files at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from aftersales.errors import Diagnostic, PolicyError
from aftersales.source import Source, Span
from aftersales.syntax.conduct import ConductFileSyntax
from aftersales.syntax.conduct_shapes import CONDUCT_FILE
from aftersales.syntax.files import PolicyFile, bytes_of, digest_of, files_of, unreadable
from aftersales.syntax.flow import FlowSyntax
from aftersales.syntax.flow_shapes import FLOW_FILE
from aftersales.syntax.law_shapes import LAWS_FILE
from aftersales.syntax.laws import LawSyntax
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
from aftersales.text import Text
from aftersales.yaml_nodes import Node, compose
from aftersales.yaml_text import decode

if TYPE_CHECKING:  # slow to import
    from pathlib import Path

T = TypeVar("T")

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


def read_folder(
    folder: str | Path, sound: Callable[[str], bool] = lambda _: False
) -> tuple[PolicyFolderSyntax | None, tuple[Diagnostic, ...]]:
    """Read a whole policy folder (not its worked cases); ``None`` where there are faults.

    ``sound`` says of a digest whether files are known to have no fault: then their laws are left for later.

    At most ``files.MOST_FILES`` files a folder and ``files.LARGEST_FOLDER`` bytes; links to elsewhere and files of other kinds are
    faults. The digest covers names and contents of every file read.
    """
    faults: list[Diagnostic] = []
    files = files_of(folder, faults)
    syntax = None if files is None else _Reader(files, faults).folder(folder, sound)
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
    data = bytes_of(path)
    if data is None:
        return None, (unreadable(name),)
    source = decode(name, data)
    return (source, ()) if isinstance(source, Source) else (None, (source,))


def read_nodes(path: Path, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read a file into nodes that know their place, whatever it holds (worked cases, a case)."""
    source, faults = read_source(path, name)
    return (None, faults) if source is None else compose(source)


class _Reader:
    """Reads the files of one folder, noting all faults."""

    def __init__(self, files: dict[str, PolicyFile], faults: list[Diagnostic]) -> None:
        self.files = files
        self.faults = faults

    def folder(self, folder: str | Path, sound: Callable[[str], bool]) -> PolicyFolderSyntax | None:
        """Return everything that the folder says; ``None`` only together with faults."""
        digest = digest_of(self.files)
        policy = self.one("policy.yaml", POLICY_FILE)
        facts = self.one("facts.yaml", FACTS_FILE)
        params = self.one("params.yaml", PARAMS_FILE) if "params.yaml" in self.files else ()
        actions = self.one("actions.yaml", ACTIONS_FILE)
        sources = self.one("sources.yaml", SOURCES_FILE)
        conduct = self.one("conduct.yaml", CONDUCT_FILE) if "conduct.yaml" in self.files else ConductFileSyntax()
        laws = self.laws(later=sound(digest)) if "laws.yaml" in self.files else ()
        flows, overlays = tuple(self.flows()), tuple(self.overlays())
        if policy is None or facts is None or params is None or actions is None or sources is None:
            return None
        if conduct is None or laws is None:
            return None
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

    def laws(self, *, later: bool) -> tuple[LawSyntax, ...] | Callable[[], tuple[LawSyntax, ...]] | None:
        """Return the laws, or what reads them ``later``."""
        return partial(_laws_of, self.files["laws.yaml"]) if later else self.one("laws.yaml", LAWS_FILE)

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
        stem = name.rpartition("/")[2].removesuffix(".yaml")
        if written != stem:
            message = Text(f"文件名是 {stem}，这里写的是 {written}", f"the file is called {stem}, this says {written}")
            self.faults.append(Diagnostic("name_of_file", message, span))
        return written == stem


def _laws_of(file: PolicyFile) -> tuple[LawSyntax, ...]:
    """Read laws that are known to be sound. Raises PolicyError where they are not."""
    reader = _Reader({file.name: file}, [])
    laws = reader.one(file.name, LAWS_FILE)
    if laws is None:
        raise PolicyError(*reader.faults)
    return laws
