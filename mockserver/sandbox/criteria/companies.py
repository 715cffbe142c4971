"""From the criteria of a search to a yes or no for each company and signal; for people see `people`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockserver.sandbox.criteria.aspects import AnyOf, Bands, Named, OneOf, Shared
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.criteria.growth import growth_tests
from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.values import day_of, days_of, ids_of, known_ids, known_names, one_of, plain, stands_in
from mockserver.sandbox.words import listed, plain_name
from mockserver.world import Company, Lists, Signal
from mockserver.world.catalogue import Band, Industry, Value

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
    lists, primary = directory.world.lists, body.get("primaryIndustriesOnly", False)
    sizes, revenues = lists.employee_ranges, lists.revenue_ranges
    made: dict[str, Callable[[Any], CompanyTest]] = {
        "companyId": lambda value: OneOf(ids_of("companyId", value)),
        "companyName": lambda value: _names(value, directory),
        "companyWebsite": lambda value: _websites(value, directory),
        "companyTicker": lambda value: _tickers(value, directory),
        # docs/assumptions.md, "`companyDescription`"
        "companyDescription": lambda value: _description(value, directory),
        "companyType": lambda value: _shared("type", known_ids("companyType", value, lists.company_types)),
        "companyRanking": lambda value: _shared(
            "ranking", known_names("companyRanking", value, lists.company_rankings)
        ),
        "businessModel": _business_model,
        "parentId": lambda value: _among(ids_of("parentId", value), lambda c: c.parent_id),
        "ultimateParentId": lambda value: _among(ids_of("ultimateParentId", value), lambda c: c.ultimate_parent_id),
        "subUnitTypes": lambda value: _shared(
            "sub-unit type", known_names("subUnitTypes", value, lists.sub_unit_types)
        ),
        "companyStructureIncludedSubUnitTypes": lambda value: _structure(value, lists),
        # docs/assumptions.md, "`primaryIndustriesOnly`"
        "industryCodes": lambda value: _shared(
            "primary industries" if primary else "industries", known_ids("industryCodes", value, lists.industries)
        ),
        "industryKeywords": lambda value: _industry_keywords(value, lists),
        "sicCodes": lambda value: _coded(known_ids("sicCodes", value, lists.sic_codes), lists, lambda i: i.sic),
        "naicsCodes": lambda value: _coded(known_ids("naicsCodes", value, lists.naics_codes), lists, lambda i: i.naics),
        "techAttributeTagList": lambda value: _technologies(value, lists),
        "hashTagString": lambda value: _hash_tags(known_ids("hashTagString", value, lists.hashtags), directory),
        "employeeCount": lambda value: _bands("employeeRange", known_ids("employeeCount", value, sizes), sizes),
        "revenue": lambda value: _bands("revenue", known_ids("revenue", value, revenues), revenues),
        # docs/assumptions.md, "`certified`"
        "certified": lambda value: Shared("is certified", lambda is_so: is_so == bool(value)),
        "excludeDefunctCompanies": lambda value: Shared("is defunct", lambda is_so: not (value and is_so)),
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


def _shared(aspect: str, wanted: set[str]) -> CompanyTest:
    return Shared(aspect, wanted.__contains__)


def _among(wanted: set[int], of: Callable[[Company], int | None]) -> CompanyTest:
    return lambda c: of(c) in wanted


def _coded(wanted: set[str], lists: Lists, codes: Callable[[Industry], Sequence[Value]]) -> CompanyTest:
    return _shared("industries", {i.id for i in lists.industries if any(code.id in wanted for code in codes(i))})


def _hash_tags(wanted: set[str], directory: Directory) -> CompanyTest:
    profile_of = directory.world.profile_of
    return lambda c: not wanted.isdisjoint([tag.id for tag in profile_of(c.id).hashtags])


# docs/assumptions.md, "`companyName`"
def _names(value: str, directory: Directory) -> CompanyTest:
    """The words of a name stand together in the company's; OR gives alternatives, NOT leaves some out."""
    wanted, *unwanted = re.split(r"\bNOT\b", value)
    has = [words for part in re.split(r"\bOR\b", wanted) if (words := plain_name(part))]
    lacks = [words for part in unwanted if (words := plain_name(part))]
    return Named(has, lacks, directory.plain_names)


# docs/assumptions.md, "`companyWebsite`"
def _websites(value: str, directory: Directory) -> CompanyTest:
    ids = {company_id for website in listed(value) for company_id in directory.companies_at(website)}
    return OneOf(ids)


def _tickers(value: Any, directory: Directory) -> CompanyTest:
    ids = {company_id for ticker in listed(value) for company_id in directory.companies_with_ticker(ticker)}
    return OneOf(ids)


def _description(value: str, directory: Directory) -> CompanyTest:
    """Every word is in one of the company's descriptions."""
    words = set(plain(value).split())
    profile_of = directory.world.profile_of
    return lambda c: bool(words) and any(words <= set(plain(text).split()) for text in profile_of(c.id).descriptions)


def _business_model(value: Any) -> CompanyTest:
    models = one_of("businessModel", value, (*BUSINESS_MODELS, "All"))
    return (lambda c: True) if "All" in models else _shared("business model", models)


def _structure(value: Any, lists: Lists) -> CompanyTest:
    """docs/assumptions.md, "`companyStructureIncludedSubUnitTypes`"."""
    kinds = known_names("companyStructureIncludedSubUnitTypes", value, lists.sub_unit_types)
    return Shared("sub-unit type", lambda kind: kind is None or kind in kinds)


# docs/assumptions.md, "`industryKeywords`"
def _industry_keywords(value: str, lists: Lists) -> CompanyTest:
    """Alternatives are joined by OR or by commas; AND binds more closely."""
    names = {industry.id: plain(industry.name) for industry in lists.industries}

    def of(word: str) -> CompanyTest:
        words = plain(word)
        return _shared("industries", {i for i, name in names.items() if stands_in(words, name)})

    alternatives = [re.split(r"\bAND\b", part) for part in re.split(r"\bOR\b|,", value)]
    return AnyOf([[of(word) for word in words] for words in alternatives])


# docs/assumptions.md, "`techAttributeTagList`"
def _technologies(value: Any, lists: Lists) -> CompanyTest:
    """`333.202.28` is everything below it; an asterisk, escaped or not, stands for any one part."""
    patterns = [part.replace("\\", "").split(".") for part in listed(value)]
    if not patterns or not all(re.fullmatch(r"[0-9]+|\*", part) for pattern in patterns for part in pattern):
        raise Refused(INVALID_FIELDS, ["techAttributeTagList"])

    def fits(pattern: Sequence[str], tag: Sequence[str]) -> bool:
        return len(pattern) <= len(tag) and all(p in ("*", t) for p, t in zip(pattern, tag, strict=False))

    tags = [product.tag for product in lists.technologies]
    return _shared("technologies", {tag for tag in tags if any(fits(p, tag.split(".")) for p in patterns)})


def _bands(name: str, ids: set[str], bands: Sequence[Band]) -> CompanyTest:
    return Bands(name, [band for band in bands if band.id in ids])
