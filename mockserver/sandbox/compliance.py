"""The compliance check: who of a list is known, where they live, whether they were told, and who has opted out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import TOO_LITTLE, Refused
from mockserver.sandbox.words import plain_name, us_time
from mockserver.world import Company, Contact

MATCHED, NO_MATCH, OPT_OUT, INVALID = "FULL_MATCH", "NO_MATCH", "OPT_OUT", "INVALID_INPUT"


# docs/assumptions.md, "several people fit a check"
def check_people(body: Mapping[str, Any], directory: Directory, now: datetime) -> Found:
    """One result for each input, in order: everybody who fits, and nothing of those who have opted out."""
    results = [_result(said, directory, now) for said in body["matchPersonInput"]]
    if all(result["matchStatus"] == INVALID for result in results):
        raise Refused(TOO_LITTLE)
    return Found({"success": True, "data": {"result": results}})


def has_opted_out(person: Contact, directory: Directory, now: datetime) -> bool:
    """Whether a person has asked not to be in the database any longer."""
    return is_opted_out(person.id, directory, now)


def is_opted_out(person_id: int, directory: Directory, now: datetime) -> bool:
    """The same by the id of a person, who need not be drawn for it."""
    at = directory.world.changes.opted_out_at(person_id)
    return at is not None and at <= now


def people_there(company_id: int, directory: Directory, now: datetime) -> list[Contact]:
    """The people of a company who have not opted out, by id."""
    return [p for p in directory.world.contacts_of(company_id) if not has_opted_out(p, directory, now)]


def _result(said: Mapping[str, Any], directory: Directory, now: datetime) -> dict[str, Any]:
    status, people = INVALID, list[Contact]()
    if _names_a_person(said):
        found = _people(said, directory)
        people = [person for person in found if not has_opted_out(person, directory, now)]
        status = MATCHED if people else OPT_OUT if found else NO_MATCH
    echo = {name.lower(): value for name, value in said.items()}
    return {"input": echo, "matchStatus": status, "data": [_record(person, directory) for person in people]}


# docs/assumptions.md, "what the compliance check can be asked with"
def _names_a_person(said: Mapping[str, Any]) -> bool:
    """An address or a number says who it is, a name does with a company or a place beside it."""
    given = {name for name, value in said.items() if str(value).strip()}
    if given & {"personEmailAddress", "personPhone"}:
        return True
    has_name = "personFullName" in given or {"personFirstName", "personLastName"} <= given
    return has_name and bool(given & {"companyId", "companyName", "personState", "personCountry", "personZipCode"})


def _people(said: Mapping[str, Any], directory: Directory) -> Sequence[Contact]:
    """Everybody who fits everything that is said, by id."""
    by: dict[str, Callable[[str], Sequence[int]]] = {
        "personEmailAddress": directory.people_with_email,
        "personPhone": directory.people_with_number,
        "personFullName": directory.people_named,
    }
    fits = [set(find(str(said[name]))) for name, find in by.items() if name in said]
    if "personFirstName" in said and "personLastName" in said:
        fits.append(set(directory.people_named(f"{said['personFirstName']} {said['personLastName']}")))
    people = [directory.world.contacts[i] for i in sorted(set.intersection(*fits))]
    return [p for p in people if _has_worked_there(said, p, directory) and _is_from_there(said, p, directory)]


def _has_worked_there(said: Mapping[str, Any], person: Contact, directory: Directory) -> bool:
    employers = {person.company_id, *(job.company_id for job in person.jobs if job.company_id is not None)}
    names = {plain_name(job.company_name) for job in person.jobs}
    names |= {directory.plain_names[i] for i in employers if i in directory.plain_names}
    return ("companyId" not in said or int(said["companyId"]) in employers) and (
        "companyName" not in said or plain_name(said["companyName"]) in names
    )


def _is_from_there(said: Mapping[str, Any], person: Contact, directory: Directory) -> bool:
    """State and country are those of the company, by name or by the common abbreviation of the state."""
    company: Company = directory.world.companies[person.company_id]
    state = company.state or ""
    codes = {s.name.casefold(): s.code.casefold() for s in directory.world.lists.states}
    states = {state.casefold(), codes.get(state.casefold(), "")} - {""}
    wanted: Iterable[tuple[str, set[str]]] = (
        ("personState", states),
        ("personCountry", {company.country.casefold()}),
        ("personZipCode", {(person.zip_code or company.zip_code or "").casefold()}),
    )
    return all(name not in said or str(said[name]).strip().casefold() in values for name, values in wanted)


def _record(person: Contact, directory: Directory) -> dict[str, Any]:
    company = directory.world.companies[person.company_id]
    is_californian, is_canadian = person.state == "California", person.country == "Canada"
    return {
        "id": person.id,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "title": person.job_title,
        "company": {"name": company.name},
        "employmentHistory": [{"companyName": job.company_name, "title": job.title} for job in person.jobs],
        "emailAddresses": [person.email] if person.email else [],
        "pastEmailAddresses": [person.supplemental_email] if person.supplemental_email else [],
        "withinEu": person.is_in_eu,
        "hasCanadianEmail": "true" if (person.email or "").endswith(".ca") else "false",
        "withinCalifornia": is_californian,
        "withinCanada": is_canadian,
        "noticeProvidedDate": us_time(person.notified_at),
        "hasMoved": _word(person.has_moved),
        "looksLikeEu": _word(person.is_in_eu),
        "looksLikeCalifornia": _word(is_californian),
        "looksLikeCanada": _word(is_canadian),
    }


def _word(is_so: bool) -> str:
    return "Yes" if is_so else "No"
