"""Company-master: one office for each input, and no field without a value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract import contract
from mockserver.world import Company

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller


def results(caller: Caller, *inputs: dict[str, Any], fields: list[str] | None = None) -> list[Any]:
    wanted = fields or ["zi_c_location_id", "zi_c_country"]
    return list(
        caller.post("/enrich/company-master", {"matchCompanyInput": inputs, "outputFields": wanted})["data"]["result"]
    )


def international(caller: Caller) -> Company:
    """A company with offices in several countries and a website of its own."""
    world = caller.sandbox.world
    names = [c.name for c in world.companies.values()]
    return next(
        c
        for c in world.companies.values()
        if c.website and names.count(c.name) == 1 and len({o.country for o in world.offices_of(c.id)}) > 1
    )


def test_an_input_for_each_country_finds_an_office_in_each(reader: Caller) -> None:
    company = international(reader)
    countries = sorted({o.country for o in reader.sandbox.world.offices_of(company.id)})
    said = [{"zi_c_name": company.name, "address": {"zi_c_country": country}} for country in countries]
    found = results(reader, *said)
    assert [r["data"]["zi_c_country"] for r in found] == countries
    ids = [r["data"]["zi_c_location_id"] for r in found]
    assert len(set(ids)) == len(countries)
    assert all(reader.sandbox.world.offices[i].company_id == company.id for i in ids)
    assert [r["input"] for r in found] == said


def test_without_a_country_the_headquarters_is_answered(reader: Caller) -> None:
    company = international(reader)
    hq = reader.sandbox.world.offices_of(company.id)[0]
    for said in ({"zi_c_url": company.website}, {"zi_c_company_id": str(company.id)}, {"zi_es_ecid": hq.ecid}):
        assert results(reader, said)[0]["data"]["zi_c_location_id"] == hq.id


def test_an_office_is_found_by_its_own_ids_and_by_its_address(reader: Caller) -> None:
    company = international(reader)
    office = next(o for o in reader.sandbox.world.offices_of(company.id)[1:] if o.street)
    for said in (
        {"zi_c_location_id": office.id},
        {"zi_es_location_id": office.es_location_id},
        {"address": {"zi_c_street": office.street, "zi_c_city": office.city}, "zi_c_company_id": company.id},
    ):
        assert results(reader, said)[0]["data"]["zi_c_location_id"] == office.id


def test_a_country_without_an_office_is_no_match(reader: Caller) -> None:
    company = international(reader)
    [result] = results(reader, {"zi_c_name": company.name, "address": {"zi_c_country": "Antarctica"}})
    assert (result["statusCode"], result["matchStatus"], result["data"]) == (200, "NO_MATCH", {})


def test_fields_without_a_value_are_left_out(reader: Caller) -> None:
    fields = list(contract()["enrich.company-master"].fields)
    company = next(c for c in reader.sandbox.world.companies.values() if c.parent_id is None and not c.funding)
    record = results(reader, {"zi_c_company_id": company.id}, fields=fields)[0]["data"]
    assert "zi_c_total_funding_amount" not in record
    assert "zi_c_immediate_parent_name" not in record
    assert not [name for name, value in record.items() if value in (None, "", [], {})]


def test_every_field_has_a_value_for_some_office(reader: Caller) -> None:
    """What no office has: franchises, and facts that the world does not keep."""
    fields = list(contract()["enrich.company-master"].fields)
    seen: set[str] = set()
    ids = list(reader.sandbox.world.companies)
    for first in range(0, len(ids), 25):
        for result in results(reader, *({"zi_c_company_id": i} for i in ids[first : first + 25]), fields=fields):
            seen |= set(result["data"])
    never = {name for name in fields if name not in seen and "franchisor_" not in name}
    assert never <= {"zi_c_yelp_url", "zi_c_tickers_alt"}


def test_one_input_that_can_be_used_is_enough_for_200_and_none_is_400(reader: Caller) -> None:
    company = international(reader)
    good, bad = results(reader, {"zi_c_url": company.website}, {"address": {"zi_c_country": "Germany"}})
    assert (good["statusCode"], bad["statusCode"], bad["matchStatus"]) == (200, 400, "INVALID_INPUT")
    answer = reader.send(
        "POST", "/enrich/company-master", {"matchCompanyInput": [{}], "outputFields": ["zi_c_location_id"]}
    )
    assert (answer.status, json.loads(answer.body)) == (
        400,
        {
            "responseCode": 400,
            "message": "There is insufficient information for this request",
            "invalidOutputFields": [],
        },
    )


def test_an_answer_says_how_it_was_matched(reader: Caller) -> None:
    company = international(reader)
    said = {"zi_c_name": company.name, "address": {"zi_c_country": company.country}}
    reason = results(reader, said, fields=["zi_match_reason"])[0]["data"]["zi_match_reason"]
    assert (reason["zi_match_reason_name"], reason["zi_match_reason_country"]) == ("E", "E")
    assert (reason["zi_match_reason_website"], reason["zi_match_score"]) == ("M", "6")


@pytest.mark.parametrize(
    ("ways", "status"),
    [
        ([], "FULL_MATCH"),
        ([{"zi_c_name": "E", "match_score": 6}], "FULL_MATCH"),
        ([{"zi_c_name": "F", "zi_c_country": "E", "zi_c_url": "M"}], "FULL_MATCH"),
        ([{"match_score": 7}], "NO_MATCH"),
        ([{"zi_c_url": "E"}], "NO_MATCH"),
        ([{"zi_c_name": "D"}], "NO_MATCH"),
        ([{"bldg_name": "M", "biz_type": "M", "unit": "M", "zi_c_phone": "M"}], "FULL_MATCH"),
        ([{"zi_c_url": "E"}, {"zi_c_name": "E"}], "FULL_MATCH"),
    ],
    ids=str,
)
def test_one_of_the_ways_to_fit_has_to_be_met(caller: Caller, ways: list[dict[str, Any]], status: str) -> None:
    company = international(caller)
    said = {"zi_c_name": company.name, "address": {"zi_c_country": company.country}, "match_reasons": ways}
    found, _ = results(caller, said, {"zi_c_company_id": company.id})
    assert found["matchStatus"] == status
    assert len(caller.sandbox.ledger()) == 1 + (status == "FULL_MATCH")


@pytest.mark.parametrize("way", [{"zi_c_name": "X"}, {"zi_c_fax": "E"}, {"match_score": "6"}], ids=str)
def test_a_way_to_fit_that_is_not_documented_is_refused(reader: Caller, way: dict[str, Any]) -> None:
    body = {"matchCompanyInput": [{"zi_c_name": "x", "match_reasons": [way]}], "outputFields": ["zi_c_name"]}
    [name] = way
    assert reader.refused("/enrich/company-master", body) == (400, f"There are invalid fields in your request: {name}")
