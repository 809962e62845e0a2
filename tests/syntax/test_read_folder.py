"""Policy folders: which files belong, what is missing, and that a stranger's folder reaches nothing outside."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from aftersales.errors import render
from aftersales.syntax import files
from aftersales.syntax.files import MOST_FILES
from aftersales.syntax.read import read_folder, read_nodes, read_source
from aftersales.text import Lang

FILES = {
    "policy.yaml": """\
id: demo
version: "1"
title: {zh: 演示, en: Demo}
timezone: Asia/Shanghai
currency: CNY
root: reception
roles: {agent: {zh: 客服, en: agent}}
parties: {buyer: {zh: 买家, en: buyer}}
outcomes: {kept: {zh: 保留, en: kept}}
""",
    "facts.yaml": "facts: {rounds: {type: count, from: policy, title: {zh: 轮, en: rounds}, max: 2}}\n",
    "params.yaml": "params: {days: {type: count, title: {zh: 天, en: days}, value: 7, source: S1}}\n",
    "actions.yaml": "actions: {soothe: {by: agent, title: {zh: 安抚, en: soothe}}}\n",
    "sources.yaml": "sources: {S1: {title: {zh: 文件, en: file}, layer: document}}\n",
    "reception.yaml": "flow: reception\ntitle: {zh: 接待, en: Reception}\nstart: a\nstates: {a: {title: {zh: 甲, en: A}, outcome: kept}}\n",
    "platforms/tmall.yaml": "platform: tmall\nparams: {days: {value: 8, source: S1}}\n",
    "shops/mine.yaml": "shop: mine\nparams: {days: {value: 9, source: S1}}\n",
    "cases/reception.yaml": "- not read here\n",
    "README.md": "# Demo\n",
    ".hidden": "x",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a good policy folder."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def shown(folder: Path) -> list[str]:
    """Return the faults of a folder, each without its excerpt."""
    syntax, faults = read_folder(folder)
    assert syntax is None
    return [render(fault, Lang.EN).split("\n", 1)[0] for fault in faults]


def test_a_folder_is_read_whole(folder: Path) -> None:
    """Vocabulary, flows and overlays; worked cases, the README and hidden files are left alone."""
    syntax, faults = read_folder(folder)
    assert faults == ()
    assert syntax is not None
    assert [str(flow.name) for flow in syntax.flows] == ["reception"]
    assert [(overlay.kind, str(overlay.name)) for overlay in syntax.overlays] == [
        ("platform", "tmall"),
        ("shop", "mine"),
    ]
    assert [str(param.name) for param in syntax.params] == ["days"]
    assert syntax.folder == str(folder)


def test_the_digest_follows_what_decides(folder: Path) -> None:
    """Another byte or another name is another policy; cases and the README are not."""

    def digest() -> str:
        syntax, _ = read_folder(folder)
        assert syntax is not None
        return syntax.digest

    first = digest()
    (folder / "README.md").write_text("other")
    (folder / "cases" / "more.yaml").write_text("[]")
    assert digest() == first
    (folder / "sources.yaml").write_text(FILES["sources.yaml"] + "# a note\n")
    assert digest() != first


def test_params_may_be_left_out(folder: Path) -> None:
    """A policy without figures needs no params file; the other four files are needed."""
    (folder / "params.yaml").unlink()
    syntax, faults = read_folder(folder)
    assert faults == ()
    assert syntax is not None
    assert syntax.params == ()


@pytest.mark.parametrize("name", ["policy.yaml", "facts.yaml", "actions.yaml", "sources.yaml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """Without one of these there is no policy."""
    (folder / name).unlink()
    assert shown(folder) == [f"the file {name} is missing"]


def test_faults_of_all_files_come_at_once(folder: Path) -> None:
    """One run tells everything, file by file."""
    (folder / "facts.yaml").write_text("facts: 1")
    (folder / "reception.yaml").write_text("flow: reception")
    (folder / "sources.yaml").write_bytes(b"\xff")
    assert shown(folder) == [
        "facts.yaml:1:8: this should be facts, not a single value",
        "sources.yaml:1:1: the file is not UTF-8",
        "reception.yaml:1:1: a flow file lacks its key title",
        "reception.yaml:1:1: a flow file lacks its key start",
        "reception.yaml:1:1: a flow file lacks its key states",
    ]


def test_a_flow_has_the_name_of_its_file(folder: Path) -> None:
    """So that a flow is found by its name, and none is there twice."""
    (folder / "reception.yaml").rename(folder / "desk.yaml")
    (folder / "shops" / "mine.yaml").rename(folder / "shops" / "yours.yaml")
    assert shown(folder) == [
        "desk.yaml:1:7: the file is called desk, this says reception",
        "shops/yours.yaml:1:7: the file is called yours, this says mine",
    ]


@pytest.mark.parametrize("name", ["notes.txt", "wrong_item.yml", "shops/logo.png"])
def test_a_file_that_does_not_belong_is_named(folder: Path, name: str) -> None:
    """A misspelt ending would otherwise drop a whole flow."""
    (folder / name).write_text("x")
    assert shown(folder) == [f"{name} does not belong in a policy folder"]


def test_a_folder_that_does_not_belong_is_named(folder: Path) -> None:
    """Only platforms, shops and cases are known."""
    (folder / "platform.yaml").mkdir()
    assert shown(folder) == ["platform.yaml does not belong in a policy folder"]


def test_a_link_leads_nowhere_outside(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link to a file outside is not read, whatever it is called."""
    outside = tmp_path_factory.mktemp("outside") / "secret.yaml"
    outside.write_text("flow: secret")
    (folder / "secret.yaml").symlink_to(outside)
    (folder / "platforms" / "secret.yaml").symlink_to(outside)
    (folder / "gone.yaml").symlink_to(folder / "nothing")
    assert shown(folder) == [
        "gone.yaml does not belong in a policy folder",
        "platforms/secret.yaml cannot be read",
        "secret.yaml cannot be read",
    ]


