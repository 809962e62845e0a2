"""Whether the machine has a font for Chinese: without one a picture shows boxes, and measures them."""

from __future__ import annotations

import subprocess
from typing import Final

from aftersales.errors import Diagnostic, DrawingError
from aftersales.text import Text

_LIST: Final = ("fc-list", ":lang=zh-cn", "family")
#: Where Chinese characters and their punctuation begin.
_CHINESE: Final = "\u2e80"

_MISSING: Final = Diagnostic(
    "font_missing",
    Text("没有中文字体，图上的字会变成方框", "no font on this machine has Chinese: the picture would show empty boxes"),
    hint=Text(
        "Debian 或 Ubuntu 上运行：apt-get install fonts-noto-cjk",
        "on Debian or Ubuntu run: apt-get install fonts-noto-cjk",
    ),
)


def need_font_for(text: str) -> None:
    """Raise ``DrawingError`` where ``text`` has Chinese and no font does; without fontconfig nobody can tell."""
    if max(text, default="") < _CHINESE:
        return
    try:
        listed = subprocess.run(_LIST, capture_output=True, check=False)  # noqa: S603
    except OSError:
        return
    if listed.returncode == 0 and not listed.stdout.strip():
        raise DrawingError(_MISSING)
