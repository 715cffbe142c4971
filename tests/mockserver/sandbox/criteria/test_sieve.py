"""Criteria that come again are looked for once, and find the same companies as all tests, one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.sandbox.criteria import sieve
from mockserver.sandbox.criteria.companies import company_tests
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.criteria.places import whereabouts
from mockserver.sandbox.refusals import Refused
from mockserver.sandbox.search.searches import companies_that_meet, people_that_meet, search_companies
from mockserver.world import Company, World

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
BODIES: list[dict[str, Any]] = [
    {"country": "United States", "industryCodes": "software", "employeeRangeMin": "50"},
    {"country": "Germany", "state": "California"},
    {"state": "California"},
    {"industryCodes": "software,finance"},
    {"industryCodes": "software,finance", "primaryIndustriesOnly": True},
    {"primaryIndustriesOnly": True, "companyName": "Group"},
    {"country": "Canada", "locationSearchType": "Person"},
    {"country": "Canada", "locationSearchType": "HQ", "companyName": "a NOT b"},
    {"country": "Canada", "revenueMin": 10_000, "revenueMax": 90_000_000, "oneYearEmployeeGrowthRateMin": "5"},
    {"continent": "Europe", "businessModel": "B2B", "excludeDefunctCompanies": True},
    {"certified": True, "fundingAmountMin": 1_000},
    {"employeeRangeMin": "100", "employeeRangeMax": "100000", "zoominfoContactsMin": "3"},
    {"engagementStartDate": "2026-01-01", "country": "Canada"},
    {"companyName": "Ltd"},
    {"employeeRangeMax": "20"},
    {"revenueMax": 1_000_000},
]
HERE = Directory(World.build(seed=7, companies=403, now=NOW))


@pytest.fixture(scope="module")
def world() -> World:
    return HERE.world


def found(body: dict[str, Any], directory: Directory) -> list[int]:
    return [company.id for company in directory.sieve.of(companies_that_meet(body, directory))]


def one_by_one(body: dict[str, Any], directory: Directory) -> list[int]:
    where, tests = whereabouts(body, directory.world.lists), company_tests(body, directory)
    companies = directory.world.companies.values()
    return [c.id for c in companies if all(t(c) for t in tests) and where.company(c, directory.world)]


def test_the_same_companies_are_found_the_first_and_the_second_time(world: World) -> None:
    directory = Directory(world)
    wanted = [one_by_one(body, directory) for body in BODIES]
    for _ in range(2):
        assert [found(body, directory) for body in BODIES] == wanted
    assert sum(map(bool, wanted)) > 8


@pytest.mark.parametrize("end", ["Min", "Max"])
def test_a_company_with_the_very_number_lies_within(end: str, world: World) -> None:
    company = next(c for c in world.companies.values() if c.employees)
    assert company.id in found({f"employeeRange{end}": str(company.employees)}, Directory(world))


def joined(*values: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2).map(",".join)


NUMBER = st.integers(0, 400)
CRITERIA: dict[str, st.SearchStrategy[Any]] = {
    "country": joined("United States", "Canada", "Germany", "Atlantis"),
    "state": joined("California", "TX", "Ontario"),
    "continent": joined("Europe", "North America"),
    "metroRegion": joined("usa.california.sanfrancisco", "usa.newyork.newyorkcity"),
    "excludedRegions": joined("usa.california.sanfrancisco", "usa.newyork.newyorkcity"),
    "zipCodeRadiusMiles": st.sampled_from(["10", "500"]),
    "zipCode": st.sampled_from(["94105", "10012"]),
    "locationSearchType": st.sampled_from(["HQ", "Person", "PersonAndHQ"]),
    "companyName": st.sampled_from(["Group", "Labs OR Group", "Systems NOT Group", "Ltd", "no such name"]),
    "industryCodes": joined("software", "finance", "manufacturing", "software.security"),
    "primaryIndustriesOnly": st.booleans(),
    "industryKeywords": st.sampled_from(["software", "software AND security", "banking OR insurance, retail", ""]),
    "sicCodes": joined("1311", "1521", "7372", "6022"),
    "naicsCodes": joined("236115", "541511", "522110", "513210"),
    "techAttributeTagList": joined("131", "*.202", "*.*.1", "131.202.2"),
    "companyType": joined("private", "public"),
    "companyRanking": joined("Fortune 500", "S&P 500"),
    "businessModel": joined("B2B", "B2C", "All"),
    "subUnitTypes": joined("Subsidiary", "Division"),
    "companyStructureIncludedSubUnitTypes": joined("Subsidiary", "Division"),
    "employeeCount": joined("1to4", "20to49", "100to249"),
    "revenue": joined("under500k", "1mto5m", "5mto10m"),
    "certified": st.booleans(),
    "excludeDefunctCompanies": st.booleans(),
    "employeeRangeMin": NUMBER.map(str),
    "employeeRangeMax": NUMBER.map(str),
    "revenueMin": NUMBER.map(lambda n: n * 100_000),
    "zoominfoContactsMax": NUMBER.map(str),
    "oneYearEmployeeGrowthRateMin": st.integers(0, 20).map(str),
    "fundingAmountMin": NUMBER.map(lambda n: n * 100),
    "parentId": st.integers(1, 9).map(str),
}


@given(body=st.fixed_dictionaries({}, optional=CRITERIA))
def test_whatever_is_asked_the_same_companies_are_found(body: dict[str, Any]) -> None:
    try:
        wanted = one_by_one(body, HERE)
    except Refused:
        with pytest.raises(Refused):
            found(body, HERE)
        return
    assert found(body, HERE) == wanted


def test_the_words_of_a_name_stand_together_and_unwanted_ones_nowhere(world: World) -> None:
    company = next(c for c in world.companies.values() if len(c.name.split()) == 2)
    first, last = company.name.split()
    asked = (f"{first} {last}", f"{last} {first}", f"{first} NOT {last}", f"{last} OR {first} NOT nothing")
    assert [company.id in found({"companyName": name}, Directory(world)) for name in asked] == [
        True,
        False,
        False,
        True,
    ]


def test_where_people_are_now_plays_no_part_for_whom_they_worked(world: World) -> None:
    body = {"industryCodes": "software", "country": "Canada", "locationSearchType": "Person"}
    software = {c.id for c in world.companies.values() if c.primary_industry.id == "software"}
    wanted = [
        p.id
        for p in world.contacts.values()
        if p.country == "Canada" and any(job.until and job.company_id in software for job in p.jobs)
    ]
    asked = body | {"companyPastOrPresent": "past"}
    assert wanted
    assert sorted(people_that_meet(asked, Directory(world), NOW).ids) == wanted


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("by", ["name", "employeeCount", "revenue"])
def test_companies_come_in_the_order_of_what_is_known_of_them(by: str, order: str, world: World) -> None:
    keys: dict[str, Callable[[Company], Any]] = {
        "name": lambda c: c.name.casefold(),
        "employeeCount": lambda c: c.employees,
        "revenue": lambda c: c.revenue_usd,
    }
    body = {"excludeDefunctCompanies": True, "sortBy": by, "sortOrder": order, "rpp": 100}
    companies, key = [c for c in world.companies.values() if not c.is_defunct], keys[by]
    told = sorted((c for c in companies if key(c) is not None), key=key, reverse=order == "desc")
    wanted = [c.id for c in [*told, *(c for c in companies if key(c) is None)]]
    directory, shown = Directory(world), []
    for page in (1, 2, 3, 4):
        answer = msgspec.json.decode(msgspec.json.encode(search_companies(body | {"page": page}, directory, NOW).body))
        shown += [one["id"] for one in answer["data"]]
    assert shown == wanted


def known(body: dict[str, Any], directory: Directory) -> bool:
    return all(directory.sieve.kept(text) is not None for text in sieve.kept_criteria(body))


def test_a_criterion_is_read_once(world: World) -> None:
    directory = Directory(world)
    for country in ("United States", "Germany"):
        found({"country": country, "certified": True}, directory)
    found({"industryCodes": "software"}, directory)
    assert known({"country": "Germany", "industryCodes": "software"}, directory)
    assert not known({"country": "France"}, directory)


def test_a_search_for_people_keeps_what_their_companies_meet(world: World) -> None:
    directory, body = (
        Directory(world),
        {"country": "Germany", "industryCodes": "software", "managementLevel": "Director"},
    )
    assert people_that_meet(body, directory, NOW).ids
    assert known(body, directory)
    people_that_meet({"country": "Canada", "locationSearchType": "Person"}, directory, NOW)
    assert not known({"country": "Canada"}, directory), "that is about people"


def test_what_is_kept_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "MASKS", 2)
    directory = Directory(world)
    for country in ("United States", "Germany", "France"):
        found({"country": country}, directory)
    assert [c for c in ("United States", "Germany", "France") if known({"country": c}, directory)] == ["France"]


def test_a_criterion_of_very_many_words_is_answered_and_not_kept(world: World) -> None:
    directory, wordy = Directory(world), {"country": "Germany," * 1_000}
    assert found(wordy, directory) == found({"country": "Germany"}, directory)
    assert known({"country": "Germany"}, directory)
    assert not known(wordy, directory)


def test_a_value_that_is_no_industry_is_refused_each_time(world: World) -> None:
    directory = Directory(world)
    for _ in range(2):
        with pytest.raises(Refused):
            companies_that_meet({"industryCodes": "nothing", "country": "Germany"}, directory)
