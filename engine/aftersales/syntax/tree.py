"""What the author wrote: one frozen class per element of the policy files, each with its place.

Names are not resolved and expressions are not parsed here. A value whose kind another key decides (a param's
``value``, a fact's ``min``) stays a ``ScalarText``; everything else already has its Python type, money in fen.
"""

from __future__ import annotations

from collections.abc import Callable

from aftersales.dataclass import dataclass, field
from aftersales.syntax.atoms import (
    AnswerSyntax,
    ExprText,
    Name,
    ScalarText,
    TextSyntax,
)
from aftersales.syntax.conduct import (
    AnswerWithinSyntax,
    ConductFileSyntax,
    ConductRuleSyntax,
    PenaltySyntax,
    PhaseSyntax,
    PhrasesSyntax,
)
from aftersales.syntax.flow import (
    AnytimeSyntax,
    BearingSyntax,
    BranchSyntax,
    ByTimeSyntax,
    CascadeSyntax,
    CountSyntax,
    EndSyntax,
    ExitSyntax,
    FlowSyntax,
    LateSyntax,
    MoneyLineSyntax,
    OfferSyntax,
    OptionSyntax,
    PostageSyntax,
    ReopenSyntax,
    RowSyntax,
    SharesSyntax,
    ShareSyntax,
    StateSyntax,
    TableSyntax,
    TargetSyntax,
    TermsSyntax,
    TodoSyntax,
    UndecidedSyntax,
    UseSyntax,
    WithinDaysSyntax,
    WithinHoursSyntax,
    WithinLength,
    WithinParam,
    WithinSyntax,
)
from aftersales.syntax.laws import LawSyntax
from aftersales.syntax.vocabulary import (
    ActionsFileSyntax,
    ActionSyntax,
    FactsFileSyntax,
    FactSyntax,
    LegSyntax,
    ListSyntax,
    OverlayParamSyntax,
    OverlaySyntax,
    ParamSyntax,
    PeriodSyntax,
    PolicyFileSyntax,
    SourceSyntax,
    TierSyntax,
    TitledSyntax,
    ValueSyntax,
)

__all__ = [
    "ActionSyntax",
    "ActionsFileSyntax",
    "AnswerSyntax",
    "AnswerWithinSyntax",
    "AnytimeSyntax",
    "BearingSyntax",
    "BranchSyntax",
    "ByTimeSyntax",
    "CascadeSyntax",
    "ConductFileSyntax",
    "ConductRuleSyntax",
    "CountSyntax",
    "EndSyntax",
    "ExitSyntax",
    "ExprText",
    "FactSyntax",
    "FactsFileSyntax",
    "FlowSyntax",
    "LateSyntax",
    "LawSyntax",
    "LegSyntax",
    "ListSyntax",
    "MoneyLineSyntax",
    "Name",
    "OfferSyntax",
    "OptionSyntax",
    "OverlayParamSyntax",
    "OverlaySyntax",
    "ParamSyntax",
    "PenaltySyntax",
    "PeriodSyntax",
    "PhaseSyntax",
    "PhrasesSyntax",
    "PolicyFileSyntax",
    "PolicyFolderSyntax",
    "PostageSyntax",
    "ReopenSyntax",
    "RowSyntax",
    "ScalarText",
    "ShareSyntax",
    "SharesSyntax",
    "SourceSyntax",
    "StateSyntax",
    "TableSyntax",
    "TargetSyntax",
    "TermsSyntax",
    "TextSyntax",
    "TierSyntax",
    "TitledSyntax",
    "TodoSyntax",
    "UndecidedSyntax",
    "UseSyntax",
    "ValueSyntax",
    "WithinDaysSyntax",
    "WithinHoursSyntax",
    "WithinLength",
    "WithinParam",
    "WithinSyntax",
]


@dataclass(frozen=True, slots=True)
class PolicyFolderSyntax:
    """A whole policy folder; files in the order of their names. ``digest`` is a SHA-256 (hex) over names and bytes.

    Laws of files that are known to be sound are read when somebody calls for them.
    """

    folder: str
    policy: PolicyFileSyntax
    facts: FactsFileSyntax
    params: tuple[ParamSyntax, ...]
    actions: tuple[ActionSyntax, ...]
    sources: tuple[SourceSyntax, ...]
    flows: tuple[FlowSyntax, ...]
    overlays: tuple[OverlaySyntax, ...]
    digest: str
    conduct: ConductFileSyntax = field(default_factory=ConductFileSyntax)
    lists: tuple[ListSyntax, ...] = ()
    laws: tuple[LawSyntax, ...] | Callable[[], tuple[LawSyntax, ...]] = ()
