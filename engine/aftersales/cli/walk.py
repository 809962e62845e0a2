"""``aftersales walk``: a case question by question."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Mapping

from aftersales import OpenCase
from aftersales.cli.cases import add_name, named_cases
from aftersales.cli.misuse import MisuseError
from aftersales.cli.options import add_as_of, add_policy, lang_of, loaded, output
from aftersales.errors import Diagnostic
from aftersales.show.walk import CaseWalk
from aftersales.study.case_file import WrittenCase
from aftersales.study.decide import last_instant
from aftersales.text import Text

HELP = "answer a case's questions one by one and see where each leads 一问一答走完一个案件"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--case", metavar="FILE", help="start from this case, not from nothing 从这个案件开始")
    add_name(parser)
    add_as_of(parser, "instant of the first answer, default: the case's last event, or now 第一个回答的时刻")
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Walk a case with the lines of standard input. Raises PolicyError, CaseError, MisuseError."""
    if options.name and not options.case:
        message = Text("--name 要和 --case 一起用", "--name goes together with --case")
        raise MisuseError(Diagnostic("name_without_case", message))
    policy = loaded(options)
    written = _one_case(options) if options.case else None
    last = last_instant(policy, written) if written else None
    now = options.as_of or last or dt.datetime.now(dt.UTC).replace(microsecond=0)
    data = _opened(written.data if written else {}, now)

    def start() -> OpenCase:
        return policy.open(data, at=now)

    CaseWalk(start, policy.model, lang_of(options), output(), _next_line, now).run()
    return 0


def _one_case(options: argparse.Namespace) -> WrittenCase:
    cases = named_cases(options.case, options.name)
    if len(cases) > 1:
        names = ", ".join(case.name or "" for case in cases[:20])
        message = Text(f"{options.case} 里有 {len(cases)} 个案件", f"{options.case} holds {len(cases)} cases")
        hint = Text(f"用 --name 选一个：{names}", f"choose one with --name: {names}")
        raise MisuseError(Diagnostic("name_missing", message, hint=hint))
    return cases[0]


def _opened(data: Mapping[str, object], now: dt.datetime) -> dict[str, object]:
    """Return the case with its claim opened: at ``now`` where it does not say when."""
    claim = data.get("claim")
    return {**data, "claim": {"opened_at": now.isoformat(), **(claim if isinstance(claim, Mapping) else {})}}


def _next_line() -> str | None:
    """Return the next line of standard input; one from a pipe is written out too, so that the whole reads as a talk."""
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        sys.stdout.write(line or "\n")
    return line.rstrip("\r\n") if line else None
