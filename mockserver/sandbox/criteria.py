"""From the criteria of a search to a yes or no for each company, person and signal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from mockserver.sandbox.directory import Directory
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.words import listed, plain_name
from mockserver.world import Company, Contact, Lists, Signal
from mockserver.world.catalogue import Band, Value

Test = Callable[[Any], bool]
CompanyTest = Callable[[Company], bool]
PAGING = frozenset({"rpp", "page", "sortBy", "sortOrder"})


def company_tests(body: Mapping[str, Any], directory: Directory) -> list[CompanyTest]:
    """One test for each criterion about companies; country and state are one, joined by OR.

    Raises
    ------
    Refused
        A value is not in the look-up that the criterion belongs to.
    """
    lists = directory.world.lists
    made: dict[str, Callable[[Any], CompanyTest]] = {
        "companyId": _company_ids,
        "companyName": lambda value: _names(value, directory),
        "companyWebsite": lambda value: _websites(value, directory),
        "industryCodes": lambda value: _industries(value, lists),
        "techAttributeTagList": _technologies,
        "employeeRangeMin": lambda value: lambda c: c.employees is not None and c.employees >= int(value),
        "employeeRangeMax": lambda value: lambda c: c.employees is not None and c.employees <= int(value),
        "employeeCount": lambda value: _bands("employeeCount", value, lists.employee_ranges, lambda c: c.employees),
        "revenueMin": lambda value: lambda c: c.revenue_usd is not None and c.revenue_usd >= int(value),
        "revenueMax": lambda value: lambda c: c.revenue_usd is not None and c.revenue_usd <= int(value),
        "revenue": lambda value: _bands("revenue", value, lists.revenue_ranges, lambda c: c.revenue_usd),
    }
    tests = [make(body[name]) for name, make in made.items() if name in body]
    if "country" in body or "state" in body:
        tests.append(_places(body.get("country"), body.get("state"), lists))
    return tests


def contact_tests(body: Mapping[str, Any], lists: Lists) -> list[Callable[[Contact], bool]]:
    """One test for each criterion about people."""
    tests: list[Callable[[Contact], bool]] = []
    if "personId" in body:
        ids = _ids("personId", body["personId"])
        tests.append(lambda p: p.id in ids)
    if "managementLevel" in body:
        levels = _known("managementLevel", body["managementLevel"], lists.management_levels)
        tests.append(lambda p: not levels.isdisjoint(p.management_levels))
    if "department" in body:
        departments = _known("department", body["department"], lists.departments)
        tests.append(lambda p: any(f.department in departments for f in p.job_functions))
    if "jobTitle" in body:
        titles = [" ".join(title.casefold().split()) for title in re.split(r"\bOR\b", body["jobTitle"])]
        tests.append(lambda p: any(title and title in p.job_title.casefold() for title in titles))
    return tests


def signal_tests(body: Mapping[str, Any], lists: Lists) -> list[Callable[[Signal], bool]]:
    """One test for each criterion about signals."""
    known = {topic.name.casefold(): topic.id for topic in lists.topics}
    if any(name.strip().casefold() not in known for name in body["topics"]):
        raise Refused(INVALID_FIELDS, ["topics"])
    topics = {known[name.strip().casefold()] for name in body["topics"]}
    tests: list[Callable[[Signal], bool]] = [lambda s: s.topic.id in topics]
    if "signalStartDate" in body:
        first = day_of("signalStartDate", body["signalStartDate"])
        tests.append(lambda s: s.at.date() >= first)
    if "signalEndDate" in body:
        last = day_of("signalEndDate", body["signalEndDate"])
        tests.append(lambda s: s.at.date() <= last)
    if "signalScoreMin" in body:
        tests.append(lambda s: s.score >= body["signalScoreMin"])
    if "signalScoreMax" in body:
        tests.append(lambda s: s.score <= body["signalScoreMax"])
    if "audienceStrengthMin" in body:  # letters run the other way: A is the largest audience
        tests.append(lambda s: s.audience <= body["audienceStrengthMin"])
    if "audienceStrengthMax" in body:
        tests.append(lambda s: s.audience >= body["audienceStrengthMax"])
    return tests


def day_of(name: str, value: str) -> date:
    """A criterion that is a day, `YYYY-MM-DD`."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Refused(INVALID_FIELDS, [name]) from None


