"""The three searches: filter, sort, cut out a page, and show previews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from mockserver.sandbox.criteria import PAGING, company_tests, contact_tests, signal_tests
from mockserver.sandbox.directory import Directory
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import (
    BAD_PAGE,
    BAD_RPP,
    INVALID_FIELDS,
    PAGE_BEYOND,
    RPP_TOO_LARGE,
    TOO_DEEP,
    TOO_LITTLE,
    Refused,
)
from mockserver.sandbox.words import us_time
from mockserver.world import Company, Contact, Signal

T = TypeVar("T")
Key = Callable[[T], Any]
DEFAULT_RPP, MAX_RPP, CEILING = 25, 100, 1_000


def search_companies(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Id and name of the companies that meet the criteria."""
    _needs_a_criterion(body)
    companies = _companies(body, directory)
    keys: dict[str, Key[Company]] = {
        "name": lambda c: c.name.casefold(),
        "employeeCount": lambda c: c.employees,
        "revenue": lambda c: c.revenue_usd,
    }
    page = _page(_sorted(companies, body, keys), body, ceiling=CEILING)
    return Found(page | {"data": [{"id": c.id, "name": c.name} for c in page["data"]]})


def search_contacts(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Previews of the people who meet the criteria, without e-mail or phone."""
    _needs_a_criterion(body)
    world, tests = directory.world, contact_tests(body, directory.world.lists)
    people = [
        person
        for company in _companies(body, directory)
        for person in world.contacts_of(company.id)
        if all(test(person) for test in tests)
    ]
    keys: dict[str, Key[Contact]] = {
        "contactAccuracyScore": lambda p: p.accuracy_score,
        "lastName": lambda p: p.last_name.casefold(),
        "companyName": lambda p: world.companies[p.company_id].name.casefold(),
    }
    page = _page(_sorted(people, body, keys, unless_told="contactAccuracyScore"), body, ceiling=CEILING)
    return Found(page | {"data": [_person(p, world.companies[p.company_id]) for p in page["data"]]})


def search_signals(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Signals of interest in the topics up to the present; each is a record."""
    world, tests = directory.world, signal_tests(body, directory.world.lists)
    companies = {company.id for company in _companies(body, directory)}
    signals = [s for s in world.signals(now) if s.company_id in companies and all(test(s) for test in tests)]
    keys: dict[str, Key[Signal]] = {
        "signalDate": lambda s: s.at,
        "companyName": lambda s: world.companies[s.company_id].name.casefold(),
        "signalScore": lambda s: s.score,
        "category": lambda s: s.topic.category,
        "topic": lambda s: s.topic.name,
        "audienceStrength": lambda s: -ord(s.audience),
    }
    page = _page(_sorted(signals, body, keys, unless_told="signalDate"), body, ceiling=None)
    served = tuple(("intent", signal_id(signal)) for signal in page["data"])
    return Found(page | {"data": [_signal(signal, directory) for signal in page["data"]]}, served)


def signal_id(signal: Signal) -> str:
    """The id of a signal: docs/assumptions.md, "id of an intent signal"."""
    return f"{signal.topic.id}{signal.company_id}{signal.at:%y%m%d%H%M}"


def _companies(body: Mapping[str, Any], directory: Directory) -> list[Company]:
    tests = company_tests(body, directory)
    return [company for company in directory.world.companies.values() if all(test(company) for test in tests)]


def _needs_a_criterion(body: Mapping[str, Any]) -> None:
    if not set(body) - PAGING:
        raise Refused(TOO_LITTLE)


def _sorted(
    rows: list[T], body: Mapping[str, Any], keys: Mapping[str, Key[T]], *, unless_told: str | None = None
) -> list[T]:
    """By `sortBy`, descending unless `sortOrder` says otherwise; what is not known comes last either way."""
    if "sortOrder" in body and "sortBy" not in body:
        raise Refused(INVALID_FIELDS, ["sortOrder"])
    by = body.get("sortBy", unless_told)
    if by is None:
        return rows
    descending = body.get("sortOrder", "desc").startswith("desc")
    known = [row for row in rows if keys[by](row) is not None]
    unknown = [row for row in rows if keys[by](row) is None]
    return [*sorted(known, key=keys[by], reverse=descending), *unknown]


def _page(rows: Sequence[T], body: Mapping[str, Any], *, ceiling: int | None) -> dict[str, Any]:
    """One page with the counts around it. `maxResults` is what paging can reach."""
    rpp, page = int(body.get("rpp", DEFAULT_RPP)), int(body.get("page", 1))
    if rpp > MAX_RPP:
        raise Refused(RPP_TOO_LARGE)
    if rpp < 1:
        raise Refused(BAD_RPP)
    if page < 1:
        raise Refused(BAD_PAGE)
    first = (page - 1) * rpp
    if ceiling is not None and first + rpp > ceiling and page > 1:
        raise Refused(TOO_DEEP)
    if first >= len(rows) and page > 1:
        raise Refused(PAGE_BEYOND)
    reachable = len(rows) if ceiling is None else min(len(rows), ceiling)
    return {
        "maxResults": reachable,
        "totalResults": len(rows),
        "currentPage": page,
        "data": rows[first : first + rpp],
    }


def _person(person: Contact, company: Company) -> dict[str, Any]:
    numbers = {
        "directPhoneDoNotCall": person.direct_phone_do_not_call,
        "mobilePhoneDoNotCall": person.mobile_phone_do_not_call,
    }
    return {
        "id": person.id,
        "firstName": person.first_name,
        "middleName": person.middle_name or "",
        "lastName": person.last_name,
        "validDate": us_time(person.valid_at),
        "lastUpdatedDate": us_time(person.updated_at),
        "jobTitle": person.job_title,
        "contactAccuracyScore": person.accuracy_score,
        "hasEmail": person.email is not None,
        "hasSupplementalEmail": person.supplemental_email is not None,
        "hasDirectPhone": person.direct_phone is not None,
        "hasMobilePhone": person.mobile_phone is not None,
        **{name: True for name, is_set in numbers.items() if is_set},
        "hasCompanyIndustry": bool(company.industries),
        "hasCompanyPhone": company.phone is not None,
        "hasCompanyStreet": company.street is not None,
        "hasCompanyState": company.state is not None,
        "hasCompanyZipCode": company.zip_code is not None,
        "hasCompanyCountry": bool(company.country),
        "hasCompanyRevenue": company.revenue_usd is not None,
        "hasCompanyEmployeeCount": company.employees is not None,
        "company": {"id": company.id, "name": company.name},
    }


def _signal(signal: Signal, directory: Directory) -> dict[str, Any]:
    world = directory.world
    company = world.companies[signal.company_id]
    return {
        "id": signal_id(signal),
        "category": signal.topic.category,
        "topic": signal.topic.name,
        "signalScore": signal.score,
        "audienceStrength": signal.audience,
        "newSignal": signal.is_new,
        "signalDate": us_time(signal.at),
        "trend": signal.trend,
        "recommendedContacts": [
            {
                "id": person.id,
                "firstName": person.first_name,
                "lastName": person.last_name,
                "jobTitle": person.job_title,
                "jobFunction": [{"name": f.name, "department": f.department} for f in person.job_functions],
            }
            for person in world.recommended_contacts(company.id, signal.topic)
        ],
        "company": {
            "id": company.id,
            "name": company.name,
            "website": company.website or "",
            "hasOtherTopicConsumption": signal.has_other_topics,
        },
    }
