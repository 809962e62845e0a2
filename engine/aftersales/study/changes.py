"""What was edited between two policies: every element of one that is not the same in the other, with its lines.

Only what a policy says counts, not where it is written or in which words: places, titles, scripts and sources of an
element are left out of the comparison and looked at once more on their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Final, Literal

from aftersales.policy.model import Flow, Policy, State
from aftersales.source import Span
from aftersales.study.edited_lines import EditedLine, edited_lines
from aftersales.text import Text

Kind = Literal["policy", "state", "flow", "param", "fact", "action", "leg", "relation"]

#: What a state says, by the parts that an edit of it is told by.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "ways": ("until", "branches", "late", "reopen"),
    "offers": ("offers",),
    "deadline": ("within",),
    "actions": ("do", "duties"),
    "terms": ("terms",),
    "end": ("end",),
    "sub_flow": ("uses",),
}
#: What is written for people alone.
_WORDS: Final = frozenset(
    {"title", "titles", "value_titles", "ask", "say", "sources", "source", "no_deadline", "layer", "span"}
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edited element: its kind and names (states: those that share the lines), its place in either policy.

    ``parts`` names what of a state differs. ``words_only``: nothing but titles, scripts and sources do, so that no
    case is decided differently. Without ``old`` it was added, without ``new`` it was removed.
    """

    kind: Kind
    names: tuple[str, ...]
    old: Span | None
    new: Span | None
    parts: tuple[str, ...] = ()
    words_only: bool = False

    @property
    def name(self) -> str:
        """Return the first name."""
        return self.names[0]

    @property
    def lines(self) -> tuple[EditedLine, ...]:
        """Return the lines that were removed and added, in order."""
        return edited_lines(self.old, self.new)


def bare(value: object, *, words: bool = False) -> object:
    """Return ``value`` without places and, unless ``words``, without what is written for people alone."""
    if isinstance(value, Span):
        return None
    if is_dataclass(value) and not isinstance(value, Text):
        left_out = {"span"} if words else _WORDS
        kept = (field.name for field in fields(value) if field.name not in left_out)
        return (type(value).__name__, *((name, bare(getattr(value, name), words=words)) for name in kept))
    if isinstance(value, tuple):
        return tuple(bare(part, words=words) for part in value)
    if isinstance(value, Mapping):
        return tuple((key, bare(part, words=words)) for key, part in value.items())
    return value


def edits_between(old: Policy, new: Policy) -> tuple[Edit, ...]:
    """Return every edit, in the order of the old policy's files, what was added behind them."""
    found = [*_of_policy(old, new), *_of_states(old.states, new.states), *_of_flows(old.flows, new.flows)]
    found += _relations(old, new)
    named: tuple[tuple[Kind, Mapping[str, object], Mapping[str, object]], ...] = (
        ("param", old.params, new.params),
        ("fact", {**old.facts, **old.line_facts}, {**new.facts, **new.line_facts}),
        ("action", old.actions, new.actions),
        ("leg", old.legs, new.legs),
    )
    for kind, before, after in named:
        found += _of_named(kind, before, after)
    return tuple(_together(found))


def _of_policy(old: Policy, new: Policy) -> Iterator[Edit]:
    """Yield what is said of the whole policy, by the name of its key: it has no place of its own."""
    for key in ("root", "timezone", "currency"):
        if getattr(old, key) != getattr(new, key):
            yield Edit("policy", (key,), None, None)


def _relations(old: Policy, new: Policy) -> Iterator[Edit]:
    before, after = ({bare(holds): holds.span for holds in policy.holds} for policy in (old, new))
    yield from (Edit("relation", (f"{span}",), span, None) for key, span in before.items() if key not in after)
    yield from (Edit("relation", (f"{span}",), None, span) for key, span in after.items() if key not in before)


def _of_states(old: Mapping[str, State], new: Mapping[str, State]) -> Iterator[Edit]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            yield Edit("state", (key,), *_places(before, after))
            continue
        parts = tuple(part for part, names in _PARTS.items() if _differ(before, after, names))
        if parts or bare(before, words=True) != bare(after, words=True):
            yield Edit("state", (key,), before.span, after.span, parts, words_only=not parts)


def _differ(old: object, new: object, names: Iterable[str]) -> bool:
    return any(bare(getattr(old, name)) != bare(getattr(new, name)) for name in names)


def _of_flows(old: Mapping[str, Flow], new: Mapping[str, Flow]) -> Iterator[Edit]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            yield Edit("flow", (name,), *_places(before, after))
        elif _differ(before, after, ("start", "anytime")):
            yield Edit("flow", (name,), before.span, after.span)


def _of_named(kind: Kind, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Edit]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if bare(before, words=True) != bare(after, words=True):
            words_only = before is not None and after is not None and bare(before) == bare(after)
            yield Edit(kind, (name,), *_places(before, after), words_only=words_only)


def _places(*elements: object) -> tuple[Span | None, Span | None]:
    old, new = (getattr(element, "span", None) for element in elements)
    return old, new


def _together(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Join the copies of one edit: a sub-flow's states stand in every flow that uses it."""
    joined: dict[object, Edit] = {}
    for edit in edits:
        written = (edit.kind, str(edit.old), str(edit.new), edit.words_only)
        key = written if edit.old is not None or edit.new is not None else (edit.kind, edit.name)
        same = joined.get(key)
        names = edit.names if same is None else (*same.names, *edit.names)
        parts = edit.parts if same is None else tuple(dict.fromkeys((*same.parts, *edit.parts)))
        joined[key] = Edit(edit.kind, names, edit.old, edit.new, parts, edit.words_only)
    yield from joined.values()
