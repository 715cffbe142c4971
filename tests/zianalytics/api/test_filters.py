"""Criteria: what fits and what is refused before anything is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from zianalytics.api.bulk import CompanyBatch
from zianalytics.api.describe import parameters
from zianalytics.api.filters import CompanyEnrich, ContactEnrich
from zianalytics.api.searches import CompanySearch, ContactSearch, IntentSearch
from zianalytics.api.structures import IpEnrich
from zianalytics.errors import RequestRefused
from zianalytics.schema.contact import CONTACT


@pytest.mark.parametrize(
    ("request_class", "criteria", "says"),
    [
        (CompanySearch, {"employee_range_min": "many"}, "employee_range_min='many' is not a whole number"),
        (CompanySearch, {"employee_range_min": 12.5}, "is not a whole number"),
        (CompanySearch, {"employee_range_min": True}, "is not a whole number"),
        (
            CompanySearch,
            {"company_name": ["Aster", "Bramble"]},
            "is not a text. Nothing was sent. It takes one: ask once for each",
        ),
        (CompanySearch, {"company_id": ["seven"]}, "is not a whole number, or a list of whole numbers"),
        (CompanySearch, {"industry_codes": 7}, "is not a text, or a list of texts"),
        (CompanySearch, {"sic_codes": 7372}, 'Write "7372": it is a text, of which noughts in front are part'),
        (CompanySearch, {"zip_code": 94105}, 'Write "94105": it is a text'),
        (CompanySearch, {"industry_codes": ["software", None]}, "has an empty value among 2. Nothing was sent. Leave"),
        (CompanySearch, {"company_id": pl.Series([7.0, float("nan")])}, ".drop_nulls() does so in a column"),
        (CompanySearch, {"company_id": 12.5}, "is not a whole number"),
        (CompanySearch, {"company_id": [7, -5]}, "company_id=-5 is not an id"),
        (
            CompanySearch,
            {"industry_codes": pl.DataFrame({"id": ["software"], "name": ["Software"]})},
            'industry_codes= is a frame of 2 columns. Nothing was sent. Pass one of them: frame["id"].',
        ),
        (CompanySearch, {"employee_range_min": -5}, "employee_range_min=-5 is below 0. Nothing was sent"),
        (CompanySearch, {"revenue_max_usd": -1}, "revenue_max_usd=-1 is below 0"),
        (CompanySearch, {"zip_code": "94105", "zip_code_radius_miles": -2}, "zip_code_radius_miles=-2 is below 0"),
        (ContactSearch, {"last_updated_in_months": -1}, "last_updated_in_months=-1 is below 0"),
        (CompanySearch, {"funding_start_date": "2026-02-30"}, "is not a datetime.date"),
        (CompanySearch, {"sort_by": "size"}, "is not one of 'name', 'employee_count', 'revenue'"),
        (CompanySearch, {"sort_order": "asc"}, "says nothing without sort_by"),
        (CompanySearch, {"limit": 0}, "asks for no rows"),
        (CompanySearch, {}, "A search needs a criterion, and none was given"),
        (ContactSearch, {"limit": 3, "sort_by": "last_name"}, "A search needs a criterion"),
        (CompanySearch, {"company_id": []}, "company_id=[] is empty, and could mean nothing or everything"),
        (ContactSearch, {"country": "Germany", "job_title": pl.Series([], dtype=pl.String)}, "job_title=[] is empty"),
        (IntentSearch, {"topics": ["Cloud"], "country": ""}, "country='' is empty"),
        (CompanySearch, {"country": "Canada", "state": "Ontario"}, "exclude each other"),
        (CompanySearch, {"zip_code_radius_miles": 25}, "says nothing without zip_code="),
        (CompanySearch, {"primary_industries_only": True}, "says nothing without industry_codes="),
        (CompanySearch, {"engagement_end_date": date(2026, 1, 1)}, "says nothing without engagement_start_date="),
        (CompanySearch, {"location_search_type": "HQ"}, "is not one of 'hq', 'person', 'person_or_hq'"),
        (CompanySearch, {"business_model": ["B2X"]}, "is not one of 'B2B', 'B2C', 'B2G', or a list of these"),
        (CompanySearch, {"one_year_employee_growth_rate_min": float("nan")}, "is not a number"),
        (CompanySearch, {"one_year_employee_growth_rate_min": True}, "is not a number"),
        (CompanySearch, {"two_year_employee_growth_rate_min": 5, "two_year_employee_growth_rate_max": 4.5}, "is above"),
        (CompanySearch, {"funding_min_usd": 1_500}, "Pass 1000 or 2000"),
        (CompanySearch, {"company_id": []}, "company_id=[] is empty"),
        (CompanySearch, {"country": ""}, "country='' is empty"),
        (
            CompanySearch,
            {"funding_start_date": date(2026, 2, 1), "funding_end_date": date(2026, 1, 1)},
            "is above funding_end_date",
        ),
        (ContactSearch, {"contact_accuracy_score_min": 69}, "outside 70 to 99"),
        (ContactSearch, {"required_fields": ["fax"]}, "is not one of 'email', 'phone'"),
        (ContactSearch, {"exclude_job_title": ["Vice President, Sales"]}, "has a title with a comma"),
        (CompanySearch, {"employee_range_min": 50, "employee_range_max": 10}, "is above employee_range_max=10"),
        (ContactSearch, {"revenue_min_usd": 2, "revenue_max_usd": 1}, "is above revenue_max_usd=1"),
        (IntentSearch, {"topics": []}, "topics=[] is empty"),
        (IntentSearch, {"topics": ["Cloud"], "signal_score_min": 50}, "outside 60 to 100"),
        (IntentSearch, {"topics": ["Cloud"], "signal_start_date": "1/2/2026"}, "is not a datetime.date"),
        (
            IntentSearch,
            {"topics": ["Cloud"], "signal_start_date": date(2026, 2, 1), "signal_end_date": date(2026, 1, 1)},
            "is above signal_end_date",
        ),
        (IntentSearch, {"topics": ["Cloud"], "audience_strength_min": "A", "audience_strength_max": "C"}, "is above"),
        (IntentSearch, {"topics": ["Cloud"], "audience_strength_min": "F"}, "is not one of 'A', 'B', 'C', 'D', 'E'"),
        (CompanyEnrich, {"of": [7], "fields": "everything"}, "No such company field: 'everything'"),
        (CompanyEnrich, {"of": [7], "fields": ["revenu_usd"]}, "did you mean revenue_usd"),
        (CompanyEnrich, {"of": [7], "max_credits": "12"}, "is not a whole number"),
        (CompanyEnrich, {"of": [7], "max_age": "3"}, "is not a datetime.timedelta, or a whole number"),
        (CompanyEnrich, {"of": [7], "max_age": True}, "is not a datetime.timedelta"),
        (IpEnrich, {"of": ["203.0.113.9"], "max_age": -2}, "max_age=-2 is below 0. Nothing was sent. Use 0 to"),
        (CompanyBatch, {"of": [7], "max_age": -1}, "max_age=-1 is below 0"),
        (CompanyEnrich, {"of": [7], "max_age": timedelta(days=-1)}, "max_age=-1 day, 0:00:00 is below 0"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_sent(
    request_class: Any, criteria: dict[str, Any], says: str
) -> None:
    with pytest.raises(RequestRefused) as refused:
        request_class(**criteria)
    assert says in str(refused.value)
    assert "Nothing was sent" in str(refused.value)


def test_series_and_numbers_of_data_libraries_are_taken_as_plain_values() -> None:
    request = CompanySearch(
        company_id=pl.Series([7, 8]),
        industry_codes=pl.Series(["software"]),
        employee_range_min=np.int64(50),  # type: ignore[arg-type]  # what a notebook hands over
    )
    assert (request.company_id, request.industry_codes, request.employee_range_min) == ([7, 8], ["software"], 50)
    assert type(request.employee_range_min) is int


def test_a_moment_is_taken_as_its_day() -> None:
    request = IntentSearch(topics="Cloud", signal_start_date=datetime(2026, 1, 2, 15, 0))
    assert request.signal_start_date == date(2026, 1, 2)
    assert type(request.signal_start_date) is date


def test_what_can_mean_one_thing_alone_is_taken_for_it() -> None:
    request: Any = CompanySearch(
        company_id=pl.DataFrame({"company_id": [7.0, 8.0]}),  # type: ignore[arg-type]  # what a notebook hands over
        parent_id="12, 13",  # type: ignore[arg-type]  # likewise
        ultimate_parent_id=["14"],  # type: ignore[list-item]  # likewise
        revenue_min_usd=1e6,  # type: ignore[arg-type]  # likewise
        employee_range_max=50.0,  # type: ignore[arg-type]  # likewise
        funding_start_date="2026-01-31",  # type: ignore[arg-type]  # likewise
        business_model="B2B, B2C",  # type: ignore[arg-type]  # likewise
        country=["Germany", "France"],
        one_year_employee_growth_rate_min=-5,
    )
    assert (request.company_id, request.parent_id, request.ultimate_parent_id) == ([7, 8], [12, 13], [14])
    assert (request.revenue_min_usd, request.employee_range_max) == (1_000_000, 50)
    assert (type(request.revenue_min_usd), type(request.company_id[0])) == (int, int)
    assert (request.funding_start_date, request.business_model) == (date(2026, 1, 31), ["B2B", "B2C"])
    assert request.country == ["Germany", "France"]


@pytest.mark.parametrize("number", [2.0**53, float("inf")], ids=["not-exact", "endless"])
def test_a_number_that_may_have_been_rounded_is_no_id(number: float) -> None:
    with pytest.raises(RequestRefused, match="is not a whole number"):
        CompanySearch(company_id=number)  # type: ignore[arg-type]  # that is the point


def test_columns_may_be_one_text_with_commas() -> None:
    request = ContactEnrich([7], fields="email, first_name", required_fields="email,phone")
    assert request.required_fields == ["email", "phone"]
    assert [column.name for column in CONTACT.pick(request.fields)] == ["contact_id", "first_name", "email"]


def test_a_search_for_everything_is_told_a_dozen_criteria() -> None:
    with pytest.raises(RequestRefused) as refused:
        CompanySearch(company_name=None)
    said = str(refused.value)
    assert "one that is None counts as left out. Nothing was sent. Pass one of " in said
    assert ", which Shift-Tab shows." in said
    assert len(said) < 400


def test_a_whole_number_is_a_number() -> None:
    assert CompanySearch(one_year_employee_growth_rate_min=5).one_year_employee_growth_rate_min == 5


def test_every_criterion_of_every_search_says_what_it_means() -> None:
    silent = [
        f"{request.__name__}.{one.name}"
        for request in (CompanySearch, ContactSearch, IntentSearch)
        for one in parameters(request)
        if not one.doc.endswith(".")
    ]
    assert not silent


def test_what_fits_is_kept_as_it_is() -> None:
    request = CompanyEnrich([7], fields=["name"], max_credits=0, max_age=timedelta(days=30))
    assert (request.of, request.fields, request.max_credits, request.max_age) == ([7], ["name"], 0, timedelta(days=30))


@pytest.mark.parametrize("kind", [CompanyEnrich, CompanyBatch, IpEnrich], ids=lambda kind: kind.__name__)
def test_an_age_may_be_a_number_of_days(kind: Any) -> None:
    assert kind([7], max_age=30).max_age == timedelta(days=30)
    assert kind([7], max_age=0).max_age == timedelta(0)
    assert kind([7], max_age=10**30).max_age == timedelta.max - timedelta(days=1, microseconds=-1)


def test_the_strongest_audience_is_a() -> None:
    request = IntentSearch(topics="Cloud", audience_strength_min="C", audience_strength_max="A")
    assert (request.audience_strength_min, request.audience_strength_max) == ("C", "A")
