"""Writes functions that answer as the text of a JSON object, without an ``Answer`` in between where that is plain.

What answers about one state have in common is written as text once; what is left are the amounts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, cast

from aftersales.expr.tree import Literal
from aftersales.policy.model import Bearing, PostageTerm
from aftersales.run.function.answer import Answer
from aftersales.run.function.legs import SHARED, UNDECIDED
from aftersales.run.function.lines import Fen
from aftersales.run.function.nodes import Node, Nodes
from aftersales.run.function.reached import NO_FEN
from aftersales.run.function.sheet import Names
from aftersales.run.function.sure import Compile, SureSheet, SureTree
from aftersales.run.function.tree import Parts

#: Amounts whose text is kept, and texts of what answers have in common; a policy of strange size has others written anew.
MOST_AMOUNTS: Final = 4_000
_MOST_KEPT: Final = 10_000
#: How a fen is written.
_CENTS: Final = tuple(f"{cents:02}" for cents in range(100))


class Amounts(dict[int, str]):
    """Amounts in fen as JSON has them: text with two decimals, in quotes. An amount that was written is kept."""

    def __missing__(self, fen: int) -> str:
        text = f'"{fen // 100}.{_CENTS[fen % 100]}"'
        if len(self) >= MOST_AMOUNTS:
            self.clear()  # what is paid often is soon kept again
        self[fen] = text
        return text


class AnswerWriter:
    """Writes answers as JSON: money as text with two decimals, ``null`` for a line that waits."""

    def __init__(self) -> None:
        self.amounts = Amounts()
        self._heads: dict[tuple[str, str, str | None], str] = {}
        self._bearers: dict[int, tuple[Mapping[str, str], str]] = {}

    def write(self, answer: Answer) -> str:
        """Return an answer as the text of a JSON object."""
        if not answer.fen:
            return f"{self.opening(answer)}}}}}"
        amounts = self.amounts
        lines = [f'"{name}": {"null" if fen is None else amounts[fen]}' for name, fen in answer.fen.items()]
        return f"{self.opening(answer)}{', '.join(lines)}}}}}"

    def opening(self, answer: Answer) -> str:
        """Return what stands before the amounts of an answer."""
        borne, key = answer.borne, (answer.state, answer.liable, answer.need)
        head = self._heads.get(key)
        if head is None:
            head = self._head(key, answer.outcome)
        kept = self._bearers.get(id(borne))
        bearers = kept[1] if kept is not None and kept[0] is borne else self._borne(borne)
        return f'{head}, "borne": {bearers}, "amounts": {{'

    def _head(self, key: tuple[str, str, str | None], outcome: str | None) -> str:
        state, liable, need = key
        whole = {"state": state, "outcome": outcome, "liable": liable, "need": need}
        head = json.dumps(whole, ensure_ascii=False).removesuffix("}")
        if len(self._heads) < _MOST_KEPT:
            self._heads[key] = head
        return head

    def _borne(self, borne: Mapping[str, str]) -> str:
        """Write who bears which leg; what answers share is written once."""
        text = json.dumps(dict(borne), ensure_ascii=False)
        if isinstance(borne, MappingProxyType) and len(self._bearers) < _MOST_KEPT:
            self._bearers[id(borne)] = borne, text
        return text


#: What closes the amounts and the object, as an f-string has it.
_END: Final = "}}}}"


class _SaidFen(Fen):
    """Writes amounts as text. What stands between them is in constants: no name becomes a part of the code."""

    def __init__(self, names: Names, opening: str) -> None:
        super().__init__()
        self._names = names
        self._opening = opening

    def opened(self) -> str:
        """Return the line that begins the text; without first entries it is put behind its opening at the end."""
        return f"t = f'{self._begun()}'" if self.first else "t = ''"

    def mapping(self) -> str:
        """Return the whole text where there are no entries but the first."""
        return f"f'{self._begun()}{_END}'"

    def entered(self, names: Sequence[str], amount: str) -> str:
        """Return the line that writes one amount under some names."""
        first, *others = (self._constant(f', "{name}": ') for name in names)
        again = "".join(f"{other}{{q}}" for other in others)
        return f"t += f'{first}{{(q := A[{amount}])}}{again}'" if again else f"t += f'{first}{{A[{amount}]}}'"

    def closed(self) -> str:
        """Return the whole text where there are more entries than the first."""
        return f"f'{{t}}{_END}'" if self.first else f"f'{self._constant(self._opening)}{{t[2:]}}{_END}'"

    def _begun(self) -> str:
        text, before = "", self._opening
        for name, amount in self.first:
            label = f'{before}"{name}": '
            text += f"{self._constant(label)}{{A[{amount}]}}"
            before = ", "
        return text

    def _constant(self, text: str) -> str:
        return f"{{{self._names.named(text, ('said', text))}}}"


class SaidTree(SureTree):
    """Writes the function of one node that answers in text where all is known, else with an ``Answer``."""

    def __init__(
        self, names: Names, nodes: Nodes, make: Compile, writer: AnswerWriter, sheet: SureSheet | None = None
    ) -> None:
        super().__init__(names, nodes, make, sheet)
        self._writer = writer
        self._fen: _SaidFen | None = None

    def on(self, sheet: SureSheet) -> SaidTree:
        """Return what writes on another sheet."""
        return SaidTree(self.names, self.nodes, self.make, self._writer, sheet)

    def name_of(self, node: Node) -> str:
        """Return the name of the function that goes on from ``node``."""
        return f"J{node.number}"

    def fen(self, node: Node, need: str | None) -> Fen:
        """Return what writes the amounts of an answer: as text where only they differ between answers."""
        common = _common(node) if need is None else None
        self._fen = None if common is None else _SaidFen(self.names, self._writer.opening(common))
        return self._fen or super().fen(node, need)

    def give(self, node: Node, edges: tuple[str, ...], parts: Parts) -> None:
        """Write that the answer is returned."""
        fen, self._fen = self._fen, None
        same = self.same(node, parts)
        if isinstance(same, Answer):
            text = self._writer.write(same)
            self.sheet.put(f"return {self.names.named(text, ('said', text))}")
        elif fen is None:
            super().give(node, edges, parts)
        else:
            self.sheet.put(f"return {fen.closed() if parts.fen == 'fen' else fen.mapping()}")


def _common(node: Node) -> Answer | None:
    """Return the answers about an end but for their amounts; ``None`` where these do not differ in amounts alone."""
    laid, state = node.laid, node.state
    terms = laid.postage.values()
    lines = (laid.refund, laid.charge, laid.recover)
    if state.end is None or any(not laid.postage.keys().isdisjoint(book) for book in lines):
        return None
    liable = _party(laid.liable)
    borne = {term.leg: _party(term.borne) for term in terms}
    if liable is None or None in borne.values() or any(_advancer(term) is None for term in terms):
        return None
    return Answer(state.key, state.end.outcome, liable, cast("dict[str, str]", borne), NO_FEN, None, None)


def _party(bearing: Bearing) -> str | None:
    """Return who bears something in every case, ``None`` where that is not one party."""
    party = bearing.value if isinstance(bearing, Literal) else None
    return party if isinstance(party, str) and party not in {SHARED, UNDECIDED} else None


def _advancer(term: PostageTerm) -> str | None:
    """Return who advanced a leg in every case, as far as that differs from the default; ``None`` where a case tells."""
    return "" if term.advanced is None else _party(term.advanced)
