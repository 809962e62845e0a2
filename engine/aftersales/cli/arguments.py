"""The arguments of every command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from aftersales.text import Lang

#: Where each command is; it is brought in when it is asked for, all of them for an overview.
_COMMANDS: Final = {
    "decide": "decide",
    "decide-many": "decide_many",
    "explain": "explain",
    "walk": "walk",
    "draw": "draw",
    "check": "check",
    "test": "worked",
    "verify": "verify",
    "diff": "diff",
    "replay": "replay",
    "sql": "sql",
    "schema": "schema",
    "facts": "facts",
    "lists": "lists",
    "handbook": "handbook",
    "trainer": "trainer",
}
#: What these make may show both languages at once.
_BILINGUAL: Final = ("draw", "handbook")
_ABOUT = "After-sales policy engine: decides, explains, draws and checks. 电商售后规则引擎：判定、讲解、画图、检查。"
_EXITS = "exit codes: 0 fine, 1 policy or case at fault, 2 usage. 退出码：0 正常，1 规则或案件有误，2 用法有误。"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; ``run`` of the result is the command to call with it.

    Raises SystemExit 2 where it is not understood, 0 after ``--help`` and ``--version``.
    """
    given = sys.argv[1:] if arguments is None else arguments
    asked = [name for name in given[:1] if name in _COMMANDS]
    return parser(asked or _COMMANDS).parse_args(given)


def parser(names: Iterable[str] = tuple(_COMMANDS)) -> argparse.ArgumentParser:
    """Return the parser of the commands called ``names``, of all where none are named."""
    whole = argparse.ArgumentParser(prog="aftersales", description=_ABOUT, epilog=_EXITS)
    whole.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names:
        command = import_module(f"aftersales.cli.{_COMMANDS[name]}")
        one = commands.add_parser(name, help=command.HELP, description=command.HELP, epilog=_EXITS)
        langs = [*map(str, Lang), *(["both"] if name in _BILINGUAL else [])]
        one.add_argument("--lang", choices=langs, default=langs[0], help="language, zh unless told otherwise 语言")
        command.add_arguments(one)
        one.set_defaults(run=command.run)
    return whole


def _version() -> str:
    try:
        return version("aftersales")
    except PackageNotFoundError:
        return "0+source"
