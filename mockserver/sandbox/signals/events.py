"""News and scoops: searches over all companies, and what there is about one, which redeems it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich.enrichments import find_company
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import INVALID_FIELDS, TOO_DEEP, TOO_LITTLE, Refused
from mockserver.sandbox.search.pages import Key, in_order, needs_a_criterion, page_of
from mockserver.sandbox.search.searches import companies_that_meet
from mockserver.sandbox.values import days_of, ids_of, known_names, one_of
from mockserver.sandbox.words import iso_moment, listed, us_time
from mockserver.world import Article, Company, Scoop

# docs/assumptions.md, "page 1,001 of news"
LAST_PAGE_OF_NEWS, ARTICLES = 1_000, 10
LEAST_OF_URL = 5
RECENT = timedelta(days=30)
WHO = ("companyId", "companyName", "companyWebsite")
SCOOP_KEYS: Mapping[str, Key[Scoop]] = {
    "scoopId": lambda s: s.id,
    "originalPublishedDate": lambda s: s.at,
    "description": lambda s: s.description.casefold(),
    "url": lambda s: s.link,
    "urlText": lambda s: s.link_text,
    "link": lambda s: s.link,
    "linkText": lambda s: s.link_text,
}


def search_news(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Articles about any company, the newest first; each is a record. The answer has no `totalResults`."""
    needs_a_criterion(body)
    page = _page_of_news(_articles(body, directory, directory.world.news(now)), body)
    served = tuple(("news", article.url) for article in page["data"])
    del page["totalResults"]
    return Found(page | {"data": [_article(article, directory) for article in page["data"]]}, served)


