"""``aftersales schema``: the JSON Schema of the files, for editors."""

from __future__ import annotations

import argparse

from aftersales.cli.options import print_json
from aftersales.syntax.schema import FILE_KINDS, schema

HELP = "print the JSON Schema of one kind of file, or of all by kind 输出文件的 JSON Schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("kind", nargs="?", choices=tuple(FILE_KINDS), help="kind of file, default: all 文件种类")


def run(options: argparse.Namespace) -> int:
    """Print one schema, or an object with all of them."""
    print_json(schema(options.kind) if options.kind else {kind: schema(kind) for kind in FILE_KINDS})
    return 0
