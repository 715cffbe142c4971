"""Criteria are obeyed: what comes back meets them, and what does not come back does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.sandbox import Options
from mockserver.world import Company, Contact

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller


def every_id(caller: Caller, path: str, body: dict[str, Any]) -> list[Any]:
    """The ids of all pages, as a client would read them."""
    page, ids = 1, []
    while True:
        answer = caller.post(path, {**body, "rpp": 100, "page": page})
        ids += [row["id"] for row in answer["data"]]
        if len(ids) >= answer["totalResults"]:
            return ids
        page += 1


COMPANY_CRITERIA: dict[str, tuple[dict[str, Any], Callable[[Company], bool]]] = {
    "country": ({"country": "Germany"}, lambda c: c.country == "Germany"),
    "country by code": ({"country": "de"}, lambda c: c.country == "Germany"),
    "two countries": ({"country": "Germany,Canada"}, lambda c: c.country in ("Germany", "Canada")),
    "state in words": ({"state": "california"}, lambda c: c.state == "California"),
    "state by letters": ({"state": "ca"}, lambda c: c.state == "California"),
    "country or state": (
        {"country": "Germany", "state": "California"},
        lambda c: c.country == "Germany" or c.state == "California",
    ),
    "least employees": ({"employeeRangeMin": "1000"}, lambda c: (c.employees or 0) >= 1_000),
    "most employees": ({"employeeRangeMax": 9}, lambda c: c.employees is not None and c.employees <= 9),
    "employee bands": (
        {"employeeCount": "5to9,50to99"},
        lambda c: c.employees is not None and (5 <= c.employees < 10 or 50 <= c.employees < 100),
    ),
    "least revenue": ({"revenueMin": 50_000_000}, lambda c: (c.revenue_usd or 0) >= 50_000_000),
    "most revenue": ({"revenueMax": "500000"}, lambda c: c.revenue_usd is not None and c.revenue_usd <= 500_000),
    "revenue band": (
        {"revenue": ["5mto10m"]},
        lambda c: c.revenue_usd is not None and 5_000_000 <= c.revenue_usd < 10_000_000,
    ),
    "industry": ({"industryCodes": "software"}, lambda c: any(i.id == "software" for i in c.industries)),
    "sub-industry": (
        {"industryCodes": ["software.security", "telecom"]},
        lambda c: any(i.id in ("software.security", "telecom") for i in c.industries),
    ),
    "technology": ({"techAttributeTagList": "131.202"}, lambda c: has_tag(c, ("131", "202"))),
    "technology by wildcard": ({"techAttributeTagList": "*.202.1"}, lambda c: has_tag(c, (None, "202", "1"))),
    "escaped wildcard": ({"techAttributeTagList": r"131.\\\*"}, lambda c: has_tag(c, ("131",))),
    "all at once": (
        {"country": "United States", "employeeRangeMin": "50", "industryCodes": "software"},
        lambda c: c.country == "United States"
        and (c.employees or 0) >= 50
        and any(i.id == "software" for i in c.industries),
    ),
}  # fmt: skip


def has_tag(company: Company, pattern: tuple[str | None, ...]) -> bool:
    return any(
        all(want in (None, part) for want, part in zip(pattern, t.product.tag.split("."), strict=False))
        for t in company.technologies
    )


@pytest.mark.parametrize("name", COMPANY_CRITERIA)
def test_a_company_criterion_is_obeyed(reader: Caller, name: str) -> None:
    body, meets = COMPANY_CRITERIA[name]
    expected = [company.id for company in reader.sandbox.world.companies.values() if meets(company)]
    assert 0 < len(expected) < 1_000
    assert every_id(reader, "/search/company", body) == expected


def test_a_company_preview_is_id_and_name_alone(reader: Caller) -> None:
    company = next(iter(reader.sandbox.world.companies.values()))
    answer = reader.post("/search/company", {"companyId": str(company.id)})
    assert answer == {
        "maxResults": 1,
        "totalResults": 1,
        "currentPage": 1,
        "data": [{"id": company.id, "name": company.name}],
    }


@pytest.mark.parametrize("form", ["text", "array", "numbers"])
def test_ids_come_as_text_or_as_an_array(reader: Caller, form: str) -> None:
    ids = list(reader.sandbox.world.companies)[:3]
    forms = {"text": ",".join(map(str, ids)), "array": [str(i) for i in ids], "numbers": ids}
    answer = reader.post("/search/company", {"companyId": forms[form]})
    assert [row["id"] for row in answer["data"]] == ids


def test_ids_and_a_segment_are_met_together(reader: Caller) -> None:
    companies = list(reader.sandbox.world.companies.values())[:80]
    answer = reader.post("/search/company", {"companyId": [c.id for c in companies], "country": "Germany", "rpp": 1})
    assert answer["totalResults"] == sum(c.country == "Germany" for c in companies) > 0


@pytest.mark.parametrize("said", ["{0}", "www.{0}", "HTTPS://WWW.{0}/about?x=1", " {0}. "])
def test_a_website_is_its_domain(reader: Caller, said: str) -> None:
    company = next(c for c in reader.sandbox.world.companies.values() if c.domains)
    answer = reader.post("/search/company", {"companyWebsite": said.format(company.domains[0])})
    assert company.id in [row["id"] for row in answer["data"]]


def test_a_website_that_two_records_share_finds_both(reader: Caller) -> None:
    owners: dict[str, list[int]] = {}
    for company in reader.sandbox.world.companies.values():
        for domain in company.domains:
            owners.setdefault(domain, []).append(company.id)
    domain, ids = next((d, ids) for d, ids in owners.items() if len(ids) == 2)
    assert every_id(reader, "/search/company", {"companyWebsite": domain}) == ids


def test_a_name_is_found_whatever_its_case_and_legal_form(reader: Caller) -> None:
    company = next(c for c in reader.sandbox.world.companies.values() if " " in c.name)
    for said in (company.name.upper(), f"{company.name}, Inc.", f"{company.name} GmbH"):
        answer = reader.post("/search/company", {"companyName": said})
        assert company.id in [row["id"] for row in answer["data"]]
    assert reader.post("/search/company", {"companyName": company.name[:-2]})["totalResults"] == 0


@pytest.mark.parametrize("key", ["name", "employeeCount", "revenue"])
@pytest.mark.parametrize("order", ["asc", "descending"])
def test_companies_are_sorted_and_unknowns_come_last(reader: Caller, key: str, order: str) -> None:
    world = reader.sandbox.world
    values = {
        "name": lambda c: c.name.casefold(),
        "employeeCount": lambda c: c.employees,
        "revenue": lambda c: c.revenue_usd,
    }
    ids = every_id(reader, "/search/company", {"country": "Canada", "sortBy": key, "sortOrder": order})
    seen = [values[key](world.companies[i]) for i in ids]
    known = [value for value in seen if value is not None]
    assert known == sorted(known, reverse=order == "descending")
    assert seen[len(known) :] == [None] * (len(seen) - len(known))


def test_pages_cover_everything_once(reader: Caller) -> None:
    ids = every_id(reader, "/search/company", {"country": "United Kingdom"})
    by_seven = [
        row["id"]
        for page in range(1, -(-len(ids) // 7) + 1)
        for row in reader.post("/search/company", {"country": "United Kingdom", "rpp": "7", "page": str(page)})["data"]
    ]
    assert by_seven == ids


def test_paging_ends_at_the_thousandth_row(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=1_300))
    everyone = {"employeeRangeMin": 1, "rpp": 100}
    tenth = caller.post("/search/company", {**everyone, "page": 10})
    assert (tenth["maxResults"], tenth["totalResults"] > 1_000, len(tenth["data"])) == (1_000, True, 100)
    assert caller.refused("/search/company", {**everyone, "page": 11}) == (
        400,
        "Total record pagination is over max allowed value (1000)",
    )


PEOPLE_CRITERIA: dict[str, tuple[dict[str, Any], Callable[[Contact], bool]]] = {
    "level": ({"managementLevel": "director"}, lambda p: "Director" in p.management_levels),
    "two levels": (
        {"managementLevel": "Director,C Level Exec"},
        lambda p: not {"Director", "C Level Exec"}.isdisjoint(p.management_levels),
    ),
    "department": ({"department": "Sales"}, lambda p: any(f.department == "Sales" for f in p.job_functions)),
    "title": ({"jobTitle": "director of sales"}, lambda p: "director of sales" in p.job_title.lower()),
    "titles": (
        {"jobTitle": "Accountant OR Recruiter"},
        lambda p: any(word in p.job_title for word in ("Accountant", "Recruiter")),
    ),
    "level and title": (
        {"managementLevel": "Manager", "jobTitle": "Sales"},
        lambda p: "Manager" in p.management_levels and "Sales" in p.job_title,
    ),
}


@pytest.mark.parametrize("name", PEOPLE_CRITERIA)
def test_a_person_criterion_is_obeyed_together_with_company_criteria(reader: Caller, name: str) -> None:
    body, meets = PEOPLE_CRITERIA[name]
    world = reader.sandbox.world
    expected = {
        person.id
        for company in world.companies.values()
        if company.country == "Germany"
        for person in world.contacts_of(company.id)
        if meets(person)
    }
    assert expected
    assert set(every_id(reader, "/search/contact", {**body, "country": "Germany"})) == expected


def test_a_person_preview_tells_what_there_is_and_not_what_it_is(reader: Caller) -> None:
    person = next(p for p in reader.sandbox.world.contacts.values() if p.email and p.mobile_phone)
    row = reader.post("/search/contact", {"personId": person.id})["data"][0]
    assert (row["id"], row["hasEmail"], row["hasMobilePhone"]) == (person.id, True, True)
    assert row["company"] == {
        "id": person.company_id,
        "name": reader.sandbox.world.companies[person.company_id].name,
    }
    assert "@" not in str(row)
    assert str(person.mobile_phone) not in str(row)


def test_company_names_of_a_contact_search_take_or_and_not(reader: Caller) -> None:
    companies = [c for c in reader.sandbox.world.companies.values() if c.contact_count][:2]
    one, two = companies
    found = every_id(reader, "/search/contact", {"companyName": f"{one.name} OR {two.name} NOT {two.name}"})
    people = {person.id for person in reader.sandbox.world.contacts_of(one.id)}
    assert people <= set(found)
    assert not {person.id for person in reader.sandbox.world.contacts_of(two.id)} & set(found)


def test_signals_meet_topic_days_score_and_audience(reader: Caller) -> None:
    world = reader.sandbox.world
    topic = world.lists.topics[0]
    body = {
        "topics": [topic.name.upper()],
        "signalStartDate": "2026-03-01",
        "signalEndDate": "2026-08-31",
        "signalScoreMin": 65,
        "signalScoreMax": 90,
        "audienceStrengthMin": "D",
        "audienceStrengthMax": "B",
        "country": "United States",
        "rpp": 100,
    }
    expected = [
        s
        for s in world.signals(datetime(2026, 10, 1, 9, tzinfo=UTC))
        if s.topic == topic
        and date(2026, 3, 1) <= s.at.date() <= date(2026, 8, 31)
        and 65 <= s.score <= 90
        and s.audience in "BCD"
        and world.companies[s.company_id].country == "United States"
    ]
    answer = reader.post("/search/intent", body)
    assert answer["totalResults"] == len(expected) > 5
    newest_first = sorted(expected, key=lambda s: s.at, reverse=True)
    assert [row["company"]["id"] for row in answer["data"]] == [s.company_id for s in newest_first]
    assert len({row["id"] for row in answer["data"]}) == len(expected)


def test_the_future_is_seen_when_the_clock_gets_there(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=300))
    body = {"topics": [t.name for t in caller.sandbox.world.lists.topics], "signalStartDate": "2026-10-02", "rpp": 1}
    assert caller.post("/search/intent", body)["totalResults"] == 0
    caller.sandbox.advance(60)
    caller.sign_in()
    assert caller.post("/search/intent", body)["totalResults"] > 10


def test_a_day_that_is_none_is_refused(reader: Caller) -> None:
    topic = reader.sandbox.world.lists.topics[0].name
    assert reader.refused("/search/intent", {"topics": [topic], "signalStartDate": "1/2/2026"}) == (
        400,
        "There are invalid fields in your request: signalStartDate",
    )
