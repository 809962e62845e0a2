"""The page's money and calendar are the engine's: random amounts, rates, instants and lengths, in several timezones."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from aftersales import LoadedPolicy, instants, money
from aftersales.teach.javascript import engine_text

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed: the page's engine cannot be run here")
_RUNNER = """
import { readFileSync } from "node:fs";
const CALLED = { times, allocate, showMoney, showRate, daysBetween, addDays, addMonths, endOfDay, nextTimeOfDay,
  addHoursWithin, localInstant };
const asked = JSON.parse(readFileSync("asked.json", "utf8"));
process.stdout.write(JSON.stringify(asked.map(([name, given]) => CALLED[name](...given))));
"""
#: A name of the page's engine, what it is given, and what the engine gives.
Asked = tuple[str, list[object], object]


def answered(policy: LoadedPolicy, timezone: str, asked: list[Asked], folder: Path) -> list[object]:
    """Return what the page's engine gives for everything asked, under ``policy`` in ``timezone``."""
    (folder / "run.mjs").write_text(engine_text(replace(policy.model, timezone=timezone)) + _RUNNER, encoding="utf-8")
    (folder / "asked.json").write_text(json.dumps([[name, given] for name, given, _ in asked]), encoding="utf-8")
    run = subprocess.run([str(NODE), "run.mjs"], cwd=folder, capture_output=True, check=True, timeout=120)
    answers: list[object] = json.loads(run.stdout)
    return answers


def test_money_is_the_engine_s(desk: LoadedPolicy, tmp_path: Path) -> None:
    """Rates round half up to the fen, shares go by largest remainder, amounts and rates are written alike."""
    dice = Random(1)  # noqa: S311 (the same cases each time, no secrets)
    asked: list[Asked] = []
    for _ in range(600):
        amount = dice.choice((dice.randrange(100), dice.randrange(10**6), dice.randrange(money.LARGEST)))
        rates = [Fraction(dice.randrange(10_001), 10_000) for _ in range(dice.randrange(1, 5))]
        pairs = [{"n": rate.numerator, "d": rate.denominator} for rate in rates]
        asked.append(("times", [amount, pairs[0]], money.times(amount, rates[0])))
        asked.append(("showMoney", [-amount], money.show_money(-amount)))
        asked.append(("showRate", [pairs[0]], money.show_rate(rates[0])))
        if any(rates):
            asked.append(("allocate", [amount, pairs], list(money.allocate(amount, rates))))
    assert answered(desk, "Asia/Shanghai", asked, tmp_path) == [answer for _, _, answer in asked]


@pytest.mark.parametrize("timezone", ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"])
def test_calendar_is_the_engine_s(desk: LoadedPolicy, timezone: str, tmp_path: Path) -> None:
    """Days, months, ends of days, clock times and shop hours come out alike, over changes of the clock too."""
    dice, zone = Random(timezone), instants.zone_named(timezone)  # noqa: S311 (the same cases each time, no secrets)
    asked: list[Asked] = []
    for number in range(400):
        at = _instant(dice, zone, near_change=number % 2 == 0)
        other = _instant(dice, zone, near_change=False)
        days, months = dice.choice((0, 1, -1, dice.randrange(-400, 400), 90_000)), dice.randrange(-30, 3000)
        opens, closes = sorted(dice.sample(range(0, 86_400, 1800), 2))
        hours = dice.choice((0, 1, dice.randrange(100)))
        shop = (_clock(opens), _clock(closes))
        asked += [
            ("daysBetween", [_at(at), _at(other)], instants.days_between(at, other, zone)),
            ("addDays", [_at(at), days], _at(instants.add_days(at, days, zone))),
            ("addMonths", [_at(at), months], _at(instants.add_months(at, months, zone))),
            ("endOfDay", [_at(at)], _at(instants.end_of_day(at, zone))),
            ("nextTimeOfDay", [_at(at), opens], _at(instants.next_time_of_day(at, _clock(opens), zone))),
            ("addHoursWithin", [_at(at), hours, opens, closes], _at(instants.add_hours_within(at, hours, *shop, zone))),
            ("localInstant", [_at(at)], instants.show_instant(at, zone)),
        ]
    differences = [
        (name, given, right, answer)
        for (name, given, right), answer in zip(asked, answered(desk, timezone, asked, tmp_path), strict=True)
        if answer != right
    ]
    assert differences == []


def _instant(dice: Random, zone: dt.tzinfo, *, near_change: bool) -> dt.datetime:
    """Return an instant between 1970 and 2199, half of them within a day of a change of the clock where there is one."""
    at = instants.EARLIEST + dt.timedelta(seconds=dice.randrange(230 * 365 * 86_400))
    if near_change:
        for _ in range(200):
            if at.astimezone(zone).utcoffset() != (at + dt.timedelta(days=1)).astimezone(zone).utcoffset():
                break
            at = at + dt.timedelta(days=1)
    return min(at + dt.timedelta(seconds=dice.randrange(86_400)), instants.LATEST)


def _at(instant: dt.datetime) -> int:
    return int(instant.timestamp())


def _clock(seconds: int) -> dt.time:
    return dt.time(seconds // 3600, seconds // 60 % 60)
