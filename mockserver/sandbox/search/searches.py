"""The three searches: filter, sort, cut out a page, and show previews."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial, reduce
from operator import and_
from typing import Any, TypeVar

import msgspec

from mockserver import bits
from mockserver.sandbox.compliance import has_opted_out
from mockserver.sandbox.criteria.aspects import rank_of
from mockserver.sandbox.criteria.companies import PAGING, company_tests, signal_tests
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.criteria.people import contact_tests, employers
from mockserver.sandbox.criteria.places import whereabouts
from mockserver.sandbox.criteria.remembered import ALWAYS, Finding
from mockserver.sandbox.criteria.sieve import kept_criteria
from mockserver.sandbox.found import Found
from mockserver.sandbox.search.pages import CEILING, Key, in_order, needs_a_criterion, order_of, page_of
from mockserver.sandbox.words import us_time
from mockserver.world import Company, Contact, Signal

T = TypeVar("T")
PREVIEWS = 16_384  # of people, that are kept; about 10 MB
COMPANY_ORDERS = {"name": "name", "employeeCount": "employeeRange", "revenue": "revenue"}  # columns, by `sortBy`
# What signals can be sorted by, beside the name of their company.
SIGNAL_KEYS: Mapping[str, Key[Signal]] = {
    "signalDate": lambda s: s.at,
    "signalScore": lambda s: s.score,
    "category": lambda s: s.topic.category,
    "topic": lambda s: s.topic.name,
    "audienceStrength": lambda s: -ord(s.audience),
}


# What people can be sorted by, beside the name of their company.
CONTACT_KEYS: Mapping[str, Key[Contact]] = {
    "contactAccuracyScore": lambda p: p.accuracy_score,
    "lastName": lambda p: p.last_name.casefold(),
    "hierarchy": lambda p: rank_of(p.management_levels),
    # docs/assumptions.md, "`sourceCount`, `lastMentioned`, `relevance`"
    "sourceCount": lambda p: len(p.social_pages) + len(p.jobs) + len(p.education),
    "lastMentioned": lambda p: p.updated_at or p.valid_at,
    "relevance": lambda p: p.accuracy_score,
}
SCORE = "contactAccuracyScore"


@dataclass(frozen=True, slots=True)
class People:
    """Ids of people by company; in the order that a search wants; and when those among them opt out who do."""

    ids: Sequence[int]
    in_order: Callable[[], Sequence[int]]
    leave_at: Callable[[], list[datetime]]


def search_companies(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Id and name of the companies that meet the criteria."""
    needs_a_criterion(body)
    sieve = directory.sieve

    def find() -> Finding:
        met = companies_that_meet(body, directory)
        by, descending = order_of(body)
        if by is None:
            return Finding(bits.Row(met))
        return Finding(bits.Row(met, partial(sieve.column(COMPANY_ORDERS[by]).first_places, descending=descending)))

    page = page_of(directory.remembered.rows("company", body, now, find), body, ceiling=CEILING)
    previews = sieve.previews
    return Found(page | {"data": [previews[place] for place in page["data"]]})


