"""News and scoops: each criterion is obeyed, each row is a record, and an enrichment redeems its company."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract
from mockserver.world import Article, Company, Scoop

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

NEWS, SCOOPS = "/search/news", "/search/scoop"
LONG_AGO = {"publishedStartDate": "2020-01-01"}
INVALID = "There are invalid fields in your request: "


def every(caller: Caller, path: str, body: dict[str, Any], key: str) -> list[Any]:
    """One field of the rows of all pages."""
    page, found = 1, list[Any]()
    while True:
        rows = caller.post(path, {**body, "rpp": 100, "page": page})
        found += [row[key] for row in rows["data"]]
        if len(found) >= rows["maxResults"]:
            return found
        page += 1


def articles(caller: Caller) -> list[Article]:
    return list(caller.sandbox.world.news(caller.sandbox.now()))


def scoops(caller: Caller) -> list[Scoop]:
    return list(caller.sandbox.world.scoops(caller.sandbox.now()))


NEWS_CRITERIA: dict[str, tuple[dict[str, Any], Callable[[Article], bool]]] = {
    "one category": ({"categories": ["FUNDING"]}, lambda a: "FUNDING" in a.categories),
    "two categories": (
        {"categories": ["AWARDS", "funding"]},
        lambda a: not {"AWARDS", "FUNDING"}.isdisjoint(a.categories),
    ),
    "parts of the address": (
        {"url": ["harbourwire", "-wins-"]},
        lambda a: "harbourwire" in a.url or "-wins-" in a.url,
    ),
    "first day": ({"pageDateMin": "2026-09-01"}, lambda a: a.at.date() >= date(2026, 9, 1)),
    "last day, with a time": (
        {"pageDateMax": "2025-01-31T00:00:00.000Z"},
        lambda a: a.at.date() <= date(2025, 1, 31),
    ),
    "all at once": (
        {"categories": ["PRODUCTS"], "url": ["tradeherald"], "pageDateMin": "2026-01-01", "pageDateMax": "2026-06-30"},
        lambda a: (
            "PRODUCTS" in a.categories
            and "tradeherald" in a.url
            and date(2026, 1, 1) <= a.at.date() <= date(2026, 6, 30)
        ),
    ),
}


@pytest.mark.parametrize("name", NEWS_CRITERIA)
def test_each_criterion_of_news_is_obeyed(reader: Caller, name: str) -> None:
    body, meets = NEWS_CRITERIA[name]
    wanted = [a.url for a in reversed(articles(reader)) if meets(a)]
    assert 3 < len(wanted) < len(articles(reader))
    assert every(reader, NEWS, body, "url") == wanted


SCOOP_CRITERIA: dict[str, tuple[dict[str, Any], Callable[[Scoop, Company], bool]]] = {
    "first day": ({"publishedStartDate": "2026-06-01"}, lambda s, c: s.at.date() >= date(2026, 6, 1)),
    "last day": ({"publishedEndDate": "2025-06-30"}, lambda s, c: s.at.date() <= date(2025, 6, 30)),
    "types by id": ({"scoopType": "1,6", **LONG_AGO}, lambda s, c: s.kind.name in ("Award", "Hiring Plans")),
    "type by name": ({"scoopType": "Pain Point", **LONG_AGO}, lambda s, c: s.kind.id == "8"),
    "topic": ({"scoopTopic": "9", **LONG_AGO}, lambda s, c: any(t.name == "Security" for t in s.topics)),
    "department": ({"department": "3", **LONG_AGO}, lambda s, c: s.department.name == "Information Technology"),
    "words": (
        {"description": "compliance, raised money", **LONG_AGO},
        lambda s, c: "compliance" in s.description or "raised money" in s.description,
    ),
    "country": ({"country": "Germany", **LONG_AGO}, lambda s, c: c.country == "Germany"),
    "industry": (
        {"industryCodes": "software", **LONG_AGO},
        lambda s, c: any(i.id == "software" for i in c.industries),
    ),
    "headcount": ({"employeeRangeMin": "1000", **LONG_AGO}, lambda s, c: (c.employees or 0) >= 1_000),
    "updated": (
        {"publishedStartDate": "2026-09-10", "updatedSinceCreation": True},
        lambda s, c: (s.updated_at or s.at).date() >= date(2026, 9, 10),
    ),
}


@pytest.mark.parametrize("name", SCOOP_CRITERIA)
def test_each_criterion_of_scoops_is_obeyed(reader: Caller, name: str) -> None:
    body, meets = SCOOP_CRITERIA[name]
    companies, now = reader.sandbox.world.companies, reader.sandbox.now()
    standing = [s for s in scoops(reader) if s.updated_at is None or s.updated_at <= now]
    wanted = {s.id for s in standing if meets(s, companies[s.company_id])}
    found = set(every(reader, SCOOPS, body, "id"))
    assert 3 < len(wanted) < len(standing)
    assert found & {s.id for s in standing} == wanted


def test_a_scoop_and_a_company_can_be_named(reader: Caller) -> None:
    one, other = scoops(reader)[0], scoops(reader)[7]
    assert set(every(reader, SCOOPS, {"scoopId": f"{one.id}, {other.id}", **LONG_AGO}, "id")) == {one.id, other.id}
    mine = {s.id for s in scoops(reader) if s.company_id == one.company_id}
    assert set(every(reader, SCOOPS, {"companyId": str(one.company_id), **LONG_AGO}, "id")) == mine


def test_scoops_without_days_are_those_of_the_last_thirty(reader: Caller) -> None:
    first = reader.sandbox.now().date() - timedelta(days=30)
    wanted = {s.id for s in scoops(reader) if s.at.date() >= first}
    assert set(every(reader, SCOOPS, {"employeeRangeMin": "0"}, "id")) == {
        s.id for s in scoops(reader) if s.id in wanted and reader.sandbox.world.companies[s.company_id].employees
    }


@pytest.mark.parametrize("by", ["scoopId", "originalPublishedDate", "description", "url", "urlText"])
def test_scoops_are_sorted_by_what_is_asked_for(reader: Caller, by: str) -> None:
    keys: dict[str, Callable[[Scoop], Any]] = {
        "scoopId": lambda s: s.id,
        "originalPublishedDate": lambda s: s.at,
        "description": lambda s: s.description.casefold(),
        "url": lambda s: s.link or "~",
        "urlText": lambda s: s.link_text or "~",
    }
    known = {s.id: s for s in scoops(reader)}
    ids = every(reader, SCOOPS, {"country": "Germany", "sortBy": by, "sortOrder": "asc", **LONG_AGO}, "id")
    values = [keys[by](known[i]) for i in ids]
    assert len(values) > 20
    assert values == sorted(values)


def test_an_update_that_lies_ahead_is_not_shown_yet(caller: Caller) -> None:
    now = caller.sandbox.now()
    ahead = next(s for s in scoops(caller) if s.updated_at and s.updated_at > now)
    body = {"scoopId": str(ahead.id), **LONG_AGO}
    before = caller.post(SCOOPS, body)["data"][0]
    assert (before["updateText"], before["publishedDate"]) == ("", before["originalPublishedDate"])
    caller.sandbox.advance(70)
    after = caller.sign_in().post(SCOOPS, body)["data"][0]
    assert after["updateText"] == "The plan has been confirmed."
    assert after["publishedDate"] != after["originalPublishedDate"]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (NEWS, {}, "There is insufficient information for this request"),
        (NEWS, {"page": 2}, "There is insufficient information for this request"),
        (NEWS, {"categories": ["GOSSIP"]}, INVALID + "categories"),
        (NEWS, {"url": ["wire"]}, INVALID + "url"),
        (NEWS, {"pageDateMin": "January"}, INVALID + "pageDateMin"),
        (NEWS, {"pageDateMin": "2026-02-01", "pageDateMax": "2026-01-01"}, INVALID + "pageDateMin, pageDateMax"),
        (NEWS, {"categories": ["FUNDING"], "sortBy": "title"}, INVALID + "sortBy"),
        (NEWS, {"categories": ["FUNDING"], "page": 1001}, "Total record pagination is over max allowed value (1000)"),
        (NEWS, {"categories": ["FUNDING"], "rpp": 101}, "Results per page (rpp) is over max allowed value (100)"),
        (SCOOPS, {}, "There is insufficient information for this request"),
        (SCOOPS, {"scoopType": "99"}, INVALID + "scoopType"),
        (SCOOPS, {"scoopTopic": "Gossip"}, INVALID + "scoopTopic"),
        (SCOOPS, {"department": "Canteen"}, INVALID + "department"),
        (SCOOPS, {"scoopId": "x"}, INVALID + "scoopId"),
        (SCOOPS, {"country": "Germany", "sortBy": "link"}, "The parameter passed for sortBy is invalid"),
        ("/enrich/news", {}, INVALID + "companyId"),
        ("/enrich/news", {"companyId": "7,8"}, INVALID + "companyId"),
        ("/enrich/news", {"companyId": 7, "limit": 101}, "Results per page (rpp) is over max allowed value (100)"),
        ("/enrich/scoop", {"scoopType": "1"}, "There is insufficient information for this request"),
        ("/enrich/scoop", {"companyName": "A", "sortBy": "url"}, "The parameter passed for sortBy is invalid"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_costs_nothing(
    caller: Caller, path: str, body: dict[str, Any], message: str
) -> None:
    assert caller.refused(path, body) == (400, message)
    assert caller.sandbox.ledger() == []


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("search.news", {"categories": ["FUNDING", "PARTNERSHIPS"], "rpp": 100}),
        ("search.scoop", {"country": "United States", **LONG_AGO, "rpp": 100}),
    ],
)
def test_rows_keep_the_contract_and_each_is_a_record(caller: Caller, operation: str, body: dict[str, Any]) -> None:
    answer = caller.post(contract()[operation].path, body)
    Draft202012Validator(contract()[operation].answers[200]).validate(answer)
    assert len(answer["data"]) > 50
    charged = caller.sandbox.ledger()
    assert [(row["credits"], row["records"]) for row in charged] == [(0, 1)] * len(answer["data"])
    assert {row["entity"] for row in charged} == {operation.removeprefix("search.")}


def most_told(caller: Caller) -> int:
    """The company with the most articles."""
    ids = [i for article in articles(caller) for i in article.company_ids]
    return max(set(ids), key=ids.count)


def test_news_of_a_company_redeem_it_once_and_count_each_article(caller: Caller) -> None:
    company_id = most_told(caller)
    wanted = [a.url for a in reversed(articles(caller)) if company_id in a.company_ids]
    answer = caller.post("/enrich/news", {"companyId": company_id})
    Draft202012Validator(contract()["enrich.news"].answers[200]).validate(answer)
    assert [row["url"] for row in answer["data"]] == wanted[:10]
    assert answer["totalResults"] == len(wanted) > 10
    caller.post("/enrich/news", {"companyId": company_id, "limit": 3, "page": 2})
    charged = [(row["entity"], row["credits"], row["records"]) for row in caller.sandbox.ledger()]
    assert charged == [("company", 1, 0), *[("news", 0, 1)] * 13]
    assert caller.redeem(company_id).status == 200
    assert [(r["credits"], r["records"]) for r in caller.sandbox.ledger()[-1:]] == [(0, 1)]


def test_scoops_of_a_company_are_found_by_id_name_or_website(caller: Caller) -> None:
    world = caller.sandbox.world
    names = [c.name for c in world.companies.values()]
    told = {s.company_id for s in scoops(caller)}
    company = next(c for c in world.companies.values() if c.id in told and c.website and names.count(c.name) == 1)
    wanted = {s.id for s in scoops(caller) if s.company_id == company.id}
    for said in ({"companyId": company.id}, {"companyName": company.name}, {"companyWebsite": company.website}):
        assert set(every(caller, "/enrich/scoop", {**said, **LONG_AGO}, "id")) == wanted
    other = next(i for i in sorted(told) if i != company.id)
    both = every(caller, "/enrich/scoop", {"companyId": f"{company.id},{other}", **LONG_AGO}, "id")
    assert {s.company_id for s in scoops(caller) if s.id in both} == {company.id, other}
    assert sum(row["credits"] for row in caller.sandbox.ledger()) == 2


def test_a_scoop_of_a_company_is_told_when_the_clock_has_reached_it(caller: Caller) -> None:
    world, now = caller.sandbox.world, caller.sandbox.now()
    company_id = next(i for i in world.companies if {s.at <= now for s in world.scoops_of(i)} == {False})
    said = {"companyId": company_id, **LONG_AGO}
    assert caller.post("/enrich/scoop", said)["totalResults"] == 0
    caller.sandbox.advance(600)
    caller.sign_in()
    assert caller.post("/enrich/scoop", said)["totalResults"] == len(world.scoops_of(company_id))


@pytest.mark.parametrize("path", ["/enrich/news", "/enrich/scoop"])
def test_a_company_of_which_nothing_is_told_costs_nothing(caller: Caller, path: str) -> None:
    answer = caller.post(path, {"companyId": "999"})
    assert (answer["totalResults"], answer["data"]) == (0, [])
    assert caller.sandbox.ledger() == []
