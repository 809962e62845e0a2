"""The shipped files were checked when the package was made: a start takes that for granted, of these very files alone."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import aftersales
from aftersales.cli import main
from aftersales.errors import Diagnostic, PolicyError
from aftersales.policy import checked, from_syntax, load
from aftersales.policy.checks import whole
from aftersales.policy.faults import Faults
from aftersales.policy.laws import Law
from aftersales.policy.load import load_folder
from aftersales.policy.model import Policy
from aftersales.policy.packed import Packed, pack
from aftersales.policy.read_laws import read_laws
from aftersales.run.loaded import shipped_folder
from aftersales.syntax.tree import LawSyntax


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let no check be made; the list names the policies that would have been checked."""
    asked: list[str] = []

    def check(policy: Policy) -> tuple[Diagnostic, ...]:
        asked.append(policy.id)
        return ()

    monkeypatch.setattr(whole, "check", check)
    return asked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped files."""
    return Path(shutil.copytree(shipped_folder(), tmp_path / "flows", ignore=shutil.ignore_patterns("cases")))


def change(folder: Path, name: str, before: str, after: str) -> None:
    """Put other words in the place of the only ones of their kind in a file."""
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(before) == 1
    (folder / name).write_text(text.replace(before, after), encoding="utf-8")


def test_what_is_written_down_is_so() -> None:
    """The files in flows/ pass every check of this engine, and are the ones written down."""
    digest = load_folder(shipped_folder()).digest
    assert checked.was_checked(digest), "flows/ has changed since it was checked: run ./dev check"


def test_the_shipped_files_are_not_checked_again(unchecked: list[str]) -> None:
    """A start without a cache reads and compiles them, and gives the very policy that a check gives."""
    loaded = aftersales.load(cache=False).model
    assert unchecked == []
    again = load_folder(os.fspath(shipped_folder()))
    assert unchecked == [loaded.id]
    assert pack(Packed(loaded, {})) == pack(Packed(again, {}))


def test_laws_are_read_when_somebody_looks_at_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """No decision needs them; looked at from many threads, they are read once."""
    read: list[str] = []

    def counted(written: Iterable[LawSyntax], policy: Policy, faults: Faults) -> Mapping[str, Law]:
        read.append(policy.id)
        return read_laws(written, policy, faults)

    monkeypatch.setattr(from_syntax, "read_laws", counted)
    policy = aftersales.load(cache=False)
    policy.decide({"facts": {"issue": "wrong_item"}})
    assert read == []
    with ThreadPoolExecutor(8) as pool:
        sizes = set(pool.map(lambda _: len(policy.model.laws), range(64)))
    again = load_folder(shipped_folder()).laws
    assert sizes == {len(again)}
    assert policy.model.laws == again
    assert list(policy.model.laws) == list(again)
    assert (repr(policy.model.laws), copy.deepcopy(policy.model.laws)) == (repr(again), again)
    assert len(read) == 2


def test_laws_that_turn_out_to_be_at_fault_stop_who_looks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should files be taken for sound that are not, nobody is given half of their laws."""
    change(
        folder, "laws.yaml", "  fault_never_leaves_return_postage:", "  fault_never_leaves_return_postage: {}\n  other:"
    )
    monkeypatch.setattr(load, "was_checked", lambda _: True)
    laws = aftersales.load(folder, cache=False).model.laws
    for _ in range(2):
        with pytest.raises(PolicyError):
            len(laws)


def test_a_copy_with_other_line_ends_is_the_same(folder: Path, unchecked: list[str]) -> None:
    """Where files lie, and how a checkout ends its lines, makes no difference."""
    for file in folder.rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    aftersales.load(folder, cache=False)
    assert unchecked == []


@pytest.mark.parametrize("name", ["policy.yaml", "wrong_item.yaml", "laws.yaml", "shops/example.yaml"])
def test_one_more_comment_and_all_is_checked(folder: Path, unchecked: list[str], name: str) -> None:
    """Files that differ in a byte are others, whatever that byte says."""
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    aftersales.load(folder, cache=False)
    assert len(unchecked) == 1


def test_a_file_more_or_less_and_all_is_checked(folder: Path, unchecked: list[str]) -> None:
    """So are files that are there beside them, or missing."""
    shop, other = folder / "shops" / "example.yaml", folder / "shops" / "other.yaml"
    other.write_text(shop.read_text(encoding="utf-8").replace("shop: example", "shop: other"), encoding="utf-8")
    aftersales.load(folder, cache=False)
    other.unlink()
    shop.unlink()
    aftersales.load(folder, cache=False)
    assert len(unchecked) == 2


def test_a_fault_that_only_the_whole_policy_shows_is_found(folder: Path) -> None:
    """A state that nobody comes to stops a load of the shipped files as it does any other."""
    change(folder, "wrong_item.yaml", " to: explain_with_record", " to: supervisor_checks")
    with pytest.raises(PolicyError) as raised:
        aftersales.load(folder, cache=False)
    assert "unreachable_state" in {fault.code for fault in raised.value.diagnostics}


@pytest.mark.parametrize("data", [None, b"", b"\xff\n", b"{digest}", b"{digest}\n\n", b"{digest} \n", b"{DIGEST}\n"])
def test_what_is_not_written_down_so_is_checked(
    data: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unchecked: list[str]
) -> None:
    """Without the file, or with anything else in it than a digest and the end of a line, nothing was checked before."""
    digest = aftersales.load(cache=False).model.digest.encode()
    place = tmp_path / "checked.sha256"
    if data is not None:
        place.write_bytes(data.replace(b"{digest}", digest).replace(b"{DIGEST}", digest.upper()))
    monkeypatch.setattr(checked, "CHECKED", os.fspath(place))
    unchecked.clear()
    aftersales.load(cache=False)
    assert len(unchecked) == 1


def test_who_asks_for_a_check_gets_one(unchecked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """``aftersales check`` takes nothing for granted: neither what is written down nor what an earlier start kept."""
    assert main(["check"]) == 0
    assert main(["check"]) == 0
    assert len(unchecked) == 2
    assert "cn_aftersales" in capsys.readouterr().out


def test_it_is_written_down_as_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written down of files is true of them and of no others."""
    monkeypatch.setattr(checked, "CHECKED", os.fspath(tmp_path / "checked.sha256"))
    checked.write_down("ab" * 32)
    assert checked.was_checked("ab" * 32)
    assert not checked.was_checked("ac" * 32)
