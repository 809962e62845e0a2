"""Is every declared list one that somebody enters cases on?"""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.policy.possible import Analysis
from aftersales.text import Text


def every_list_is_filled(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find lists that no action names: they would stay empty for ever."""
    policy = analysis.policy
    filled = {action.list for action in policy.actions.values()}
    for register in policy.lists.values():
        if register.name not in filled:
            message = Text(f"没有动作登记到 {register.name}", f"no action enters anything on {register.name}")
            hint = Text("给动作写上 list，或删掉此表", "give an action this list, or leave the list out")
            yield Diagnostic("empty_list", message, register.span, hint)
