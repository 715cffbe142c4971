"""Each kind of record as the service writes it, read whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from zianalytics.api.table import OPERATIONS
from zianalytics.frames.decode import decode

CONTACTS = OPERATIONS["enrich.contacts"]
OFFICES = OPERATIONS["enrich.master_data"]
INTENT = OPERATIONS["search.intent"]


def test_a_signal_is_read_with_its_company_and_contacts() -> None:
    body = b"""{"maxResults": 1, "totalResults": 1, "currentPage": 1, "data": [{
        "id": "s1", "category": "Cloud", "topic": "Storage",
        "signalScore": 81, "audienceStrength": "B", "newSignal": false, "signalDate": "9/30/2026 12:00 AM", "trend": -4,
        "recommendedContacts": [{"id": 9, "firstName": "Ada", "lastName": "Birch", "jobTitle": "CTO",
            "jobFunction": [{"name": "IT", "department": "C"}]}],
        "company": {"id": 7, "name": "Aster", "website": "aster.example", "tier": 1,
            "hasOtherTopicConsumption": true}}]}"""
    decoded = decode(INTENT, [body])
    row = decoded.frame.row(0, named=True)
    assert row["company_id"] == 7
    assert row["signal_date"] == datetime(2026, 9, 30, tzinfo=UTC)
    assert row["is_new_signal"] is False
    assert row["recommended_contacts"] == [
        {
            "contact_id": 9,
            "first_name": "Ada",
            "last_name": "Birch",
            "job_title": "CTO",
            "job_function": [{"name": "IT", "department": "C"}],
        }
    ]
    assert (row["input_row"], row["match_status"], row["extra"]) == (None, None, '{"company.tier":1}')


def test_an_office_is_read_from_digits_and_its_score_from_the_reason(results: Callable[..., bytes]) -> None:
    body = results(
        {
            "statusCode": 200,
            "input": {},
            "data": {
                "zi_c_location_id": 20,
                "zi_c_is_hq": "1",
                "zi_c_employees": 40,
                "zi_c_revenue": 900,
                "zi_c_company_id": 7,
                "zi_match_reason": {"zi_match_score": "4", "zi_match_reason_city": "E"},
            },
        },
        {"statusCode": 400, "input": {}, "data": {}},
        {"statusCode": 500, "input": {}, "data": {}},
        {"statusCode": 200, "input": {}, "data": {}},
    )
    decoded = decode(OFFICES, [body])
    wanted = ["match_status", "location_id", "company_id", "is_hq", "employee_count", "revenue_usd", "match_score"]
    assert decoded.frame.select(*wanted, "match_reason_city").rows() == [
        ("matched", 20, 7, True, 40, 900_000, 4, "E"),
        ("invalid_input", *[None] * 7),
        ("error", *[None] * 7),
        ("no_match", *[None] * 7),
    ]
    assert decoded.lost.is_empty()


def test_a_contact_is_read_from_both_levels_of_its_answer(results: Callable[..., bytes]) -> None:
    body = results(
        {
            "input": {"personid": 9},
            "data": [
                {
                    "id": 9,
                    "firstName": "Ada",
                    "personHasMoved": "No",
                    "hasCanadianEmail": "false",
                    "validDate": "1/2/2026 3:04 PM",
                    "education": [{"school": "Ulm", "educationDegree": {"degree": "BSc", "areaOfStudy": ""}}],
                    "employmentHistory": [
                        {
                            "jobTitle": "Clerk",
                            "managementLevel": ["Staff"],
                            "fromDate": "2019-05-01",
                            "toDate": "",
                            "company": {
                                "companyId": None,
                                "companyName": "Birch",
                                "companyPhone": "",
                                "companyWebsite": "",
                            },
                        }
                    ],
                    "company": {"id": 7, "name": "Aster", "revenueNumeric": 4_000_000, "revenue": "$4 Million"},
                }
            ],
        }
    )
    decoded = decode(CONTACTS, [body])
    row = decoded.frame.row(0, named=True)
    assert (row["contact_id"], row["company_id"], row["company_revenue_usd"]) == (9, 7, 4_000_000)
    assert (row["has_moved"], row["has_canadian_email"]) == (False, False)
    assert row["valid_date"] == datetime(2026, 1, 2, 15, 4, tzinfo=UTC)
    assert row["education"] == [{"school": "Ulm", "degree": {"degree": "BSc", "area_of_study": None}}]
    assert row["employment_history"][0]["from_date"] == date(2019, 5, 1)
    assert row["employment_history"][0]["to_date"] is None
    assert row["extra"] == '{"company.revenue":"$4 Million"}'
    assert decoded.lost.is_empty()
