"""The names that a law may read beside facts and params: what is decided about a case, each a single value.

A name stands for the same thing wherever laws are judged: in a case where it stands, and in a proof about all cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from aftersales.expr.types import FLAG, Kind, Type
from aftersales.policy.model import MoneyLine, Policy, Terms

#: Where several parties bear something together.
SHARED: Final = "shared"
#: Where nobody has said yet who bears something.
UNDECIDED: Final = "undecided"
#: The lists of actions that ``ACTION in …`` asks for.
NEXT_ACTIONS: Final = "next_actions"
DUTIES: Final = "duties"
#: The books of money that flat names are formed from.
BOOKS: Final = ("refund", "deduction", "charge", "recover")
#: The two cases that a law may compare.
CASES: Final = ("a", "b")

_MONEY: Final = Type(Kind.MONEY, low=0)
_NET: Final = Type(Kind.MONEY)


def flat_names(policy: Policy) -> Mapping[str, Type]:
    """Return the flat names of a policy with their types; ``ACTION in next_actions`` is not among them.

    A line of money called ``total`` is read as the total of all lines.
    """
    bearers = Type(Kind.PARTY, tuple(dict.fromkeys((*policy.parties, SHARED, UNDECIDED))))
    return {
        "flow": Type(Kind.CHOICE, tuple(policy.flows)),
        "state": Type(Kind.CHOICE, tuple(dict.fromkeys(state.name for state in policy.states.values()))),
        "outcome": Type(Kind.CHOICE, tuple(policy.outcomes)),
        "liable": bearers,
        **{f"{leg}_{word}": bearers for leg in policy.legs for word in ("borne", "advanced")},
        **{f"{leg}_by_{party}": _MONEY for leg in policy.legs for party in policy.parties},
        **dict.fromkeys(_lines(policy), _MONEY),
        "refund_total": _MONEY,
        "refund_maximum": _MONEY,
        "deduction_total": _MONEY,
        "charge_total": _MONEY,
        "recover_total": _MONEY,
        "goods_left": _MONEY,
        "buyer_net": _NET,
        "silence": FLAG,
    }


def line_names(policy: Policy, book: str) -> tuple[str, ...]:
    """Return the lines of ``refund``, ``deduction``, ``charge`` or ``recover`` that a case may have, legs included."""
    legs = () if book == "deduction" else tuple(policy.legs)
    lines = (line.name for state in policy.states.values() for line in _book(state.terms, book))
    return tuple(dict.fromkeys((*lines, *legs)))


def _lines(policy: Policy) -> Iterable[str]:
    for book in BOOKS:
        yield from (f"{book}_{name}" for name in line_names(policy, book))


def _book(terms: Terms, book: str) -> tuple[MoneyLine, ...]:
    match book:
        case "refund":
            return terms.refund
        case "deduction":
            return terms.deductions
        case "charge":
            return terms.charge
        case _:
            return terms.recover
