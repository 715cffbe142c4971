from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract
from mockserver.sandbox import Options
from mockserver.sandbox.compliance import has_opted_out
from mockserver.sandbox.criteria.directory import Directory
from mockserver.world import Contact

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller


def people(caller: Caller, *, gone: bool) -> list[Contact]:
    world, directory = caller.sandbox.world, Directory(caller.sandbox.world)
    return [p for p in world.contacts.values() if p.email and has_opted_out(p, directory, caller.sandbox.now()) is gone]


def check(caller: Caller, *inputs: dict[str, Any]) -> list[dict[str, Any]]:
    answer = caller.post("/compliance", {"matchPersonInput": list(inputs)})
    Draft202012Validator(contract()["compliance"].answers[200]).validate(answer)
    found: list[dict[str, Any]] = answer["data"]["result"]
    return found


def test_each_input_is_answered_in_order_and_echoed(reader: Caller) -> None:
    known, gone = people(reader, gone=False)[0], people(reader, gone=True)[0]
    results = check(
        reader,
        {"personEmailAddress": known.email},
        {"personEmailAddress": gone.email},
        {"personEmailAddress": "nobody@nowhere.example"},
        {"personFirstName": "Ada"},
    )
    assert [one["matchStatus"] for one in results] == ["FULL_MATCH", "OPT_OUT", "NO_MATCH", "INVALID_INPUT"]
    assert results[0]["data"][0]["id"] == known.id
    assert [one["data"] for one in results[1:]] == [[], [], []]
    assert results[0]["input"] == {"personemailaddress": known.email}


@pytest.mark.parametrize(
    "names",
    [
        ("personEmailAddress",),
        ("personPhone",),
        ("personFullName", "companyName"),
        ("personFirstName", "personLastName", "companyId"),
        ("personFullName", "personCountry"),
        ("personFullName", "personState"),
        ("personFullName", "personZipCode"),
    ],
)
def test_everybody_is_found_by_any_documented_input(reader: Caller, names: tuple[str, ...]) -> None:
    world = reader.sandbox.world
    person = next(
        p
        for p in people(reader, gone=False)
        if p.direct_phone and p.zip_code and world.companies[p.company_id].country == "United States"
    )
    company = world.companies[person.company_id]
    given = {
        "personEmailAddress": (person.email or "").upper(),
        "personPhone": person.direct_phone,
        "personFullName": f"{person.first_name}  {person.last_name}",
        "personFirstName": person.first_name,
        "personLastName": person.last_name,
        "companyName": company.name.upper(),
        "companyId": company.id,
        "personCountry": "united states",
        "personState": next(s.code for s in world.lists.states if s.name == company.state).lower(),
        "personZipCode": person.zip_code,
    }
    [result] = check(reader, {name: given[name] for name in names})
    assert person.id in [one["id"] for one in result["data"]]


def test_an_employer_of_before_counts_as_well(reader: Caller) -> None:
    person = next(p for p in people(reader, gone=False) if any(job.until for job in p.jobs))
    former = next(job.company_name for job in person.jobs if job.until)
    name = {"personFirstName": person.first_name, "personLastName": person.last_name}
    assert check(reader, name | {"companyName": former})[0]["matchStatus"] == "FULL_MATCH"
    assert check(reader, name | {"companyName": "Nobody Knows This Company"})[0]["matchStatus"] == "NO_MATCH"


def test_who_has_opted_out_is_neither_found_nor_enriched_nor_charged(reader: Caller) -> None:
    gone = people(reader, gone=True)[0]
    search = {"companyId": str(gone.company_id), "rpp": 100}
    assert gone.id not in [one["id"] for one in reader.post("/search/contact", search)["data"]]
    before = reader.sandbox.ledger()
    body = {"matchPersonInput": [{"personId": gone.id}], "outputFields": ["id", "email"]}
    [result] = reader.post("/enrich/contact", body)["data"]["result"]
    assert (result["matchStatus"], result["data"]) == ("OPT_OUT", [])
    assert reader.sandbox.ledger() == before


def test_who_has_opted_out_is_recommended_for_no_topic(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=200))
    topics = [topic.name for topic in caller.sandbox.world.lists.topics]

    def recommended() -> set[int]:
        body = {"topics": topics, "rpp": 100, "signalEndDate": "2026-09-30"}
        pages = [caller.post("/search/intent", body | {"page": page}) for page in range(1, 8)]
        return {one["id"] for page in pages for signal in page["data"] for one in signal["recommendedContacts"]}

    before = recommended()
    caller.sandbox.advance(700)
    caller.sign_in()
    directory = Directory(caller.sandbox.world)
    gone = {i for i in before if has_opted_out(caller.sandbox.world.contacts[i], directory, caller.sandbox.now())}
    assert gone
    assert recommended() == before - gone


def test_a_check_costs_a_request_and_nothing_else(reader: Caller) -> None:
    def used() -> dict[str, int]:
        return {one["limitType"]: one["currentUsage"] for one in reader.sandbox.usage()["usage"]}

    before = used()
    check(reader, {"personEmailAddress": "nobody@nowhere.example"})
    assert {kind: n - before[kind] for kind, n in used().items() if n != before[kind]} == {"requestLimit": 1}


def test_the_fields_of_the_check_can_be_looked_up(reader: Caller) -> None:
    inputs = [one["fieldName"] for one in reader.get("/lookup/inputfields/compliance/enrich")]
    outputs = [one["fieldName"] for one in reader.get("/lookup/outputfields/compliance/enrich")]
    assert inputs == [
        "companyId", "companyName", "personFullName", "personFirstName", "personLastName", "personEmailAddress",
        "personPhone", "personState", "personCountry", "personZipCode",
    ]  # fmt: skip
    assert {"id", "companyName", "withinEu", "looksLikeCanada", "pastEmailAddresses"} <= set(outputs)
