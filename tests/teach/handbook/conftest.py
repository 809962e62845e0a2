"""The shipped handbook made once, and a small policy's for what is made anew in each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales.run.loaded import LoadedPolicy, load
from aftersales.teach.handbook.book import make_book
from aftersales.teach.handbook.model import Book

SMALL = Path(__file__).parents[2] / "study" / "small"


@pytest.fixture(scope="session")
def policy() -> LoadedPolicy:
    """The shipped policy."""
    return load()


@pytest.fixture(scope="session")
def book(policy: LoadedPolicy) -> Book:
    """The shipped policy's handbook in Chinese."""
    return make_book(policy)


@pytest.fixture(scope="session")
def small() -> LoadedPolicy:
    """A small shop's policy: one flow, four ends."""
    return load(SMALL)
