"""The policy as SQL in Spark: it answers as columns do.

Slow, and only where PySpark (``pip install pyspark``) and Java are installed; it runs in local mode.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from aftersales import LoadedPolicy
from aftersales.columns.sql import query
from row_frames import facts_frame, plain

pyspark_sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Spark on this machine, with the clock of nowhere in particular, and stop it."""
    folder = str(tmp_path_factory.mktemp("spark"))
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "America/Lima",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": folder,
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
    }
    builder = pyspark_sql.SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def run(spark: Any, text: str, frame: pl.DataFrame, folder: Path) -> list[dict[str, Any]]:
    """Run a query over a table ``facts`` in Spark."""
    path = folder / "facts.parquet"
    frame.write_parquet(path)
    spark.read.parquet(os.fspath(path)).createOrReplaceTempView("facts")
    return [row.asDict() for row in spark.sql(text).collect()]


@pytest.mark.parametrize("name", ["desk", "small"])
def test_spark_answers_as_columns_do(request: pytest.FixtureRequest, spark: Any, name: str, tmp_path: Path) -> None:
    """Every column of every row is the same, unknown facts and faults among them, whatever the session's time zone."""
    policy: LoadedPolicy = request.getfixturevalue(name)
    frame = facts_frame(policy, 400, 2)
    found = run(spark, query(policy.model, "spark", keep=["row"]), plain(frame).with_row_index("row"), tmp_path)
    right = plain(policy.decide_frame(frame)).to_dicts()
    assert [{"row": number, **row} for number, row in enumerate(right)] == sorted(found, key=lambda row: row["row"])
    assert len({row["error"] for row in right}) > 2
