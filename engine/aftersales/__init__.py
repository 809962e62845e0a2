"""After-sales policies written as YAML state machines: what to do next, who bears the postage, how much is refunded.

>>> import aftersales
>>> policy = aftersales.load()
>>> decision = policy.decide(case)
"""

from __future__ import annotations

#: What is imported below stands here for readers and type checkers; ``typing`` itself would double the import.
TYPE_CHECKING = False
if TYPE_CHECKING:
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
    from aftersales.run.function.answer import Answer
    from aftersales.run.loaded import LoadedPolicy, load
    from aftersales.run.open_case import OpenCase
    from aftersales.text import Lang, Text

__all__ = [
    "AftersalesError",
    "AmountError",
    "Answer",
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

#: Where the names of the front door come from; what is not an error is brought in when it is first asked for.
_ROOMS = {
    "Answer": "aftersales.run.function.answer",
    "Decision": "aftersales.run.decision",
    "Lang": "aftersales.text",
    "LoadedPolicy": "aftersales.run.loaded",
    "OpenCase": "aftersales.run.open_case",
    "Text": "aftersales.text",
    "load": "aftersales.run.loaded",
}


def __getattr__(name: str) -> object:
    """Bring a name of the front door in when it is first asked for, so that the import itself costs next to nothing."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 (nothing is imported before a name is asked for)

    from aftersales.garbage import PutOff  # noqa: PLC0415

    with PutOff(stays=True):
        value: object = getattr(import_module(_ROOMS.get(name, "aftersales.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
