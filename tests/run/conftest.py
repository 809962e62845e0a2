"""The small policy that the engine is tested on; its flows stand in ``desk/``."""

from pathlib import Path

import pytest

import aftersales


@pytest.fixture(scope="session")
def desk() -> aftersales.LoadedPolicy:
    """Load the test desk's policy once."""
    return aftersales.load(Path(__file__).parent / "desk")
