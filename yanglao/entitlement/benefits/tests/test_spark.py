"""The way out for a nation: the same statement on Spark, over the same Parquet files, gives the same rows.

Needs the optional packages of requirements/spark.txt and Java; left out where they are missing.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yanglao.entitlement.benefits.rules.book import Book
from yanglao.entitlement.benefits.rules.boundary import edge_subjects
from yanglao.entitlement.benefits.rules.cases import on_made_up
from yanglao.entitlement.benefits.rules.compile import ROW, compile_policies
from yanglao.entitlement.benefits.rules.months import Month, month_range

from .conftest import SCHEMA
from .engines import DuckEngine

pytest.importorskip("pyspark", reason="pip install -r requirements/spark.txt")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),
]
MONTHS = month_range(Month(2025, 12), Month(2026, 3))


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    options = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.ansi.enabled": "true",  # an overflow is an error, not another number
        "spark.sql.warehouse.dir": str(folder),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]").appName("yanglao")
    for name, value in options.items():
        builder = builder.config(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.mark.parametrize("city", ["changchun"])
def test_spark_gives_the_same_rows(city: str, books: dict[str, Book], spark: Any, tmp_path: Path) -> None:
    policy = books[city].policies[0]
    engine = DuckEngine()
    engine.fill(policy, edge_subjects(policy, MONTHS, 800))
    made = [on_made_up(policy)]
    expected = sorted(engine.run(compile_policies(made, MONTHS, SCHEMA).sql))
    for view in policy.subject.views:
        path = tmp_path / f"{view.name}.parquet"
        engine.con.execute(f"COPY made_{view.name} TO '{path}' (FORMAT parquet)")
        spark.read.parquet(str(path)).createOrReplaceTempView(f"made_{view.name}")
    found = spark.sql(compile_policies(made, MONTHS, SCHEMA, "spark").sql)
    assert found.columns == [name for name, _type in ROW]
    rows = sorted(tuple(row) for row in found.collect())
    assert len(expected) > 400
    assert rows == expected