def search_contacts(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Previews of the people who meet the criteria, without e-mail or phone."""
    needs_a_criterion(body)

    def find() -> Finding:
        people = people_that_meet(body, directory, now)
        until = min(_ends(body, now) + people.leave_at(), default=ALWAYS)
        return Finding(people.in_order(), until)

    page = page_of(directory.remembered.rows("contact", body, now, find), body, ceiling=CEILING)
    return Found(page | {"data": [_preview(person_id, directory, now) for person_id in page["data"]]})


def search_signals(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """Signals of interest in the topics up to the present; each is a record."""
    world = directory.world

    def find() -> Finding:
        tests = signal_tests(body, world.lists)
        companies = {company.id for company in directory.sieve.of(companies_that_meet(body, directory))}
        signals = [s for s in world.signals(now) if s.company_id in companies and all(test(s) for test in tests)]
        keys = {**SIGNAL_KEYS, "companyName": lambda s: world.companies[s.company_id].name.casefold()}
        return Finding(in_order(signals, body, keys, unless_told="signalDate"), world.next_signal_at(now) or ALWAYS)

    page = page_of(directory.remembered.rows("intent", body, now, find), body, ceiling=None)
    served = tuple(("intent", signal_id(signal)) for signal in page["data"])
    return Found(page | {"data": [signal_shown(signal, directory, now) for signal in page["data"]]}, served)


def signal_id(signal: Signal) -> str:
    """The id of a signal: docs/assumptions.md, "id of an intent signal"."""
    return f"{signal.topic.id}{signal.company_id}{signal.at:%y%m%d%H%M}"


def companies_that_meet(body: Mapping[str, Any], directory: Directory) -> int:
    """The companies that meet the criteria about companies and places, by their places in the sieve."""
    return reduce(and_, _companies_of_each(body, directory), directory.sieve.everyone)


def _companies_of_each(body: Mapping[str, Any], directory: Directory, *, anywhere: bool = False) -> list[int]:
    """The companies that meet each of the criteria that are kept, or all of them where others are among them.

    Where `anywhere` is true, it plays no part where people work.
    """
    world, sieve = directory.world, directory.sieve
    parts = kept_criteria(body)
    kept = {text: sieve.kept(text) for text in parts}
    told = {name for text, part in parts.items() if kept[text] is not None for name in part}.union(PAGING)
    rest = {name: value for name, value in body.items() if name not in told}
    where, tests = whereabouts(rest, world.lists), company_tests(rest, directory) if rest else []
    each: list[int] = []
    for text, part in parts.items():
        found = kept[text]
        if found is None:  # after all of it has been read: what cannot be is refused
            of_part = [*company_tests(part, directory), *whereabouts(part, world.lists).tests]
            found = sieve.keep(text, sieve.left(sieve.everyone, of_part))
        each.append(found)
    if where.is_of_companies:
        tests += where.tests
    elif not anywhere:
        tests.append(lambda company: where.company(company, world))
    return [sieve.left(reduce(and_, each, sieve.everyone), tests)] if tests else each


# docs/assumptions.md, "opt-outs in answers"
def people_that_meet(body: Mapping[str, Any], directory: Directory, now: datetime) -> People:
    """The people who meet the criteria about them and about their employers, and who may be shown, by company."""
    world, tests = directory.world, contact_tests(body, directory, now)
    when, where = body.get("companyPastOrPresent", "present"), whereabouts(body, world.lists)
    each = _companies_of_each(body, directory, anywhere=True)
    met = reduce(and_, each, directory.sieve.everyone)
    if when == "present" and where.is_of_companies and directory.tells_among_everyone(met.bit_count()):
        # The day is part of the text: by it `lastUpdatedInMonths` reckons.
        said = {name: repr([name, _about(name, body), now.date()]) for name in tests}
        found = directory.everyone.those({said[name]: test for name, test in tests.items()}, each, now)
        return _many(found, body, directory)
    companies = {company.id: company for company in directory.sieve.of(met)}

    def works_there(person: Contact) -> bool:
        return any(i in companies and where.person(person, companies[i]) for i in employers(person, when))

    def shown(person: Contact) -> bool:
        return works_there(person) and not has_opted_out(person, directory, now)

    at = companies if when == "present" else world.companies
    asked = [*tests.values(), shown]
    return _few([p for company_id in at for p in _filtered(world.contacts_of(company_id), asked)], body, directory)


def _about(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a search says of a criterion about people, which may have two ends."""
    return {one: value for one, value in body.items() if one.startswith(name)}


def _many(found: int, body: Mapping[str, Any], directory: Directory) -> People:
    """Those at these places among everyone."""
    everyone, contacts = directory.everyone, directory.world.contacts

    def in_order() -> Sequence[int]:
        told, descending = order_of(body)
        by = told or SCORE
        column = everyone.column(by)
        if column is None:
            keys = {person_id: CONTACT_KEYS[by](contacts[person_id]) for person_id in everyone.row(found)}
            return array("q", sorted(keys, key=keys.__getitem__, reverse=descending))
        return everyone.row(found, partial(column.first_places, descending=descending))

    return People(everyone.row(found), in_order, lambda: everyone.leave_at(found))


def _few(people: list[Contact], body: Mapping[str, Any], directory: Directory) -> People:
    """These people, who are all at hand."""
    world = directory.world
    keys = {**CONTACT_KEYS, "companyName": lambda p: world.companies[p.company_id].name.casefold()}
    opted_out_at = world.changes.opted_out_at
    return People(
        [person.id for person in people],
        lambda: array("q", [person.id for person in in_order(people, body, keys, unless_told=SCORE)]),
        lambda: [at for person in people if (at := opted_out_at(person.id)) is not None],
    )


def _filtered(rows: Sequence[T], tests: Iterable[Callable[[T], bool]]) -> Sequence[T]:
    """The rows that pass all tests, one test after the other."""
    for test in tests:
        rows = [row for row in rows if test(row)]
    return rows


def _ends(body: Mapping[str, Any], now: datetime) -> list[datetime]:
    """When the day ends by which a search for people reckons, if it does."""
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min, UTC)
    return [tomorrow] if "lastUpdatedInMonths" in body else []


def _preview(person_id: int, directory: Directory, now: datetime) -> msgspec.Raw:
    """The preview of a person as JSON; most are shown again, and few have changed since."""
    world, known = directory.world, directory.previews
    person = None if world.changes.is_as_drawn(person_id, now) else world.contacts[person_id]
    changes = 0 if person is None else len(world.changes.of_contact(person, now))
    preview = known.get((person_id, changes))
    if preview is None:
        person = world.changes.contact_at(world.contacts[person_id], now)
        preview = msgspec.Raw(msgspec.json.encode(person_shown(person, world.companies[person.company_id])))
        if len(known) >= PREVIEWS:
            known.clear()
        known[person_id, changes] = preview
    return preview


# docs/assumptions.md, "preview of a contact"
def person_shown(person: Contact, company: Company) -> dict[str, Any]:
    """The preview of a person."""
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


# docs/assumptions.md, "`topSignalLocations`"
def signal_shown(signal: Signal, directory: Directory, now: datetime) -> dict[str, Any]:
    """A signal as searches and enrichments show it."""
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
            if not has_opted_out(person, directory, now)
        ],
        "company": {
            "id": company.id,
            "name": company.name,
            "website": company.website or "",
            "hasOtherTopicConsumption": signal.has_other_topics,
        },
    }
