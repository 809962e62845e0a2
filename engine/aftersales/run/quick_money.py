"""The money of everyday decisions put in its places: by ``put_money``, or by a function written for what comes often.

A function is written for one layout, and does what ``put_money`` does with it. Names stand in its text as quoted texts;
nothing that is told is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from aftersales.run.decision import Decision, Leg, MoneyItem
from aftersales.run.lazy_record import PARTS_OF, lazy_item, lazy_leg, lazy_refund, transfer

if TYPE_CHECKING:
    from aftersales.run.function.books import Layout, Line, Mark
    from aftersales.run.quick_parts import QuickParts

_OF_MONEY: Final = ("postage", "refund", "charges", "recover", "transfers")
_put_postage, _put_refund, _put_charges, _put_recover, _put_transfers = (PARTS_OF[name] for name in _OF_MONEY)
#: Puts the money of a decision in its places: of the decision, what tells the rest of it, the amounts in fen, and whether
#: a line waits. Returns whether that is all of it.
PutMoney = Callable[[Decision, "QuickParts", Mapping[str, int], bool], bool]


def put_money(
    layout: Layout,
    untravelled: Mapping[str, Leg | None],
    decision: Decision,
    parts: QuickParts,
    fen: Mapping[str, int],
    waits: bool,  # noqa: FBT001 (as the written functions are called)
) -> bool:
    """Put what is paid by whom to whom, and who bears each leg, in its place; return whether that is all of it.

    ``untravelled`` has every leg, none of them travelled.
    """
    refund, deductions, charges, recover, moves, travelled = layout
    postage, named = dict(untravelled), parts.named()
    for mark, leg, borne in travelled:
        postage[leg] = lazy_leg(parts, mark, borne)
    _put_postage(decision, postage)
    _put_charges(decision, _items(parts, charges, fen))
    paid = [lazy_item(parts, mark, name, fen[flat], fen[flat], f"{named}/{name}/1") for mark, name, flat in refund]
    total, taken_off = sum([item.amount for item in paid]), _items(parts, deductions, fen)
    _put_refund(decision, lazy_refund(parts, tuple(paid), taken_off, total, waits=waits))
    if moves is None or recover is None:
        return False
    _put_recover(decision, _items(parts, recover, fen))
    moved = [transfer(payer, payee, name, fen[flat]) for payer, payee, name, flat in moves if fen[flat]]
    _put_transfers(decision, tuple(moved))
    return True


def _items(parts: QuickParts, lines: Sequence[Line], fen: Mapping[str, int]) -> tuple[MoneyItem, ...]:
    """Return the lines of a book of which nothing is paid here."""
    return tuple([lazy_item(parts, mark, name, fen[flat], 0, None) for mark, name, flat in lines])


def written_money(layout: Layout, untravelled: Mapping[str, Leg | None]) -> PutMoney:
    """Return the function that does with a layout what ``put_money`` does, its loops written out."""
    space: dict[str, Any] = {made.__name__: made for made in (lazy_item, lazy_leg, lazy_refund, transfer)}
    space |= {f"put_{name}": PARTS_OF[name] for name in _OF_MONEY}
    space["untravelled"] = dict(untravelled)
    text = "\n ".join(("def put(decision, parts, fen, waits):", *_lines(layout, space)))
    exec(compile(text, "<money>", "exec"), space)  # noqa: S102 (our own text: see the top)
    put: PutMoney = space["put"]
    return put


def _lines(layout: Layout, space: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a function; the marks of records, which they look at, are put into ``space``."""

    def mark(marked: Mark) -> str:
        name = f"m{len(space)}"
        space[name] = marked
        return name

    def items(lines: Sequence[Line]) -> str:
        made = (f"lazy_item(parts, {mark(one)}, {name!r}, fen[{flat!r}], 0, None)," for one, name, flat in lines)
        return f"({' '.join(made)})"

    yield "postage = untravelled.copy()"
    for one, leg, party in layout.legs:
        yield f"postage[{leg!r}] = lazy_leg(parts, {mark(one)}, {party!r})"
    yield "put_postage(decision, postage)"
    yield f"put_charges(decision, {items(layout.charges)})"
    amounts = [f"a{number}" for number in range(len(layout.refund))]
    paid = []
    if amounts:
        yield "named = parts.named()"
    for amount, (one, name, flat) in zip(amounts, layout.refund, strict=True):
        yield f"{amount} = fen[{flat!r}]"
        paid.append(f"lazy_item(parts, {mark(one)}, {name!r}, {amount}, {amount}, named + {f'/{name}/1'!r}),")
    figures = f"({' '.join(paid)}), {items(layout.deductions)}, {' + '.join(amounts) or 0}"
    yield f"put_refund(decision, lazy_refund(parts, {figures}, waits=waits))"
    if layout.moves is None or layout.recover is None:
        yield "return False"
        return
    yield f"put_recover(decision, {items(layout.recover)})"
    if not layout.moves:
        yield "put_transfers(decision, ())"
        yield "return True"
        return
    yield "moved = []"
    for payer, payee, name, flat in layout.moves:
        yield f"amount = fen[{flat!r}]"
        yield f"if amount: moved.append(transfer({payer!r}, {payee!r}, {name!r}, amount))"
    yield "put_transfers(decision, tuple(moved))"
    yield "return True"
