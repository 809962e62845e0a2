"""Arguments that several commands share, and what they stand for."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys

from rich.console import Console

from aftersales import LoadedPolicy, load
from aftersales.instants import TimeFormatError, parse_instant
from aftersales.show.page import terminal
from aftersales.text import Lang


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add ``--policy FOLDER``, ``--platform`` and ``--shop``."""
    parser.add_argument("--policy", metavar="FOLDER", help="policy folder, default: the shipped one 规则文件夹")
    parser.add_argument("--platform", metavar="NAME", help="narrow the policy to one platform 只用一个平台的规则")
    parser.add_argument("--shop", metavar="NAME", help="narrow the policy to one shop 只用一个店铺的规则")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="print JSON, faults too 输出 JSON（错误也是）")


def add_as_of(parser: argparse.ArgumentParser, helps: str) -> None:
    """Add ``--as-of INSTANT``."""
    parser.add_argument("--as-of", type=_instant, metavar="INSTANT", help=helps)


def loaded(options: argparse.Namespace) -> LoadedPolicy:
    """Load the policy that the options name. Raises PolicyError."""
    return load(options.policy, platform=options.platform, shop=options.shop)


def lang_of(options: argparse.Namespace) -> Lang:
    """Return the language to speak; pictures in both languages are spoken of in Chinese."""
    return Lang.EN if options.lang == Lang.EN else Lang.ZH


def output() -> Console:
    """Return the console on standard output."""
    return terminal(sys.stdout)


def print_json(value: object) -> None:
    """Print a value as JSON on standard output, Chinese as it is."""
    sys.stdout.write(f"{json.dumps(value, ensure_ascii=False, indent=2)}\n")


def _instant(text: str) -> dt.datetime:
    try:
        return parse_instant(text)
    except TimeFormatError as fault:
        raise argparse.ArgumentTypeError(f"{fault.message.en} {fault.message.zh}") from fault
