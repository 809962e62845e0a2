"""``aftersales check``: is the policy sound."""

from __future__ import annotations

import argparse

from aftersales.cli.options import add_json, lang_of, output, print_json
from aftersales.policy.load import load_folder
from aftersales.run.loaded import shipped_folder
from aftersales.show.summary import show_summary, summary_json

HELP = "check a policy folder and report every fault with its place 检查规则文件夹，指出每处错误"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="default: the shipped policy 默认：随附规则")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Read and check the policy, whatever was kept or checked before, and say what it holds.

    Raises PolicyError with all its faults.
    """
    policy = load_folder(options.folder or shipped_folder())
    if options.json:
        print_json(summary_json(policy))
    else:
        show_summary(policy, lang_of(options), output())
    return 0
