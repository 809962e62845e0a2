"""The policies that the trainer is made of here."""

from pathlib import Path

import pytest

import aftersales
from aftersales.teach.javascript import compile_module
from aftersales.teach.trainer import trainer_page


@pytest.fixture(scope="session")
def shipped() -> aftersales.LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


@pytest.fixture(scope="session")
def desk() -> aftersales.LoadedPolicy:
    """Load the test desk's policy once."""
    return aftersales.load(Path(__file__).parents[2] / "run" / "desk")


@pytest.fixture(scope="session")
def shipped_module(shipped: aftersales.LoadedPolicy) -> str:
    """Compile the shipped policy once."""
    return compile_module(shipped.model)


@pytest.fixture(scope="session")
def shipped_page(shipped: aftersales.LoadedPolicy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the shipped policy's trainer once."""
    path = tmp_path_factory.mktemp("trainer") / "trainer.html"
    path.write_text(trainer_page(shipped.model), encoding="utf-8")
    return path
