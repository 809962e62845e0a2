"""``aftersales check``: is the policy sound."""

from __future__ import annotations

import argparse

from aftersales import load
from aftersales.cli.options import add_json, lang_of, output, print_json
from aftersales.show.summary import show_summary, summary_json

HELP = "check a policy folder and report every fault with its place 检查规则文件夹，指出每处错误"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="default: the shipped policy 默认：随附规则")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Load the policy and say what it holds. Raises PolicyError with all its faults."""
    policy = load(options.folder).model
    if options.json:
        print_json(summary_json(policy))
    else:
        show_summary(policy, lang_of(options), output())
    return 0
