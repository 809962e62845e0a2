"""The shapes that a case is written in: records with known keys, lists, texts, counts, money and instants.

Plain data comes from YAML (where numbers and flags are still text), from JSON, or from a caller's own dict. Every
reader notes its fault and returns ``None``, so that one run finds all faults.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from aftersales.case.faults import Place
from aftersales.errors import UnknownNameError, did_you_mean
from aftersales.instants import TimeFormatError, as_instant, parse_instant
from aftersales.money import MoneyFormatError, parse_money
from aftersales.text import Text, clip, pattern

#: The facts that a claim tells.
ISSUE: Final = "issue"
OPENED_AT: Final = "opened_at"
#: The longest id, sku or word, in characters.
LONGEST_WORD: Final = 200
#: The longest title, in characters.
LONGEST_TITLE: Final = 1000
#: The largest count of units, days or whatever a case may say.
LARGEST_COUNT: Final = 1_000_000

_COUNT: Final = pattern(r"0|[1-9][0-9]{0,9}", re.ASCII)
#: Words that name personal data wherever they stand in a key (``buyer_phone``) …
_PERSONAL: Final = frozenset({
    "phone", "telephone", "tel", "mobile", "cellphone", "address", "addr", "email", "mail", "recipient", "receiver",
    "consignee", "passport", "wechat", "qq",
})  # fmt: skip
#: … and keys that do as a whole.
_PERSONAL_KEYS: Final = frozenset({
    "name", "buyer_name", "user_name", "username", "full_name", "real_name", "nickname", "id_card", "id_number",
    "bank_card", "bank_account", "alipay_account", "account_holder", "buyer_account",
})  # fmt: skip
_PERSONAL_ZH: Final = (
    "姓名", "名字", "昵称", "电话", "手机", "地址", "收货人", "收件人", "联系人", "身份证", "银行卡", "支付宝账号",
    "微信", "邮箱", "账号",
)  # fmt: skip


class Fields:
    """A record of the case: its entries by key, each with its place."""

    def __init__(self, entries: Mapping[str, object], place: Place) -> None:
        self.entries = entries
        self.place = place

    def has(self, key: str) -> bool:
        """Return whether the key is written, be it with null."""
        return key in self.entries

    def at(self, key: str) -> Place:
        """Return the place of a key."""
        return self.place.at(key)

    def require(self, *keys: str) -> bool:
        """Note a fault for every key that is missing; return whether none is."""
        missing = [key for key in keys if key not in self.entries]
        for key in missing:
            self.place.fault("key_missing", Text(f"缺少 {key}", f"{key} is missing"))
        return not missing

    def text(self, key: str, longest: int = LONGEST_WORD) -> str | None:
        """Return the text at ``key``; a whole number is taken as its digits."""
        return read_text(self.entries[key], self.at(key), longest) if key in self.entries else None

    def count(self, key: str, low: int = 0, high: int = LARGEST_COUNT) -> int | None:
        """Return the whole number at ``key``, from ``low`` to ``high``."""
        return read_count(self.entries[key], self.at(key), low, high) if key in self.entries else None

    def money(self, key: str) -> int | None:
        """Return the amount at ``key`` in fen."""
        return read_money(self.entries[key], self.at(key)) if key in self.entries else None

    def instant(self, key: str) -> dt.datetime | None:
        """Return the instant at ``key``."""
        return read_instant(self.entries[key], self.at(key)) if key in self.entries else None

    def flag(self, key: str) -> bool | None:
        """Return the flag at ``key``."""
        return read_flag(self.entries[key], self.at(key)) if key in self.entries else None

    def word(self, key: str, words: Collection[str]) -> str | None:
        """Return the word at ``key``, one of ``words``."""
        return read_word(self.entries[key], self.at(key), words) if key in self.entries else None

    def items(self, key: str, most: int) -> Iterator[tuple[Place, object]]:
        """Yield the entries of the list at ``key``, each with its place; nothing where it is absent."""
        return read_items(self.entries[key], self.at(key), most) if key in self.entries else iter(())


def read_fields(data: object, place: Place, keys: Collection[str], *, facts: Collection[str] = ()) -> Fields | None:
    """Read a record; keys other than ``keys`` are faults, with the nearest known one.

    ``facts`` are known to the policy, but are not told here; the fault says where.
    """
    entries = read_entries(data, place)
    if entries is None:
        return None
    for key in entries:
        if key not in keys:
            hint = Text("这个事实写在 facts 下", "this fact is told under facts") if key in facts else None
            unknown_key(key, place.at(key), keys, hint)
    return Fields({key: value for key, value in entries.items() if key in keys}, place)


def read_entries(data: object, place: Place) -> Mapping[str, object] | None:
    """Read a record with any keys; a key that is no text is a fault."""
    if not isinstance(data, Mapping):
        shown = described(data)
        place.fault(
            "not_a_record", Text(f"这里应是键值对，不是{shown.zh}", f"keys with values belong here, not {shown.en}")
        )
        return None
    odd = [key for key in data if not isinstance(key, str)]
    if odd:
        place.fault("key_not_text", Text("键应是文字", "every key is text"))
    return {key: value for key, value in data.items() if isinstance(key, str)}


def unknown_key(key: str, place: Place, keys: Collection[str], hint: Text | None = None) -> None:
    """Note that ``key`` is not known here, by default with the nearest of ``keys``; personal data is refused as such."""
    if is_personal(key):
        place.fault(
            "personal_data",
            Text(
                "个人信息（姓名、电话、地址等）不参与任何判定，请从案件中删除",
                "personal data (names, phones, addresses) is not needed by any decision, leave it out of the case",
            ),
        )
        return
    shown = clip(key)
    place.fault(
        "unknown_name",
        Text(f"这里没有 {shown} 这个键或事实", f"there is no key or fact {shown} here"),
        kind=UnknownNameError,
        hint=hint or did_you_mean(shown, keys),
    )


def is_personal(key: str) -> bool:
    """Return whether a key names personal data: a name, phone, address, account."""
    plain = key.strip().lower().replace("-", "_").replace(" ", "_")
    return (
        plain in _PERSONAL_KEYS
        or not _PERSONAL.isdisjoint(plain.split("_"))
        or any(word in plain for word in _PERSONAL_ZH)
    )


def read_items(data: object, place: Place, most: int) -> Iterator[tuple[Place, object]]:
    """Yield the entries of a list, each with its place; a longer list than ``most`` is a fault and yields nothing."""
    if not isinstance(data, Sequence) or isinstance(data, str | bytes | bytearray):
        shown = described(data)
        place.fault("not_a_list", Text(f"这里应是列表，不是{shown.zh}", f"a list belongs here, not {shown.en}"))
        return
    if len(data) > most:
        place.fault(
            "too_many", Text(f"最多 {most} 项，现有 {len(data)} 项", f"at most {most} entries, not {len(data)}")
        )
        return
    for number, entry in enumerate(data):
        yield place.at(number), entry


def read_text(data: object, place: Place, longest: int = LONGEST_WORD) -> str | None:
    """Read a text of 1 to ``longest`` characters; a whole number is taken as its digits."""
    if isinstance(data, int) and not isinstance(data, bool) and data.bit_length() <= 64:
        return str(data)
    if not isinstance(data, str):
        shown = described(data)
        place.fault("not_text", Text(f"这里应是文字，不是{shown.zh}", f"text belongs here, not {shown.en}"))
        return None
    if not 0 < len(data) <= longest:
        place.fault("text_length", Text(f"文字应有 1 到 {longest} 个字符", f"a text has 1 to {longest} characters"))
        return None
    return str(data)


def read_count(data: object, place: Place, low: int = 0, high: int = LARGEST_COUNT) -> int | None:
    """Read a whole number from ``low`` to ``high``, written as a number or as plain digits."""
    number: int | None = None
    if isinstance(data, str) and _COUNT().fullmatch(data):
        number = int(data)
    elif isinstance(data, int):
        number = None if isinstance(data, bool) else int(data)
    if number is None:
        shown = described(data)
        place.fault(
            "not_a_count", Text(f"这里应是整数，不是{shown.zh}", f"a whole number belongs here, not {shown.en}")
        )
        return None
    if not low <= number <= high:
        shown_number = str(number) if number.bit_length() <= 64 else "…"
        place.fault(
            "out_of_bounds",
            Text(f"{shown_number} 超出 {low} 到 {high} 的范围", f"{shown_number} is outside {low} to {high}"),
        )
        return None
    return number


def read_money(data: object, place: Place) -> int | None:
    """Read an amount of money and return it in fen."""
    try:
        return parse_money(data)
    except MoneyFormatError as error:
        place.fault("money_format", error.message)
        return None


def read_instant(data: object, place: Place) -> dt.datetime | None:
    """Read an instant: ISO 8601 text with an offset, or an aware datetime."""
    try:
        if isinstance(data, dt.datetime):
            return as_instant(data)
        if isinstance(data, str):
            return parse_instant(data)
    except TimeFormatError as error:
        place.fault("instant_format", error.message)
        return None
    shown = described(data)
    place.fault("instant_format", Text(f"这里应是时间点，不是{shown.zh}", f"an instant belongs here, not {shown.en}"))
    return None


def read_flag(data: object, place: Place) -> bool | None:
    """Read ``true`` or ``false``."""
    if isinstance(data, bool):
        return data
    if data in ("true", "false"):
        return data == "true"
    shown = described(data)
    place.fault(
        "not_a_flag", Text(f"只能是 true 或 false，不是{shown.zh}", f"true or false belongs here, not {shown.en}")
    )
    return None


def read_word(data: object, place: Place, words: Collection[str]) -> str | None:
    """Read one of ``words``; another is an unknown name, with the nearest one."""
    if isinstance(data, str) and data in words:
        return str(data)
    if not isinstance(data, str):
        shown = described(data)
        place.fault("not_text", Text(f"这里应是文字，不是{shown.zh}", f"text belongs here, not {shown.en}"))
        return None
    options = ", ".join(words)
    place.fault(
        "unknown_value",
        Text(f"{clip(data)} 不在可选值之内：{options}", f"{clip(data)} is not one of {options}"),
        kind=UnknownNameError,
        hint=did_you_mean(clip(data), words),
    )
    return None


def described(data: object) -> Text:
    """Return what was written instead, in words a person uses; never a type name of the host language."""
    match data:
        case None:
            return Text("空值 null", "null")
        case bool():
            return Text(" true", "true") if data else Text(" false", "false")
        case str():
            return Text(f"“{clip(data)}”", clip(data))
        case float():
            return Text(f"小数 {data}", f"the fraction {data}")
        case int() if data.bit_length() <= 64:
            return Text(f"数字 {data}", f"the number {data}")
        case Mapping():
            return Text("键值对", "keys with values")
        case Sequence():
            return Text("列表", "a list")
        case _:
            return Text("别的东西", "something else")
