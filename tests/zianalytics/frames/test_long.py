"""From nested columns to long frames."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from zianalytics.api.table import OPERATIONS
from zianalytics.errors import RequestRefused
from zianalytics.frames.decode import decode
from zianalytics.frames.long import long


def companies() -> pl.DataFrame:
    records = [
        {
            "id": 7,
            "techAttributes": [{"tag": "1.2.3", "vendor": "Birch", "createdTime": "2024-02-01"}, {"tag": "4.5.6"}],
            "companyFunding": [{"date": "2025-11-30", "amount": 4500, "type": "Seed", "investors": ["Oak", "Elm"]}],
            "employeeGrowth": {"employeeGrowthDataPoints": [{"label": "2026 Q1", "employeeCount": 310}]},
            "competitors": [{"id": 9, "name": "Cedar", "rank": 1}],
            "products": ["Vault", "Key"],
        },
        {"id": 8, "techAttributes": []},
    ]
    body = {"success": True, "data": {"result": [{"input": {}, "data": [record]} for record in records]}}
    return decode(OPERATIONS["enrich.companies"], [json.dumps(body).encode()]).frame


def test_technologies_become_rows_and_a_record_without_any_gives_none() -> None:
    rows = long(companies(), "tech_attributes")
    assert rows.columns == [
        "input_row", "company_id", "item", "tag", "category_parent", "category", "vendor", "product", "attribute",
        "website", "first_seen", "last_seen",
    ]  # fmt: skip
    assert rows.select("company_id", "item", "tag", "vendor", "first_seen").rows() == [
        (7, 0, "1.2.3", "Birch", date(2024, 2, 1)),
        (7, 1, "4.5.6", None, None),
    ]


def test_funding_rounds_keep_their_types() -> None:
    rows = long(companies(), "company_funding", keys=["company_id"])
    assert rows.rows() == [(7, 0, date(2025, 11, 30), "Seed", 4_500_000, ["Oak", "Elm"])]


def test_a_list_inside_a_struct_is_reached_by_its_path() -> None:
    rows = long(companies(), "employee_growth.data_points", keys=["company_id"])
    assert rows.to_dicts() == [{"company_id": 7, "item": 0, "label": "2026 Q1", "employee_count": 310}]


def test_a_field_that_is_called_like_a_key_gets_its_column_in_front() -> None:
    rows = long(companies(), "competitors")
    assert rows.select("company_id", "competitors_company_id", "name").rows() == [(7, 9, "Cedar")]


def test_items_that_are_no_structs_are_one_column() -> None:
    assert long(companies(), "products", keys=[]).rows() == [(0, "Vault"), (1, "Key")]


def test_positions_held_open_their_company() -> None:
    body = {
        "data": {
            "result": [
                {
                    "data": [
                        {
                            "id": 9,
                            "employmentHistory": [
                                {
                                    "jobTitle": "Clerk",
                                    "company": {"companyId": 3, "companyName": "Elm"},
                                    "fromDate": "2019-05-01",
                                }
                            ],
                            "company": {"id": 7},
                        }
                    ]
                }
            ]
        }
    }
    contacts = decode(OPERATIONS["enrich.contacts"], [json.dumps(body).encode()]).frame
    row = long(contacts, "employment_history").row(0, named=True)
    assert (row["contact_id"], row["company_id"], row["job_title"], row["from_date"]) == (
        9,
        7,
        "Clerk",
        date(2019, 5, 1),
    )
    assert (row["employment_history_company_id"], row["company_name"]) == (3, "Elm")


@pytest.mark.parametrize("operation", ["enrich.companies", "enrich.contacts", "search.intent"])
def test_every_list_of_every_record_has_a_long_frame_with_fixed_columns(operation: str) -> None:
    record = OPERATIONS[operation].record
    empty = pl.DataFrame(schema=record.schema)
    for name, dtype in record.schema.items():
        if isinstance(dtype, pl.List):
            assert long(empty, name).height == 0
            assert "item" in long(empty, name).columns


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("tech_atributes", "Did you mean tech_attributes"),
        ("name", "holds String and no lists"),
        ("employee_growth.points", "There is no 'points'"),
    ],
)
def test_a_column_without_lists_is_refused(column: str, says: str) -> None:
    with pytest.raises(RequestRefused, match=says):
        long(companies(), column)
