"""What the checker says: the words of every fault of meaning, in both languages, and the places they point to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from aftersales.errors import did_you_mean
from aftersales.expr.faults import Faults
from aftersales.expr.raw import Chain, Name, Number, Raw
from aftersales.expr.scan import number_fault
from aftersales.expr.scope import Scope
from aftersales.expr.types import Kind, Type
from aftersales.text import Text

_KINDS: Final[Mapping[Kind, Text]] = {
    Kind.FLAG: Text("条件", "a condition"),
    Kind.CHOICE: Text("选项", "a choice"),
    Kind.COUNT: Text("数量", "a count"),
    Kind.MONEY: Text("金额", "money"),
    Kind.RATE: Text("比率", "a rate"),
    Kind.INSTANT: Text("时间点", "an instant"),
    Kind.DURATION: Text("时长", "a duration"),
    Kind.TIME_OF_DAY: Text("钟点", "a time of day"),
    Kind.PARTY: Text("当事方", "a party"),
}
_SHOWN: Final = 8


def where(raw: Raw) -> tuple[int, int]:
    """Return the characters that ``raw`` stands at."""
    return raw.start, raw.end


class Complaints:
    """The faults of meaning of one expression."""

    def __init__(self, faults: Faults, scope: Scope) -> None:
        self._faults = faults
        self._scope = scope

    def wrong_kind(self, raw: Raw, found: Type, wanted: Type) -> None:
        """Say that one kind stands where another belongs."""
        word = raw.word if isinstance(raw, Name) else None
        due, given = _KINDS[wanted.kind], _KINDS[found.kind]
        message = Text(
            f"这里应是{due.zh}，{f'{word} ' if word else '这一段'}是{given.zh}",
            f"{due.en} belongs here, {word or 'this'} is {given.en}",
        )
        self._faults.add("wrong_kind", where(raw), message, _towards(word, found, wanted))

    def unknown_name(self, raw: Name, wanted: Type | None, known: Iterable[str]) -> None:
        """Say that nothing of this name is known here, and what is near."""
        word = raw.word
        names = (*self._scope.facts, *self._scope.params)
        if self._of_no_case(raw, names) or self._of_one_case(raw, names):
            return
        if word in self._scope.elsewhere:
            flow = self._scope.elsewhere[word]
            message = Text(f"{word} 是流程 {flow} 自己的事实，这里读不到", f"{word} is local to the flow {flow}")
            self._faults.add("fact_of_other_flow", where(raw), message)
            return
        values = wanted.values if wanted else ()
        if values:
            message = Text(f"没有 {word} 这个值", f"{word} is none of the values here")
            hint = did_you_mean(word, (*values, *known)) or _listing(values)
            self._faults.add("unknown_value", where(raw), message, hint)
            return
        message = Text(f"没有叫 {word} 的事实或参数", f"there is no fact or param {word}")
        self._faults.add(
            "unknown_name", where(raw), message, did_you_mean(word, known) or self._elsewhere(word, wanted)
        )

    def _of_no_case(self, raw: Name, known: Iterable[str]) -> bool:
        """Say, where a law compares two cases, that a name does not tell which of them it is read in."""
        meant = [f"{case}.{raw.word}" for case in self._scope.cases]
        if set(meant).isdisjoint(known):
            return False
        message = Text(
            f"这里比较两个案件，{raw.word} 没有写明是哪一个的", f"of which of the two cases is {raw.word} read?"
        )
        hint = Text(f"写成 {' 或 '.join(meant)}", f"write {' or '.join(meant)}")
        self._faults.add("case_not_named", where(raw), message, hint)
        return True

    def _of_one_case(self, raw: Name, known: Iterable[str]) -> bool:
        """Say, where a law looks at one case, that a name asks for one of two."""
        case, dot, name = raw.word.partition(".")
        if self._scope.cases or not dot or name not in set(known):
            return False
        message = Text(f"这里只看一个案件，没有案件 {case}", f"there is only one case here, and no case {case}")
        hint = Text(f"写成 {name}，或给这条守则写上 two_cases", f"write {name}, or give the law two_cases")
        self._faults.add("only_one_case", where(raw), message, hint)
        return True

    def not_listed(self, raw: Name, group: Name) -> None:
        """Say that there is no such list in the scope, or that it never holds such a word."""
        groups = self._scope.groups
        known = groups.get(group.word)
        if known is None:
            message = Text(f"没有 {group.word} 这个列表", f"there is no list {group.word}")
            hint = did_you_mean(group.word, groups) or _listing(tuple(groups))
            self._faults.add("unknown_list", where(group), message, hint)
        elif not (self._of_no_case(raw, known) or self._of_one_case(raw, known)):
            message = Text(f"{group.word} 里不会有 {raw.word}", f"{group.word} never holds {raw.word}")
            self._faults.add("unknown_action", where(raw), message, did_you_mean(raw.word, known))

    def _elsewhere(self, word: str, wanted: Type | None) -> Text | None:
        """Return where a word does mean something."""
        if word in self._scope.lines:
            return Text(
                f"{word} 是订单行的属性，用 every、some、total 或 how_many 读",
                f"{word} is an attribute of order lines, read with every, some, total or how_many",
            )
        if wanted is not None and wanted.kind is not Kind.FLAG:
            return None
        for name, type_ in self._scope.facts.items():
            if word in type_.values:
                return Text(
                    f"{word} 是 {name} 的值：写成 {name} == {word}",
                    f"{word} is a value of {name}: write {name} == {word}",
                )
        return None

    def fits_twice(self, raw: Name, senses: Iterable[Text]) -> None:
        """Say that a word means two things here."""
        both = tuple(senses)
        message = Text(
            f"{raw.word} 有两种意思：{'、'.join(sense.zh for sense in both)}",
            f"{raw.word} means two things here: {' and '.join(sense.en for sense in both)}",
        )
        self._faults.add("fits_twice", where(raw), message, Text("改掉其中一个名称", "rename one of them"))

    def different_kinds(self, raw: Raw, left: Type, right: Type) -> None:
        """Say that two things cannot be compared."""
        one, other = _KINDS[left.kind], _KINDS[right.kind]
        if left.kind is right.kind:
            message = Text(f"这两个{one.zh}的值不同", "these two do not have the same values")
        else:
            message = Text(f"{one.zh}不能与{other.zh}比较", f"{one.en} cannot be compared with {other.en}")
        self._faults.add("different_kinds", where(raw), message)

    def kind_unclear(self, raw: Raw) -> None:
        """Say that nothing here has a kind of its own."""
        message = Text("这里没有事实或参数，看不出类型", "no fact or param stands here that tells the kind")
        self._faults.add("kind_unclear", where(raw), message)

    def flag_compared(self, pair: Chain) -> None:
        """Say that a flag is a condition of its own."""
        message = Text("是非事实本身就是条件，不用比较", "a flag is a condition of its own and is not compared")
        shown = _without_comparison(pair)
        self._faults.add("flag_compared", where(pair), message, Text(f"写成 {shown}", f"write {shown}"))

    def value_not_here(self, raw: Raw, value: str) -> None:
        """Say that something may turn out to be a value that does not belong here."""
        message = Text(f"这里不能是 {value}", f"{value} does not belong here")
        self._faults.add("value_not_here", where(raw), message)

    def no_order(self, raw: Raw, found: Type) -> None:
        """Say that choices and parties have no order."""
        kind = _KINDS[found.kind]
        message = Text(f"{kind.zh}没有大小之分", f"{kind.en} has no order")
        self._faults.add("no_order", where(raw), message, Text("用 ==、!= 或 in", "use ==, != or in"))

    def no_arithmetic(self, raw: Raw, found: Type) -> None:
        """Say that this kind is not calculated with."""
        kind = _KINDS[found.kind]
        hint = None
        if found.kind is Kind.INSTANT:
            hint = Text(
                "时间用 days_between、add_days、add_months 计算，只在派生事实里",
                "instants are calculated with days_between, add_days and add_months, in derived facts",
            )
        self._faults.add(
            "no_arithmetic", where(raw), Text(f"{kind.zh}不能这样计算", f"{kind.en} is not calculated with"), hint
        )

    def no_product(self, raw: Raw, message: Text) -> None:
        """Say why these factors are not multiplied."""
        self._faults.add("no_product", where(raw), message)

    def number(self, raw: Number) -> None:
        """Say that a written number may not stand here."""
        self._faults.add("number_not_allowed", where(raw), *number_fault(str(raw.value)))

    def not_a_number(self, raw: Raw, wanted: Type) -> None:
        """Say that a number stands where something else belongs."""
        kind = _KINDS[wanted.kind]
        self._faults.add(
            "wrong_kind", where(raw), Text(f"这里应是{kind.zh}，不是数字", f"{kind.en} belongs here, not a number")
        )

    def chain_not_plain(self, raw: Raw) -> None:
        """Say that what stands in the middle of a chain is too much to be looked at twice."""
        message = Text(
            "连写比较的中间只能是名称或它们的和、积", "the middle of a chain is a name, or a sum or product of names"
        )
        self._faults.add(
            "chain_not_plain", where(raw), message, Text("用 and 分成两个比较", "make it two comparisons with and")
        )

    def lines_in_lines(self, raw: Raw, name: str) -> None:
        """Say that order lines are not looked through once for each order line."""
        message = Text(f"订单行里不能再用 {name}", f"{name} cannot stand inside another look at order lines")
        self._faults.add("lines_in_lines", where(raw), message)

    def named_twice(self, raw: Name) -> None:
        """Say that a value is listed twice."""
        message = Text(f"{raw.word} 列了两次", f"{raw.word} is listed twice")
        self._faults.add("named_twice", where(raw), message)

    def unknown_function(self, at: tuple[int, int], name: str, known: Iterable[str]) -> None:
        """Say that there is no such function."""
        message = Text(f"没有函数 {name}", f"there is no function {name}")
        self._faults.add("unknown_function", at, message, did_you_mean(name, known))

    def function_not_here(self, at: tuple[int, int], name: str) -> None:
        """Say that a function is allowed only where a fact is derived."""
        message = Text(f"{name} 只能用在派生事实的 is: 里", f"{name} stands only in the is: of a derived fact")
        hint = Text("在 facts.yaml 里写一个派生事实", "make a derived fact in facts.yaml")
        self._faults.add("function_not_here", at, message, hint)

    def wrong_arguments(self, raw: Raw, name: str, usage: str) -> None:
        """Say how a function is written."""
        message = Text(f"{name} 的写法是 {usage}", f"{name} is written {usage}")
        self._faults.add("wrong_arguments", where(raw), message)


def _without_comparison(pair: Chain) -> str:
    """Return how a comparison of flags is written without one."""
    words = [raw.word if isinstance(raw, Name) else "x" for raw in pair.operands]
    equal = pair.operators[0] == "=="
    flags = [word for word in words if word not in {"true", "false"}]
    if len(flags) == 2:
        one, other = flags
        same = f"{one} and {other} or not {one} and not {other}"
        return same if equal else f"{one} and not {other} or not {one} and {other}"
    flag = flags[0] if flags else "x"
    return f"not {flag}" if ("false" in words) is equal else flag


def _towards(word: str | None, found: Type, wanted: Type) -> Text | None:
    """Return what the author probably meant where one kind stands for another."""
    if wanted.kind is not Kind.FLAG or word is None:
        return None
    if found.values:
        return Text(f"例如 {word} == {found.values[0]}", f"such as {word} == {found.values[0]}")
    if found.kind in {Kind.COUNT, Kind.MONEY}:
        return Text(f"例如 {word} > 0", f"such as {word} > 0")
    return None


def _listing(values: tuple[str, ...]) -> Text:
    some = values[:_SHOWN]
    more = len(values) > _SHOWN
    return Text(
        f"可以是：{'、'.join(some)}{' 等' if more else ''}", f"the values are {', '.join(some)}{' …' if more else ''}"
    )
