"""Criteria that come again are looked for once, and find the same companies as all tests, one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.sandbox import sieve
from mockserver.sandbox.criteria import company_tests
from mockserver.sandbox.directory import Directory
from mockserver.sandbox.places import whereabouts
from mockserver.sandbox.refusals import Refused
from mockserver.sandbox.search import companies_that_meet, people_that_meet
from mockserver.world import World

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


@pytest.fixture(scope="module")
def world() -> World:
    return World.build(seed=7, companies=403, now=NOW)


def one_by_one(body: dict[str, Any], directory: Directory) -> list[int]:
    where, tests = whereabouts(body, directory.world.lists), company_tests(body, directory)
    companies = directory.world.companies.values()
    return [c.id for c in companies if all(t(c) for t in tests) and where.company(c, directory.world)]


def test_the_same_companies_are_found_the_first_and_the_second_time(world: World) -> None:
    directory = Directory(world)
    wanted = [one_by_one(body, directory) for body in BODIES]
    for _ in range(2):
        assert [[c.id for c in companies_that_meet(body, directory)] for body in BODIES] == wanted
    assert sum(map(bool, wanted)) > 8


@pytest.mark.parametrize("end", ["Min", "Max"])
def test_a_company_with_the_very_number_lies_within(end: str, world: World) -> None:
    company = next(c for c in world.companies.values() if c.employees)
    assert company in companies_that_meet({f"employeeRange{end}": str(company.employees)}, Directory(world))


def test_a_criterion_is_looked_for_once(world: World) -> None:
    directory = Directory(world)
    for country in ("United States", "Germany"):
        companies_that_meet({"country": country, "certified": True}, directory)
    companies_that_meet({"industryCodes": "software"}, directory)
    kept = directory.sieve

    def test_of(text: str) -> Any:
        raise AssertionError(text)

    texts = sieve.kept_criteria({"country": "Germany", "industryCodes": "software"})
    assert kept.knows(texts)
    body = {"country": "Germany", "industryCodes": "software"}
    assert [c.id for c in kept.left(texts, [], test_of)] == one_by_one(body, directory)


def test_a_search_for_people_keeps_what_their_companies_meet(world: World) -> None:
    directory, body = (
        Directory(world),
        {"country": "Germany", "industryCodes": "software", "managementLevel": "Director"},
    )
    assert people_that_meet(body, directory, NOW).ids
    assert directory.sieve.knows(sieve.kept_criteria(body))
    people_that_meet({"country": "Canada", "locationSearchType": "Person"}, directory, NOW)
    assert not directory.sieve.knows(sieve.kept_criteria({"country": "Canada"})), "that is about people"


def test_what_is_kept_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "MASKS", 2)
    monkeypatch.setattr(sieve, "TOGETHER", 2)
    directory = Directory(world)
    for country in ("United States", "Germany", "France"):
        companies_that_meet({"country": country}, directory)
    known = [
        one
        for one in ("United States", "Germany", "France")
        if directory.sieve.knows(sieve.kept_criteria({"country": one}))
    ]
    assert known == ["France"]


def test_a_value_that_is_no_industry_is_refused_each_time(world: World) -> None:
    directory = Directory(world)
    for _ in range(2):
        with pytest.raises(Refused):
            companies_that_meet({"industryCodes": "nothing", "country": "Germany"}, directory)
