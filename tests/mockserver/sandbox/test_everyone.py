"""People of very many companies are found by what they have in common, and are the same people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from mockserver.sandbox import search
from mockserver.sandbox.directory import Directory
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
    "past": {"industryCodes": "software", "companyPastOrPresent": "past", "managementLevel": "Director"},
    "industry": {"industryCodes": "software", "managementLevel": "C Level Exec", "employeeRangeMin": "50"},
}


@pytest.fixture(scope="module")
def world() -> World:
    return World.build(seed=7, companies=400, now=NOW)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_same_people_are_found(body: dict[str, Any], world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def page() -> Any:
        return msgspec.json.encode(search.search_contacts(body | {"rpp": 100}, Directory(world), NOW).body)

    one_by_one = page()
    monkeypatch.setattr(search, "MANY", 0)
    assert page() == one_by_one


def test_criteria_that_the_crowd_answers_draw_no_people(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    body, directory = {"managementLevel": "Director", "requiredFields": "email"}, Directory(world)
    monkeypatch.setattr(search, "MANY", 0)
    search.people_that_meet(body, directory, NOW)
    monkeypatch.setattr(World, "contacts_of", None)
    assert search.people_that_meet(body, directory, NOW).ids


def test_previews_are_kept_up_to_a_bound(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PREVIEWS", 30)
    directory = Directory(world)
    for page in (1, 2, 3):
        search.search_contacts({"managementLevel": "Manager", "page": page}, directory, NOW)
    assert len(directory.previews) == 75 - 2 * 30


def test_a_preview_tells_when_the_person_was_last_changed(world: World) -> None:
    directory, later = Directory(world), NOW + timedelta(days=90)

    def told(now: datetime) -> dict[int, str]:
        body = {"managementLevel": "Director", "rpp": 100}
        found = msgspec.json.decode(msgspec.json.encode(search.search_contacts(body, directory, now).body))
        return {one["id"]: one["lastUpdatedDate"] for one in found["data"]}

    before, after = told(NOW), told(later)
    changed = {i for i in before.keys() & after.keys() if before[i] != after[i]}
    people = [world.contacts[i] for i in before.keys() & after.keys()]
    assert changed == {p.id for p in people if world.changes.of_contact(p, later)}
    assert changed
