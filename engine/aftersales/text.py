"""One thing said in Chinese and in English: every title, question and message of the product."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache

from aftersales.dataclass import dataclass


class Lang(StrEnum):
    """A language that people read: ``zh`` (first) or ``en``."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and in English; both are always present."""

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """Return the sentence in ``lang``."""
        return self.zh if lang is Lang.ZH else self.en

    def to_dict(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}`` as the decision's JSON shows it."""
        return {"zh": self.zh, "en": self.en}


def clip(text: str, most: int = 40) -> str:
    """Return ``text`` as a message may quote it: on one line, only what prints, at most ``most`` characters."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: most + 1]).split())
    return f"{line[: most - 1]}…" if len(text) > most else line or '""'


def pattern(written: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return what compiles a pattern when it is first called: a start needs few of all that there are."""
    return cache(lambda: re.compile(written, flags))
