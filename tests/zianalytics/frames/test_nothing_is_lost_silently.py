"""The law of the decoder: a value is read exactly, or it is reported; whatever JSON stands in a column."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zianalytics.api.table import OPERATIONS
from zianalytics.frames.decode import Decoded, decode

COMPANIES = OPERATIONS["enrich.companies"]

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(), max_size=20),  # lone surrogates, too
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["", "true", "False", "Yes", "1", "0", "2026-02-30", "1e999999", "-0", "\ud800", "\\ud800"]),
    DAYS.map(date.isoformat),
    TIMES.map(datetime.isoformat),
    TIMES.map(lambda moment: f"{moment.month}/{moment.day}/{moment.year} {moment:%I:%M %p}"),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=5), st.sampled_from(["tag", "createdTime", "vendor"])), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


def read(wire: dict[str, Any]) -> Decoded:
    body = {"success": True, "data": {"outputFields": [], "result": [{"input": {}, "data": [wire]}]}}
    return decode(COMPANIES, [json.dumps(body).encode()])


def is_absent(value: Any) -> bool:
    return value is None or value == ""


@settings(max_examples=150)
@given(VALUES)
def test_a_whole_number_is_exact_or_reported(value: Any) -> None:
    decoded = read({"id": 1, "employeeCount": value})
    found = decoded.frame["employee_count"].item()
    if found is None:
        assert is_absent(value) or decoded.lost["column"].to_list() == ["employee_count"]
    else:
        assert Decimal(str(value)) == found
        assert not isinstance(value, bool)
        assert decoded.lost.is_empty()


@settings(max_examples=100)
@given(st.one_of(st.decimals(-(10**15), 10**15, places=4, allow_nan=False).map(str), st.integers(-(2**63), 2**63)))
def test_thousands_are_exact_dollars_or_reported(value: str | int) -> None:
    decoded = read({"id": 1, "revenue": value})
    found = decoded.frame["revenue_usd"].item()
    if found is None:
        dollars = Decimal(value) * 1000
        assert dollars % 1 != 0 or not -(2**63) <= dollars < 2**63
        assert decoded.lost["column"].to_list() == ["revenue_usd"]
    else:
        assert Decimal(value) * 1000 == found


@settings(max_examples=150)
@given(VALUES)
def test_a_text_is_exact_or_reported(value: Any) -> None:
    decoded = read({"id": 1, "name": value})
    found = decoded.frame["name"].item()
    if found is None:
        assert is_absent(value) or decoded.lost["column"].to_list() == ["name"]
    else:
        assert found == value if isinstance(value, str) else found == json.dumps(value)
        assert decoded.lost.is_empty()


@settings(max_examples=100)
@given(VALUES)
def test_a_flag_is_one_of_its_words_or_reported(value: Any) -> None:
    decoded = read({"id": 1, "certified": value})
    found = decoded.frame["is_certified"].item()
    if found is None:
        assert is_absent(value) or decoded.lost["column"].to_list() == ["is_certified"]
    else:
        assert str(value).lower() in ({"true", "1", "yes"} if found else {"false", "0", "no"})


@settings(max_examples=150)
@given(st.one_of(VALUES, TIMES.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}.{moment:%f}Z")))
def test_a_day_is_the_day_that_is_written_or_reported(value: Any) -> None:
    decoded = read({"id": 1, "recentFundingDate": value})
    found = decoded.frame["recent_funding_date"].item()
    if found is None:
        assert is_absent(value) or decoded.lost["column"].to_list() == ["recent_funding_date"]
    else:
        numbers = [int(part) for part in re.findall(r"[0-9]+", value)[:3]]
        assert numbers in ([found.year, found.month, found.day], [found.month, found.day, found.year])


@settings(max_examples=150)
@given(VALUES)
def test_a_list_of_structs_keeps_or_reports_each_value_inside(value: Any) -> None:
    decoded = read({"id": 1, "techAttributes": value})
    found = decoded.frame["tech_attributes"].item()
    reported = decoded.lost["column"].to_list()
    if not isinstance(value, list):
        assert decoded.frame["tech_attributes"].null_count() == 1
        assert is_absent(value) or reported == ["tech_attributes"]
        return
    assert isinstance(found, pl.Series)
    unknown = json.loads(decoded.frame["extra"].item() or "{}")
    for place, (item, row) in enumerate(zip(value, found.to_list(), strict=True)):
        path = f"tech_attributes[{place}]"
        if not isinstance(item, dict):
            assert row is None
            assert is_absent(item) or path in reported
            continue
        for key, inside in item.items():
            field = {"tag": "tag", "vendor": "vendor", "createdTime": "first_seen"}.get(key)
            if inside is None or (inside == "" and field):
                continue
            if field is None:
                assert any(one.startswith(path) for one in unknown) or any(
                    one.startswith(f"extra.{path}.") for one in reported
                )
            elif row[field] is None:
                assert f"{path}.{field}" in reported
            elif isinstance(inside, str) and field != "first_seen":
                assert row[field] == inside


@settings(max_examples=100)
@given(st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=4))
def test_unknown_fields_come_back_from_extra(unknown: dict[str, Any]) -> None:
    known = {one for name in ("id", "name", "type") for one in (name,)}
    unknown = {f"x{key}": value for key, value in unknown.items() if f"x{key}" not in known}
    decoded = read({"id": 1, **unknown})
    expected = {key: value for key, value in unknown.items() if value is not None}
    extra = json.loads(decoded.frame["extra"].item() or "{}")
    lone = re.compile("[\ud800-\udfff]")
    for key, value in expected.items():
        if lone.search(json.dumps({key: value}, ensure_ascii=False)):
            assert any(column.startswith("extra.x") for column in decoded.lost["column"])
        else:
            assert extra[key] == value


@pytest.mark.parametrize("text", ["not-unicode-0-", "not-unicode-0-d800", "\\u", "\\"])
def test_text_that_looks_like_our_mark_is_text(text: str) -> None:
    decoded = read({"id": 1, "name": text, "city": "\ud800"})
    assert decoded.frame["name"].item() == text
    assert decoded.lost.rows() == [(0, 0, "city", '"\\ud800"')]
