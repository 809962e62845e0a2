"""Conditions as a person would put them: what another part already says is left out.

The compiler's guards carry the denial of every guard above them, so that they never overlap: ``not (a and b) and a``.
Said aloud that is ``a and not b``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aftersales.dataclass import dataclass
from aftersales.expr.build import negate
from aftersales.expr.tree import All, Compare, Either, Expr, FactRef, In, LineRef, Literal, Not
from aftersales.expr.types import Kind, Type, Value


def plain(condition: Expr) -> Expr:
    """Return a condition that is true in the same cases, with its denials inside and nothing said twice.

    Where a value is missing it may be false where ``condition`` is unknown: it is for telling, not for deciding. What
    contradicts itself is left as it is.
    """
    match condition:
        case Not(operand=Not(operand=inner)):
            return plain(inner)
        case Not(operand=All(operands=operands)):
            return plain(Either(tuple(map(negate, operands))))
        case Not(operand=Either(operands=operands)):
            return plain(All(tuple(map(negate, operands))))
        case Not(operand=Compare() as inner):
            return negate(inner)
        case Either(operands=operands):
            return _one_or(Either, tuple(_flat(Either, map(plain, operands))))
        case All(operands=operands):
            parts = tuple(_flat(All, map(plain, operands)))
            return _one_or(All, _shortened(parts) or parts)
        case _:
            return condition


@dataclass(frozen=True, slots=True)
class _Test:
    """A fact whose answer must be one of some values, out of all that it can have."""

    subject: FactRef | LineRef
    values: frozenset[Value]
    every: tuple[Value, ...]

    def said(self) -> Expr:
        """Return the test of a word as a condition: by the words that it allows or, where they are fewer, by the others."""
        words = tuple(word for word in self.every if isinstance(word, str))
        allowed = tuple(word for word in words if word in self.values)
        others = tuple(word for word in words if word not in self.values)
        if len(allowed) == 1:
            return Compare("==", self.subject, Literal(self.subject.type, allowed[0]))
        if len(others) == 1:
            return Compare("!=", self.subject, Literal(self.subject.type, others[0]))
        return In(self.subject, allowed) if len(allowed) <= len(others) else Not(In(self.subject, others))


def _one_or(join: type[All | Either], parts: tuple[Expr, ...]) -> Expr:
    return parts[0] if len(parts) == 1 else join(parts)


def _flat(join: type[All | Either], parts: Iterable[Expr]) -> Iterator[Expr]:
    for part in dict.fromkeys(parts):
        if isinstance(part, join):
            yield from part.operands
        else:
            yield part


def _shortened(parts: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Return the parts of an ``and`` without what the others say; none where they contradict each other."""
    while True:
        known = _known(parts)
        if any(not test.values for test in known.values()):
            return ()
        kept = tuple(_flat(All, _told(parts, known)))
        if kept == parts:
            return parts
        parts = kept


def _known(parts: tuple[Expr, ...]) -> dict[str, _Test]:
    """Return what the parts together allow of each fact."""
    known: dict[str, _Test] = {}
    for test in filter(None, map(_test, parts)):
        before = known.get(test.subject.name)
        both = test.values & before.values if before else test.values
        known[test.subject.name] = _Test(test.subject, both, test.every)
    return known


def _told(parts: tuple[Expr, ...], known: dict[str, _Test]) -> Iterator[Expr]:
    """Yield what is left to tell of each part; last what only the others leave open of a denial."""
    told: set[str] = set()
    later: list[Expr] = []
    for part in parts:
        test = _test(part)
        if test is None:
            left = _left(part, parts, known)
            if left == part:
                yield part
            elif left is not None:
                later.append(left)
        elif test.subject.name not in told:
            told.add(test.subject.name)
            allowed = known[test.subject.name]
            yield part if allowed.values == test.values else allowed.said()
    yield from later


def _left(part: Expr, parts: tuple[Expr, ...], known: dict[str, _Test]) -> Expr | None:
    """Return what is left open of a part that is no single test; ``None`` where the others imply it."""
    if not isinstance(part, Either):
        return part
    verdicts = [(one, _verdict(one, parts, known)) for one in part.operands]
    if any(verdict for _, verdict in verdicts):
        return None
    left = tuple(one for one, verdict in verdicts if verdict is None)
    return _one_or(Either, left) if left else part


def _verdict(one: Expr, parts: tuple[Expr, ...], known: dict[str, _Test]) -> bool | None:
    """Return whether the other parts make ``one`` true or false; ``None`` where they leave it open."""
    if isinstance(one, All):
        return False if any(_verdict(inner, parts, known) is False for inner in one.operands) else None
    test = _test(one)
    if test is None:
        return True if one in parts else False if negate(one) in parts else None
    allowed = known.get(test.subject.name)
    if allowed is None:
        return None
    return True if allowed.values <= test.values else None if allowed.values & test.values else False


def _test(part: Expr) -> _Test | None:
    """Return what a part asks of one flag or word; ``None`` where it asks anything else."""
    match part:
        case Not(operand=In() | FactRef() | LineRef() as inner):
            test = _test(inner)
            return test and _Test(test.subject, frozenset(test.every) - test.values, test.every)
        case FactRef(type=Type(kind=Kind.FLAG)) | LineRef(type=Type(kind=Kind.FLAG)):
            return _Test(part, frozenset({True}), (True, False))
        case Compare("==", FactRef() | LineRef() as subject, Literal(value=str(word))) if subject.type.values:
            return _Test(subject, frozenset({word}), subject.type.values)
        case Compare("!=", FactRef() | LineRef() as subject, Literal(value=str(word))) if subject.type.values:
            return _Test(subject, frozenset(subject.type.values) - {word}, subject.type.values)
        case In(operand=FactRef() | LineRef() as subject, values=values) if subject.type.values:
            return _Test(subject, frozenset(values), subject.type.values)
        case _:
            return None
