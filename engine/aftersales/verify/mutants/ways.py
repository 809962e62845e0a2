"""Faults in where a case goes: wrong targets, branches left out, what is forgotten, taken and counted on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aftersales.expr.types import Kind, Type
from aftersales.syntax.tree import (
    AnswerSyntax,
    CascadeSyntax,
    Name,
    StateSyntax,
    TableSyntax,
    TargetSyntax,
)
from aftersales.verify.mutants.expressions import next_word
from aftersales.verify.mutants.nodes import nodes_in
from aftersales.verify.mutants.workshop import Edit, Place


def misled(place: Place) -> Iterator[Edit]:
    """Lead to where another branch of the state leads; where there is none, to the next state of the file."""
    targets = list(_targets(place.written))
    for target in targets:
        for other in _elsewhere(target, targets, place):
            after = replace(target, to=other.to, flow=other.flow, exit=other.exit)
            yield Edit(target, after, target.span, _leads(target), _leads(other))


def dropped_branch(place: Place) -> Iterator[Edit]:
    """Leave out a branch, so that its cases go on to the branches below it or to ``otherwise``."""
    for node in nodes_in(place.written):
        match node:
            case CascadeSyntax(branches=branches):
                for branch in branches:
                    if branch.when is not None:
                        left = tuple(other for other in branches if other is not branch)
                        before = f"{branch.when.text}: {_leads(branch.target)}"
                        yield Edit(node, replace(node, branches=left), branch.span, before, None)
            case TableSyntax(rows=rows) if any(row.value is None for row in rows):
                for row in rows:
                    if row.value is not None:
                        left_ = tuple(other for other in rows if other is not row)
                        before = f"{row.value.text}: {_leads(row.target)}"
                        yield Edit(node, replace(node, rows=left_), row.span, before, None)
            case _:
                pass


def dropped_change(place: Place) -> Iterator[Edit]:
    """Leave out what is forgotten, taken, counted or started anew on the way."""
    for target in _all_targets(place.written):
        for name in target.forget:
            left = tuple(other for other in target.forget if other is not name)
            yield Edit(target, replace(target, forget=left), name.span, f"forget: {name}", None)
        for answer in target.take:
            kept = tuple(other for other in target.take if other is not answer)
            before = f"take: {answer.fact}: {answer.value.text}"
            yield Edit(target, replace(target, take=kept), answer.fact.span, before, None)
        for count in target.add:
            counts = tuple(other for other in target.add if other is not count)
            yield Edit(target, replace(target, add=counts), count.fact.span, f"add: {count.fact}: {count.count}", None)
        if target.restart:
            yield Edit(target, replace(target, restart=False), target.span, "restart: true", None)


def changed_answer(place: Place) -> Iterator[Edit]:
    """Take another answer than the one that is written, or count one more."""
    for target in _all_targets(place.written):
        for answer in target.take:
            other = _other_answer(answer, place)
            if other is not None:
                value = replace(answer.value, text=other)
                before, after = (f"take: {answer.fact}: {said}" for said in (answer.value.text, other))
                yield Edit(answer.value, value, answer.fact.span, before, after)
        for count in target.add:
            before, after = (f"add: {count.fact}: {number}" for number in (count.count, count.count + 1))
            yield Edit(count, replace(count, count=count.count + 1), count.fact.span, before, after)


def _other_answer(answer: AnswerSyntax, place: Place) -> str | None:
    """Return another value of the fact: the opposite, the next word; ``None`` for amounts and instants."""
    match place.frame.shelf.vocabulary.facts[answer.fact.text].type:
        case Type(kind=Kind.FLAG):
            return "false" if answer.value.text == "true" else "true"
        case Type(kind=Kind.CHOICE | Kind.PARTY, values=values):
            return next_word(values, answer.value.text)
        case _:
            return None


def _all_targets(written: StateSyntax) -> Iterator[TargetSyntax]:
    for node in nodes_in(written):
        if isinstance(node, TargetSyntax):
            yield node


def _targets(written: StateSyntax) -> Iterator[TargetSyntax]:
    """Yield the targets that lead somewhere themselves, not by a table."""
    for target in _all_targets(written):
        if target.nested is None:
            yield target


def _elsewhere(target: TargetSyntax, targets: list[TargetSyntax], place: Place) -> Iterator[TargetSyntax]:
    after = targets.index(target) + 1
    for other in (*targets[after:], *targets[:after]):
        if _leads(other) != _leads(target):
            yield other
            return
    states = [state.name.text for state in place.file.states]
    if target.to is not None and len(states) > 1:
        name = next_word(tuple(states), target.to.text)
        yield TargetSyntax(target.span, to=Name(name, target.span))


def _leads(target: TargetSyntax) -> str:
    for word, name in (("to", target.to), ("flow", target.flow), ("exit", target.exit)):
        if name is not None:
            return f"{word}: {name}"
    return f"by: {target.nested.fact}" if isinstance(target.nested, TableSyntax) else "first: …"
