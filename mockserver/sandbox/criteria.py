"""From the criteria of a search to a yes or no for each company and signal; for people see `people.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockserver.sandbox.directory import Directory
from mockserver.sandbox.growth import growth_tests
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.values import day_of, days_of, ids_of, known_ids, known_names, one_of, plain, stands_in
from mockserver.sandbox.words import listed, plain_name
from mockserver.world import Company, Lists, Signal
from mockserver.world.catalogue import Band

CompanyTest = Callable[[Company], bool]
PAGING = frozenset({"rpp", "page", "sortBy", "sortOrder"})
BUSINESS_MODELS = ("B2B", "B2C", "B2G")


def company_tests(body: Mapping[str, Any], directory: Directory) -> list[CompanyTest]:
    """One test for each criterion about companies but for their places, which `places.py` knows.

    Raises
    ------
    Refused
        A value is not in the look-up that the criterion belongs to, or says nothing by itself.
    """
    world, lists = directory.world, directory.world.lists
    primary = body.get("primaryIndustriesOnly", False)
    made: dict[str, Callable[[Any], CompanyTest]] = {
        "companyId": lambda value: _among(ids_of("companyId", value), lambda c: c.id),
        "companyName": lambda value: _names(value, directory),
        "companyWebsite": lambda value: _websites(value, directory),
        "companyTicker": lambda value: _tickers(value, directory),
        # docs/assumptions.md, "`companyDescription`"
        "companyDescription": lambda value: _description(value, directory),
        "companyType": lambda value: _among(known_ids("companyType", value, lists.company_types), lambda c: c.kind),
        "companyRanking": lambda value: _some(
            known_names("companyRanking", value, lists.company_rankings), lambda c: c.ranking
        ),
        "businessModel": _business_model,
        "parentId": lambda value: _among(ids_of("parentId", value), lambda c: c.parent_id),
        "ultimateParentId": lambda value: _among(ids_of("ultimateParentId", value), lambda c: c.ultimate_parent_id),
        "subUnitTypes": lambda value: _among(
            known_names("subUnitTypes", value, lists.sub_unit_types), lambda c: c.sub_unit_type
        ),
        "companyStructureIncludedSubUnitTypes": lambda value: _structure(value, lists),
        "industryCodes": lambda value: _industries(value, lists, primary=primary),
        "industryKeywords": _industry_keywords,
        "sicCodes": lambda value: _some(
            known_ids("sicCodes", value, lists.sic_codes), lambda c: [code.id for i in c.industries for code in i.sic]
        ),
        "naicsCodes": lambda value: _some(
            known_ids("naicsCodes", value, lists.naics_codes),
            lambda c: [code.id for i in c.industries for code in i.naics],
        ),
        "techAttributeTagList": _technologies,
        "hashTagString": lambda value: _some(
            known_ids("hashTagString", value, lists.hashtags),
            lambda c: [tag.id for tag in world.profile_of(c.id).hashtags],
        ),
        "employeeCount": lambda value: _bands("employeeCount", value, lists.employee_ranges, lambda c: c.employees),
        "revenue": lambda value: _bands("revenue", value, lists.revenue_ranges, lambda c: c.revenue_usd),
        # docs/assumptions.md, "`certified`"
        "certified": lambda value: lambda c: c.is_certified == bool(value),
        "excludeDefunctCompanies": lambda value: lambda c: not (value and c.is_defunct),
    }
    tests = [make(body[name]) for name, make in made.items() if name in body]
    tests += growth_tests(body)
    if engaged(body):
        tests.append(lambda c: False)
    return tests


def engaged(body: Mapping[str, Any]) -> bool:
    """Whether a search asks for engagements; the account has none.

    See docs/assumptions.md, "engagements in criteria".
    """
    if "engagementEndDate" in body and "engagementStartDate" not in body:
        raise Refused(INVALID_FIELDS, ["engagementEndDate"])
    days_of(body, "engagementStartDate", "engagementEndDate")
    return "engagementStartDate" in body or "engagementType" in body


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
    # docs/assumptions.md, "`audienceStrengthMin` and `Max`"
    if "audienceStrengthMin" in body:  # letters run the other way: A is the largest audience
        tests.append(lambda s: s.audience <= body["audienceStrengthMin"])
    if "audienceStrengthMax" in body:
        tests.append(lambda s: s.audience >= body["audienceStrengthMax"])
    return tests


def _among(wanted: set[Any], of: Callable[[Company], Any]) -> CompanyTest:
    return lambda c: of(c) in wanted


def _some(wanted: set[str], of: Callable[[Company], Sequence[str]]) -> CompanyTest:
    return lambda c: not wanted.isdisjoint(of(c))


# docs/assumptions.md, "`companyName`"
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


# docs/assumptions.md, "`companyWebsite`"
def _websites(value: str, directory: Directory) -> CompanyTest:
    ids = {company_id for website in listed(value) for company_id in directory.companies_at(website)}
    return lambda c: c.id in ids


def _tickers(value: Any, directory: Directory) -> CompanyTest:
    ids = {company_id for ticker in listed(value) for company_id in directory.companies_with_ticker(ticker)}
    return lambda c: c.id in ids


def _description(value: str, directory: Directory) -> CompanyTest:
    """Every word is in one of the company's descriptions."""
    words = set(plain(value).split())
    profile_of = directory.world.profile_of
    return lambda c: bool(words) and any(words <= set(plain(text).split()) for text in profile_of(c.id).descriptions)


