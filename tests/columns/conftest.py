"""The policies that columns are tested with, loaded once."""

from pathlib import Path

import pytest

import aftersales

TESTS = Path(__file__).parents[1]
FOLDERS = {"desk": TESTS / "run" / "desk", "small": TESTS / "bench" / "small"}


@pytest.fixture(scope="session")
def desk() -> aftersales.LoadedPolicy:
    """Load the test desk's policy: deadlines of every kind, a loop, shares, offers."""
    return aftersales.load(FOLDERS["desk"])


@pytest.fixture(scope="session")
def small() -> aftersales.LoadedPolicy:
    """Load the small policy of the benchmarks: nine issues."""
    return aftersales.load(FOLDERS["small"])


@pytest.fixture(scope="session")
def shipped() -> aftersales.LoadedPolicy:
    """Load the shipped policy."""
    return aftersales.load()
