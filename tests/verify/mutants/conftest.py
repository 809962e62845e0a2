"""The test desk and the small shop as workshops, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales import LoadedPolicy, load
from aftersales.syntax.read import read_folder
from aftersales.verify.mutants.workshop import Workshop

TESTS = Path(__file__).parents[2]
DESK = TESTS / "run" / "desk"
SMALL = TESTS / "study" / "small"
MINIMAL = TESTS / "flows" / "good" / "minimal"


def workshop_of(folder: Path, policy: LoadedPolicy) -> Workshop:
    """Return the workshop of a policy that was loaded from ``folder``."""
    written, faults = read_folder(folder)
    assert written is not None, faults
    return Workshop(written, policy.model)


@pytest.fixture(scope="session")
def small() -> LoadedPolicy:
    """The small shop's policy."""
    return load(SMALL)


@pytest.fixture(scope="session")
def small_workshop(small: LoadedPolicy) -> Workshop:
    """The small shop as a workshop."""
    return workshop_of(SMALL, small)


@pytest.fixture(scope="session")
def desk() -> LoadedPolicy:
    """The test desk's policy: a sub-flow, offers, money of every kind."""
    return load(DESK)


@pytest.fixture(scope="session")
def desk_workshop(desk: LoadedPolicy) -> Workshop:
    """The test desk as a workshop."""
    return workshop_of(DESK, desk)


@pytest.fixture(scope="session")
def minimal_workshop() -> Workshop:
    """The example policy with overlays and tiers as a workshop."""
    return workshop_of(MINIMAL, load(MINIMAL))
