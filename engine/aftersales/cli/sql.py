"""``aftersales sql``: the policy as one SQL query over a table of facts, to be run where the data is."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from aftersales.cli.options import add_policy, loaded

HELP = "print the policy as one SQL query over a table of facts 把规则打印成一条 SQL 查询"
#: Loaded only where it is asked for: it needs the array library.
_SQL = "aftersales.columns.sql"
_DIALECTS = ("duckdb", "spark", "clickhouse", "postgres")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add = parser.add_argument
    add("--dialect", choices=_DIALECTS, default=_DIALECTS[0], help="default: duckdb 默认：duckdb")
    add("--table", default="facts", metavar="NAME", help="the table, default: facts 表名")
    add("--columns", metavar="A,B,C", help="the facts it has, default: all that are told 表中的事实")
    add("--keep", action="append", default=[], metavar="COLUMN", help="pass a column through 原样带出这一列")
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Print the query. Raises PolicyError, UnknownNameError, MissingToolError, and BeyondColumnsError."""
    columns = None if options.columns is None else options.columns.split(",")
    made = import_module(_SQL).query(
        loaded(options).model, options.dialect, table=options.table, columns=columns, keep=options.keep
    )
    sys.stdout.write(made)
    return 0
