from __future__ import annotations

from importlib.resources import files

import polars as pl

from zianalytics.warehouse import Warehouse
from zianalytics.warehouse.tables import TABLES


def test_the_tables_hold_exactly_the_columns_of_the_schema(warehouse: Warehouse) -> None:
    for table in TABLES.values():
        for name in (table.name, table.history):
            assert dict(warehouse.sql(f"FROM {name}").schema) == dict(table.schema), name


def test_each_view_opens_with_its_question_and_answers_it(warehouse: Warehouse) -> None:
    for path in files("zianalytics.warehouse").joinpath("views").iterdir():
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("-- "), path
        assert "?" in path.read_text("utf-8").split("CREATE")[0], path
        assert warehouse.sql(f"FROM {path.name.removesuffix('.sql')}").is_empty()


def test_an_empty_table_has_the_dtypes_of_a_full_one(warehouse: Warehouse) -> None:
    assert warehouse.sql("SELECT tech_attributes FROM companies").schema["tech_attributes"] == pl.List(
        pl.Struct(
            {
                "tag": pl.String(), "category_parent": pl.String(), "category": pl.String(), "vendor": pl.String(),
                "product": pl.String(), "attribute": pl.String(), "website": pl.String(), "first_seen": pl.Date(),
                "last_seen": pl.Date(),
            }
        )
    )  # fmt: skip
