"""What a query is asked with: frames of any library, and values that it uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.warehouse import Warehouse


def test_a_frame_of_another_library_is_a_table(warehouse: Warehouse, spreadsheet: Callable[..., Any]) -> None:
    mine = spreadsheet({"company_id": [7, 8], "zip": ["01234", 98101]})
    assert warehouse.sql("SELECT zip FROM mine WHERE company_id = $id", mine=mine, id=8).rows() == [("98101",)]
    says = r"^zi\.warehouse\.sql\(mine=\.\.\.\): tags holds .* among them list\. Nothing was asked\."
    with pytest.raises(RequestRefused, match=says):
        warehouse.sql("FROM mine", mine=spreadsheet({"tags": [[1], 2]}))


def test_numbers_and_arrays_of_numpy_are_values(warehouse: Warehouse) -> None:
    two: Any = np.array([1, 2])
    assert warehouse.sql("SELECT ? AS a, ? AS b", two).rows() == [(1, 2)]
    assert warehouse.sql("SELECT ? AS a, ? AS b", list(two)).rows() == [(1, 2)]
    assert warehouse.sql("SELECT $a AS a, $b AS b", {"a": np.int64(1)}, b=np.float64(2.5)).rows() == [(1, 2.5)]


def test_values_of_numpy_in_a_list_are_values(warehouse: Warehouse) -> None:
    for several in ([np.int64(1), np.int64(2)], (np.int64(1), 2), np.array([1, 2]), pa.chunked_array([[1, 2]])):
        assert warehouse.sql("SELECT 2 IN ? AS a", [several]).item() is True
        assert warehouse.sql("SELECT 2 IN $several AS a", {"several": several}).item() is True
        assert warehouse.sql("SELECT 2 IN $several AS a", several=several).item() is True


def test_moments_of_numpy_are_values(warehouse: Warehouse) -> None:
    query = "SELECT ? AS a, ? AS b"
    found = warehouse.sql(query, [np.datetime64("2026-01-02", "ns"), np.datetime64("2026-01-02")])
    assert found.rows() == [(datetime(2026, 1, 2), date(2026, 1, 2))]


@pytest.mark.parametrize("query", [5, None, ["SELECT 1"], b"SELECT 1"], ids=["number", "none", "list", "bytes"])
def test_a_query_that_is_no_text_is_refused(warehouse: Warehouse, query: Any) -> None:
    with pytest.raises(RequestRefused, match=rf"^A query is a text, not {type(query).__name__}\. Nothing was asked"):
        warehouse.sql(query)


@pytest.mark.parametrize(
    ("query", "values", "named", "says"),
    [
        (
            "SELECT 1",
            None,
            {"least": 1},
            r"does not use least\. Nothing was asked\. Write \$least",
        ),
        ("SELECT $a", {"c": 2, "b": 1}, {"a": 1}, r"does not use c, b\. Nothing was asked\. Write \$c"),
        ("FROM mine", None, {"mine": [1, 2]}, r"does not use mine\. .* a frame is a table of its name\."),
        (
            "SELECT $a, $b, $c",
            None,
            {"b": 1},
            r"asks for \$a, \$c, which is not given\. .* Pass a=\.\.\.",
        ),
        ("SELECT ?", [1, 2], {}, r"The query has 1 `\?`, and 2 values in a list\. Nothing was asked\."),
        ("SELECT ?, ?", [1], {}, r"The query has 2 `\?`, and 1 values in a list\."),
        ("SELECT ?", None, {}, r"The query has 1 `\?`, and no values in a list\."),
        (
            "SELECT ?",
            None,
            {"a": 1},
            r"The query has 1 `\?`, and no values in a list\. .* by name, for `\$name`",
        ),
        ("SELECT $a", [1], {}, r"The query has 0 `\?`, and 1 values in a list\."),
    ],
    ids=["unused", "two", "list", "missing", "many", "few", "none", "by-name", "by-place"],
)
def test_values_that_a_query_does_not_use_and_those_that_it_lacks_are_named(
    warehouse: Warehouse, query: str, values: Any, named: dict[str, Any], says: str
) -> None:
    with pytest.raises(RequestRefused, match=says):
        warehouse.sql(query, values, **named)


def test_the_case_of_a_name_plays_no_part(warehouse: Warehouse) -> None:
    assert warehouse.sql("SELECT $Id + $id AS n", ID=2).item() == 4
