"""What the client writes for news, scoops, and what one company shows, beside the contract of the mock."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from zianalytics.api.describe import parameters
from zianalytics.api.enterprise import body
from zianalytics.api.kinds import KINDS
from zianalytics.api.signals import (
    HashtagsEnrich,
    IntentEnrich,
    NewsEnrich,
    NewsSearch,
    ScoopEnrich,
    ScoopSearch,
    TechnologiesEnrich,
)
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS

ROOT = Path(__file__).parents[2]
CONTRACT: Mapping[str, Any] = json.loads((ROOT / "mockserver/contract/resolved.json").read_bytes())["paths"]
NOT_SENT = {"limit", "max_records", "max_requests", "max_credits", "max_age", "fields", "of", "_"}
DAY, LATER = date(2026, 1, 2), date(2026, 3, 4)

NEWS = {"categories": ["FUNDING"], "url": "tradeherald", "page_date_min": DAY, "page_date_max": LATER}
SCOOPS = {
    "published_start_date": DAY, "published_end_date": LATER, "updated_since_creation": True, "scoop_type": ["1", "6"],
    "scoop_topic": "9", "department": ["3"], "scoop_id": [5, 6], "description": ["security", "cloud"],
}  # fmt: skip
SIGNALS = {
    "signal_start_date": DAY, "signal_end_date": LATER, "signal_score_min": 60, "signal_score_max": 90,
    "audience_strength_min": "E", "audience_strength_max": "A",
}  # fmt: skip
COMPANIES = {
    "country": "Germany", "continent": "Europe", "metro_region": ["usa.ohio.akron"],
    "excluded_regions": "usa.ohio.akron", "zip_code": "10115", "zip_code_radius_miles": 5, "street": "Hauptstr",
    "address": "1 Hauptstr", "location_search_type": "hq", "employee_range_min": 5, "employee_range_max": 50,
    "revenue_min_usd": 1000, "revenue_max_usd": 2000, "employee_ranges": ["5to9"], "revenue_ranges": ["under500k"],
    "contact_count_min": 1, "contact_count_max": 9, "funding_min_usd": 1000, "funding_max_usd": 2000,
    "funding_start_date": DAY, "funding_end_date": LATER, "industry_codes": ["software"],
    "primary_industries_only": True, "industry_keywords": "software", "sic_codes": ["7372"], "naics_codes": ["51"],
    "tech_attribute_tags": ["333.202.28"], "hashtags": ["b2b"], "company_description": "cloud",
    "company_type": "private", "company_ranking": "fortune.500", "sub_unit_types": "Division",
    "included_sub_unit_types": ["Division"], "company_id": [7, 8], "company_name": "Aster",
    "company_website": "aster.example", "parent_id": 9, "ultimate_parent_id": [9],
}  # fmt: skip
ASKED: Mapping[str, tuple[Any, list[dict[str, Any]]]] = {
    "search.news": (NewsSearch, [NEWS]),
    "search.scoops": (
        ScoopSearch,
        [SCOOPS | COMPANIES | {"sort_by": "url_text", "sort_order": "asc"}, {"state": "ca"}],
    ),
    "enrich.intent": (
        IntentEnrich,
        [
            SIGNALS | {"topics": ["A", "B"], "recommended_contacts": False, "sort_by": "topic", "sort_order": "desc"},
            {"all_topics": ["A", "B"]},
        ],
    ),
    "enrich.news": (NewsEnrich, [NEWS]),
    "enrich.scoops": (ScoopEnrich, [SCOOPS | {"sort_by": "link_text", "sort_order": "asc"}]),
    "enrich.technologies": (TechnologiesEnrich, [{}]),
    "enrich.hashtags": (HashtagsEnrich, [{}]),
}


def schema(operation: Operation[...]) -> Mapping[str, Any]:
    described = CONTRACT[operation.enterprise.path]["post"]["requestBody"]["content"]["application/json"]
    return described["schema"]  # type: ignore[no-any-return]  # read from JSON


def wires(name: str) -> list[dict[str, Any]]:
    """Bodies that say everything that can be said."""
    operation, (request, several) = OPERATIONS[name], ASKED[name]
    found = []
    for said in several:
        if name.startswith("search."):
            found.append(json.loads(body(operation, request(**said), page=1, size=50)))
        else:
            names = dict.fromkeys(KINDS[operation.record.name].names.values(), "text") | {"company_id": 7}
            paged: dict[str, Any] = {"page": 1, "size": 50} if operation.paging else {}
            found.append(json.loads(body(operation, request([7], **said), inputs=[names], **paged)))
    return found


@pytest.mark.parametrize("name", ASKED)
def test_everything_that_is_documented_is_offered_and_written_as_the_contract_wants(name: str) -> None:
    operation, (request, several) = OPERATIONS[name], ASKED[name]
    offered = {one.name for one in dataclasses.fields(request)} - NOT_SENT
    assert offered == {key for said in several for key in said}, "a criterion is not tried here"
    validator = Draft202012Validator(schema(operation))
    assert [e.message for wire in wires(name) for e in validator.iter_errors(wire)] == []
    documented, used = set(schema(operation)["properties"]), {key for wire in wires(name) for key in wire}
    assert used == documented


@pytest.mark.parametrize("name", ["search.scoops", "enrich.intent", "enrich.scoops"])
def test_everything_one_can_sort_by_is_offered(name: str) -> None:
    operation, (request, _) = OPERATIONS[name], ASKED[name]
    hint = next(one.annotation for one in parameters(request) if one.name == "sort_by")
    words = get_args(get_args(hint)[0])
    given: dict[str, Any] = {"country": "Germany"} if name.startswith("search.") else {"of": [7]}
    written = [json.loads(body(operation, request(**given, sort_by=word)))["sortBy"] for word in words]
    assert written == schema(operation)["properties"]["sortBy"]["enum"]


def test_topics_of_a_company_are_joined_by_pipes_or_and() -> None:
    any_of, all_of = wires("enrich.intent")
    assert (any_of["topics"], all_of["topics"]) == ("A|B", "A AND B")
    assert any_of["findRecommendedContacts"] is False
    assert "findRecommendedContacts" not in all_of


def test_the_size_of_a_page_of_news_of_a_company_is_its_limit() -> None:
    assert wires("enrich.news")[0]["limit"] == 50
    assert wires("search.news")[0]["rpp"] == 50
