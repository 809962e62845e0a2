"""``aftersales replay``: past cases under one policy or two: how many, how much money, by flow, payer and reason."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from aftersales import CaseShapeError, Diagnostic, LoadedPolicy, load
from aftersales.cli.misuse import cannot_write
from aftersales.cli.options import add_as_of, add_json, add_policy, lang_of, loaded, output, print_json
from aftersales.show.progress import progress_on
from aftersales.show.replay import CaseSheet, Report, replay_json, write_groups
from aftersales.show.replay_chart import chart_html
from aftersales.show.titles import Titles
from aftersales.study.replay import GROUPS, Replayed, Tally, replay
from aftersales.study.replay_cases import past_cases, past_files
from aftersales.text import Text

HELP = "past cases under one policy or two: how many, how much money 过去的案件照一份或两份规则重判"
_EVERY = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "cases", metavar="CASES", help="a file or folder of cases: YAML, JSON, or JSON lines 案件文件或文件夹"
    )
    parser.add_argument("--new", metavar="FOLDER", help="a second policy, after a change 改动后的规则文件夹")
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", help="write the tables as CSV and the chart as HTML 写成 CSV 和图表"
    )
    add_policy(parser)
    add_as_of(parser, "see every case at this instant, default: its own 查看时刻")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Replay past cases; 1 where none of them can be decided.

    Raises PolicyError of either folder, CaseShapeError where there is no file of cases.
    """
    old = loaded(options)
    new = load(options.new, platform=options.platform, shop=options.shop) if options.new is not None else None
    report = Report(Titles((new or old).model, lang_of(options)), two=new is not None)
    tally = Tally()
    for one in _replayed(old, new, options, report):
        tally.add(one)
    if options.output is not None:
        _write(report, tally, options, [policy for policy in (old, new) if policy is not None])
    if options.json:
        print_json(replay_json(tally, two=report.two))
    else:
        report.show(tally, output())
    return 0 if tally.whole.cases else 1


def _replayed(
    old: LoadedPolicy, new: LoadedPolicy | None, options: argparse.Namespace, report: Report
) -> Iterator[Replayed]:
    """Yield every case, written to the sheet of cases where one is asked for."""
    place = Path(options.cases)
    if not past_files(place):
        message = Text(f"这里没有案件文件：{place}", f"there is no case file here: {place}")
        raise CaseShapeError(Diagnostic("no_file", message))
    with _sheet(options.output, report) as sheet, progress_on(sys.stderr) as line:
        for number, one in enumerate(replay(old, new, past_cases(place), options.as_of), start=1):
            if sheet is not None:
                sheet.add(one)
            if number % _EVERY == 0:
                line.at(number, 0, one.name)
            yield one


@contextmanager
def _sheet(folder: str | None, report: Report) -> Iterator[CaseSheet | None]:
    if folder is None:
        yield None
        return
    with _writing(Path(folder) / "cases.csv") as stream:
        yield CaseSheet(report, stream)


def _write(report: Report, tally: Tally, options: argparse.Namespace, policies: list[LoadedPolicy]) -> None:
    folder = Path(options.output)
    for kind in GROUPS:
        with _writing(folder / f"by_{kind}.csv") as stream:
            write_groups(report, kind, tally, stream)
    names = [f"{report.titles.of(policy.model.title)} {policy.model.version}" for policy in policies]
    with _writing(folder / "chart.html") as stream:
        stream.write(chart_html(report, tally, names))
    sys.stderr.write(
        "".join(f"{folder / name}\n" for name in ("cases.csv", *(f"by_{kind}.csv" for kind in GROUPS), "chart.html"))
    )


@contextmanager
def _writing(path: Path) -> Iterator[IO[str]]:
    """Open a file for writing. Raises the command line's own fault where that is refused."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("w", encoding="utf-8", newline="")
    except OSError as why:
        raise cannot_write(str(path), why) from why
    with stream:
        yield stream
