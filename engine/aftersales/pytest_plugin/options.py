"""What a project asks of the plugin: which policies, for whom, and how the laws are held."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from aftersales.text import Lang

#: Every option but the folders: its name in the configuration file, what it stands for where it is not set, its help.
_OPTIONS: Final = (
    ("aftersales_laws", "cases", "hold the laws over the worked cases, prove them, or leave them: cases, proof, off"),
    ("aftersales_coverage", "100", "least percentage of the branches that worked cases walk"),
    ("aftersales_platform", "", "narrow the policies to one platform"),
    ("aftersales_shop", "", "narrow the policies to one shop"),
    ("aftersales_lang", "zh", "language of what is reported: zh, en"),
)
_LAWS: Final = ("cases", "proof", "off")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one run. ``named``: the folders stand on the command line; ``start``: where pytest was called."""

    folders: tuple[Path, ...]
    named: bool
    start: Path
    laws: str
    coverage: Fraction
    platform: str | None
    shop: str | None
    lang: Lang


def add_options(parser: pytest.Parser) -> None:
    """Add every option to the command line and to the configuration file."""
    group = parser.getgroup("aftersales", "after-sales policies")
    parser.addini("aftersales_policies", "policy folders to test, beside the configuration file", "paths", [])
    group.addoption(
        "--aftersales-policy",
        action="append",
        default=[],
        metavar="FOLDER",
        help="policy folder to test, instead of those of aftersales_policies; may be given several times",
    )
    for name, default, helps in _OPTIONS:
        shown = f"{helps}; default: {default}" if default else helps
        parser.addini(name, shown, "string", default)
        group.addoption(f"--{name.replace('_', '-')}", dest=name, default=None, metavar="WORD", help=shown)


def chosen(config: pytest.Config) -> Options:
    """Return the options of this run; the command line comes before the configuration file.

    Raises UsageError for a value that an option does not have, and for a folder without a policy.
    """
    start, named = config.invocation_params.dir, config.getoption("--aftersales-policy")
    folders = [start / folder for folder in named] or config.getini("aftersales_policies")
    return Options(
        folders=tuple(dict.fromkeys(_folder(folder) for folder in folders)),
        named=bool(named),
        start=start,
        laws=_one_of("aftersales_laws", _LAWS, config),
        coverage=_percentage("aftersales_coverage", config),
        platform=_word("aftersales_platform", config) or None,
        shop=_word("aftersales_shop", config) or None,
        lang=Lang(_one_of("aftersales_lang", tuple(Lang), config)),
    )


def _word(name: str, config: pytest.Config) -> str:
    told = config.getoption(name)
    return str(config.getini(name) if told is None else told)


def _one_of(name: str, words: tuple[str, ...], config: pytest.Config) -> str:
    word = _word(name, config)
    if word not in words:
        raise pytest.UsageError(f"{name}: {word!r} is none of {', '.join(words)}")
    return word


def _percentage(name: str, config: pytest.Config) -> Fraction:
    word = _word(name, config)
    try:
        share = Fraction(word)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 100:
        raise pytest.UsageError(f"{name}: {word!r} is no percentage from 0 to 100")
    return share


def _folder(path: Path) -> Path:
    """Return where a policy folder really lies."""
    if not (path / "policy.yaml").is_file():
        missing = "policy.yaml is missing in it" if path.is_dir() else "there is no such folder"
        raise pytest.UsageError(f"aftersales_policies: {os.fspath(path)}: {missing}")
    return path.resolve()
