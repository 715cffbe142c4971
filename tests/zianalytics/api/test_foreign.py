"""Frames of other libraries: column by column, and value by value where a column holds several kinds."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from zianalytics.api.foreign import as_polars, by_value, columns_of, is_gap, plain
from zianalytics.api.searches import CompanySearch
from zianalytics.errors import RequestRefused


class NAType:
    """As the missing value of pandas: it answers no comparison, and has no truth."""

    def __ne__(self, other: object) -> Any:
        return self

    __hash__ = None  # type: ignore[assignment]  # that is the point

    def __eq__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


def read(frame: Any) -> pl.DataFrame:
    return as_polars(frame, call="enrich.companies", harm="Nothing was sent.")


def test_a_column_of_several_kinds_is_text_and_the_others_are_what_they_are(spreadsheet: Callable[..., Any]) -> None:
    frame = spreadsheet({"company_id": [7, 8], "zip": ["01234", 98101], "since": [date(2026, 1, 2), None]})
    assert read(frame).to_dict(as_series=False) == {
        "company_id": [7, 8],
        "zip": ["01234", "98101"],
        "since": [date(2026, 1, 2), None],
    }


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([7, 8.0, None, math.nan, NAType()], [7, 8, None, None, None]),
        ([7, "8", "abc", NAType()], ["7", "8", "abc", None]),
        ([98101.0, "01234"], ["98101", "01234"]),
        ([True, "yes"], ["True", "yes"]),
        ([2**70, 1], ["1180591620717411303424", "1"]),
        ([Decimal("1.5"), "x", np.int64(3)], ["1.5", "x", "3"]),
        ([date(2026, 1, 2), "soon"], ["2026-01-02", "soon"]),
    ],
    ids=["whole", "ids-and-texts", "postal-codes", "truth", "large", "numbers", "days"],
)
def test_values_of_several_kinds_are_whole_numbers_where_all_are_and_else_texts(
    spreadsheet: Callable[..., Any], values: list[Any], told: list[Any]
) -> None:
    assert by_value("mine", values, call="x", harm="").to_list() == told
    assert read(spreadsheet({"mine": values, "zip": ["1", 2, *values[2:]]}))["mine"].to_list() == told


@pytest.mark.parametrize(
    ("values", "kind"),
    [([[1], 2], "list"), ([b"x", 2], "bytes"), ([object(), 1], "object"), ([{}, "a"], "dict")],
    ids=["list", "bytes", "object", "dict"],
)
def test_a_column_with_values_that_have_no_text_is_refused_by_its_name(
    spreadsheet: Callable[..., Any], values: list[Any], kind: str
) -> None:
    says = rf"^enrich\.companies: tags holds values of several kinds, among them {kind}\. Nothing was sent\. Turn it"
    with pytest.raises(RequestRefused, match=says):
        read(spreadsheet({"company_id": [7, 8], "tags": values}))


def test_half_a_character_is_refused_by_the_name_of_its_column(spreadsheet: Callable[..., Any]) -> None:
    with pytest.raises(RequestRefused, match=r"note is not text: 'a\\ud800' holds half a character"):
        read(spreadsheet({"note": ["a\ud800", "b"]}))


def test_two_columns_of_one_name_are_refused() -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["owner", "owner"])
    with pytest.raises(RequestRefused, match=r"two columns are called owner\. Nothing was sent\. Rename one of them"):
        read(twice)


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(RequestRefused, match=r"ChunkedArray cannot be read as a frame\. Nothing was sent"):
        read(pa.chunked_array([[7]]))


def test_the_columns_of_a_table_of_pyarrow_are_its_names() -> None:
    assert columns_of(pa.table({"company_id": [7]})) == ["company_id"]


def test_a_frame_of_one_column_of_several_kinds_is_a_list_for_a_search(spreadsheet: Callable[..., Any]) -> None:
    assert CompanySearch(company_id=spreadsheet({"id": [7, "8"]})).company_id == [7, 8]


@pytest.mark.parametrize(
    "values",
    [pl.Series([7, 8]), np.array([7, 8]), pa.array([7, 8]), pa.chunked_array([[7], [8]])],
    ids=["polars", "numpy", "array", "chunked-array"],
)
def test_a_series_of_any_library_is_a_list(values: Any) -> None:
    assert plain(values) == [7, 8]


def test_a_frame_of_any_library_stays_a_frame(spreadsheet: Callable[..., Any]) -> None:
    for frame in (pl.DataFrame({"a": [7]}), pa.table({"a": [7]}), spreadsheet({"a": [7]})):
        assert plain(frame) is frame


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (np.datetime64("2026-01-02"), date(2026, 1, 2)),
        (np.datetime64("2026-01-02T03:04:05"), datetime(2026, 1, 2, 3, 4, 5)),
        (np.datetime64("2026-01-02T03:04:05.000006007", "ns"), datetime(2026, 1, 2, 3, 4, 5, 6)),
        (np.timedelta64(1_000_007, "ns"), timedelta(microseconds=1000)),
        (np.datetime64("NaT", "ns"), None),
        (np.array(["2026-01-02", "NaT"], "M8[ns]"), [datetime(2026, 1, 2), None]),
    ],
    ids=["day", "second", "nanosecond", "duration", "gap", "array"],
)
def test_a_moment_of_numpy_is_one_of_python_however_fine_it_is(moment: Any, told: Any) -> None:
    assert plain(moment) == told


@pytest.mark.parametrize(
    "gap", [None, math.nan, NAType(), Decimal("NaN"), Decimal("sNaN")], ids=["none", "nan", "na", "decimal", "signal"]
)
def test_what_stands_for_no_value_is_a_gap(gap: Any) -> None:
    assert is_gap(gap)
    assert by_value("mine", [gap, 7], call="x", harm="").to_list() == [None, 7]
    assert by_value("mine", [gap, "a"], call="x", harm="").to_list() == [None, "a"]