def _business_model(value: Any) -> CompanyTest:
    models = one_of("businessModel", value, (*BUSINESS_MODELS, "All"))
    return lambda c: "All" in models or not models.isdisjoint(c.business_model)


def _structure(value: Any, lists: Lists) -> CompanyTest:
    """docs/assumptions.md, "`companyStructureIncludedSubUnitTypes`"."""
    kinds = known_names("companyStructureIncludedSubUnitTypes", value, lists.sub_unit_types)
    return lambda c: c.sub_unit_type is None or c.sub_unit_type in kinds


# docs/assumptions.md, "`primaryIndustriesOnly`"
def _industries(value: Any, lists: Lists, *, primary: bool) -> CompanyTest:
    codes = known_ids("industryCodes", value, lists.industries)
    if primary:
        return lambda c: any(i is not None and i.id in codes for i in (c.primary_industry, c.primary_sub_industry))
    return lambda c: not codes.isdisjoint([industry.id for industry in c.industries])


# docs/assumptions.md, "`industryKeywords`"
def _industry_keywords(value: str) -> CompanyTest:
    """Alternatives are joined by OR or by commas; AND binds more closely."""
    alternatives = [[plain(word) for word in re.split(r"\bAND\b", part)] for part in re.split(r"\bOR\b|,", value)]

    def test(company: Company) -> bool:
        names = [plain(industry.name) for industry in company.industries]
        return any(all(any(stands_in(w, name) for name in names) for w in words) for words in alternatives)

    return test


# docs/assumptions.md, "`techAttributeTagList`"
def _technologies(value: Any) -> CompanyTest:
    """`333.202.28` is everything below it; an asterisk, escaped or not, stands for any one part."""
    patterns = [part.replace("\\", "").split(".") for part in listed(value)]
    if not patterns or not all(re.fullmatch(r"[0-9]+|\*", part) for pattern in patterns for part in pattern):
        raise Refused(INVALID_FIELDS, ["techAttributeTagList"])

    def fits(pattern: Sequence[str], tag: Sequence[str]) -> bool:
        return len(pattern) <= len(tag) and all(p in ("*", t) for p, t in zip(pattern, tag, strict=False))

    return lambda c: any(fits(pattern, t.product.tag.split(".")) for t in c.technologies for pattern in patterns)


def _bands(name: str, value: Any, bands: Sequence[Band], number: Callable[[Company], int | None]) -> CompanyTest:
    ids = known_ids(name, value, bands)
    wanted = [band for band in bands if band.id in ids]

    def test(company: Company) -> bool:
        n = number(company)
        return n is not None and any(band.low <= n and (band.high is None or n < band.high) for band in wanted)

    return test
