"""People of many companies are found by what they have in common, and are the same people as one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.sandbox.compliance import has_opted_out
from mockserver.sandbox.criteria import directory, everyone
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.criteria.people import contact_tests
from mockserver.sandbox.refusals import Refused
from mockserver.sandbox.search import searches
from mockserver.world import World

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
BODIES: dict[str, dict[str, Any]] = {
    "level": {"managementLevel": "Director"},
    "titles": {"jobTitle": "Engineer OR Analyst", "excludeJobTitle": "Senior"},
    "not a level": {"excludeManagementLevel": "Manager", "country": "United States"},
    "function": {"department": "Finance", "contactAccuracyScoreMin": "85", "contactAccuracyScoreMax": "95"},
    "board": {"boardMember": "Only"},
    "executives": {"executivesOnly": True, "excludePartialProfiles": True},
    "buyers": {"filterByBuyingCommittee": True, "hasBeenNotified": "exclude"},
    "phones": {"requiredFields": "phone,personalEmail"},
    "months": {"lastUpdatedInMonths": 3},
    "days": {"lastUpdatedDateAfter": "2026-03-01", "validDateAfter": "2026-04-01"},
    "position": {"positionStartDateMin": "2021-01-01", "positionStartDateMax": "2024-01-01"},
    "experience": {"yearsOfExperience": "3 - 5 Years"},
    "name": {"firstName": "Ada"},
    "a school, of each": {"school": "University", "managementLevel": "Manager"},
    "by name": {"managementLevel": "Director", "sortBy": "lastName", "sortOrder": "asc"},
    "their place": {"country": "Canada", "locationSearchType": "Person", "managementLevel": "Manager"},
    "by rank": {"country": "United States", "sortBy": "hierarchy"},
    "by company": {"executivesOnly": True, "sortBy": "companyName", "sortOrder": "asc"},
    "by relevance": {"jobTitle": "Director", "sortBy": "relevance", "sortOrder": "asc"},
    "by sources, of each": {"firstName": "Ada", "sortBy": "sourceCount"},
    "by mention, of each": {"firstName": "Ada", "sortBy": "lastMentioned", "sortOrder": "asc"},
    "past": {"industryCodes": "software", "companyPastOrPresent": "past", "managementLevel": "Director"},
    "industry": {"industryCodes": "software", "managementLevel": "C Level Exec", "employeeRangeMin": "50"},
}


HERE = Directory(World.build(seed=7, companies=400, now=NOW))


@pytest.fixture(scope="module")
def world() -> World:
    return HERE.world


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_same_people_are_found(body: dict[str, Any], world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def pages() -> list[Any]:
        there = Directory(world)
        return [searches.search_contacts(body | {"rpp": 20, "page": page}, there, NOW).body for page in range(1, 4)]

    monkeypatch.setattr(directory, "MANY", 1)
    one_by_one = msgspec.json.encode(pages())
    monkeypatch.setattr(directory, "MANY", 0)
    assert msgspec.json.encode(pages()) == one_by_one


def joined(*values: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2).map(",".join)


CRITERIA: dict[str, st.SearchStrategy[Any]] = {
    "managementLevel": joined("Director", "C Level Exec", "Non Manager"),
    "excludeManagementLevel": joined("Manager", "Board Member"),
    "department": joined("Finance", "Sales", "C-Suite"),
    "jobFunction": joined("Software Development", "Accounting"),
    "jobTitle": st.sampled_from(["Engineer", "Manager OR Director", "Vice President"]),
    "excludeJobTitle": joined("Manager", "Director of"),
    "boardMember": st.sampled_from(["Include", "Exclude", "Only"]),
    "hasBeenNotified": st.sampled_from(["include", "exclude", "only"]),
    "executivesOnly": st.booleans(),
    "excludePartialProfiles": st.booleans(),
    "filterByBuyingCommittee": st.booleans(),
    "requiredFields": joined("email", "phone", "directPhone", "personalEmail", "mobilePhone"),
    "contactAccuracyScoreMin": st.integers(70, 99).map(str),
    "contactAccuracyScoreMax": st.integers(70, 99).map(str),
    "lastUpdatedDateAfter": st.dates(date(2025, 1, 1), date(2026, 10, 1)).map(str),
    "validDateAfter": st.dates(date(2025, 1, 1), date(2026, 10, 1)).map(str),
    "lastUpdatedInMonths": st.integers(1, 24),
    "positionStartDateMin": st.dates(date(2015, 1, 1), date(2020, 10, 1)).map(str),
    "positionStartDateMax": st.dates(date(2020, 10, 1), date(2026, 10, 1)).map(str),
    "lastName": st.sampled_from(sorted({p.last_name for p in HERE.world.contacts.values()})[:5]),
    "school": st.just("University"),
    "country": joined("United States", "Canada"),
    "employeeRangeMin": st.integers(0, 200).map(str),
}


@given(body=st.fixed_dictionaries({}, optional=CRITERIA), days=st.sampled_from([0, 200]))
def test_whatever_is_asked_the_same_people_are_found(body: dict[str, Any], days: int) -> None:
    now = NOW + timedelta(days=days)
    try:
        tests = contact_tests(body, HERE, now).values()
    except Refused:
        with pytest.raises(Refused):
            searches.people_that_meet(body, HERE, now)
        return
    companies = {company.id for company in HERE.sieve.of(searches.companies_that_meet(body, HERE))}
    wanted = [
        person.id
        for person in HERE.world.contacts.values()
        if person.company_id in companies
        and all(test(person) for test in tests)
        and not has_opted_out(person, HERE, now)
    ]
    assert HERE.everyone
    assert list(searches.people_that_meet(body, HERE, now).ids) == wanted


def test_a_search_ends_when_the_first_of_those_found_opts_out(world: World) -> None:
    there, level = Directory(world), {"managementLevel": "Manager"}
    assert there.everyone
    people = searches.people_that_meet(level, there, NOW)
    leaving = [at for i in people.ids if (at := world.changes.opted_out_at(i)) is not None]
    assert sorted(people.leave_at()) == sorted(leaving)
    assert leaving
    later = min(leaving)
    gone = set(people.ids) - set(searches.people_that_meet(level, there, later).ids)
    assert {world.changes.opted_out_at(i) for i in gone} == {later}
    assert list(searches.people_that_meet(level, there, NOW).ids) == list(people.ids), "and back, as after a reset"


def test_criteria_that_the_crowd_answers_draw_no_people(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Directory(world)
    assert there.everyone
    monkeypatch.setattr(World, "contacts_of", None)
    monkeypatch.setattr(World, "contacts", None)
    for by in ("contactAccuracyScore", "lastName", "companyName", "hierarchy", "relevance"):
        body = {"managementLevel": "Director", "requiredFields": "email", "sortBy": by}
        people = searches.people_that_meet(body, there, NOW)
        assert set(people.in_order()) == set(people.ids)


def test_the_people_of_a_few_companies_are_told_without_everyone(world: World) -> None:
    there = Directory(world)
    assert [there.tells_among_everyone(n) for n in (90, 8, 8, 10)] == [False] * 4, "those of a few are not counted"
    assert "everyone" not in vars(there)
    assert there.tells_among_everyone(9)
    assert there.everyone
    assert there.tells_among_everyone(9)
    assert not there.tells_among_everyone(8)


def test_people_of_rare_companies_are_put_together_from_them(world: World) -> None:
    there, some = Directory(world), list(world.companies)[3::36]
    assert there.everyone
    assert there.tells_among_everyone(len(some))
    body = {"companyId": ",".join(map(str, some)), "contactAccuracyScoreMin": "70"}
    people = [p.id for company_id in some for p in world.contacts_of(company_id) if not has_opted_out(p, there, NOW)]
    assert list(searches.people_that_meet(body, there, NOW).ids) == people


def test_what_is_kept_of_criteria_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everyone, "MASKS", 2)
    there = Directory(world)
    for score in range(80, 90):
        found = searches.people_that_meet({"contactAccuracyScoreMin": str(score)}, there, NOW).ids
        assert min(world.contacts[i].accuracy_score for i in found) == score
    assert len(there.everyone._masks) <= 2


def test_a_criterion_of_very_many_words_is_answered_and_not_kept(world: World) -> None:
    there = Directory(world)
    few, wordy = ({"managementLevel": "Director," * times} for times in (1, 1_000))
    assert list(searches.people_that_meet(wordy, there, NOW).ids) == list(
        searches.people_that_meet(few, there, NOW).ids
    )
    assert len(there.everyone._masks) == 1


def test_previews_are_kept_up_to_a_bound(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "PREVIEWS", 30)
    directory = Directory(world)
    for page in (1, 2, 3):
        searches.search_contacts({"managementLevel": "Manager", "page": page}, directory, NOW)
    assert len(directory.previews) == 75 - 2 * 30


def test_a_preview_tells_when_the_person_was_last_changed(world: World) -> None:
    directory, later = Directory(world), NOW + timedelta(days=90)

    def told(now: datetime) -> dict[int, str]:
        body = {"managementLevel": "Director", "rpp": 100}
        found = msgspec.json.decode(msgspec.json.encode(searches.search_contacts(body, directory, now).body))
        return {one["id"]: one["lastUpdatedDate"] for one in found["data"]}

    before, after = told(NOW), told(later)
    changed = {i for i in before.keys() & after.keys() if before[i] != after[i]}
    people = [world.contacts[i] for i in before.keys() & after.keys()]
    assert changed == {p.id for p in people if world.changes.of_contact(p, later)}
    assert changed
