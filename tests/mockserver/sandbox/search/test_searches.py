"""Searches: forms of values, order, pages and previews; the tests of `criteria` have each criterion alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from mockserver.sandbox import Options

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller


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
    assert reader.every_id("/search/company", {"companyWebsite": domain}) == ids


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
    ids = reader.every_id("/search/company", {"country": "Canada", "sortBy": key, "sortOrder": order})
    seen = [values[key](world.companies[i]) for i in ids]
    known = [value for value in seen if value is not None]
    assert known == sorted(known, reverse=order == "descending")
    assert seen[len(known) :] == [None] * (len(seen) - len(known))


def test_pages_cover_everything_once(reader: Caller) -> None:
    ids = reader.every_id("/search/company", {"country": "United Kingdom"})
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
    found = reader.every_id("/search/contact", {"companyName": f"{one.name} OR {two.name} NOT {two.name}"})
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
