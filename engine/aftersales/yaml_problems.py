"""What YAML's own complaints mean in the author's terms."""

from __future__ import annotations

from typing import Final

import yaml

from aftersales.dataclass import dataclass
from aftersales.errors import Diagnostic
from aftersales.source import Source, Span
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class _Problem:
    """A complaint, known by pieces of YAML's own words; ``at_start`` points to where the thing that failed began."""

    words: tuple[str, ...]
    message: Text
    hint: Text | None = None
    at_start: bool = False


_TAB: Final = _Problem((), Text("这里是制表符", "a tab stands here"), Text("请用空格缩进", "indent with spaces"))
_OTHER: Final = _Problem((), Text("这里不是有效的 YAML", "this is not valid YAML"))
_PROBLEMS: Final = (
    _Problem(
        ("mapping values are not allowed",),
        Text("这里不能再有冒号", "a second colon stands where none can"),
        Text(
            "含冒号的值要加引号；若是新的键，缩进要和上面的键对齐",
            "put a value with a colon in quotes; line a new key up with the keys above",
        ),
    ),
    _Problem(
        ("could not find expected ':'",),
        Text("这个键后面缺少冒号", "a key without its colon"),
        Text("写成“键: 值”，冒号后留一个空格", "write key: value, with a space behind the colon"),
        at_start=True,
    ),
    _Problem(
        ("',' or '}'",),
        Text("这个 { 没有正确关闭", "this { is not closed"),
        Text("各项用逗号隔开，最后写 }", "separate the entries with commas and end with }"),
        at_start=True,
    ),
    _Problem(
        ("',' or ']'",),
        Text("这个 [ 没有正确关闭", "this [ is not closed"),
        Text("各项用逗号隔开，最后写 ]", "separate the entries with commas and end with ]"),
        at_start=True,
    ),
    _Problem(
        ("escape", "while parsing a quoted scalar", "hexadecimal"),
        Text("双引号里的反斜杠用错了", "a backslash that means nothing in double quotes"),
        Text("改用单引号", "use single quotes"),
        at_start=True,
    ),
    _Problem(
        ("while scanning a quoted scalar", "while scanning a double-quoted", "while scanning a single-quoted"),
        Text("这个引号没有关闭", "this quote is not closed"),
        at_start=True,
    ),
    _Problem(
        ("cannot start any token",),
        Text("值不能以这个字符开头", "no value starts with this character"),
        Text("请加引号", "put the value in quotes"),
    ),
    _Problem(
        ("expected key", "expected <block end>", "'-' indicator"),
        Text("这一行的缩进或写法与上文不合", "this does not fit what stands above"),
        Text(
            "同一层的键要对齐；引号或括号之后不能再有文字",
            "line up the keys of one level; nothing may follow a closing quote or bracket",
        ),
    ),
    _Problem(
        ("entries are not allowed",),
        Text("列表不能从这里开始", "a list cannot begin here"),
        Text("“- ”要另起一行", "begin the - on a line of its own"),
    ),
    _Problem(
        ("node content",),
        Text("这里缺少一个值", "a value is missing here"),
        Text("检查多余的逗号或括号", "look for a comma or bracket too many"),
    ),
    _Problem(
        ("<document start>", "'<document start>'"),
        Text("内容到此应已结束", "the contents should have ended before this"),
        Text("检查多余的括号", "look for a bracket too many"),
    ),
    _Problem(
        ("while scanning a block scalar",),
        Text("> 或 | 的写法不对", "this > or | is not written right"),
        Text("> 或 | 之后换行，下文用空格缩进", "end the line behind > or | and indent what follows with spaces"),
    ),
    _Problem(
        ("tag handle", "while scanning a tag", "while parsing a tag"), Text("这里不能用标签 !", "no tags (!) here")
    ),
    _Problem(
        ("scanning an anchor", "scanning an alias"), Text("这里不能用 & 或 *", "no anchors (&) or aliases (*) here")
    ),
    _Problem(("directive", "incompatible YAML"), Text("不能用 % 指令", "no % directives here")),
)


def explain(error: yaml.YAMLError, source: Source) -> Diagnostic:
    """Return YAML's complaint as a fault in our words, at its place in ``source``."""
    problem = _TAB if _stands_at(error, source, "\t") else _known(f"{_of(error, 'context')} {_of(error, 'problem')}")
    mark = (_mark(error, "context_mark") if problem.at_start else None) or _mark(error, "problem_mark") or (0, 0)
    line, column = mark[0] + 1, mark[1] + 1
    return Diagnostic("yaml_syntax", problem.message, Span(source, line, column, line, column + 1), problem.hint)


def _known(words: str) -> _Problem:
    """Return the first problem that YAML's words name."""
    return next((each for each in _PROBLEMS if any(piece in words for piece in each.words)), _OTHER)


def _of(error: yaml.YAMLError, name: str) -> str:
    """Return a text that YAML's complaint carries, or nothing."""
    return str(getattr(error, name, None) or "")


def _mark(error: yaml.YAMLError, name: str) -> tuple[int, int] | None:
    """Return the line and column (from 0) of a place that YAML's complaint carries."""
    mark = getattr(error, name, None)
    return (mark.line, mark.column) if mark is not None else None


def _stands_at(error: yaml.YAMLError, source: Source, sign: str) -> bool:
    """Say whether ``sign`` is the character that YAML complains of."""
    mark = _mark(error, "problem_mark")
    return mark is not None and source.line(mark[0] + 1)[mark[1] : mark[1] + 1] == sign
