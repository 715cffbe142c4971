"""From the criteria of a search to a yes or no for each person."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from mockserver.sandbox.criteria.aspects import Common, PersonTest
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.values import (
    day_of,
    days_of,
    ids_of,
    known_ids,
    known_names,
    number_of,
    one_of,
    plain,
    stands_in,
)
from mockserver.sandbox.words import digits, listed
from mockserver.world import Contact, Lists

ValueTest = Callable[[Any], bool]
# docs/assumptions.md, "executives"
EXECUTIVES = frozenset({"C Level Exec", "VP Level Exec"})
LEAST_SCORE, MOST_SCORE = 70, 99


def contact_tests(body: Mapping[str, Any], directory: Directory, now: datetime) -> dict[str, PersonTest]:
    """One test for each criterion about people, by its name.

    Raises
    ------
    Refused
        A value is not in the look-up that the criterion belongs to, or is none of its kind.
    """
    lists, companies = directory.world.lists, directory.world.companies

    def common(aspect: str, passes: Callable[[Any], bool]) -> Common:
        return Common(aspect, passes, companies)

    made: dict[str, Callable[[Any], PersonTest]] = {
        "personId": lambda value: _ids(ids_of("personId", value)),
        "emailAddress": lambda value: lambda p: _same(p.email, value),
        "supplementalEmail": lambda value: lambda p: any(_same(p.supplemental_email, one) for one in value),
        "hashedEmail": lambda value: _ids(set(directory.people_with_hashed_email(value))),
        "phone": _numbers,
        "fullName": _full_name,
        "firstName": lambda value: common("first name", lambda name: _same(name, value)),
        "middleInitial": lambda value: lambda p: _same((p.middle_name or " ")[0], value.strip().rstrip(".")),
        "lastName": lambda value: common("last name", lambda name: _same(name, value)),
        "jobTitle": lambda value: common("title", _titles(re.split(r"\bOR\b", value))),
        "excludeJobTitle": lambda value: common("title", _not(_titles(listed(value)))),
        "managementLevel": lambda value: common(
            "post", _levels(known_names("managementLevel", value, lists.management_levels))
        ),
        "excludeManagementLevel": lambda value: common(
            "post", _not(_levels(known_names("excludeManagementLevel", value, lists.management_levels)))
        ),
        "department": lambda value: common("post", _departments(known_names("department", value, lists.departments))),
        "jobFunction": lambda value: common("post", _functions(known_names("jobFunction", value, lists.job_functions))),
        "boardMember": lambda value: common(
            "post", _shown("boardMember", value.capitalize(), ("Include", "Exclude", "Only"), lambda post: post[2])
        ),
        "hasBeenNotified": lambda value: common(
            "was notified", _shown("hasBeenNotified", value, ("include", "exclude", "only"), bool)
        ),
        "executivesOnly": lambda value: common("post", lambda post: not value or not EXECUTIVES.isdisjoint(post[0])),
        # docs/assumptions.md, "partial profiles"
        "excludePartialProfiles": lambda value: common("has moved", lambda has_moved: not (value and has_moved)),
        "filterByBuyingCommittee": lambda value: common("post", lambda post: not value or _is_in_a_group(post, lists)),
        "requiredFields": lambda value: common("reach", _required(value)),
        "contactAccuracyScoreMin": lambda value: common("score", _score("contactAccuracyScoreMin", value, 1)),
        "contactAccuracyScoreMax": lambda value: common("score", _score("contactAccuracyScoreMax", value, -1)),
        "lastUpdatedDateAfter": lambda value: common("updated", _after(day_of("lastUpdatedDateAfter", value))),
        "validDateAfter": lambda value: common("valid", _after(day_of("validDateAfter", value))),
        "lastUpdatedInMonths": lambda value: common("updated", _since(months_before(now.date(), int(value)))),
        "school": lambda value: _educated(value, "school"),
        "degree": lambda value: _educated(value, "degree"),
        "locationCompanyId": lambda value: _offices(ids_of("locationCompanyId", value)),
        "webReferences": _web_references,
        "techSkills": lambda value: _skills(known_names("techSkills", value, lists.tech_skills)),
        "yearsOfExperience": lambda value: common(
            "years", known_ids("yearsOfExperience", value, lists.years_of_experience).__contains__
        ),
    }
    tests = {name: make(body[name]) for name, make in made.items() if name in body}
    if not {"positionStartDateMin", "positionStartDateMax"}.isdisjoint(body):
        first, last = days_of(body, "positionStartDateMin", "positionStartDateMax")
        tests["positionStartDate"] = common("since", lambda since: first <= since <= last)
    return tests


# docs/assumptions.md, "past employers"
def employers(person: Contact, when: str) -> list[int]:
    """Ids of the companies that a search means by "the company" of a person: present, past or pastAndPresent."""
    present = [] if when == "past" else [person.company_id]
    past = [job.company_id for job in person.jobs if job.until is not None and job.company_id is not None]
    return present if when == "present" else present + past


# docs/assumptions.md, "`lastUpdatedInMonths`"
def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _same(known: str | None, said: str) -> bool:
    return known is not None and known.casefold() == " ".join(said.casefold().split())


def _not(passes: ValueTest) -> ValueTest:
    return lambda value: not passes(value)


def _ids(ids: set[int]) -> PersonTest:
    return lambda p: p.id in ids


def _offices(ids: set[int]) -> PersonTest:
    return lambda p: p.office_id in ids


# docs/assumptions.md, "`phone` of a person"
def _numbers(value: list[str]) -> PersonTest:
    """Digits alone are compared, with or without the 1 of North America in front."""
    wanted = {_number(one) for one in value}
    return lambda p: any(n is not None and _number(n) in wanted for n in (p.direct_phone, p.mobile_phone))


def _number(said: str) -> str:
    only = digits(said)
    return only[1:] if len(only) == 11 and only.startswith("1") else only


# docs/assumptions.md, "`fullName`"
def _full_name(value: str) -> PersonTest:
    """First and last name, with or without what stands between."""
    said = plain(value)

    def test(person: Contact) -> bool:
        whole = plain(f"{person.first_name} {person.middle_name or ''} {person.last_name}")
        return said in (plain(f"{person.first_name} {person.last_name}"), whole)

    return test


def _titles(titles: list[str]) -> ValueTest:
    wanted = [" ".join(title.casefold().split()) for title in titles]
    return lambda said: any(title and title in said.casefold() for title in wanted)


def _levels(levels: set[str]) -> ValueTest:
    return lambda post: not levels.isdisjoint(post[0])


def _functions(names: set[str]) -> ValueTest:
    return lambda post: any(name in names for name, _ in post[1])


def _departments(names: set[str]) -> ValueTest:
    return lambda post: any(department in names for _, department in post[1])


def _shown(name: str, value: str, words: tuple[str, str, str], passes: ValueTest) -> ValueTest:
    """`words` leave people in, leave them out, or want them alone, in this order."""
    if value not in words:
        raise Refused(INVALID_FIELDS, [name])
    _, exclude, only = words
    return passes if value == only else _not(passes) if value == exclude else lambda _: True


def _required(value: Any) -> ValueTest:
    """docs/assumptions.md, "`requiredFields` of a search"."""
    known: dict[str, ValueTest] = {
        "email": lambda reach: reach[0],
        "phone": lambda reach: reach[2] or reach[4],
        "directPhone": lambda reach: reach[2],
        "personalEmail": lambda reach: reach[1],
        "mobilePhone": lambda reach: reach[3],
    }
    wanted = [known[word] for word in one_of("requiredFields", value, tuple(known))]
    return lambda reach: all(passes(reach) for passes in wanted)


def _score(name: str, value: Any, sign: int) -> ValueTest:
    bound = number_of(value)
    if not LEAST_SCORE <= bound <= MOST_SCORE:
        raise Refused(INVALID_FIELDS, [name])
    return lambda score: sign * score >= sign * bound


def _after(day: date) -> ValueTest:
    return lambda when: when is not None and when > day


def _since(day: date) -> ValueTest:
    return lambda when: when is not None and when >= day


def _educated(value: str, part: str) -> PersonTest:
    words = plain(value)
    return lambda p: any(stands_in(words, plain(getattr(degree, part) or "")) for degree in p.education)


# docs/assumptions.md, "`webReferences`"
def _web_references(value: list[str]) -> PersonTest:
    """A page about the person has one of the words in its address or its kind."""
    words = [plain(word) for word in value]
    return lambda p: any(stands_in(w, plain(f"{page.kind} {page.url}")) for page in p.social_pages for w in words)


# docs/assumptions.md, "`techSkills`"
def _skills(wanted: set[str]) -> PersonTest:
    return lambda p: not wanted.isdisjoint(p.tech_skills)


# docs/assumptions.md, "buying groups"
def _is_in_a_group(post: Any, lists: Lists) -> bool:
    levels, functions, _ = post
    return any(
        any(department in group.departments for _, department in functions) and not set(group.levels).isdisjoint(levels)
        for group in lists.buying_groups
    )
