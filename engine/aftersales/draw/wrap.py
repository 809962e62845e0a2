"""Breaking text into lines of about equal width, where a Chinese character is as wide as two Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Final
from unicodedata import east_asian_width

_WIDE: Final = frozenset("WF")
#: What is not torn: the number of a page, a figure and what it counts, and short words.
_WHOLE: Final = (
    "第 [0-9/]+ 页",
    "[0-9.,:]+ (?:次|天|小时|个月|件|轮|元)",
    "至少|不到|不超过|低于|达到|大于|等于|无理由|本次|其他|先免|揽收|快递",
    "回访|致谢|处理|主管|索赔|丢件|买家|商品|少了|差件|尺码|负责|运费|仓库|地址|工号|日期",
)
#: That, a Latin word with what follows it up to its blank, or one other character, each with a sign of reckoning in
#: front; brackets and punctuation cling to both.
_PIECE: Final = re.compile(
    rf"[（“《【]*(?:[−+] )?(?:{'|'.join(_WHOLE)}|[!-~]+|.)[,.;:!?)，。、；：！？）》”’】]* *", re.DOTALL
)
#: A last line that takes less than this share of the widest is filled from those above.
_SHORT: Final = 0.4
#: A last line of fewer columns, two Chinese characters, is left only where no other break is possible.
_SCRAP: Final = 6
#: So many texts are kept broken: every page is laid out more than once, and pages share most of their texts.
_KEPT: Final = 1 << 14
#: Where one pauses: a line ends or begins well there.
_CLOSING: Final = (" ", "，", "、", "；", "：", "。", "）")
_OPENING: Final = ("（", "“", "《")


@lru_cache(_KEPT)
def width(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return sum(2 if east_asian_width(character) in _WIDE else 1 for character in text)


@lru_cache(_KEPT)
def wrap(text: str, columns: int) -> tuple[str, ...]:
    """Break ``text`` into lines of at most ``columns`` columns, where one pauses if that takes no line more.

    None is of a single word where the others can share theirs.

    A single longer word is cut.
    """
    lines = _filled(text, columns)
    if len(lines) > 1:
        widest = min(columns, max(bare for _, _, bare in _pieces(text, columns)))
        rooms = (_filled(text, room) for room in range(columns, widest - 1, -1))
        best = max(takewhile(lambda found: len(found) == len(lines), rooms), key=_pauses)
        if width(lines[-1].rstrip()) < _SHORT * columns or _pauses(best)[1] > _pauses(lines)[1]:
            lines = best
    return tuple(line.rstrip() for line in lines)


def _pauses(lines: tuple[str, ...]) -> tuple[bool, int, int]:
    """Rate lines whose last is more than a scrap, then those that break where one pauses anyway, then of equal width."""
    breaks = sum(line.endswith(_CLOSING) or after.startswith(_OPENING) for line, after in pairwise(lines))
    return width(lines[-1].rstrip()) >= _SCRAP, breaks, -max(map(width, lines))


def _filled(text: str, columns: int) -> tuple[str, ...]:
    """Put as much on each line as fits; a blank where it breaks stays."""
    lines, filled = [""], 0
    for piece, wide, bare in _pieces(text, columns):
        if lines[-1] and filled + bare > columns:
            lines.append("")
            filled = 0
        lines[-1] += piece
        filled += wide
    return tuple(lines)


def _pieces(text: str, columns: int) -> Iterator[tuple[str, int, int]]:
    """Yield what is not broken, each piece with its width and that without the blank behind it."""
    for whole in _wholes(text):
        if whole[2] <= columns:
            yield whole
        else:
            yield from map(_measured, _cut(whole[0], columns))


@lru_cache(_KEPT)
def _wholes(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple(map(_measured, _PIECE.findall(" ".join(text.split()))))


def _measured(piece: str) -> tuple[str, int, int]:
    return piece, width(piece), width(piece.rstrip())


def _cut(piece: str, columns: int) -> Iterator[str]:
    return (piece[start : start + columns] for start in range(0, len(piece), columns))
