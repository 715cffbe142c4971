"""A company found is the company enriched; each input has its answer, in order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract import contract

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

WITHHELD = {"departmentBudgets", "engagements", "hashedEmails", "techSkills"}


def enrich(caller: Caller, *inputs: dict[str, Any], fields: list[str] | None = None) -> list[Any]:
    body = {"matchCompanyInput": inputs, "outputFields": fields or ["id"]}
    return list(caller.post("/enrich/company", body)["data"]["result"])


def enrich_people(caller: Caller, *inputs: dict[str, Any], fields: list[str] | None = None) -> list[Any]:
    body = {"matchPersonInput": inputs, "outputFields": fields or ["id"]}
    return list(caller.post("/enrich/contact", body)["data"]["result"])


def test_a_company_found_is_the_company_enriched(reader: Caller) -> None:
    row = reader.post("/search/company", {"country": "Germany", "employeeRangeMin": 200, "rpp": 1})["data"][0]
    fields = ["id", "name", "country", "employeeCount", "revenue"]
    [result] = enrich(reader, {"companyId": row["id"]}, fields=fields)
    company = reader.sandbox.world.companies[row["id"]]
    assert result["matchStatus"] == "FULL_MATCH"
    assert result["input"] == {"companyid": row["id"]}
    record = result["data"][0]
    assert (record["id"], record["name"], record["country"]) == (row["id"], row["name"], "Germany")
    assert record["employeeCount"] == company.employees
    assert company.employees is not None
    assert company.employees >= 200


def test_money_is_in_thousands(reader: Caller) -> None:
    company = next(c for c in reader.sandbox.world.companies.values() if c.revenue_usd and c.funding)
    fields = ["revenue", "companyFunding", "totalFundingAmount", "recentFundingDate"]
    record = enrich(reader, {"companyId": company.id}, fields=fields)[0]["data"][0]
    assert company.revenue_usd is not None
    assert record["revenue"] * 1_000 == company.revenue_usd
    amounts = [r.amount_usd for r in company.funding]
    assert [r["amount"] for r in record["companyFunding"]] == [None if a is None else a // 1_000 for a in amounts]
    assert record["recentFundingDate"] == max(r.on for r in company.funding).isoformat()


def test_every_field_is_answered_and_only_those_asked_for(reader: Caller) -> None:
    fields = [name for name in contract()["enrich.company"].fields if name not in WITHHELD]
    company = next(iter(reader.sandbox.world.companies))
    assert list(enrich(reader, {"companyId": company}, fields=fields)[0]["data"][0]) == fields
    assert list(enrich(reader, {"companyId": company}, fields=["name"])[0]["data"][0]) == ["name"]


def test_fields_come_in_the_order_in_which_they_are_asked_for_and_each_once(reader: Caller) -> None:
    company = next(iter(reader.sandbox.world.companies.values()))
    fields = ["name", "id", "country", "name", "id"]
    told = {"name": company.name, "id": company.id, "country": company.country}
    answer = reader.post("/enrich/company", {"matchCompanyInput": [{"companyId": company.id}], "outputFields": fields})
    assert list(answer["data"]["result"][0]["data"][0].items()) == list(told.items())
    assert answer["data"]["outputFields"] == [fields]


def test_each_input_has_its_answer_in_order(reader: Caller) -> None:
    first, second = list(reader.sandbox.world.companies)[:2]
    results = enrich(reader, {"companyId": second}, {"companyId": "999"}, {"companyCity": "Graz"}, {"companyId": first})
    assert [r["matchStatus"] for r in results] == ["FULL_MATCH", "NO_MATCH", "INVALID_INPUT", "FULL_MATCH"]
    assert [r["data"] for r in results] == [[{"id": second}], [], [], [{"id": first}]]
    assert results[1]["input"] == {"companyid": "999"}


def test_inputs_that_say_too_little_are_refused_together(reader: Caller) -> None:
    body = {"matchCompanyInput": [{}, {"companyCountry": "Germany"}], "outputFields": ["id"]}
    assert reader.refused("/enrich/company", body) == (400, "There is insufficient information for this request")


def test_a_company_is_matched_by_any_of_its_words(reader: Caller) -> None:
    companies = reader.sandbox.world.companies.values()
    company = next(c for c in companies if c.website and c.phone and sum(o.name == c.name for o in companies) == 1)
    for said in (
        {"companyName": company.name.lower()},
        {"companyName": f"{company.name}, Inc.", "companyCountry": company.country},
        {"companyPhone": company.phone},
        {"companyWebsite": f"https://{company.website}/", "companyName": company.name},
    ):
        assert enrich(reader, said)[0]["data"] == [{"id": company.id}]
    elsewhere = "Canada" if company.country != "Canada" else "Japan"
    assert enrich(reader, {"companyName": company.name, "companyCountry": elsewhere})[0]["data"] == []


def test_a_company_is_matched_by_an_address_of_which_the_service_is_sure(reader: Caller) -> None:
    world = reader.sandbox.world
    owned = {str(ip): world.owner_of(ip) for one in world.companies for ip in world.addresses_of(one)}
    sure, ip = next((owner.company_id, ip) for ip, owner in owned.items() if owner and owner.confidence >= 0.3)
    unsure = next(ip for ip, owner in owned.items() if owner and owner.confidence < 0.3)
    said = [{"ipAddress": one} for one in (ip, unsure, "203.0.113.9", "no address")]
    results = enrich(reader, *said, {"ipAddress": ip, "companyName": "Nobody Knows This Company"})
    assert [r["matchStatus"] for r in results] == ["FULL_MATCH", *["NO_MATCH"] * 4]
    assert results[0]["data"] == [{"id": sure}]


def test_of_two_companies_on_one_website_the_larger_is_answered(reader: Caller) -> None:
    owners: dict[str, list[Any]] = {}
    for company in reader.sandbox.world.companies.values():
        for domain in company.domains:
            owners.setdefault(domain, []).append(company)
    domain, pair = next((d, cs) for d, cs in owners.items() if len({c.employees for c in cs}) == 2)
    larger = max(pair, key=lambda c: c.employees or 0)
    assert enrich(reader, {"companyWebsite": domain})[0]["data"] == [{"id": larger.id}]


def test_a_person_found_is_the_person_enriched(reader: Caller) -> None:
    row = reader.post("/search/contact", {"managementLevel": "Director", "rpp": 1})["data"][0]
    fields = ["id", "firstName", "lastName", "email", "jobTitle", "validDate", "companyId", "companyName"]
    [result] = enrich_people(reader, {"personId": row["id"]}, fields=fields)
    person = reader.sandbox.world.contacts[row["id"]]
    record = result["data"][0]
    assert result["input"] == {"personid": row["id"]}
    assert record["company"] == row["company"]
    assert {name: record[name] for name in ("id", "firstName", "lastName", "jobTitle", "validDate")} == {
        name: row[name] for name in ("id", "firstName", "lastName", "jobTitle", "validDate")
    }
    assert record["email"] == (person.email or "")


def test_every_field_of_a_person_is_answered_at_its_place(reader: Caller) -> None:
    described = {n: f for n, f in contract()["enrich.contact"].fields.items() if n not in WITHHELD}
    person = next(iter(reader.sandbox.world.contacts))
    record = enrich_people(reader, {"personId": person}, fields=list(described))[0]["data"][0]
    places = {
        name if name != "company" else f"company.{inner}" for name, v in record.items() for inner in flat(name, v)
    }
    assert places == {said["x-at"] for said in described.values()}


def flat(name: str, value: Any) -> list[str]:
    return list(value) if name == "company" else [name]


def test_a_person_is_matched_by_the_documented_combinations(reader: Caller) -> None:
    world = reader.sandbox.world
    person = next(p for p in world.contacts.values() if p.email and p.direct_phone)
    assert person.email is not None
    name = {"firstName": person.first_name, "lastName": person.last_name}
    for said in (
        {"emailAddress": person.email.upper()},
        {"hashedEmail": hashlib.sha256(person.email.encode()).hexdigest()},
        {"hashedEmail": hashlib.md5(person.email.encode(), usedforsecurity=False).hexdigest()},
        {"phone": person.direct_phone},
        {**name, "companyId": person.company_id},
        {"fullName": f"{person.first_name} {person.last_name}", "companyName": world.companies[person.company_id].name},
    ):
        result = enrich_people(reader, said)[0]
        assert (result["matchStatus"], result["data"]) == ("FULL_MATCH", [{"id": person.id}])
    assert enrich_people(reader, {"personId": person.id}, name)[1]["matchStatus"] == "INVALID_INPUT"


def test_a_page_of_a_person_goes_along_with_what_names_them(reader: Caller) -> None:
    people = reader.sandbox.world.contacts.values()
    person, other = [p for p in people if p.social_pages and p.accuracy_score > 80][:2]
    url = person.social_pages[0].url
    named = {"fullName": f"{person.first_name} {person.last_name}", "companyId": person.company_id}
    results = enrich_people(
        reader,
        {**named, "externalURL": url},
        {**named, "externalURL": f"HTTP://www.{url.removeprefix('https://')}/"},
        {**named, "externalURL": other.social_pages[0].url},
        {"externalURL": url},
    )
    assert [r["matchStatus"] for r in results] == ["FULL_MATCH", "FULL_MATCH", "NO_MATCH", "INVALID_INPUT"]
    assert [r["data"] for r in results[:2]] == [[{"id": person.id}], [{"id": person.id}]]


def test_a_person_who_is_found_but_not_wanted_is_told_apart(reader: Caller) -> None:
    person = next(p for p in reader.sandbox.world.contacts.values() if p.updated_at and p.accuracy_score < 95)
    results = enrich_people(
        reader,
        {"personId": person.id, "contactAccuracyScoreMin": 96},
        {"personId": person.id, "validDateAfter": "2026-09-30"},
        {"personId": person.id, "lastUpdatedDateAfter": "2026-09-30"},
        {"personId": person.id, "companyId": 999},
    )
    assert [result["matchStatus"] for result in results] == [
        "NON_MATCH_BY_CONTACT_ACCURACY_MIN",
        "NON_MATCH_BY_VALID_DATE",
        "NON_MATCH_BY_LAST_UPDATED_DATE",
        "NO_MATCH",
    ]
    assert all(result["data"] == [] for result in results)


def test_a_person_without_a_required_field_is_neither_answered_nor_charged(caller: Caller) -> None:
    people = list(caller.sandbox.world.contacts.values())
    good = next(p for p in people if p.email and p.mobile_phone)
    bad = next(p for p in people if p.email and not p.mobile_phone)
    for required in ("email,mobilePhone", ["email", "mobilePhone"]):
        body = {"matchPersonInput": [{"personId": p.id} for p in (good, bad)], "outputFields": ["id"]}
        found = caller.post("/enrich/contact", body | {"requiredFields": required})["data"]["result"]
        assert [result["matchStatus"] for result in found] == ["FULL_MATCH", "NON_MATCH_BY_REQUIRED_FIELDS"]
        assert [result["data"] for result in found] == [[{"id": good.id}], []]
    assert [(row["id"], row["credits"]) for row in caller.sandbox.ledger()] == [(good.id, 1), (good.id, 0)]
    assert caller.refused("/enrich/contact", body | {"requiredFields": "email,colour"}) == (
        400,
        "There are invalid fields in your request: colour",
    )


def test_a_lone_surrogate_in_an_input_is_echoed_and_matches_nothing(reader: Caller) -> None:
    body = b'{"matchCompanyInput": [{"companyName": "\\ud800"}], "outputFields": ["id"]}'
    result = reader.post("/enrich/company", body)["data"]["result"][0]
    assert (result["matchStatus"], result["input"]) == ("NO_MATCH", {"companyname": "\ud800"})


def test_a_lone_surrogate_in_an_input_spoils_no_record_beside_it(reader: Caller) -> None:
    company = next(c for c in reader.sandbox.world.companies.values() if c.technologies and c.employee_history)
    fields = ["name", "techAttributes", "hashtags", "employeeGrowth"]
    [alone] = enrich(reader, {"companyId": company.id}, fields=fields)
    beside, odd = enrich(reader, {"companyId": company.id}, {"companyName": "\ud800"}, fields=fields)
    assert beside == alone
    assert (odd["matchStatus"], odd["input"]) == ("NO_MATCH", {"companyname": "\ud800"})


@pytest.mark.parametrize("key", ["hashedEmail", "emailAddress", "phone"])
def test_a_word_that_nobody_has_matches_nobody(reader: Caller, key: str) -> None:
    assert enrich_people(reader, {key: "0" * 32})[0]["matchStatus"] == "NO_MATCH"
