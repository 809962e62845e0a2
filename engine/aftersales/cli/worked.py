"""``aftersales test``: do the worked cases hold, and do they walk every branch."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aftersales import load
from aftersales.cli.options import add_json, lang_of, output, print_json
from aftersales.run.loaded import shipped_folder
from aftersales.show.faults import show_faults
from aftersales.show.worked import report_json, show_report
from aftersales.study.worked import run_worked

HELP = "run the worked cases and report branch coverage 运行案例并统计分支覆盖"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="policy folder with cases/, default: the shipped one"
    )
    parser.add_argument(
        "--allow-gaps", action="store_true", help="branches that no case walks are no failure 允许未覆盖"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Run every worked case; 1 where one fails or, without ``--allow-gaps``, a branch is not walked."""
    folder = Path(options.folder) if options.folder else shipped_folder()
    policy = load(folder)
    report = run_worked(policy, folder)
    if options.json:
        print_json(report_json(report))
    else:
        show_faults(report.faults, lang_of(options), sys.stderr)
        show_report(report, policy.model, lang_of(options), output())
    return 1 if report.failed or (report.gaps and not options.allow_gaps) else 0
