"""The arguments of every command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from aftersales.cli import (
    check,
    decide,
    decide_many,
    diff,
    draw,
    explain,
    facts,
    handbook,
    lists,
    replay,
    schema,
    sql,
    trainer,
    verify,
    walk,
    worked,
)
from aftersales.text import Lang

_COMMANDS = (
    decide,
    decide_many,
    explain,
    walk,
    draw,
    check,
    worked,
    verify,
    diff,
    replay,
    sql,
    schema,
    facts,
    lists,
    handbook,
    trainer,
)
#: What these make may show both languages at once.
_BILINGUAL = (draw, handbook)
_ABOUT = "After-sales policy engine: decides, explains, draws and checks. 电商售后规则引擎：判定、讲解、画图、检查。"
_EXITS = "exit codes: 0 fine, 1 policy or case at fault, 2 usage. 退出码：0 正常，1 规则或案件有误，2 用法有误。"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; ``run`` of the result is the command to call with it.

    Raises SystemExit 2 where it is not understood, 0 after ``--help`` and ``--version``.
    """
    return parser().parse_args(arguments)


def parser() -> argparse.ArgumentParser:
    """Return the parser with all commands."""
    whole = argparse.ArgumentParser(prog="aftersales", description=_ABOUT, epilog=_EXITS)
    whole.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        one = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP, epilog=_EXITS)
        langs = draw.LANGS if command in _BILINGUAL else tuple(str(lang) for lang in Lang)
        one.add_argument("--lang", choices=langs, default=langs[0], help="language, zh unless told otherwise 语言")
        command.add_arguments(one)
        one.set_defaults(run=command.run)
    return whole


def _version() -> str:
    try:
        return version("aftersales")
    except PackageNotFoundError:
        return "0+source"
