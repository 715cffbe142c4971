"""What type checkers see of the public calls: checked by mypy, never run.

A line with an ignore must be an error; `warn_unused_ignores` (in strict mode) says when it no longer is one.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, assert_type

import polars as pl
from pydantic import SecretStr

from zianalytics import ZoomInfo
from zianalytics.client.search.match import Matched
from zianalytics.client.webhooks import Webhook
from zianalytics.schema.quote import Quote


def calls(zi: ZoomInfo, companies: pl.DataFrame) -> None:
    assert_type(zi.search.companies(country="Germany", employee_range_min=50, limit=10), pl.DataFrame)
    assert_type(zi.search.companies.count(industry_codes=["software"]), int)
    assert_type(zi.search.contacts.quote(company_id=companies["company_id"], management_level="Director"), Quote)
    assert_type(
        zi.search.companies(zip_code="19101", zip_code_radius_miles=25, location_search_type="hq"), pl.DataFrame
    )
    assert_type(zi.search.contacts(required_fields=["email"], one_year_employee_growth_rate_min=5), pl.DataFrame)
    assert_type(zi.search.intent(topics=["Cloud"], signal_start_date=date(2026, 1, 1), max_records=10), pl.DataFrame)
    assert_type(zi.enrich.companies(companies, fields="all", max_credits=5), pl.DataFrame)
    assert_type(zi.enrich.companies([7, 8], fields=["name"], max_age=timedelta(days=1)), pl.DataFrame)
    assert_type(zi.enrich.companies([7, 8], max_age=30), pl.DataFrame)
    assert_type(zi.enrich.companies.one(website="aster.example", country="Germany", max_credits=1), dict[str, Any])
    assert_type(zi.enrich.contacts.one(email="ada@aster.example", fields=["phone"], max_age=30), dict[str, Any])
    assert_type(zi.enrich.contacts.quote(["ada@aster.example"]), Quote)
    assert_type(zi.enrich.master_data([{"company_id": 7, "country": "Japan"}], max_credits=1), pl.DataFrame)
    assert_type(zi.search.news(categories=["FUNDING"], page_date_min=date(2026, 1, 1), limit=5), pl.DataFrame)
    assert_type(zi.search.scoops.count(country="Germany", scoop_type="6", max_records=1), int)
    assert_type(zi.enrich.intent(companies, topics=["Cloud"], limit=20, max_credits=5), pl.DataFrame)
    assert_type(zi.enrich.news.quote([7, 8], limit=5), Quote)
    assert_type(zi.enrich.scoops(companies, sort_by="link", limit=5, max_credits=1), pl.DataFrame)
    assert_type(zi.enrich.technologies([7], max_age=timedelta(days=1), max_credits=1), pl.DataFrame)
    assert_type(zi.enrich.hashtags.quote([7]), Quote)
    assert_type(zi.bulk.preview.companies(country="Germany", business_model="B2B"), pl.DataFrame)
    assert_type(zi.bulk.redeem.contacts.quote(department="Sales", max_credits=10), Quote)
    assert_type(zi.bulk.enrich.companies(Path("accounts.csv"), fields=["name"], max_credits=5), pl.DataFrame)
    assert_type(zi.bulk.enrich.contacts.submit([7, 8], max_credits=2).frame(), pl.DataFrame)
    assert_type(zi.match.companies(companies), Matched)
    assert_type(zi.lookup.industries(), pl.DataFrame)
    assert_type(zi.lookup.tech_products(vendor="Birch"), pl.DataFrame)
    assert_type(zi.lookup.entitlements(), pl.DataFrame)
    assert_type(zi.usage(), pl.DataFrame)
    assert_type(zi.ledger.statement(by=["day", "endpoint"]), pl.DataFrame)
    assert_type(zi.ledger.expiring(days=30), pl.DataFrame)
    assert_type(zi.compliance.check(["ada@aster.example"], max_requests=1), pl.DataFrame)
    assert_type(zi.compliance.suppress([7]), int)
    assert_type(zi.webhooks.create("Changes", target_url="https://a.example", object_types=["company"]), Webhook)
    assert_type(zi.webhooks.new_token(7), SecretStr)
    assert_type(zi.export(companies, "companies.csv"), Path)


def mistakes(zi: ZoomInfo, companies: pl.DataFrame) -> None:
    zi.search.companies(county="Germany")  # type: ignore[call-arg]
    zi.search.companies(employee_range_min="50")  # type: ignore[arg-type]
    zi.search.companies(location_search_type="HQ")  # type: ignore[arg-type]
    zi.search.contacts(business_model="B2B")  # type: ignore[call-arg]
    zi.search.companies("Germany")  # type: ignore[call-arg, arg-type]
    zi.search.companies(sort_by="size")  # type: ignore[arg-type]
    zi.search.intent(max_records=10)  # type: ignore[call-arg]
    zi.search.intent(topics=["Cloud"], audience_strength_min="F")  # type: ignore[arg-type]
    zi.search.news(sort_by="title")  # type: ignore[call-arg]
    zi.enrich.intent([7], topics=["Cloud"], sort_by="company_name")  # type: ignore[arg-type]
    zi.enrich.news.count([7])  # type: ignore[attr-defined]
    zi.enrich.companies.one(email="ada@aster.example")  # type: ignore[call-arg]
    zi.enrich.companies.one(company_id="7")  # type: ignore[arg-type]
    zi.enrich.contacts.one("ada@aster.example")  # type: ignore[call-arg, arg-type]
    zi.enrich.hierarchies.one(company_id=7)  # type: ignore[attr-defined]
    zi.enrich.companies()  # type: ignore[call-arg]
    zi.enrich.companies(companies, "all")  # type: ignore[call-arg, arg-type]
    zi.enrich.companies.count(companies)  # type: ignore[attr-defined]
    zi.bulk.preview.companies(limit=10)  # type: ignore[call-arg]
    zi.bulk.preview.companies(country="Germany", max_credits=5)  # type: ignore[call-arg]
    zi.bulk.redeem.companies.submit(sort_by="name")  # type: ignore[call-arg]
    zi.lookup.industries(country="Germany")  # type: ignore[call-arg]
    zi.lookup.industries.quote()  # type: ignore[attr-defined]