def _ids(name: str, value: Any) -> set[int]:
    parts = listed(value)
    if not parts or not all(re.fullmatch(r"[0-9]{1,18}", part) for part in parts):
        raise Refused(INVALID_FIELDS, [name])
    return {int(part) for part in parts}


def _company_ids(value: Any) -> CompanyTest:
    ids = _ids("companyId", value)
    return lambda c: c.id in ids


def _names(value: str, directory: Directory) -> CompanyTest:
    """The words of a name stand together in the company's; OR gives alternatives, NOT leaves some out."""
    wanted, *unwanted = re.split(r"\bNOT\b", value)
    has = [words for part in re.split(r"\bOR\b", wanted) if (words := plain_name(part))]
    lacks = [words for part in unwanted if (words := plain_name(part))]
    names = directory.plain_names

    def test(company: Company) -> bool:
        name = f" {names[company.id]} "
        return any(f" {words} " in name for words in has) and not any(f" {words} " in name for words in lacks)

    return test


def _websites(value: str, directory: Directory) -> CompanyTest:
    ids = {company_id for website in listed(value) for company_id in directory.companies_at(website)}
    return lambda c: c.id in ids


def _places(country: str | None, state: str | None, lists: Lists) -> CompanyTest:
    codes = {c.code.casefold(): c.name for c in lists.countries} | {c.name.casefold(): c.name for c in lists.countries}
    short = {s.code.casefold(): s.name for s in lists.states} | {s.name.casefold(): s.name for s in lists.states}
    countries = {codes.get(part.casefold()) for part in listed(country or "")} - {None}
    states = {short.get(part.casefold()) for part in listed(state or "")} - {None}
    return lambda c: c.country in countries or c.state in states


def _industries(value: Any, lists: Lists) -> CompanyTest:
    codes = {part.casefold() for part in listed(value)}
    if not codes or codes - {industry.id.casefold() for industry in lists.industries}:
        raise Refused(INVALID_FIELDS, ["industryCodes"])
    return lambda c: any(industry.id.casefold() in codes for industry in c.industries)


def _technologies(value: Any) -> CompanyTest:
    """`333.202.28` is everything below it; an asterisk, escaped or not, stands for any one part."""
    patterns = [part.replace("\\", "").split(".") for part in listed(value)]
    if not patterns or not all(re.fullmatch(r"[0-9]+|\*", part) for pattern in patterns for part in pattern):
        raise Refused(INVALID_FIELDS, ["techAttributeTagList"])

    def fits(pattern: Sequence[str], tag: Sequence[str]) -> bool:
        return len(pattern) <= len(tag) and all(p in ("*", t) for p, t in zip(pattern, tag, strict=False))

    return lambda c: any(fits(pattern, t.product.tag.split(".")) for t in c.technologies for pattern in patterns)


def _bands(name: str, value: Any, bands: Sequence[Band], number: Callable[[Company], int | None]) -> CompanyTest:
    by_id = {band.id.casefold(): band for band in bands}
    if not listed(value) or any(part.casefold() not in by_id for part in listed(value)):
        raise Refused(INVALID_FIELDS, [name])
    wanted = [by_id[part.casefold()] for part in listed(value)]

    def test(company: Company) -> bool:
        n = number(company)
        return n is not None and any(band.low <= n and (band.high is None or n < band.high) for band in wanted)

    return test


def _known(name: str, value: Any, values: Sequence[Value]) -> set[str]:
    """Names of the look-up values that a criterion gives by id or by name."""
    by_word = {word.casefold(): v.name for v in values for word in (v.id, v.name)}
    words = [part.casefold() for part in listed(value)]
    if not words or any(word not in by_word for word in words):
        raise Refused(INVALID_FIELDS, [name])
    return {by_word[word] for word in words}
