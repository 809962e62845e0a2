"""From what the author wrote to what it means: every name resolved, every expression typed, every state flat."""

from __future__ import annotations

from collections.abc import Mapping

from aftersales.dataclass import replace
from aftersales.policy.actions import read_actions
from aftersales.policy.checks.params import check_params
from aftersales.policy.conduct import read_conduct
from aftersales.policy.facts import declare_facts, declare_line_facts, derive_facts, read_holds
from aftersales.policy.faults import Faults
from aftersales.policy.flows import read_flows
from aftersales.policy.frames import Shelf
from aftersales.policy.laws import Law
from aftersales.policy.model import Fact, Param, Policy
from aftersales.policy.params import read_params
from aftersales.policy.read_laws import read_laws
from aftersales.policy.registers import read_registers
from aftersales.policy.unread import Unread
from aftersales.policy.vocabulary import Vocabulary, Words, read_legs, read_words
from aftersales.syntax.tree import FlowSyntax, LawSyntax, PolicyFolderSyntax
from aftersales.text import Text


def compile_policy(written: PolicyFolderSyntax) -> Policy:
    """Return the policy that a folder describes; what only the whole of it can show is left to the checks.

    Raises PolicyError with every fault at its place.
    """
    faults = Faults()
    vocabulary = _vocabulary(written, faults)
    flows = _by_name(written.flows, faults)
    found = read_flows(Shelf(vocabulary, flows, faults), written.policy.root)
    holds = read_holds(vocabulary, written.facts, faults)
    conduct = read_conduct(written.conduct, vocabulary, faults)
    faults.stop()
    head, words = written.policy, vocabulary.words
    policy = Policy(
        id=head.id.text,
        version=head.version.text,
        title=head.title.text,
        timezone=head.timezone.text,
        currency=head.currency.text,
        root=head.root.text,
        roles=words.roles,
        parties=words.parties,
        outcomes=words.outcomes,
        legs=vocabulary.legs,
        facts=vocabulary.facts,
        line_facts=vocabulary.line_facts,
        holds=holds,
        params=vocabulary.params,
        actions=vocabulary.actions,
        sources=words.sources,
        flows=found.flows,
        states=found.states,
        digest=written.digest,
        folder=written.folder,
        conduct=conduct,
        lists=vocabulary.lists,
        sub_flows={name: flow.title.text for name, flow in flows.items() if flow.exits is not None},
    )
    if callable(written.laws):
        read = written.laws
        return replace(policy, laws=Unread(lambda: _laws(read(), policy, faults)))
    return replace(policy, laws=_laws(written.laws, policy, faults))


def _laws(written: tuple[LawSyntax, ...], policy: Policy, faults: Faults) -> Mapping[str, Law]:
    laws = read_laws(written, policy, faults)
    faults.stop()
    return laws


def _vocabulary(written: PolicyFolderSyntax, faults: Faults) -> Vocabulary:
    words = read_words(written.policy, written.sources, faults)
    facts = declare_facts(written.facts, written.flows, words, faults)
    vocabulary = Vocabulary(
        words=words,
        legs=read_legs(written.policy, facts, faults),
        facts=facts,
        line_facts=declare_line_facts(written.facts, words, faults),
        params=_params(written, facts, words, faults),
    )
    vocabulary = replace(vocabulary, facts=derive_facts(vocabulary, written.facts, written.flows, faults), scopes={})
    whole = [name for name, fact in vocabulary.facts.items() if fact.flow is None]
    lists = read_registers(written.lists, words.doers, whole, faults)
    vocabulary = replace(vocabulary, lists=lists)
    return replace(vocabulary, actions=read_actions(written.actions, vocabulary, faults))


def _params(
    written: PolicyFolderSyntax, facts: Mapping[str, Fact], words: Words, faults: Faults
) -> Mapping[str, Param]:
    """Return the params, checked where every one of them could be read: their faults do not wait for the flows."""
    unread = Faults()
    params = read_params(written.params, written.overlays, facts, words, unread)
    faults.extend(unread.found or check_params(params))
    return params


def _by_name(flows: tuple[FlowSyntax, ...], faults: Faults) -> Mapping[str, FlowSyntax]:
    found: dict[str, FlowSyntax] = {}
    for flow in flows:
        if flow.name.text in found:
            message = Text(f"流程 {flow.name} 声明了两次", f"flow {flow.name} is declared twice")
            faults.add("declared_twice", flow.name.span, message)
        found.setdefault(flow.name.text, flow)
    return found
