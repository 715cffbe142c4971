"""How companies are built: the family that one belongs to, the people of its departments, its locations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mockserver.sandbox.compliance import people_there
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich.enrichments import (
    MATCHED,
    NO_MATCH,
    all_results,
    find_company,
    names_a_company,
    one_result,
)
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.words import iso_day, listed, us_time
from mockserver.world import Company, Contact, Lists, World, family

# docs/assumptions.md, "tiers of an org chart"
_TIERS = {
    "Board Member": 1,
    "C Level Exec": 1,
    "VP Level Exec": 2,
    "Director": 3,
    "Manager": 4,
    "Non Manager": 5,
}


# docs/assumptions.md, "corporate hierarchy"
def enrich_hierarchies(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """One family for each input, in order; the company that was matched is what is charged."""
    results, served = [], []
    for said in body["matchCompanyInput"]:
        company = find_company(said, directory) if names_a_company(said) else None
        data = []
        if company is not None:
            data.append(_family(company, directory.world, body["outputFields"]))
            served.append(("company", str(company.id)))
        status = MATCHED if data else NO_MATCH if names_a_company(said) else "INVALID_INPUT"
        results.append(one_result(said, status, data))
    return all_results(body, results, served)


# docs/assumptions.md, "org chart"
def enrich_org_charts(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """The people of some departments of a company by tier; one record, however many they are."""
    company = directory.company(body["companyId"])
    departments = _departments(body["department"], directory.world.lists)
    people = [] if company is None else people_there(company.id, directory, now)
    there = [person for person in people if person.department in departments and not person.has_moved]
    rows = [_person(one, directory.world) for one in there]
    rows.sort(key=lambda row: (row["department"], row["orgChartTier"], row["orgChartSubTier"], row["id"]))
    return _list(company, rows, counted=())


# docs/assumptions.md, "locations"
def enrich_locations(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """All locations of a company, headquarters first; each is a record."""
    company = directory.company(body["companyId"])
    offices = () if company is None else directory.world.offices_of(company.id)
    rows = [
        {
            "phone": office.phone or "",
            "fax": office.fax or "",
            "street": office.street or "",
            "city": office.city,
            "state": office.state or "",
            "zipCode": office.zip_code or "",
            "country": office.country,
            "company": {
                "id": office.company_id,
                "addressStatus": "CURRENT" if office.is_verified else "VALID",
                "subUnitType": "Headquarters" if office.is_hq else "Location",
                "locationName": office.name,
                "locationEmployeeCount": office.employees,
            },
        }
        for office in offices
    ]
    return _list(company, rows, counted=[("location", str(office.id)) for office in offices])


def _list(company: Company | None, rows: list[dict[str, Any]], *, counted: Sequence[tuple[str, str]]) -> Found:
    """A list about one company, whole: docs/assumptions.md, "lists about a company have no pages"."""
    served = () if company is None or not rows else (("company", str(company.id)), *counted)
    body = {"maxResults": len(rows), "totalResults": len(rows), "currentPage": 1, "data": rows}
    return Found(body, served)


# docs/assumptions.md, "family tree"
def _family(company: Company, world: World, fields: Sequence[str]) -> dict[str, Any]:
    parts = {
        "parentage": _parentage(company, world),
        "familyTree": [_node(family.top_of(world, company), world)],
        "companyId": company.id,
    }
    return {name: parts[name] for name in fields}


def _parentage(company: Company, world: World) -> list[dict[str, str]]:
    """The companies above it, the nearest first; each with how the one below came to it."""
    rows, child = [], company
    for parent in family.above(world, company):
        rows.append(
            {
                "companyId": str(parent.id),
                "companyName": parent.name,
                "city": parent.city,
                "state": parent.state or "",
                "subUnitType": child.sub_unit_type or "",
                "subUnitDesc": f"{child.sub_unit_type} of {parent.name}",
                "acquiredByDate": iso_day(family.bought_on(world, child)),
            }
        )
        child = parent
    return rows


def _node(company: Company, world: World) -> dict[str, Any]:
    """A company with those below it; a family is at most three steps deep."""
    node: dict[str, Any] = {
        "companyId": company.id,
        "name": company.name,
        "city": company.city,
        "state": company.state or "",
    }
    if company.sub_unit_type is not None:
        types = [kind.name for kind in world.lists.sub_unit_types]
        number = types.index(company.sub_unit_type) + 1
        node["subUnitTypeInfo"] = {"typeId": number, "typeDescription": company.sub_unit_type}
    if nodes := [_node(one, world) for one in family.below(world, company)]:
        node["familyNodes"] = nodes
    return node


def _departments(value: str, lists: Lists) -> set[str]:
    """Names of the departments that are asked for, by id or by name."""
    names = {word.casefold(): one.name for one in lists.departments for word in (one.id, one.name)}
    words = [part.casefold() for part in listed(value)]
    if not words or any(word not in names for word in words):
        raise Refused(INVALID_FIELDS, ["department"])
    return {names[word] for word in words}


def _person(person: Contact, world: World) -> dict[str, Any]:
    flag = {"directPhoneDoNotCall": True} if person.direct_phone_do_not_call else {}
    return {
        "id": person.id,
        "firstName": person.first_name,
        "middleName": person.middle_name or "",
        "lastName": person.last_name,
        "lastUpdatedDate": us_time(person.updated_at),
        "title": person.job_title,
        "hasEmail": person.email is not None,
        "hasDirectPhone": person.direct_phone is not None,
        **flag,
        "department": person.department,
        "jobFunction": person.job_functions[0].name,
        "orgChartTier": min(_TIERS[level] for level in person.management_levels),
        "orgChartSubTier": 1 if person.division is None else 2,
        "contactAccuracyScore": person.accuracy_score,
        "company": {"id": person.company_id, "name": world.companies[person.company_id].name},
    }
