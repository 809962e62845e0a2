"""The first look at an expression's text: limits, signs that do not belong to the language, and words out of order.

Nothing that this module lets through can surprise Python's own parser: it is ASCII (so that bytes are characters and
no letter is silently normalised), short, shallow, and free of every sign and word that the language does not have.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.expr.faults import Faults
from aftersales.text import Text, pattern

#: Characters of one expression.
LONGEST: Final = 1000
#: Levels of brackets, of ``not`` and of ``if … else`` inside each other.
DEEPEST: Final = 40

_FORMS: Final = r"""
    (?P<space>[ \t\r\n]+)
  | (?P<text>[A-Za-z]{0,2}(?:"+[^"]*"*|'+[^']*'*)|“[^”]*”?|‘[^’]*’?)
  | (?P<number>\.?\d[\w.]*)
  | (?P<dot>\.[ ]*(?:[^\W\d]\w*)?)
  | (?P<name>not[ \t\r\n]+in\b|[^\W\d]\w*DOTS)
  | (?P<sign>[=!]==?|<=|>=|<>|=>|=<|:=|->|\*\*|//|<<|>>|&&|\|\||[\x21-\x7e])
  | (?P<other>.)
"""
_TOKEN: Final = pattern(_FORMS.replace("DOTS", ""), re.VERBOSE | re.DOTALL)
#: The same, where a name may hold dots.
_DOTTED: Final = pattern(_FORMS.replace("DOTS", r"(?:\.[^\W\d]\w*)*"), re.VERBOSE | re.DOTALL)
_WORDS: Final = frozenset({"and", "or", "not", "in", "not in", "if", "else"})
_SIGNS: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "(", ")", ","})
#: After these a ``not`` may begin.
_BEFORE_NOT: Final = frozenset({"and", "or", "not", "if", "else", "(", ","})

_INSTEAD: Final[Mapping[str, str]] = {
    "=": "==", "===": "==", "!==": "!=", "<>": "!=", "=>": ">=", "=<": "<=", "&": "and", "&&": "and", "|": "or",
    "||": "or", "!": "not", "[": "(", "]": ")", "{": "(", "}": ")", "True": "true", "False": "false", "is": "==",
}  # fmt: skip
_ADVICE: Final[Mapping[str, Text]] = {
    "/": Text("没有除法：比例写成比率参数", "there is no division: a proportion is a rate in params.yaml"),
    "//": Text("没有除法：比例写成比率参数", "there is no division: a proportion is a rate in params.yaml"),
    "%": Text("百分比写在 params.yaml 里，这里写参数名", "a percentage stands in params.yaml, its name stands here"),
    "**": Text("没有乘方", "there are no powers"),
    "None": Text("用这个事实的是非项，例如 not delivered", "use the flag of the fact, such as not delivered"),
}
_FULL_WIDTH: Final[Mapping[str, str]] = {
    "≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "−": "-", "–": "-", "—": "-", "、": ",", "【": "(", "】": ")",
    "〈": "<", "〉": ">",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign of the language, with its character offsets."""

    text: str
    start: int
    end: int
    is_value: bool


#: Nothing but words, single digits and signs of the language; what they come to is for ``ast`` to say.
_SOUND: Final = re.compile(r"(?:[ \t\r\n]|[A-Za-z]\w*\b|\d(?![\w.])|[=!<>]=|[<>](?!=)|[+\-*(,]|\)(?!\s*\())+", re.ASCII)
_SOUND_DOTTED: Final = re.compile(_SOUND.pattern.replace(r"\w*\b", r"\w*\b(?:\.[A-Za-z]\w*\b)*"), re.ASCII)
_NAMES: Final = re.compile(r"[A-Za-z]\w*", re.ASCII)
_NEVER: Final = frozenset(keyword.kwlist) - {"and", "or", "not", "in", "if", "else"}


def looks_sound(text: str, *, dotted: bool = False) -> bool:
    """Say whether there is nothing in ``text`` that ``scan`` refuses but the order of words; it may refuse that too.

    What then can be read as an expression of the language is one that ``scan`` lets through.
    """
    return (
        len(text) <= LONGEST
        and (_SOUND_DOTTED if dotted else _SOUND).fullmatch(text) is not None
        and "__" not in text
        and text.count("(") <= DEEPEST
        and _NEVER.isdisjoint(_NAMES.findall(text))
    )


def scan(text: str, faults: Faults, *, dotted: bool = False) -> None:
    """Note what keeps ``text`` from being an expression at all; where nothing is noted, ``ast`` may read it.

    With ``dotted`` a name may hold dots.

    What is wrong with single signs is noted all at once, the order of words only where the signs are right.
    """
    if len(text) > LONGEST:
        faults.add(
            "expression_too_long",
            (LONGEST, len(text)),
            Text(f"表达式超过 {LONGEST} 个字符", f"an expression has at most {LONGEST} characters"),
            Text("把其中一段写成派生事实", "make a part of it a derived fact"),
        )
        return
    tokens = list(_tokens((_DOTTED if dotted else _TOKEN)(), text, faults))
    if not tokens and not faults:
        faults.add("expression_empty", (0, len(text)), Text("这里要写一个表达式", "an expression belongs here"))
    if not faults:
        _Order(faults).read(tokens)


def number_fault(word: str) -> tuple[Text, Text]:
    """Return what to say of a written number that may not stand in an expression."""
    shown = word if len(word) <= 20 else f"{word[:20]}…"
    message = Text(f"这里不能写数字 {shown}", f"the number {shown} may not be written here")
    if not word.strip("0."):
        return message, Text("写成 0", "write 0")
    return (
        message,
        Text(
            "写成 params.yaml 里的参数；只有 0，以及与数量比较的 1 到 9 可以直接写",
            "make it a param in params.yaml; only 0, and 1 to 9 compared with a count, may be written",
        ),
    )


def note_too_deep(faults: Faults, where: tuple[int, int]) -> None:
    """Note that what stands at ``where`` is nested too deep."""
    faults.add(
        "expression_too_deep",
        where,
        Text(f"嵌套超过 {DEEPEST} 层", f"nested more than {DEEPEST} levels deep"),
        Text("把其中一段写成派生事实", "make a part of it a derived fact"),
    )


def _tokens(token: re.Pattern[str], text: str, faults: Faults) -> Iterator[Token]:
    for match in token.finditer(text):
        sort, where = match.lastgroup, match.span()
        word = " ".join(match.group().split()) if sort == "name" else match.group()
        if sort == "space":
            continue
        if sort == "text":
            faults.add("text_not_allowed", where, Text("这里不写引号", "nothing is quoted here"), _unquoted(word))
        elif not word.isascii() or sort == "other":
            _refuse_foreign(word, where, faults)
        elif sort == "name" and (word in _WORDS or not keyword.iskeyword(word)):
            _refuse_dunder(word, where, faults)
            yield Token(word, *where, is_value=word not in _WORDS)
        elif word in _SIGNS or (sort == "number" and len(word) == 1):
            yield Token(word, *where, is_value=sort == "number")
        else:
            _refuse(sort, word, where, faults)


def _refuse_dunder(word: str, where: tuple[int, int], faults: Faults) -> None:
    if word.startswith("__") or word.endswith("__"):
        faults.add(
            "name_not_allowed",
            where,
            Text(f"名称不能以两个下划线开头或结尾：{word}", f"no name begins or ends with two underscores: {word}"),
        )


def _refuse(sort: str | None, word: str, where: tuple[int, int], faults: Faults) -> None:
    match sort:
        case "number":
            faults.add("number_not_allowed", where, *number_fault(word))
        case "dot":
            message = Text(f"点号在这里没有意义：{word}", f"a dot has no meaning here: {word}")
            faults.add("dot_not_allowed", where, message)
        case "name":
            message = Text(f"{word} 不是本语言的词", f"{word} is not a word of this language")
            faults.add("word_not_allowed", where, message, _advice(word))
        case _:
            message = Text(f"{word} 不是本语言的符号", f"{word} is not a sign of this language")
            faults.add("sign_not_allowed", where, message, _advice(word))


def _unquoted(word: str) -> Text | None:
    inside = word.strip("\"'“”‘’")
    return Text(f"写成 {inside}", f"write {inside}") if re.fullmatch("[A-Za-z][A-Za-z0-9_]*", inside) else None


def _advice(word: str) -> Text | None:
    if word in _INSTEAD:
        return Text(f"写成 {_INSTEAD[word]}", f"write {_INSTEAD[word]}")
    return _ADVICE.get(word)


def _refuse_foreign(word: str, where: tuple[int, int], faults: Faults) -> None:
    plain = _FULL_WIDTH.get(word) or unicodedata.normalize("NFKC", word)
    shown = "".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in word[:20])
    if plain != word and plain.isascii() and plain.isprintable():
        faults.add(
            "full_width_sign",
            where,
            Text(f"{shown} 不是半角字符", f"{shown} is not plain ASCII"),
            Text("改成半角空格", "write a plain space") if plain == " " else Text(f"写成 {plain}", f"write {plain}"),
        )
        return
    faults.add(
        "foreign_character",
        where,
        Text(f"表达式里不能写 {shown}", f"{shown} may not stand in an expression"),
        Text("名称只用英文字母、数字和下划线", "names are written with a to z, digits and underscores"),
    )


class _Order:
    """Reads tokens from left to right and notes the first that stands where it cannot."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._brackets: list[Token] = []
        self._ifs: list[list[Token]] = [[]]
        self._before: Token | None = None
        self._value_due = True

    def read(self, tokens: list[Token]) -> None:
        """Read all tokens, at least one, up to the first that is out of order."""
        for token in tokens:
            if not self._takes(token):
                return
            self._before = token
        last = tokens[-1]
        if self._value_due:
            self._note(last, f"{last.text} 后面缺少内容", f"something is missing after {last.text}")
        elif self._brackets:
            self._note(self._brackets[-1], "这个括号没有合上", "this bracket is never closed")
        else:
            self._ifs_are_whole()

    def _takes(self, token: Token) -> bool:
        match token.text:
            case "(":
                return self._opens(token)
            case ")":
                return self._closes(token)
            case "not":
                return self._negates(token)
            case _ if token.is_value:
                return self._is_value(token)
            case _:
                return self._joins(token)

    def _opens(self, token: Token) -> bool:
        if not self._value_due and not self._after_name:
            return self._note(token, "括号前缺少运算符", "an operator is missing before this bracket")
        self._brackets.append(token)
        self._ifs.append([])
        self._value_due = True
        if len(self._brackets) > DEEPEST:
            note_too_deep(self._faults, (token.start, token.end))
            return False
        return True

    @property
    def _after_name(self) -> bool:
        return self._before is not None and self._before.is_value and not self._before.text.isdigit()

    def _closes(self, token: Token) -> bool:
        if not self._brackets:
            return self._note(token, "没有与它配对的左括号", "no bracket was opened before this one")
        if self._value_due and (self._before is None or self._before.text not in {",", "("}):
            return self._note(token, "右括号前缺少内容", "something is missing before this bracket")
        whole = self._ifs_are_whole()
        self._brackets.pop()
        self._ifs.pop()
        self._value_due = False
        return whole

    def _negates(self, token: Token) -> bool:
        if not self._value_due:
            return self._note(token, "not 前缺少运算符", "an operator is missing before not")
        if self._before is not None and self._before.text not in _BEFORE_NOT:
            return self._note(token, "not 和它后面的内容要加括号", "put brackets around this not and what follows it")
        return True

    def _is_value(self, token: Token) -> bool:
        if self._before is not None and not self._value_due:
            before, word = self._before.text, token.text
            message = f"an operator is missing between {before} and {word}"
            return self._note(token, f"{before} 与 {word} 之间缺少运算符", message)
        self._value_due = False
        return True

    def _joins(self, token: Token) -> bool:
        if self._value_due:
            return self._misses_left(token)
        self._value_due = True
        match token.text:
            case ",":
                return self._lists(token)
            case "if":
                self._ifs[-1].append(token)
            case "else" if not self._ifs[-1]:
                return self._note(token, "else 前没有 if", "there is no if before this else")
            case "else":
                self._ifs[-1].pop()
        return True

    def _lists(self, token: Token) -> bool:
        if not self._brackets:
            return self._note(token, "逗号只用在括号里", "a comma stands only inside brackets")
        return self._ifs_are_whole()

    def _misses_left(self, token: Token) -> bool:
        if token.text in {"+", "-"}:
            return self._note(token, "数值前不写正负号", "a value has no sign of its own")
        return self._note(token, f"{token.text} 前面缺少内容", f"something is missing before {token.text}")

    def _ifs_are_whole(self) -> bool:
        if not self._ifs[-1]:
            return True
        return self._note(self._ifs[-1][-1], "if 缺少 else", "this if has no else")

    def _note(self, token: Token, zh: str, en: str) -> bool:
        self._faults.add("cannot_read", (token.start, token.end), Text(zh, en))
        return False
