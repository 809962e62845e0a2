"""Scripts: what staff say to a buyer, with placeholders that the case fills in."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from aftersales.errors import did_you_mean
from aftersales.text import Text, clip

if TYPE_CHECKING:  # only compiling needs them, deciding does not
    from aftersales.policy.faults import Faults
    from aftersales.syntax.tree import TextSyntax

#: What is due now, what is refunded altogether, and until when: everything else is the name of a fact or a param.
REFUND_DUE: Final = "refund_due"
REFUND_TOTAL: Final = "refund_total"
DUE: Final = "due"
OF_THE_DECISION: Final = (REFUND_DUE, REFUND_TOTAL, DUE)

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
#: The same, or a brace that belongs to none.
_PARTS: Final = re.compile(rf"{PLACEHOLDER.pattern}|[{{}}]")


def check_script(say: TextSyntax, names: Collection[str], faults: Faults) -> None:
    """Note every placeholder of ``say`` that names nothing, every stray brace, and languages that fill in differently."""
    for said in (say.zh, say.en):
        for found in _PARTS.finditer(said.text):
            name = found[1]
            if name in names or name in OF_THE_DECISION:
                continue
            place = said.part(found.start(), found.end())
            if name is None:
                message = Text("花括号没有成对", f"this {found[0]} belongs to no placeholder")
                faults.add("stray_brace", place, message, Text("写成 {名称}", "write {name}"))
            else:
                message = Text(f"没有可填的 {{{clip(name)}}}", f"nothing fills in {{{clip(name)}}}")
                hint = did_you_mean(name, (*OF_THE_DECISION, *names)) or _FILLED_BY
                faults.add("unknown_placeholder", place, message, hint)
    if set(placeholders(say.zh.text)) != set(placeholders(say.en.text)):
        message = Text("中英文填入的内容不同", "the Chinese and the English text fill in different things")
        faults.add("uneven_script", say.span, message)


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names that a script fills in, in order, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


_FILLED_BY: Final = Text(
    f"可填 {'、'.join(OF_THE_DECISION)}、事实名或参数名",
    f"it is filled by {', '.join(OF_THE_DECISION)}, a fact or a param",
)
