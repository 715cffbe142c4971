"""Decoding: exact or null, and each loss named."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.errors import AnswerUnreadable, ValuesLost
from zianalytics.frames.decode import Decoded, decode

COMPANIES = OPERATIONS["enrich.companies"]
INTENT = OPERATIONS["search.intent"]


def company(record: str, value: str = "") -> bytes:
    """The reply to an enrichment of one company whose record is this JSON, with a value in place of each @."""
    envelope = '{"success":true,"data":{"outputFields":[["id"]],"result":[{"input":{"companyid":7},"data":[RECORD]}]}}'
    return envelope.replace("RECORD", record.replace("@", value)).encode()


def losses(decoded: Decoded) -> list[tuple[Any, ...]]:
    return decoded.lost.rows()


def one(decoded: Decoded, column: str) -> Any:
    return decoded.frame[column].to_list()[0]


def test_a_record_is_read_with_units_dates_and_nested_fields() -> None:
    body = company(
        """{"id": 7, "name": "Aster GmbH", "revenue": 1250, "employeeCount": 310, "certified": true,
        "lastUpdatedDate": "3/4/2026 1:05 PM", "recentFundingDate": "2025-11-30", "foundedYear": "1987",
        "domainList": ["aster.example"], "primaryIndustry": ["Software"], "businessModel": [],
        "techAttributes": [{"tag": "1.2.3", "categoryParent": "Cloud", "category": "Storage", "vendor": "Birch",
            "product": "Vault", "attribute": "", "website": "birch.example", "createdTime": "2024-02-01T10:00:00Z",
            "modifiedTime": "2026-02-01T10:00:00Z", "description": "left out", "logo": "left out"}],
        "companyFunding": [{"date": "2025-11-30", "type": "Series A", "amount": 4500, "investors": ["Cedar"]}],
        "employeeGrowth": {"oneYearGrowthRate": "12.5", "twoYearGrowthRate": "-3",
            "employeeGrowthDataPoints": [{"label": "2026 Q1", "employeeCount": 310}]},
        "departmentBudgets": {"marketingBudget": 10, "itBudget": 20},
        "employeeCountByDepartment": {"sales": 12, "finance": 3},
        "locationMatch": {"companyId": 7, "addressStatus": "VALID"}}"""
    )
    decoded = decode(COMPANIES, [body])
    row = decoded.frame.row(0, named=True)
    expected = {
        "reply": 0,
        "input_row": 0,
        "match_status": "matched",
        "company_id": 7,
        "name": "Aster GmbH",
        "revenue_usd": 1_250_000,
        "employee_count": 310,
        "is_certified": True,
        "last_updated_date": date(2026, 3, 4),
        "recent_funding_date": date(2025, 11, 30),
        "founded_year": 1987,
        "domains": ["aster.example"],
        "primary_industry": ["Software"],
        "business_model": [],
        "industries": None,
        "tech_attributes": [
            {
                "tag": "1.2.3",
                "category_parent": "Cloud",
                "category": "Storage",
                "vendor": "Birch",
                "product": "Vault",
                "attribute": None,
                "website": "birch.example",
                "first_seen": date(2024, 2, 1),
                "last_seen": date(2026, 2, 1),
            }
        ],
        "company_funding": [
            {"date": date(2025, 11, 30), "type": "Series A", "amount_usd": 4_500_000, "investors": ["Cedar"]}
        ],
        "employee_growth": {
            "one_year_growth_rate": 12.5,
            "two_year_growth_rate": -3.0,
            "data_points": [{"label": "2026 Q1", "employee_count": 310}],
        },
        "department_budgets": {"marketing_usd": 10_000, "finance_usd": None, "it_usd": 20_000, "hr_usd": None},
        "employee_count_by_department": [
            {"department": "sales", "employee_count": 12},
            {"department": "finance", "employee_count": 3},
        ],
        "location_match": '{"companyId": 7, "addressStatus": "VALID"}',
        "extra": None,
    }
    assert {name: row[name] for name in expected} == expected
    assert losses(decoded) == []


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_no_rows_and_no_replies_keep_every_column_and_dtype(operation: Operation[...]) -> None:
    route = operation.enterprise
    body = b"[]"
    for key in reversed(route.records):
        body = b'{"%b":%b}' % (key.encode(), body)
    promised = {
        "reply": pl.Int64(),
        "input_row": pl.Int64(),
        "match_status": pl.String(),
        **operation.record.schema,
        "extra": pl.String(),
    }
    assert dict(decode(operation, [body]).frame.schema) == promised
    assert dict(decode(operation, []).frame.schema) == promised
    assert dict(decode(operation, []).lost.schema) == dict(decode(operation, [body]).lost.schema)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12", 12),
        ('"12"', 12),
        ('"12.0"', 12),
        ("1e3", 1000),
        ("9223372036854775807", 9223372036854775807),
        ("null", None),
        ('""', None),
    ],
)
def test_a_whole_number_is_read_however_it_is_written(written: str, read: int | None) -> None:
    decoded = decode(COMPANIES, [company('{"id": 1, "employeeCount": @}', written)])
    assert (one(decoded, "employee_count"), losses(decoded)) == (read, [])


@pytest.mark.parametrize(
    "written",
    [
        "12.5", "true", "[12]", '{"n": 12}', '"twelve"', '"1,200"', "9223372036854775808", "1e999999999",
        "-1e-999999999", "1.0000000000000000000000000000000000000001", "123456789012345678901234567890",
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_null_and_reported_while_the_rest_lands(written: str) -> None:
    decoded = decode(COMPANIES, [company('{"id": 1, "name": "Aster", "employeeCount": @}', written)])
    assert (one(decoded, "employee_count"), one(decoded, "name")) == (None, "Aster")
    assert losses(decoded) == [(0, 0, "employee_count", written)]


def test_thousands_become_dollars_before_they_must_be_whole() -> None:
    bodies = [company('{"id": 1, "revenue": @}', written) for written in ("12.5", "0.0001", "9223372036854776")]
    decoded = decode(COMPANIES, bodies)
    assert decoded.frame["revenue_usd"].to_list() == [12_500, None, None]
    assert losses(decoded) == [(1, 0, "revenue_usd", "0.0001"), (2, 0, "revenue_usd", "9223372036854776")]


def test_a_loss_inside_lists_and_structs_has_its_path() -> None:
    decoded = decode(
        COMPANIES,
        [
            company(
                """{"id": 1,
                "techAttributes": [{"tag": "a", "createdTime": "2024-02-01"}, {"tag": "b", "createdTime": "soon"}],
                "employeeGrowth": {"oneYearGrowthRate": "fast", "employeeGrowthDataPoints": [{"employeeCount": 1.5}]},
                "domainList": ["a.example", ["nested"], null], "products": "Vault"}"""
            )
        ],
    )
    assert [item["first_seen"] for item in one(decoded, "tech_attributes")] == [date(2024, 2, 1), None]
    assert one(decoded, "domains") == ["a.example", None, None]
    assert losses(decoded) == [
        (0, 0, "domains[1]", '["nested"]'),
        (0, 0, "products", '"Vault"'),
        (0, 0, "tech_attributes[1].first_seen", '"soon"'),
        (0, 0, "employee_growth.one_year_growth_rate", '"fast"'),
        (0, 0, "employee_growth.data_points[0].employee_count", "1.5"),
    ]


def test_unknown_fields_land_in_extra_wherever_they_stand() -> None:
    decoded = decode(
        COMPANIES, [company('{"id": 1, "mood": {"now": [1, 2.50]}, "hashtags": [{"tag": "x", "shade": "red"}]}')]
    )
    assert one(decoded, "extra") == '{"hashtags[0].shade":"red","mood":{"now": [1, 2.50]}}'
    assert losses(decoded) == []


def test_an_unknown_key_that_looks_like_the_path_of_another_keeps_its_value() -> None:
    decoded = decode(COMPANIES, [company('{"id": 1, "hashtags": [{"shade": 1}], "hashtags[0].shade": 2, "": 3}')])
    assert one(decoded, "extra") == """{"hashtags[0].shade":1,"hashtags[0].shade'":2,"\\"\\"":3}"""


@pytest.mark.parametrize("name", ['"Aster \\ud800"', '"\\udc00 Aster"', '"\\uD83D Aster"'])
def test_a_lone_surrogate_costs_its_own_value_only(name: str) -> None:
    decoded = decode(
        COMPANIES, [company('{"id": 1, "name": @, "city": "Ulm \\\\ud800", "ticker": "\\ud83d\\ude00"}', name)]
    )
    assert decoded.frame.select("company_id", "name", "city", "ticker").row(0) == (1, None, "Ulm \\ud800", "😀")
    assert losses(decoded) == [(0, 0, "name", name)]


def test_bytes_that_are_not_utf_8_cost_their_own_value_only() -> None:
    body = company('{"id": 1, "name": "Aster", "city": "Ulm"}').replace(b"Aster", b"Ast\xe9r")
    decoded = decode(COMPANIES, [body])
    assert decoded.frame.select("company_id", "name", "city").row(0) == (1, None, "Ulm")
    assert losses(decoded) == [(0, 0, "name", '"Ast\\udce9r"')]


def test_a_lone_surrogate_in_an_unknown_field_is_spelt_out_and_reported() -> None:
    decoded = decode(COMPANIES, [company('{"id": 1, "mood": "\\ud800"}')])
    assert one(decoded, "extra") == '{"mood":"\\\\ud800"}'
    assert losses(decoded) == [(0, 0, "extra.mood", '"\\ud800"')]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{",
        b'{"data": NaN}',
        b"[" * 100_000,
        b"null",
        b"{}",
        b'{"data": []}',
        b'{"data": {"result": {}}}',
    ],
)
def test_a_body_of_another_shape_is_unreadable(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable, match=r"enrich\.companies.*journal"):
        decode(COMPANIES, [body])


def test_inputs_without_a_record_keep_their_row_and_say_why(results: Callable[..., bytes]) -> None:
    body = results(
        {"input": {}, "matchStatus": "FULL_MATCH", "data": [{"id": 1}]},
        {"input": {}, "matchStatus": "NO_MATCH", "data": []},
        {"input": {}, "data": []},
        {"input": {}, "matchStatus": "LIMIT_EXCEEDED", "data": None},
        {"input": {}, "matchStatus": "MAYBE", "data": [{"id": 5}], "note": "odd"},
    )
    decoded = decode(COMPANIES, [body])
    assert decoded.frame.select("input_row", "match_status", "company_id", "extra").rows() == [
        (0, "matched", 1, None),
        (1, "no_match", None, None),
        (2, "no_match", None, None),
        (3, "limit_exceeded", None, None),
        (4, "matched", 5, '{"note":"odd"}'),
    ]
    assert losses(decoded) == [(0, 4, "match_status", '"MAYBE"')]


def test_a_record_that_is_no_object_is_reported_whole() -> None:
    decoded = decode(INTENT, [b'{"totalResults": 2, "data": [5, {"id": "s1"}]}'])
    assert decoded.frame["signal_id"].to_list() == [None, "s1"]
    assert losses(decoded) == [(0, 0, "", "5")]


def test_one_warning_names_records_and_columns_but_no_value() -> None:
    decoded = decode(COMPANIES, [company('{"id": 7, "employeeCount": 12.5, "city": ["Ulm"]}')])
    with pytest.warns(ValuesLost) as caught:
        decoded.warn(COMPANIES)
    (warning,) = caught
    assert warning.filename == __file__
    assert "2 of the values" in str(warning.message)
    assert "employee_count of company_id 7, city of company_id 7" in str(warning.message)
    assert "Ulm" not in str(warning.message)
    assert isinstance(warning.message, ValuesLost)
    assert warning.message.lost is decoded.lost


def test_nothing_lost_gives_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        decode(COMPANIES, [company('{"id": 7}')]).warn(COMPANIES)


@pytest.mark.parametrize("data", [[], None, [None], [{}]])
def test_a_match_without_a_record_is_an_error_and_said(data: Any, results: Callable[..., bytes]) -> None:
    decoded = decode(COMPANIES, [results({"matchStatus": "FULL_MATCH", "data": data})])
    assert decoded.frame.select("match_status", "company_id").rows() == [("error", None)]
    assert losses(decoded) == [(0, 0, "match_status", '"FULL_MATCH"')]