def test_a_linked_folder_leads_nowhere_outside(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The overlay folders may not be links to elsewhere either."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "yours.yaml").write_text(FILES["shops/mine.yaml"].replace("mine", "yours"))
    (folder / "shops" / "mine.yaml").unlink()
    (folder / "shops").rmdir()
    (folder / "shops").symlink_to(outside)
    assert shown(folder) == ["shops/yours.yaml cannot be read"]


def test_too_many_files_are_not_read(folder: Path) -> None:
    """A folder is a policy, not a disk."""
    for number in range(MOST_FILES):
        (folder / f"flow{number}.yaml").touch()
    assert shown(folder) == [f"more than {MOST_FILES} files in the folder"]


def test_too_much_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many files below the limit may not add up to what fills the memory."""
    monkeypatch.setattr(files, "LARGEST_FOLDER", 500)
    assert shown(folder) == ["the files are larger than 500 bytes"]


def test_a_folder_that_is_not_there() -> None:
    """The message names it without the way to it."""
    assert shown(Path("/nowhere/policy")) == ["there is no folder policy"]


def test_a_single_file_is_read_for_its_nodes(tmp_path: Path) -> None:
    """Worked cases and cases are read with their places, whatever they hold."""
    (tmp_path / "case.yaml").write_text("claim: {issue: wrong_item}")
    node, faults = read_nodes(tmp_path / "case.yaml", "case.yaml")
    assert node is not None
    assert faults == ()
    node, faults = read_nodes(tmp_path / "gone.yaml", "gone.yaml")
    assert node is None
    assert [fault.message.en for fault in faults] == ["gone.yaml cannot be read"]


def test_a_file_is_read_no_further_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge file costs no more than the limit."""
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    (tmp_path / "big.yaml").write_bytes(b"x" * 1_000)
    source, _ = read_source(tmp_path / "big.yaml", "big.yaml")
    assert source is not None
    assert len(source.text) == 11


def test_what_was_read_is_copied_and_pickled_whole(folder: Path) -> None:
    """Leaves make their spans when asked: a copy made before anybody asked has the same ones."""
    read, faults = read_folder(folder)
    assert not faults
    assert pickle.loads(pickle.dumps(read)) == copy.deepcopy(read) == read  # noqa: S301 (just written)
