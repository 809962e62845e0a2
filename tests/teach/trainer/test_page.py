"""The trainer as a file: whole in itself, the same each time, small enough to send, and refused where it could err."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales import LoadedPolicy, PolicyError, teach
from aftersales.cli import main
from aftersales.policy.model import Param
from aftersales.teach.handbook.atlas import chart
from aftersales.teach.javascript import engine_text
from aftersales.teach.trainer import trainer_page
from aftersales.text import Lang

#: Mebibytes that a page may have: it is sent by chat and kept on phones.
LARGEST = 6


def test_page_needs_nothing_but_itself(shipped_page: Path) -> None:
    """No address stands where a browser would fetch one, and the page forbids itself to fetch anything."""
    page = shipped_page.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|action|url\(|@import|import\(|fetch\()\s*=?\s*["']?(?:https?:)?//""", page)
    assert "default-src 'none'" in page
    assert "XMLHttpRequest" not in page
    assert "WebSocket" not in page


def test_page_is_not_too_large(shipped_page: Path) -> None:
    """The shipped policy's page, all pictures in both languages included, stays below six mebibytes."""
    assert shipped_page.stat().st_size < LARGEST * 2**20


def test_same_policy_gives_the_same_page(desk: LoadedPolicy) -> None:
    """Two pages of one policy are one text; the language it opens in is all that ``lang`` changes."""
    page = trainer_page(desk.model)
    assert trainer_page(desk.model, Lang.ZH) == page
    assert trainer_page(desk.model, Lang.EN).replace('"lang":"en"', '"lang":"zh"') == page


def test_command_writes_the_page(tmp_path: Path) -> None:
    """``aftersales trainer -o FILE --policy FOLDER`` writes the page of that policy."""
    folder = Path(__file__).parents[2] / "run" / "desk"
    assert main(["trainer", "-o", str(tmp_path / "desk.html"), "--policy", str(folder)]) == 0
    assert (tmp_path / "desk.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_page_that_cannot_be_written_is_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is named, with exit code 2."""
    folder = Path(__file__).parents[2] / "run" / "desk"
    assert main(["trainer", "-o", str(tmp_path / "none" / "x.html"), "--policy", str(folder)]) == 2
    assert "x.html" in capsys.readouterr().err


def test_words_of_a_policy_cannot_end_the_script(desk: LoadedPolicy) -> None:
    """A title that looks like markup stays a title."""
    title = replace(desk.model.title, zh="</script><script>alert(1)</script>")
    page = trainer_page(replace(desk.model, title=title))
    assert page.count("</script>") == 1
    assert "<script>alert" not in page


def test_amount_that_no_browser_counts_is_refused(desk: LoadedPolicy) -> None:
    """A policy with a figure beyond 2^53 stops with a named error instead of a page that rounds it."""
    model = desk.model
    name, param = next((name, param) for name, param in model.params.items() if isinstance(param.values[0].value, int))
    too_large: Param = replace(param, values=(replace(param.values[0], value=2**53),))
    with pytest.raises(PolicyError) as fault:
        engine_text(replace(model, params={**model.params, name: too_large}))
    assert fault.value.diagnostics[0].code == "cannot_compile"


def test_steps_and_ends_are_those_of_the_handbook(shipped: LoadedPolicy, shipped_page: Path) -> None:
    """A flow has as many steps and ends as in its chapter of the handbook: a sub-flow is one step."""
    found = re.search(r'"sizes":(\{(?:"\w+":\{[^}]*\},?)+\})', shipped_page.read_text(encoding="utf-8"))
    assert found is not None
    maps = chart(shipped.model, 1).flows
    assert json.loads(found[1]) == {
        name: {"steps": len(maps[name].steps), "ends": len(maps[name].ends)} for name in shipped.model.flows
    }


def test_no_phrase_of_the_page_is_left_over() -> None:
    """Every phrase that the page can say is said somewhere in it, in both languages."""
    folder = Path(teach.__file__).parent / "page"
    phrases = re.findall(
        r'^  (\w+): \["([^"]+)", "([^"]+)"\],$', (folder / "words.js").read_text("utf-8"), re.MULTILINE
    )
    said = "\n".join(path.read_text("utf-8") for path in sorted(folder.iterdir()))
    assert len(phrases) > 80
    assert [name for name, *_ in phrases if len(re.findall(rf"\b{name}\b", said)) < 2] == []
