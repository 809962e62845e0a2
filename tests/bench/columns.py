"""Columns: the small policy over 1 and 10 million cases, beside NumPy, Polars and DuckDB written by hand.

Every size and number of threads is measured in a process of its own, because Polars takes its threads when it is
imported: ``python columns.py POLICY CASES THREADS ROUNDS`` prints what one process found as JSON.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from random_cases import SMALL
from report import Section, Target
from rounds import FEWEST, Measured, measure, seconds

#: What peers are compared with: the columns that they give, and no others.
_OURS: Final = "decide_frame, the same columns"
_WHOLE: Final = "decide_frame, the whole answer"
#: Cases on which every peer must agree with each other, and how many of them with the function.
_AGREE: Final = 200_000
_WITH_FUNCTION: Final = 2_000
#: The sizes and threads that are measured; with the most cases only the fastest of each kind.
_RUNS: Final = ((1_000_000, 1), (1_000_000, 2), (10_000_000, 1))
#: Memory that was given back stays with its process, that of NumPy, ours and what DuckDB hands out by glibc's words, that
#: of Polars by jemalloc's, in large pages as NumPy asks for them: what a round costs does not hang on whether the system
#: has to find gigabytes anew.
_KEEPING: Final = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 40),
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1",
    "POLARS_THP": "1",
}
#: The shipped policy is measured alone: rows and threads.
_SHIPPED: Final = (500_000, 2)


def run(rounds: int) -> Section:
    """Measure every size and number of threads. Raises CalledProcessError where two disagree."""
    rows: list[tuple[str, ...]] = []
    targets: list[Target] = []
    few = min(rounds, max(FEWEST, rounds // 2))  # a round takes seconds
    for cases, threads in _RUNS:
        found = _in_process("small", cases, threads, few)
        measured = {name: Measured(name, tuple(spent)) for name, spent in found["seconds"].items()}
        rows += _rows(cases, threads, measured)
        if cases == _RUNS[-1][0]:
            targets += _targets(measured, found["kinds"])
            extra = found["extra_bytes"] / 2**20
            targets.append(Target("memory beside input and output, 10 million cases", extra, 128, unit=" MB"))
    found = _in_process("shipped", *_SHIPPED, rounds)
    shipped = Measured(_WHOLE, tuple(found["seconds"][_WHOLE]))
    rows.append(_row("shipped policy", *_SHIPPED, shipped, ""))
    speed = 1e-6 / shipped.middle
    targets.append(Target("the shipped policy on 2 threads", speed, 3, at_least=True, unit=" million cases/s"))
    return Section(
        "Columns",
        "The small policy; every peer gives the number of the end and every line of money. Ours is asked for the same"
        " columns, as the targets read it, and in a row of its own for the whole answer: outcome, liability, bearers,"
        f" what is asked and errors as well. On {_AGREE:,} cases all agreed before they were timed, {_WITH_FUNCTION:,} of"
        " them with the function. CPU time on one thread, wall-clock time on two; medians over the rounds. Memory stays"
        " with the process between rounds, for everybody alike.",
        ("policy", "cases", "threads", "what", "a case", "cases/s", "to ours"),
        rows,
        targets,
    )


def _in_process(policy: str, cases: int, threads: int, rounds: int) -> dict[str, Any]:
    environment = {**os.environ, **_KEEPING, "POLARS_MAX_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    call = [sys.executable, __file__, policy, str(cases), str(threads), str(rounds)]
    done = subprocess.run(call, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _rows(cases: int, threads: int, measured: Mapping[str, Measured]) -> list[tuple[str, ...]]:
    ours = measured[_OURS]
    return [_row("small", cases, threads, found, f"{found.over(ours)}×") for found in measured.values()]


def _row(policy: str, cases: int, threads: int, found: Measured, ratio: str) -> tuple[str, ...]:
    speed = f"{1e-6 / found.middle:.1f} million"
    return policy, f"{cases:,}", str(threads), found.name, seconds(found.middle), speed, ratio


def _targets(measured: Mapping[str, Measured], kinds: Mapping[str, str]) -> list[Target]:
    wanted = (("numpy", "NumPy split by issue", 1), ("polars", "the best Polars", 2), ("duckdb", "the best DuckDB", 4))
    targets = []
    for kind, what, limit in wanted:
        best = min((measured[name] for name in kinds if kinds[name] == kind), key=lambda found: found.middle)
        ratio = best.over(measured[_OURS])
        targets.append(
            Target(f"faster than {what}, 10 million cases, one thread", ratio.middle, limit, True, spread=ratio)
        )
    return targets


def _measure(policy: str, cases: int, threads: int, rounds: int) -> dict[str, Any]:
    """Measure one policy and size in this process."""
    import aftersales  # noqa: PLC0415  # frame libraries belong to these processes alone

    if policy == "small":
        return _measure_small(aftersales.load(SMALL), cases, threads, rounds)
    return _measure_shipped(aftersales.load(), cases, rounds)


def _measure_small(policy: Any, cases: int, threads: int, rounds: int) -> dict[str, Any]:
    """Measure the small policy in turns with the peers, once everything agrees."""
    from peers.columns import column_peers  # noqa: PLC0415
    from peers.tree import LINES  # noqa: PLC0415
    from random_columns import draw_columns  # noqa: PLC0415

    peers = column_peers(threads)
    _check(policy, peers, draw_columns(_AGREE, seed=1))
    columns = draw_columns(cases, seed=2)
    frame = _frame(policy, columns)
    same = partial(policy.decide_frame, columns=("state", *LINES))
    extra = max(_extra_memory(same, frame), _extra_memory(policy.decide_frame, frame))
    chosen = peers if cases < _RUNS[-1][0] else [peer for peer in peers if "nested" not in peer.name]
    candidates: dict[str, Callable[[], int]] = {
        _OURS: _once(same, frame, cases),
        _WHOLE: _once(policy.decide_frame, frame, cases),
    }
    candidates |= {peer.name: _once(peer.decide, peer.load(columns), cases) for peer in chosen}
    measured = measure(candidates, rounds, time.process_time if threads == 1 else time.perf_counter, 0.0)
    return {
        "seconds": {name: found.seconds for name, found in measured.items()},
        "kinds": {peer.name: peer.kind for peer in chosen},
        "extra_bytes": extra,
    }


def _measure_shipped(policy: Any, cases: int, rounds: int) -> dict[str, Any]:
    """Measure the shipped policy, once some rows agree with the function. Raises ValueError where one does not."""
    from shipped_frame import shipped_frame  # noqa: PLC0415

    sample = shipped_frame(policy, _WITH_FUNCTION, 1)
    for case, row in zip(sample.to_dicts(), policy.decide_frame(sample).to_dicts(), strict=True):
        answer = policy.function({name: value for name, value in case.items() if value is not None})
        if (row["state"], row["need"], row["error"]) != (answer.state or None, answer.need, answer.error):
            message = f"decide_frame disagrees on {case}: {row}, not {answer}"
            raise ValueError(message)
    candidate = _once(policy.decide_frame, shipped_frame(policy, cases, 2), cases)
    measured = measure({_WHOLE: candidate}, rounds, time.perf_counter, 0.0)
    return {"seconds": {_WHOLE: measured[_WHOLE].seconds}}


def _once(do: Callable[[Any], object], given: Any, cases: int) -> Callable[[], int]:
    def decide() -> int:
        do(given)
        return cases

    return decide


def _frame(policy: Any, columns: Mapping[str, Any]) -> Any:
    """Return columns as a frame: words as the policy's own, money in fen."""
    import numpy as np  # noqa: PLC0415
    import polars as pl  # noqa: PLC0415

    from random_columns import WORDS  # noqa: PLC0415

    made = []
    for name, values in columns.items():
        words = policy.model.facts[name].type.values
        places = np.array([words.index(word) if word in words else 0 for word in WORDS], dtype=np.uint8)
        made.append(pl.Series(name, places[values]).cat.to(pl.Enum(words)) if words else pl.Series(name, values))
    return pl.DataFrame(made)


