"""Each criterion about people is obeyed, beside criteria about their companies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract import contract
from mockserver.sandbox.criteria.people import months_before
from mockserver.world import Company, Contact, World

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

Body = dict[str, Any]
Meets = Callable[[Contact], bool]

SIMPLE: dict[str, tuple[Body, Meets]] = {
    "level": ({"managementLevel": "director"}, lambda p: "Director" in p.management_levels),
    "two levels": (
        {"managementLevel": "Director,C Level Exec"},
        lambda p: not {"Director", "C Level Exec"}.isdisjoint(p.management_levels),
    ),
    "levels left out": (
        {"excludeManagementLevel": "Non Manager,Manager"},
        lambda p: {"Non Manager", "Manager"}.isdisjoint(p.management_levels),
    ),
    "department": ({"department": "Sales"}, lambda p: any(f.department == "Sales" for f in p.job_functions)),
    "job function": (
        {"jobFunction": ["Recruiting", "accounting"]},
        lambda p: any(f.name in ("Recruiting", "Accounting") for f in p.job_functions),
    ),
    "title": ({"jobTitle": "director of sales"}, lambda p: "director of sales" in p.job_title.lower()),
    "titles": (
        {"jobTitle": "Accountant OR Recruiter"},
        lambda p: any(word in p.job_title for word in ("Accountant", "Recruiter")),
    ),
    "titles left out": (
        {"excludeJobTitle": "manager, vice president"},
        lambda p: "Manager" not in p.job_title and "Vice President" not in p.job_title,
    ),
    "level and title": (
        {"managementLevel": "Manager", "jobTitle": "Sales"},
        lambda p: "Manager" in p.management_levels and "Sales" in p.job_title,
    ),
    "board members in": ({"boardMember": "Include", "jobTitle": "Board"}, lambda p: "Board" in p.job_title),
    "no board members": (
        {"boardMember": "exclude", "managementLevel": "Board Member"},
        lambda p: not p.is_board_member and "Board Member" in p.management_levels,
    ),
    "board members alone": ({"boardMember": "Only"}, lambda p: p.is_board_member),
    "executives": (
        {"executivesOnly": True},
        lambda p: not {"C Level Exec", "VP Level Exec"}.isdisjoint(p.management_levels),
    ),
    "not only executives": (
        {"executivesOnly": False, "managementLevel": "Manager"},
        lambda p: "Manager" in p.management_levels,
    ),
    "people who have not left": ({"excludePartialProfiles": True}, lambda p: not p.has_moved),
    "no committee asked for": (
        {"filterByBuyingCommittee": False, "managementLevel": "Director"},
        lambda p: "Director" in p.management_levels,
    ),
    "direct number known": ({"requiredFields": "directPhone"}, lambda p: p.direct_phone is not None),
    "e-mail, mobile and further e-mail known": (
        {"requiredFields": ["email", "mobilePhone", "personalEmail"]},
        lambda p: None not in (p.email, p.mobile_phone, p.supplemental_email),
    ),
    "least score": ({"contactAccuracyScoreMin": "95"}, lambda p: p.accuracy_score >= 95),
    "most score": ({"contactAccuracyScoreMax": 80}, lambda p: p.accuracy_score <= 80),
    "changed after": (
        {"lastUpdatedDateAfter": "2026-09-01"},
        lambda p: p.updated_at is not None and p.updated_at.date() > date(2026, 9, 1),
    ),
    "changed within months": (
        {"lastUpdatedInMonths": 2},
        lambda p: p.updated_at is not None and p.updated_at.date() >= date(2026, 8, 1),
    ),
    "validated after": ({"validDateAfter": "2026-09-10"}, lambda p: p.valid_at.date() > date(2026, 9, 10)),
    "not told": ({"hasBeenNotified": "exclude"}, lambda p: p.notified_at is None),
    "told alone": ({"hasBeenNotified": "only"}, lambda p: p.notified_at is not None),
    "told or not": ({"hasBeenNotified": "include", "jobTitle": "Chief"}, lambda p: "Chief" in p.job_title),
    "began between": (
        {"positionStartDateMin": "2025-01-01", "positionStartDateMax": "2025-12-31"},
        lambda p: date(2025, 1, 1) <= p.jobs[0].since <= date(2025, 12, 31),
    ),
    "skills": ({"techSkills": ["1", "2"]}, lambda p: not {"SQL", "Python"}.isdisjoint(p.tech_skills)),
    "experience": (
        {"yearsOfExperience": "6 - 10 Years,16+ Years"},
        lambda p: p.years_of_experience.name in ("6 - 10 Years", "16+ Years"),
    ),
    "school": (
        {"school": "tarwick"},
        lambda p: any(d.school == "Tarwick College" for d in p.education),
    ),
    "degree": (
        {"degree": "Bachelor of"},
        lambda p: any((d.degree or "").startswith("Bachelor of ") for d in p.education),
    ),
}  # fmt: skip


NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


def everyone(world: World) -> list[tuple[Company, Contact]]:
    """All people who have not asked to be left out, and where they work."""
    return [
        (company, person)
        for company in world.companies.values()
        for person in world.contacts_of(company.id)
        if (left_out := world.changes.opted_out_at(person.id)) is None or left_out > NOW
    ]


def living_in(world: World, country: str) -> list[tuple[Company, Contact]]:
    return [(company, person) for company, person in everyone(world) if company.country == country]


def one(world: World, wanted: Meets) -> Contact:
    return next(p for _, p in living_in(world, "Canada") if wanted(p))


def by_email(world: World) -> tuple[Body, Meets]:
    email = one(world, lambda p: p.email is not None).email
    return {"emailAddress": str(email).upper()}, lambda p: p.email == email


def by_further_email(world: World) -> tuple[Body, Meets]:
    email = one(world, lambda p: p.supplemental_email is not None).supplemental_email
    return {"supplementalEmail": [email, "nobody@post.example"]}, lambda p: p.supplemental_email == email


def by_hash(world: World) -> tuple[Body, Meets]:
    email = str(one(world, lambda p: p.email is not None).email)
    return {"hashedEmail": hashlib.sha256(email.encode()).hexdigest().upper()}, lambda p: p.email == email


def by_number(world: World) -> tuple[Body, Meets]:
    number = str(one(world, lambda p: p.mobile_phone is not None).mobile_phone)
    bare = "".join(sign for sign in number if sign.isdigit())[1:]
    return {"phone": [f"({bare[:3]})-{bare[3:6]}-{bare[6:]}"]}, lambda p: number in (p.direct_phone, p.mobile_phone)


def by_full_name(world: World) -> tuple[Body, Meets]:
    person = one(world, lambda p: p.middle_name is not None)
    whole = (person.first_name, person.middle_name, person.last_name)
    return (
        {"fullName": " ".join(str(part) for part in whole)},
        lambda p: (
            (
                p.first_name,
                p.middle_name,
                p.last_name,
            )
            == whole
        ),
    )


def by_first_and_last_name(world: World) -> tuple[Body, Meets]:
    person = one(world, lambda p: p.middle_name is not None)
    names = (person.first_name, person.last_name)
    return {"fullName": f"{names[0]} {names[1]}"}, lambda p: (p.first_name, p.last_name) == names


def by_each_name(world: World) -> tuple[Body, Meets]:
    person = one(world, lambda p: p.middle_name is not None)
    body = {
        "firstName": person.first_name.lower(),
        "middleInitial": person.middle_name,
        "lastName": person.last_name.upper(),
    }
    return (
        body,
        lambda p: (
            (p.first_name, p.middle_name, p.last_name)
            == (
                person.first_name,
                person.middle_name,
                person.last_name,
            )
        ),
    )


def by_office(world: World) -> tuple[Body, Meets]:
    office = one(world, lambda p: p.office_id is not None).office_id
    return {"locationCompanyId": [office]}, lambda p: p.office_id == office


def by_page(world: World) -> tuple[Body, Meets]:
    name = one(world, lambda p: bool(p.social_pages)).last_name
    return {"webReferences": [name, "nowhere"]}, lambda p: any(
        name.lower() in page.url.split("/")[-1].split(".") for page in p.social_pages
    )


def by_known_number(world: World) -> tuple[Body, Meets]:
    return {
        "requiredFields": "phone"
    }, lambda p: p.direct_phone is not None or world.companies[p.company_id].phone is not None


DRAWN = (
    by_email, by_further_email, by_hash, by_number, by_full_name, by_first_and_last_name, by_each_name, by_office,
    by_page, by_known_number,
)  # fmt: skip


@pytest.mark.parametrize("name", SIMPLE)
def test_a_person_criterion_is_obeyed_together_with_company_criteria(reader: Caller, name: str) -> None:
    body, meets = SIMPLE[name]
    expected = {person.id for _, person in living_in(reader.sandbox.world, "Germany") if meets(person)}
    assert expected
    assert set(reader.every_id("/search/contact", {**body, "country": "Germany"})) == expected


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_a_person_is_found_by_what_the_world_says_of_them(
    reader: Caller, draw: Callable[[World], tuple[Body, Meets]]
) -> None:
    world = reader.sandbox.world
    body, meets = draw(world)
    expected = {person.id for _, person in living_in(world, "Canada") if meets(person)}
    assert expected
    assert set(reader.every_id("/search/contact", {**body, "country": "Canada"})) == expected


@pytest.mark.parametrize(
    ("whose", "meets"),
    [
        ("HQ", lambda c, p: c.country == "Ireland"),
        ("Person", lambda c, p: p.country == "Ireland"),
        ("PersonOrHQ", lambda c, p: "Ireland" in (c.country, p.country)),
        ("PersonAndHQ", lambda c, p: c.country == p.country == "Ireland"),
        ("PersonThenHQ", lambda c, p: (p.country if p.city is not None else c.country) == "Ireland"),
    ],
)
def test_a_place_is_that_of_the_person_or_of_the_headquarters(
    reader: Caller, whose: str, meets: Callable[[Company, Contact], bool]
) -> None:
    world = reader.sandbox.world
    expected = {person.id for company, person in everyone(world) if meets(company, person)}
    found = reader.every_id("/search/contact", {"country": "Ireland", "locationSearchType": whose})
    assert set(found) == expected
    assert 0 < len(expected) < 1_000


@pytest.mark.parametrize("when", ["present", "past", "pastAndPresent"])
def test_the_company_is_the_present_employer_or_a_former_one(reader: Caller, when: str) -> None:
    world = reader.sandbox.world
    company = next(c for c in world.companies.values() if c.contact_count > 3)
    present = {person.id for employer, person in everyone(world) if employer is company}
    past = {
        person.id
        for _, person in everyone(world)
        if any(job.company_id == company.id and job.until is not None for job in person.jobs)
    }
    expected = {"present": present, "past": past, "pastAndPresent": present | past}[when]
    body = {"companyId": company.id, "companyPastOrPresent": when}
    assert past - present
    assert set(reader.every_id("/search/contact", body)) == expected


def test_the_buying_groups_of_the_account_find_the_people_in_any_of_them(reader: Caller) -> None:
    criteria = {"filterByBuyingCommittee": True, "country": "Germany"}
    found = [reader.sandbox.world.contacts[i] for i in reader.every_id("/search/contact", criteria)]
    assert {person.department for person in found} == {
        "Sales", "Marketing", "Information Technology", "Engineering & Technical", "Finance",
    }  # fmt: skip
    assert {level for p in found if p.department == "Sales" for level in p.management_levels} == {
        "C Level Exec", "VP Level Exec", "Director",
    }  # fmt: skip
    everybody = reader.post("/search/contact", {"country": "Germany"})["totalResults"]
    assert 0 < len(found) < everybody


RANKS = {"C Level Exec": 6, "Board Member": 5, "VP Level Exec": 4, "Director": 3, "Manager": 2, "Non Manager": 1}
ORDERS: dict[str, Callable[[World, Contact], Any]] = {
    "contactAccuracyScore": lambda _, p: p.accuracy_score,
    "lastName": lambda _, p: p.last_name.lower(),
    "companyName": lambda world, p: world.companies[p.company_id].name.lower(),
    "hierarchy": lambda _, p: max(RANKS[level] for level in p.management_levels),
    "sourceCount": lambda _, p: len(p.social_pages) + len(p.jobs) + len(p.education),
    "lastMentioned": lambda _, p: max(p.valid_at, p.updated_at or p.valid_at),
    "relevance": lambda _, p: p.accuracy_score,
}


@pytest.mark.parametrize("by", ORDERS)
@pytest.mark.parametrize("order", ["ascending", "desc"])
def test_people_are_sorted(reader: Caller, by: str, order: str) -> None:
    world = reader.sandbox.world
    ids = reader.every_id("/search/contact", {"country": "Canada", "sortBy": by, "sortOrder": order})
    keys = [ORDERS[by](world, world.contacts[i]) for i in ids]
    assert keys == sorted(keys, reverse=order == "desc")
    assert len(set(keys)) > 1


def test_no_criterion_of_a_person_is_left_untried(reader: Caller) -> None:
    tried = {name for body, _ in SIMPLE.values() for name in body}
    tried |= {name for draw in DRAWN for name in draw(reader.sandbox.world)[0]}
    of_companies = set((contract()["search.company"].body or {})["properties"])
    documented = set((contract()["search.contact"].body or {})["properties"]) - of_companies
    assert documented - tried - {"personId", "companyPastOrPresent"} == set()


@given(day=st.dates(date(1950, 1, 1), date(2100, 1, 1)), months=st.integers(0, 1_200))
def test_so_many_months_before_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (before.year * 12 + before.month) == (day.year * 12 + day.month) - months
    assert before.day == day.day or (before.day < day.day and (date.fromordinal(before.toordinal() + 1)).day == 1)
