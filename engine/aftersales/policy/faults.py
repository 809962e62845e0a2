"""Collects the faults of a policy: compiling goes on after one, so that an author sees all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from aftersales.errors import Diagnostic, PolicyError, did_you_mean
from aftersales.source import Span
from aftersales.syntax.tree import Name
from aftersales.text import Text

#: What holds names in nearly all cases: told without asking whether something is a collection, which takes long.
_LISTS: Final = (dict, tuple, frozenset, set)


def sort_key(fault: Diagnostic) -> tuple[str, int, int, str, str]:
    """Order faults by file, line and column; one without a place stands first."""
    span = fault.span
    place = ("", 0, 0) if span is None else (span.source.name, span.line, span.column)
    return (*place, fault.code, fault.message.en)


def distinct(faults: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the faults in order of place, each once: a sub-flow's copies repeat what is wrong in it."""
    found = {sort_key(fault): fault for fault in faults}
    return tuple(found[key] for key in sorted(found))


class Faults:
    """What is wrong so far. Whoever finds a fault adds it and goes on with any value of the right type."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(self, code: str, span: Span | None, message: Text, hint: Text | None = None) -> None:
        """Note one fault at its place."""
        self.found.append(Diagnostic(code, message, span, hint))

    def extend(self, faults: Iterable[Diagnostic]) -> None:
        """Take over faults that were found elsewhere."""
        self.found.extend(faults)

    def known(self, name: Name, known: Iterable[str], what: Text) -> bool:
        """Return whether ``name`` is one of ``known``; where not, note that there is no such ``what``."""
        words = known if isinstance(known, (_LISTS, Collection)) else tuple(known)
        if name.text in words:
            return True
        message = Text(f"没有叫 {name.text} 的{what.zh}", f"there is no {what.en} {name.text}")
        self.add(f"unknown_{what.en.replace(' ', '_')}", name.span, message, did_you_mean(name.text, words))
        return False

    def stop(self) -> None:
        """Raise PolicyError with everything found, in order of place; nothing happens where nothing was."""
        if self.found:
            raise PolicyError(*distinct(self.found))


FACT = Text("事实", "fact")
PARAM = Text("参数", "param")
ACTION = Text("动作", "action")
SOURCE = Text("来源", "source")
STATE = Text("状态", "state")
FLOW = Text("流程", "flow")
EXIT = Text("出口", "exit")
OUTCOME = Text("结果", "outcome")
PARTY = Text("一方", "party")
ROLE = Text("角色", "role")
LEG = Text("运费段", "leg")