def search_scoops(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Scoops of the companies that meet the criteria, the newest first; each is a record."""
    needs_a_criterion(body)
    companies = {company.id for company in directory.sieve.of(companies_that_meet(body, directory))}
    found = [s for s in _scoops(body, directory, directory.world.scoops(now), now) if s.company_id in companies]
    page = page_of(in_order(found, body, SCOOP_KEYS, unless_told="originalPublishedDate"), body, ceiling=None)
    served = tuple(("scoop", str(scoop.id)) for scoop in page["data"])
    return Found(page | {"data": [_scoop(scoop, directory, now) for scoop in page["data"]]}, served)


def enrich_news(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Articles about one company, the newest first, ten unless more are asked for."""
    company_id = int(body["companyId"])
    about = [article for article in directory.world.news_of(company_id) if article.at <= now]
    page = _page_of_news(_articles(body, directory, about), {**body, "rpp": body.get("limit", ARTICLES)})
    served = tuple(("news", article.url) for article in page["data"])
    data = [_article(article, directory) | {"description": article.description} for article in page["data"]]
    return Found(page | {"data": data}, redeemed([company_id] if data else [], served))


def enrich_scoops(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Scoops about the company, or companies, that the input means."""
    about = [s for one in companies_meant(body, directory) for s in directory.world.scoops_of(one.id) if s.at <= now]
    found = _scoops(body, directory, sorted(about, key=lambda scoop: (scoop.at, scoop.id)), now)
    page = page_of(in_order(found, body, SCOOP_KEYS, unless_told="originalPublishedDate"), body, ceiling=None)
    served = tuple(("scoop", str(scoop.id)) for scoop in page["data"])
    told = [scoop.company_id for scoop in page["data"]]
    return Found(page | {"data": [_scoop(scoop, directory, now) for scoop in page["data"]]}, redeemed(told, served))


def companies_meant(body: Mapping[str, Any], directory: Directory) -> Sequence[Company]:
    """The companies that an input means: by their ids, or the one that fits its name and website.

    Raises
    ------
    Refused
        It says nothing of a company.
    """
    said = {name: body[name] for name in WHO if str(body.get(name, "")).strip()}
    if not said:
        raise Refused(TOO_LITTLE)
    if "companyId" in said:
        found = [directory.company(company_id) for company_id in sorted(ids_of("companyId", said["companyId"]))]
    else:
        found = [find_company(said, directory)]
    return [company for company in found if company is not None]


# docs/assumptions.md, "credit of an enrichment about one company" and "no row"
def redeemed(company_ids: Sequence[int], rows: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What an enrichment serves: the companies that have rows, once each, and the rows."""
    return (*(("company", str(company_id)) for company_id in dict.fromkeys(company_ids)), *rows)


def _articles(body: Mapping[str, Any], directory: Directory, among: Sequence[Article]) -> list[Article]:
    """Those of the articles, which come by time, that meet the criteria about news, the newest first."""
    tests: list[Callable[[Article], bool]] = []
    if "categories" in body:
        categories = one_of("categories", body["categories"], directory.world.lists.news_categories)
        tests.append(lambda a: not categories.isdisjoint(a.categories))
    if "url" in body:
        parts = [part.strip().casefold() for part in body["url"]]
        if not parts or any(len(part) < LEAST_OF_URL for part in parts):
            raise Refused(INVALID_FIELDS, ["url"])
        tests.append(lambda a: any(part in a.url.casefold() for part in parts))
    first, last = days_of(body, "pageDateMin", "pageDateMax")
    tests.append(lambda a: first <= a.at.date() <= last)
    return [a for a in reversed(among) if all(test(a) for test in tests)]


def _page_of_news(articles: Sequence[Article], body: Mapping[str, Any]) -> dict[str, Any]:
    if int(body.get("page", 1)) > LAST_PAGE_OF_NEWS:
        raise Refused(TOO_DEEP)
    return page_of(articles, body, ceiling=None)


def _scoops(body: Mapping[str, Any], directory: Directory, among: Sequence[Scoop], now: datetime) -> list[Scoop]:
    """Those of the scoops that meet the criteria about scoops; of the last 30 days unless days are told."""
    lists = directory.world.lists
    first, last = days_of(body, "publishedStartDate", "publishedEndDate")
    # docs/assumptions.md, "days of scoops"
    if not {"publishedStartDate", "publishedEndDate"} & set(body):
        first = now.date() - RECENT
    # docs/assumptions.md, "`updatedSinceCreation`"
    takes_updated = body.get("updatedSinceCreation", False)

    def in_time(scoop: Scoop) -> bool:
        days = [scoop.at.date(), *([_seen_at(scoop, now).date()] if takes_updated else [])]
        return any(first <= day <= last for day in days)

    tests: list[Callable[[Scoop], bool]] = [in_time]
    # docs/assumptions.md, "types, topics and departments of scoops"
    if "scoopType" in body:
        types = known_names("scoopType", body["scoopType"], lists.scoop_types)
        tests.append(lambda s: s.kind.name in types)
    if "scoopTopic" in body:
        topics = known_names("scoopTopic", body["scoopTopic"], lists.scoop_topics)
        tests.append(lambda s: any(topic.name in topics for topic in s.topics))
    if "department" in body:
        departments = known_names("department", body["department"], lists.scoop_departments)
        tests.append(lambda s: s.department.name in departments)
    if "scoopId" in body:
        ids = ids_of("scoopId", body["scoopId"])
        tests.append(lambda s: s.id in ids)
    if "description" in body:
        words = [word.casefold() for word in listed(body["description"])]
        tests.append(lambda s: any(word in s.description.casefold() for word in words))
    return [scoop for scoop in among if all(test(scoop) for test in tests)]


def _seen_at(scoop: Scoop, now: datetime) -> datetime:
    """When it was last changed, as far as that has happened yet."""
    return scoop.updated_at if scoop.updated_at is not None and scoop.updated_at <= now else scoop.at


def _article(article: Article, directory: Directory) -> dict[str, Any]:
    companies = directory.world.companies
    return {
        "domain": article.domain,
        "title": article.title,
        "url": article.url,
        "imageUrl": article.image_url,
        "pageDate": iso_moment(article.at),
        "categories": list(article.categories),
        # docs/assumptions.md, "article about several companies"
        "company": [{"id": i, "name": companies[i].name} for i in article.company_ids],
    }


def _scoop(scoop: Scoop, directory: Directory, now: datetime) -> dict[str, Any]:
    world, changed = directory.world, _seen_at(scoop, now)
    person = world.contacts[scoop.contact_id] if scoop.contact_id is not None else None
    return {
        "id": scoop.id,
        "publishedDate": us_time(changed),
        "originalPublishedDate": us_time(scoop.at),
        "linkText": scoop.link_text or "",
        "link": scoop.link or "",
        "description": scoop.description,
        "topics": [topic.name for topic in scoop.topics],
        "updateText": scoop.update or "" if changed > scoop.at else "",
        "types": [{"id": int(scoop.kind.id), "type": scoop.kind.name}],
        # docs/assumptions.md, "contacts of a scoop"
        "contacts": [f"{person.first_name} {person.last_name}"] if person else [],
        "company": {"id": scoop.company_id, "name": world.companies[scoop.company_id].name},
    }
