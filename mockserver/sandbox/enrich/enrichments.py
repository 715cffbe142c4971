"""The enrichment of companies and of people: which record an input means, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from mockserver.sandbox.compliance import OPT_OUT, has_opted_out
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich import company_fields, contact_fields
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import INVALID_FIELDS, TOO_LITTLE, Refused
from mockserver.sandbox.values import day_of
from mockserver.sandbox.words import listed, plain_name
from mockserver.world import Company, Contact

# What names a company by itself, beside its id.
_ALONE = frozenset({"companyName", "companyWebsite", "companyTicker", "companyPhone", "companyFax", "ipAddress"})
Results: TypeAlias = tuple[list[dict[str, Any]], list[tuple[str, str]]]
# docs/assumptions.md, "no match" and "an input without anything to match by"
MATCHED, NO_MATCH, INVALID = "FULL_MATCH", "NO_MATCH", "INVALID_INPUT"


def enrich_companies(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """One result for each input, in order; inputs that give nothing to match by are told so."""
    return all_results(body, *company_results(body, directory, now))


def company_results(body: Mapping[str, Any], directory: Directory, now: datetime) -> Results:
    """The results of the inputs, in order, and which records are in them."""
    world, judged, matched, served = directory.world, [], [], []
    for said in body["matchCompanyInput"]:
        if not names_a_company(said):
            judged.append((said, INVALID))
        elif company := find_company(said, directory):
            judged.append((said, MATCHED))
            matched.append(company_fields.Seen(world.changes.company_at(company, now), world, said))
            served.append(("company", str(company.id)))
        else:
            judged.append((said, NO_MATCH))
    records = company_fields.records_of(body["outputFields"], matched)
    results = [one_result(said, status, [next(records)] if status == MATCHED else []) for said, status in judged]
    return results, served


def enrich_contacts(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """One result for each input, in order, with the reason where a person was found but not wanted."""
    return all_results(body, *contact_results(body, directory, now))


def contact_results(body: Mapping[str, Any], directory: Directory, now: datetime) -> Results:
    """The results of the inputs, in order, and which records are in them."""
    required = listed(body.get("requiredFields", []))
    if unknown := [name for name in required if name not in contact_fields.FIELDS]:
        raise Refused(INVALID_FIELDS, unknown)
    results, served = [], []
    record = contact_fields.record_of(body["outputFields"])
    for said in body["matchPersonInput"]:
        if not names_a_person(said):
            results.append(one_result(said, INVALID, []))
            continue
        person = _person(said, directory)
        if person is not None and has_opted_out(person, directory, now):
            results.append(one_result(said, OPT_OUT, []))
            continue
        person = None if person is None else directory.world.changes.contact_at(person, now)
        status = NO_MATCH if person is None else _wanted(said, person)
        data = []
        if person is not None and status == MATCHED:
            seen = contact_fields.Seen(person, directory.world)
            if not _has_all(required, seen):
                results.append(one_result(said, "NON_MATCH_BY_REQUIRED_FIELDS", []))
                continue
            data.append(record(seen))
            served.append(("contact", str(person.id)))
        results.append(one_result(said, status, data))
    return results, served


# docs/assumptions.md, "envelope"
def all_results(body: Mapping[str, Any], results: list[dict[str, Any]], served: Sequence[tuple[str, str]]) -> Found:
    """The answer; when none of its inputs can be used it is refused."""
    if all(result["matchStatus"] == INVALID for result in results):
        raise Refused(TOO_LITTLE)
    return Found({"success": True, "data": {"outputFields": [body["outputFields"]], "result": results}}, tuple(served))


# docs/assumptions.md, "echoed input"
def one_result(said: Mapping[str, Any], status: str, data: Sequence[Any]) -> dict[str, Any]:
    """A result; the echo of its input has lower-case keys."""
    echo = {}
    for name in said:
        echo[name.lower()] = said[name]
    return {"input": echo, "matchStatus": status, "data": data}


def names_a_company(said: Mapping[str, Any]) -> bool:
    """Whether an input gives something to match a company by."""
    if "companyId" in said:  # which is digits, as the contract says
        return True
    for name, value in said.items():
        if name in _ALONE and str(value).strip():
            return True
    return "companyStreet" in said and ("companyCity" in said or "companyZipCode" in said)


def find_company(said: Mapping[str, Any], directory: Directory) -> Company | None:
    """The company an input means: by id where there is one; else the largest that fits everything that is said."""
    if "companyId" in said:
        return directory.company(said["companyId"])
    by: dict[str, Callable[[str], Sequence[int]]] = {
        "companyWebsite": directory.companies_at,
        "companyName": directory.companies_named,
        "companyTicker": directory.companies_with_ticker,
        "companyPhone": directory.companies_with_number,
        "companyFax": directory.companies_with_number,
        "ipAddress": directory.companies_behind,
    }
    companies = directory.world.companies
    fits = [set(find(said[name])) for name, find in by.items() if name in said]
    ids = set.intersection(*fits) if fits else set(companies)
    parts = {part: said[name].casefold() for name, part in company_fields.ADDRESS.items() if name in said}
    return _largest([companies[i] for i in ids if all(_place(companies[i], p) == v for p, v in parts.items())])


def _place(company: Company, part: str) -> str:
    places = {
        "street": company.street,
        "city": company.city,
        "state": company.state,
        "zipCode": company.zip_code,
        "country": company.country,
    }
    return (places[part] or "").casefold()


# docs/assumptions.md, "several companies fit an input"
def _largest(companies: Sequence[Company]) -> Company | None:
    return min(companies, key=lambda c: (-(c.employees or 0), c.id), default=None)


def names_a_person(said: Mapping[str, Any]) -> bool:
    """Whether an input has one of the documented combinations for a person."""
    if any(name in said for name in ("personId", "emailAddress", "hashedEmail", "phone")):
        return True
    has_name = "fullName" in said or ("firstName" in said and "lastName" in said)
    return has_name and ("companyId" in said or "companyName" in said)


# docs/assumptions.md, "several people fit an input" and "a page of a person"
def _person(said: Mapping[str, Any], directory: Directory) -> Contact | None:
    """By id where there is one; else the person who fits everything that is said, the surest first."""
    if "personId" in said:
        person = directory.contact(said["personId"])
        return person if person is not None and _works_there(said, person, directory) else None
    by: dict[str, Callable[[str], Sequence[int]]] = {
        "emailAddress": directory.people_with_email,
        "hashedEmail": directory.people_with_hashed_email,
        "phone": directory.people_with_number,
        "fullName": directory.people_named,
        "externalURL": directory.people_with_page,
    }
    fits = [set(find(said[name])) for name, find in by.items() if name in said]
    if "firstName" in said and "lastName" in said:
        fits.append(set(directory.people_named(f"{said['firstName']} {said['lastName']}")))
    people = [directory.world.contacts[i] for i in set.intersection(*fits)]
    people = [person for person in people if _works_there(said, person, directory)]
    if "jobTitle" in said:
        people = [person for person in people if said["jobTitle"].casefold() in person.job_title.casefold()]
    return min(people, key=lambda p: (-p.accuracy_score, p.id), default=None)


def _works_there(said: Mapping[str, Any], person: Contact, directory: Directory) -> bool:
    """Whether they work, or have worked, for the company that the input names, if it names one."""
    if "companyId" not in said and "companyName" not in said:
        return True
    employers = {person.company_id, *(job.company_id for job in person.jobs if job.company_id is not None)}
    if "companyId" in said and int(said["companyId"]) not in employers:
        return False
    names = {directory.plain_names[i] for i in employers if i in directory.plain_names}
    names |= {plain_name(job.company_name) for job in person.jobs}
    return "companyName" not in said or plain_name(said["companyName"]) in names


def _wanted(said: Mapping[str, Any], person: Contact) -> str:
    """`FULL_MATCH`, or why a person who was found is not wanted."""
    if "lastUpdatedDateAfter" in said:
        after = day_of("lastUpdatedDateAfter", said["lastUpdatedDateAfter"])
        if person.updated_at is None or person.updated_at.date() <= after:
            return "NON_MATCH_BY_LAST_UPDATED_DATE"
    if "validDateAfter" in said and person.valid_at.date() <= day_of("validDateAfter", said["validDateAfter"]):
        return "NON_MATCH_BY_VALID_DATE"
    if person.accuracy_score < said.get("contactAccuracyScoreMin", 0):
        return "NON_MATCH_BY_CONTACT_ACCURACY_MIN"
    return MATCHED


# docs/assumptions.md, "a required field"
def _has_all(required: Sequence[str], seen: contact_fields.Seen) -> bool:
    """Whether each of these output fields has a value; a field that is withheld has one if it has one."""
    return all(contact_fields.FIELDS[name](seen) not in (None, "", [], {}) for name in required)
