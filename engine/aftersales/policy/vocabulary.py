"""Compiles ``policy.yaml`` and ``sources.yaml``: the words that every other file uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from aftersales.dataclass import dataclass, field
from aftersales.expr.raw import Raw
from aftersales.expr.scope import Scope
from aftersales.expr.types import Kind, Type
from aftersales.instants import TimeFormatError, zone_named
from aftersales.policy.faults import FACT, PARTY, SOURCE, Faults
from aftersales.policy.model import Action, Fact, Layer, Param, PolicySource, PostageLeg
from aftersales.policy.registers import Register
from aftersales.syntax.tree import LegSyntax, Name, PolicyFileSyntax, SourceSyntax, TitledSyntax
from aftersales.text import Text

#: The word for a bearer that is still open; no party may be called so.
UNDECIDED: Final = "undecided"
#: Who knows what stands in the order record, and who knows what the policy itself counts.
ORDER: Final = "order"
POLICY: Final = "policy"
#: Who advances a leg of postage where neither the leg nor a state says so.
DEFAULT_ADVANCER: Final = "buyer"

_LAYERS: Final[Mapping[str, Layer]] = {
    "law": "law", "platform": "platform", "shop": "shop", "document": "document",
}  # fmt: skip

#: Attributes that every order line has besides the declared ones.
LINE_ATTRIBUTES: Final[Mapping[str, Type]] = {
    "quantity": Type(Kind.COUNT, low=1),
    "paid": Type(Kind.MONEY, low=0),
    "unit_price": Type(Kind.MONEY, low=0),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The declared words of a policy and its sources."""

    zone: dt.tzinfo
    roles: Mapping[str, Text]
    parties: Mapping[str, Text]
    outcomes: Mapping[str, Text]
    sources: Mapping[str, PolicySource]

    @property
    def party(self) -> Type:
        """Return the type of an expression over parties."""
        return Type(Kind.PARTY, tuple(self.parties))

    @property
    def doers(self) -> tuple[str, ...]:
        """Return who can do an action: every role and every party."""
        return (*self.roles, *(party for party in self.parties if party not in self.roles))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that the flows may name. ``facts`` holds the local facts of every flow too; ``scopes`` are those made so far."""

    words: Words
    legs: Mapping[str, PostageLeg]
    facts: Mapping[str, Fact]
    line_facts: Mapping[str, Fact]
    params: Mapping[str, Param]
    actions: Mapping[str, Action] = field(default_factory=dict)
    lists: Mapping[str, Register] = field(default_factory=dict)
    scopes: dict[tuple[frozenset[str], bool], Scope] = field(default_factory=dict, repr=False)
    parsed: dict[str, Raw] = field(default_factory=dict, repr=False)
    #: The flows that have facts of their own.
    apart: frozenset[str] = field(default_factory=frozenset, repr=False)

    def __post_init__(self) -> None:
        apart = frozenset(fact.flow for fact in self.facts.values() if fact.flow is not None)
        object.__setattr__(self, "apart", apart)

    def scope(self, flows: Iterable[str] = (), *, derives: bool = False) -> Scope:
        """Return what an expression may name: the policy's facts and those local to ``flows``."""
        near = self.apart.intersection(flows)
        known = self.scopes.get((near, derives))
        if known is None:
            known = self.scopes[near, derives] = self._scope(near, derives=derives)
        return known

    def _scope(self, near: Collection[str], *, derives: bool) -> Scope:
        visible = {name: fact.type for name, fact in self.facts.items() if fact.flow is None or fact.flow in near}
        elsewhere = {name: fact.flow for name, fact in self.facts.items() if fact.flow and fact.flow not in near}
        lines = {**LINE_ATTRIBUTES, **{name: fact.type for name, fact in self.line_facts.items()}} if derives else {}
        return Scope(
            facts=visible,
            params={name: param.type for name, param in self.params.items()},
            lines=lines,
            parties=tuple(self.words.parties),
            derives=derives,
            elsewhere=elsewhere,
            parsed=self.parsed,
        )


def read_words(file: PolicyFileSyntax, sources: Iterable[SourceSyntax], faults: Faults) -> Words:
    """Return the words of ``policy.yaml`` and the sources."""
    _check_currency(file, faults)
    parties = _titled(file.parties)
    for entry in file.parties:
        if entry.name.text == UNDECIDED:
            message = Text("undecided 是保留字，不能作为一方", "undecided is reserved, no party may be called so")
            faults.add("reserved_word", entry.name.span, message)
    return Words(
        zone=_zone(file, faults),
        roles=_titled(file.roles),
        parties=parties,
        outcomes=_titled(file.outcomes),
        sources={source.name.text: _source(source, faults) for source in sources},
    )


def read_sources(names: Iterable[Name], words: Words, faults: Faults) -> tuple[str, ...]:
    """Return the sources that a flow, state or branch names; an unknown one is a fault and left out."""
    return tuple(name.text for name in names if faults.known(name, words.sources, SOURCE))


def read_legs(file: PolicyFileSyntax, facts: Mapping[str, Fact], faults: Faults) -> Mapping[str, PostageLeg]:
    """Return the legs of postage with the facts that hold their amount and their insurance."""
    parties = {party.name.text for party in file.parties}
    return {leg.name.text: _leg(leg, facts, parties, faults) for leg in file.legs}


def _titled(entries: Iterable[TitledSyntax]) -> Mapping[str, Text]:
    return {entry.name.text: entry.title.text for entry in entries}


def _zone(file: PolicyFileSyntax, faults: Faults) -> dt.tzinfo:
    try:
        return zone_named(file.timezone.text)
    except TimeFormatError as fault:
        faults.add("unknown_timezone", file.timezone.span, fault.message)
        return dt.UTC


def _check_currency(file: PolicyFileSyntax, faults: Faults) -> None:
    if file.currency.text != "CNY":
        shown = file.currency.text
        message = Text(f"只能用 CNY 计算金额，不能用 {shown}", f"money is reckoned in CNY only, not in {shown}")
        faults.add("unknown_currency", file.currency.span, message)


def _source(written: SourceSyntax, faults: Faults) -> PolicySource:
    layer = _LAYERS.get(written.layer.text)
    if layer is None:
        faults.known(written.layer, _LAYERS, Text("层级", "layer"))
    return PolicySource(
        id=written.name.text,
        title=written.title.text,
        layer=layer or "document",
        span=written.span,
        article=written.article.text if written.article else None,
        date=written.date,
    )


def _leg(written: LegSyntax, facts: Mapping[str, Fact], parties: Iterable[str], faults: Faults) -> PostageLeg:
    amount = _fact_of_kind(written.amount, Kind.MONEY, facts, faults)
    insured = _fact_of_kind(written.insured, Kind.FLAG, facts, faults)
    if written.advanced is not None:
        faults.known(written.advanced, parties, PARTY)
    advanced = written.advanced.text if written.advanced is not None else DEFAULT_ADVANCER
    return PostageLeg(written.name.text, written.title.text, amount, insured, advanced)


def _fact_of_kind(name: Name | None, kind: Kind, facts: Mapping[str, Fact], faults: Faults) -> str | None:
    if name is None or not faults.known(name, facts, FACT):
        return None
    fact = facts[name.text]
    if fact.type.kind is not kind or fact.flow is not None:
        wanted = Text("一个全局金额事实" if kind is Kind.MONEY else "一个全局是否事实", f"a {kind} fact of facts.yaml")
        message = Text(f"这里应是{wanted.zh}，{name} 不是", f"this is {wanted.en}, which {name} is not")
        faults.add("wrong_type", name.span, message)
        return None
    return name.text
