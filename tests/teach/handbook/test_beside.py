"""Work beside other work: what comes out of it, what it raises, and what is said where its process ends early."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator

import pytest

from aftersales.errors import Diagnostic, DrawingError
from aftersales.teach.handbook.beside import beside
from aftersales.text import Text


def _first_of_a_long_work() -> Iterator[str]:
    yield "first"
    os._exit(1)


@pytest.fixture(params=["processes", "threads"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in another process, and in a thread as where a system cannot fork."""
    if request.param == "threads":
        monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    elif "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system cannot fork")  # Windows: there everybody works in threads, as the other half tests


@pytest.mark.usefixtures("_either_way")
def test_what_comes_out_is_there_as_often_as_asked() -> None:
    """Each result waits for whoever asks, also for one that asks again; work inside work is as good."""

    def outer() -> Iterator[str]:
        yield "first"
        with beside(lambda: iter(["inner"])) as told:
            yield f"outer and {told(0)}"

    with beside(outer) as told:
        assert [told(1), told(0), told(1)] == ["outer and inner", "first", "outer and inner"]


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
def test_what_is_there_first_is_told_first() -> None:
    """Nobody waits for the end of the work to be told what came out before."""
    with beside(_first_of_a_long_work) as told:
        assert told(0) == "first"
        with pytest.raises(DrawingError):
            told(1)


@pytest.mark.usefixtures("_either_way")
def test_a_fault_is_raised_where_it_is_asked_for() -> None:
    """A fault of the work ends nothing until its result is wanted, and is the same fault then."""
    fault = Diagnostic("drawing_failed", Text("画不出", "it cannot be drawn"))

    def work() -> Iterator[str]:
        yield from ()
        raise DrawingError(fault)

    with beside(work) as told, pytest.raises(DrawingError) as raised:
        told(0)
    assert raised.value.diagnostics == (fault,)


@pytest.mark.usefixtures("_either_way")
def test_nobody_need_ask() -> None:
    """What comes out may be larger than what a process can say unheard."""
    with beside(lambda: iter(["x" * 1_000_000])):
        pass


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
def test_a_process_that_was_ended_is_a_fault() -> None:
    """Who waits for it is told, and does not wait for ever."""

    def work() -> Iterator[str]:
        os._exit(1)

    with beside(work) as told, pytest.raises(DrawingError) as raised:
        told(0)
    assert "进程" in raised.value.diagnostics[0].message.zh
