"""Requests as the bytes that the Enterprise API takes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from zianalytics.api.enterprise import body, query
from zianalytics.api.filters import TechProducts
from zianalytics.api.searches import CompanySearch, ContactSearch, IntentSearch
from zianalytics.api.table import OPERATIONS


def sent(name: str, *args: Any, **kwargs: Any) -> Any:
    return json.loads(body(OPERATIONS[name], *args, **kwargs))


def test_company_criteria_are_written_as_documented() -> None:
    request = CompanySearch(
        company_id=[7, 8],
        company_name="Aster",
        company_website="aster.example",
        country="Germany",
        industry_codes=["software", "energy.water"],
        employee_range_min=50,
        employee_range_max=500,
        employee_ranges=["50to99", "100to249"],
        revenue_min_usd=1_000_000,
        revenue_max_usd=2_000_000,
        revenue_ranges="under500k",
        tech_attribute_tags=["333.202.28", "333.*"],
        sort_by="employee_count",
        sort_order="desc",
        limit=30,
        max_requests=5,
    )
    assert sent("search.companies", request, page=2, size=100) == {
        "companyId": "7,8",
        "companyName": "Aster",
        "companyWebsite": "aster.example",
        "country": "Germany",
        "industryCodes": "software,energy.water",
        "employeeRangeMin": "50",
        "employeeRangeMax": "500",
        "employeeCount": "50to99,100to249",
        "revenueMin": 1_000_000,
        "revenueMax": 2_000_000,
        "revenue": "under500k",
        "techAttributeTagList": "333.202.28,333.*",
        "sortBy": "employeeCount",
        "sortOrder": "desc",
        "rpp": 100,
        "page": 2,
    }


def test_contact_criteria_are_written_as_documented() -> None:
    request = ContactSearch(
        person_id=9,
        management_level=["Director", "C Level Exec"],
        department="Sales",
        job_title=["Head of IT", "CTO"],
        state="Ontario",
        sort_by="last_name",
    )
    assert sent("search.contacts", request) == {
        "personId": "9",
        "managementLevel": "Director,C Level Exec",
        "department": "Sales",
        "jobTitle": "Head of IT OR CTO",
        "state": "Ontario",
        "sortBy": "lastName",
    }


def test_places_sizes_and_dates_are_written_as_documented() -> None:
    request = CompanySearch(
        zip_code="19101",
        zip_code_radius_miles=25,
        location_search_type="person_or_hq",
        metro_region=["usa.california.sanfrancisco", "usa.texas.austin"],
        funding_min_usd=1_500_000,
        funding_end_date=date(2026, 3, 4),
        one_year_employee_growth_rate_min=-2.5,
        two_year_employee_growth_rate_max=10,
        contact_count_min=3,
        parent_id=[7, 8],
        company_ticker="ZX: ASTR",
        business_model=["B2B", "B2G"],
        hashtags=["saas", "hiring"],
        included_sub_unit_types="Division",
        certified=False,
        exclude_defunct_companies=True,
        engagement_start_date=date(2026, 1, 2),
        engagement_type="online meeting",
    )
    assert sent("search.companies", request) == {
        "zipCode": "19101",
        "zipCodeRadiusMiles": "25",
        "locationSearchType": "PersonOrHQ",
        "metroRegion": "usa.california.sanfrancisco,usa.texas.austin",
        "fundingAmountMin": 1500,
        "fundingEndDate": "2026-03-04",
        "oneYearEmployeeGrowthRateMin": "-2.5",
        "twoYearEmployeeGrowthRateMax": "10",
        "zoominfoContactsMin": "3",
        "parentId": "7,8",
        "companyTicker": ["ZX: ASTR"],
        "businessModel": ["B2B", "B2G"],
        "hashTagString": "saas,hiring",
        "companyStructureIncludedSubUnitTypes": "Division",
        "certified": 0,
        "excludeDefunctCompanies": True,
        "engagementStartDate": "2026-01-02",
        "engagementType": ["online meeting"],
    }


def test_what_is_known_of_people_is_written_as_documented() -> None:
    request = ContactSearch(
        email="ada@aster.example",
        phone=["(614) 555-0101"],
        required_fields=["direct_phone", "email"],
        board_member="exclude",
        has_been_notified="only",
        company_past_or_present="past_and_present",
        location_id=[20, 21],
        tech_skills="2",
        exclude_job_title=["Intern", "Assistant"],
        contact_accuracy_score_min=90,
        last_updated_in_months=6,
        executives_only=True,
        sort_by="last_mentioned",
    )
    assert sent("search.contacts", request) == {
        "emailAddress": "ada@aster.example",
        "phone": ["(614) 555-0101"],
        "requiredFields": "directPhone,email",
        "boardMember": "Exclude",
        "hasBeenNotified": "only",
        "companyPastOrPresent": "pastAndPresent",
        "locationCompanyId": [20, 21],
        "techSkills": ["2"],
        "excludeJobTitle": "Intern,Assistant",
        "contactAccuracyScoreMin": "90",
        "lastUpdatedInMonths": 6,
        "executivesOnly": True,
        "sortBy": "lastMentioned",
    }


def test_intent_criteria_are_written_as_documented() -> None:
    request = IntentSearch(
        topics=["Cloud", "Storage"],
        signal_start_date=date(2026, 1, 2),
        signal_end_date=date(2026, 3, 4),
        signal_score_min=80,
        audience_strength_min="C",
        sort_by="signal_date",
        max_records=50,
    )
    assert sent("search.intent", request, page=1, size=50) == {
        "topics": ["Cloud", "Storage"],
        "signalStartDate": "2026-01-02",
        "signalEndDate": "2026-03-04",
        "signalScoreMin": 80,
        "audienceStrengthMin": "C",
        "sortBy": "signalDate",
        "rpp": 50,
        "page": 1,
    }


def test_one_topic_is_a_list_of_one() -> None:
    assert sent("search.intent", IntentSearch(topics="Cloud")) == {"topics": ["Cloud"]}


def test_companies_are_asked_for_by_their_inputs_and_fields() -> None:
    inputs = [{"company_id": 7}, {"company_website": "aster.example", "company_name": "Aster", "zip_code": "01234"}]
    assert sent("enrich.companies", inputs=inputs, fields=["revenue_usd", "domains", "tech_attributes"]) == {
        "matchCompanyInput": [
            {"companyId": 7},
            {"companyWebsite": "aster.example", "companyName": "Aster", "companyZipCode": "01234"},
        ],
        "outputFields": ["id", "revenue", "domainList", "techAttributes"],
    }


def test_what_is_asked_of_a_contact_differs_from_what_is_answered() -> None:
    fields = ["company_name", "company_revenue_usd", "company_descriptions", "has_moved", "is_company_defunct"]
    assert sent("enrich.contacts", inputs=[{"contact_id": 9}], fields=fields) == {
        "matchPersonInput": [{"personId": 9}],
        "outputFields": [
            "id", "personHasMoved", "companyName", "companyRevenueNumeric", "companyDescriptionList", "isDefunct",
        ],
    }  # fmt: skip


def test_an_office_is_asked_for_with_its_address_inside() -> None:
    inputs = [{"company_id": 7, "country": "Japan", "city": "Osaka"}, {"location_id": 20}, {"phone": "+1 5550100"}]
    fields = ["name", "is_hq", "match_score", "match_name", "primary_industry"]
    assert sent("enrich.master_data", inputs=inputs, fields=fields) == {
        "matchCompanyInput": [
            {"zi_c_company_id": 7, "address": {"zi_c_country": "Japan", "zi_c_city": "Osaka"}},
            {"zi_c_location_id": 20},
            {"phone": {"zi_c_phone": "+1 5550100"}},
        ],
        "outputFields": ["zi_c_location_id", "zi_c_name", "zi_c_is_hq", "zi_c_industry_primary", "zi_match_reason"],
    }


def test_a_look_up_has_no_body_and_its_criteria_are_its_query() -> None:
    operation = OPERATIONS["lookup.tech_products"]
    request = TechProducts(parent_category="Cloud")
    assert body(operation, request) == b""
    assert query(operation, request) == {"parentCategory": "Cloud"}


@pytest.mark.parametrize("text", ["Ünïcode 漢字", 'quotes " and \\', "\ud800"])
def test_any_text_can_be_sent(text: str) -> None:
    assert sent("search.companies", CompanySearch(company_name=text)) == {"companyName": text}
