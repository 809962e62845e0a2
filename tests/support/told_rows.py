"""What rows of facts tell as a case reads them, in a form that tells a flag from a number."""

from collections.abc import Mapping

from aftersales import LoadedPolicy
from aftersales.case.read import read_case
from aftersales.errors import CaseError


def long_way(policy: LoadedPolicy, row: Mapping[str, object]) -> dict[str, object] | None:
    """Return what a case tells with these facts; ``None`` where it is at fault."""
    try:
        return dict(read_case(policy.model, {"facts": row}).told)
    except CaseError:
        return None


def kinds(told: Mapping[str, object]) -> list[tuple[str, type, object]]:
    """Return facts with the types of their values, in their order: a flag is never equal to a number here."""
    return [(name, type(value), value) for name, value in told.items()]
