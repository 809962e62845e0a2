"""After-sales policies written as YAML state machines: what to do next, who bears the postage, how much is refunded.

>>> import aftersales
>>> policy = aftersales.load()
>>> decision = policy.decide(case)
"""

from aftersales.errors import (
    AftersalesError,
    AmountError,
    CaseError,
    CaseShapeError,
    ConflictError,
    Diagnostic,
    DrawingError,
    NotOwedError,
    PolicyChangedError,
    PolicyError,
    SnapshotError,
    TooLateError,
    UnknownNameError,
    UnmatchedCaseError,
)
from aftersales.run.decision import Decision
from aftersales.run.loaded import LoadedPolicy, load
from aftersales.run.open_case import OpenCase
from aftersales.text import Lang, Text

__all__ = [
    "AftersalesError",
    "AmountError",
    "CaseError",
    "CaseShapeError",
    "ConflictError",
    "Decision",
    "Diagnostic",
    "DrawingError",
    "Lang",
    "LoadedPolicy",
    "NotOwedError",
    "OpenCase",
    "PolicyChangedError",
    "PolicyError",
    "SnapshotError",
    "Text",
    "TooLateError",
    "UnknownNameError",
    "UnmatchedCaseError",
    "load",
]
