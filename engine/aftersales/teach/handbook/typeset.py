"""Typst: the only file that knows it. A handbook's files become PDF."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Final

from aftersales.errors import Diagnostic, DrawingError
from aftersales.text import Text

#: Fonts with Chinese, the one that the pictures are measured with first; one of them has to be there.
_FONTS: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Hiragino Sans GB")

_NO_TYPST: Final = Diagnostic(
    "typst_missing",
    Text("没有安装 typst，做不了 PDF", "typst is not installed, so no PDF can be made"),
    hint=Text(
        "运行：pip install 'aftersales[handbook]'；或用 -o handbook.html",
        "run: pip install 'aftersales[handbook]'; or write -o handbook.html",
    ),
)
_NO_FONT: Final = Diagnostic(
    "font_missing",
    Text("没有中文字体，做不了 PDF", "there is no font with Chinese, so no PDF can be made"),
    hint=Text(
        "Debian 或 Ubuntu 上运行：apt-get install fonts-noto-cjk",
        "on Debian or Ubuntu run: apt-get install fonts-noto-cjk",
    ),
)


def fonts() -> tuple[str, ...]:
    """Return the font to set a handbook in. Raises ``DrawingError`` where typst or every font with Chinese is missing."""
    there = set(_typst().Fonts().families())
    known = tuple(font for font in _FONTS if font in there)
    if not known:
        raise DrawingError(_NO_FONT)
    return known[:1]


def typeset(files: dict[str, bytes]) -> bytes:
    """Set ``main.typ`` as PDF; the same files give the same bytes. Raises ``DrawingError`` where that fails."""
    typst = _typst()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        try:
            made: bytes = typst.compile(folder / "main.typ", root=folder, format="pdf", pdf_tags=False)
        except typst.TypstError as fault:
            message = Text(f"Typst 没有排出来：{fault}", f"Typst could not set it: {fault}")
            raise DrawingError(Diagnostic("typesetting_failed", message)) from None
    return made


def _typst() -> ModuleType:
    """Return typst. Raises ``DrawingError`` where it is missing."""
    try:
        import typst  # noqa: PLC0415 - it takes long to load, and only a handbook needs it
    except ImportError:
        raise DrawingError(_NO_TYPST) from None
    return typst