def _check(policy: Any, peers: Sequence[Any], columns: Mapping[str, Any]) -> None:
    """Raise ValueError where an end or an amount differs between peers, ``decide_frame`` and the function."""
    import numpy as np  # noqa: PLC0415

    from peers.columns import ENDS  # noqa: PLC0415
    from peers.tree import LINES  # noqa: PLC0415

    frame = _frame(policy, columns)
    whole = policy.decide_frame(frame)
    ours = policy.decide_frame(frame, columns=("state", *LINES))
    if not ours.equals(whole.select(ours.columns)):
        message = "decide_frame disagrees with itself"
        raise ValueError(message)
    state = ours["state"].cast(str).replace_strict(ENDS, default=-1).to_numpy()
    right = {"state": state, **{name: ours[name].fill_null(-1).to_numpy() for name in LINES}}
    for peer in peers:
        found = peer.found(peer.decide(peer.load(columns)))
        for name, values in right.items():
            if not np.array_equal(np.asarray(found[name], dtype=np.int64), values):
                message = f"{peer.name} disagrees on {name}"
                raise ValueError(message)
    for case, row in zip(frame.head(_WITH_FUNCTION).to_dicts(), ours.to_dicts(), strict=False):
        answer = policy.function({name: value for name, value in case.items() if value is not None})
        if row["state"] != answer.state or any((answer.fen.get(name) or 0) != row[name] for name in LINES):
            message = f"decide_frame disagrees on {case}: {row}, not {answer}"
            raise ValueError(message)


def _extra_memory(decide: Callable[[Any], Any], frame: Any) -> int:
    """Return the bytes that a call takes at its peak beyond what it is given and returns.

    Columns of the answer may share their memory: what the answer takes is what stays, once all else was given back.
    """
    decide(frame.head(1_000))
    _give_back()
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    given = decide(frame)
    peak = _resident("VmHWM")
    _give_back()
    stays = min(_resident("VmRSS") - before, int(given.estimated_size()))
    return max(0, peak - before - stays)


def _give_back() -> None:
    """Give the system all memory that nothing lies in."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _resident(what: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{what}:"))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    print(json.dumps(_measure(sys.argv[1], *(int(word) for word in sys.argv[2:]))))  # noqa: T201
