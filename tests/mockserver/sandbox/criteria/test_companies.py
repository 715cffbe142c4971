"""Each criterion about companies is obeyed: what comes back meets it, and what does not come back does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract import contract
from mockserver.sandbox import Options
from mockserver.world import Company, World

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

Body = dict[str, Any]
Meets = Callable[[Company], bool]
PAGING = {"rpp", "page", "sortBy", "sortOrder"}
ELSEWHERE = {"companyId", "companyName", "companyWebsite"}
"""Their forms are in test_search."""


def has_tag(company: Company, pattern: tuple[str | None, ...]) -> bool:
    return any(
        all(want in (None, part) for want, part in zip(pattern, t.product.tag.split("."), strict=False))
        for t in company.technologies
    )


def industry(company: Company, *ids: str) -> bool:
    return any(i.id in ids for i in company.industries)


def funded(company: Company, first: date, last: date, least: int = 0, most: int = 10**12) -> bool:
    return any(
        first <= r.on <= last and (least == 0 or (r.amount_usd is not None and least <= r.amount_usd <= most))
        for r in company.funding
    )


SIMPLE: dict[str, tuple[Body, Meets]] = {
    "country": ({"country": "Germany"}, lambda c: c.country == "Germany"),
    "country by code": ({"country": "de"}, lambda c: c.country == "Germany"),
    "two countries": ({"country": "Germany,Canada"}, lambda c: c.country in ("Germany", "Canada")),
    "state in words": ({"state": "california"}, lambda c: c.state == "California"),
    "state by letters": ({"state": "ca"}, lambda c: c.state == "California"),
    "country or state": (
        {"country": "Germany", "state": "California"},
        lambda c: c.country == "Germany" or c.state == "California",
    ),
    "continent": ({"continent": "europe"}, lambda c: c.continent == "Europe"),
    "metro area": (
        {"metroRegion": "usa.california.sanfrancisco"},
        lambda c: c.metro_area == "CA - San Francisco",
    ),
    "metro areas by name": (
        {"metroRegion": ["CA - San Francisco", "TX - Austin"]},
        lambda c: c.metro_area in ("CA - San Francisco", "TX - Austin"),
    ),
    "excluded metro area": (
        {"state": "California", "excludedRegions": "usa.california.sanfrancisco"},
        lambda c: c.state == "California" and c.metro_area != "CA - San Francisco",
    ),
    "radius about Philadelphia": (
        {"zipCode": "19101", "zipCodeRadiusMiles": "30"},
        lambda c: c.city == "Philadelphia" and c.country == "United States",
    ),
    "radius that reaches New York": (
        {"zipCode": "19101", "zipCodeRadiusMiles": 90},
        lambda c: (c.city, c.state) in (("Philadelphia", "Pennsylvania"), ("New York", "New York")),
    ),
    "least employees": ({"employeeRangeMin": "1000"}, lambda c: (c.employees or 0) >= 1_000),
    "most employees": ({"employeeRangeMax": 9}, lambda c: c.employees is not None and c.employees <= 9),
    "employee bands": (
        {"employeeCount": "5to9,50to99"},
        lambda c: c.employees is not None and (5 <= c.employees < 10 or 50 <= c.employees < 100),
    ),
    "least revenue": ({"revenueMin": 50_000_000}, lambda c: (c.revenue_usd or 0) >= 50_000_000),
    "most revenue": ({"revenueMax": "500000"}, lambda c: c.revenue_usd is not None and c.revenue_usd <= 500_000),
    "revenue band": (
        {"revenue": ["5mto10m"]},
        lambda c: c.revenue_usd is not None and 5_000_000 <= c.revenue_usd < 10_000_000,
    ),
    "growth in a year": (
        {"oneYearEmployeeGrowthRateMin": "5", "oneYearEmployeeGrowthRateMax": 12.5},
        lambda c: c.growth_1y is not None and 0.05 <= c.growth_1y <= 0.125,
    ),
    "shrinking over two years": (
        {"twoYearEmployeeGrowthRateMax": "-2.5"},
        lambda c: c.growth_2y is not None and c.growth_2y <= -0.025,
    ),
    "growth over two years": (
        {"twoYearEmployeeGrowthRateMin": 30},
        lambda c: c.growth_2y is not None and c.growth_2y >= 0.3,
    ),
    "contacts on file": (
        {"zoominfoContactsMin": "3", "zoominfoContactsMax": "5"},
        lambda c: 3 <= c.contact_count <= 5,
    ),
    "least funding in thousands": (
        {"fundingAmountMin": 2_000},
        lambda c: funded(c, date.min, date.max, least=2_000_000),
    ),
    "one round within all bounds": (
        {
            "fundingAmountMin": 500,
            "fundingAmountMax": 9_000,
            "fundingStartDate": "2022-01-01",
            "fundingEndDate": "2025-12-31",
        },
        lambda c: funded(c, date(2022, 1, 1), date(2025, 12, 31), least=500_000, most=9_000_000),
    ),
    "funded since": ({"fundingStartDate": "2025-01-01"}, lambda c: funded(c, date(2025, 1, 1), date.max)),
    "funded until": ({"fundingEndDate": "2021-12-31"}, lambda c: funded(c, date.min, date(2021, 12, 31))),
    "industry": ({"industryCodes": "software"}, lambda c: industry(c, "software")),
    "sub-industry": (
        {"industryCodes": ["software.security", "telecom"]},
        lambda c: industry(c, "software.security", "telecom"),
    ),
    "primary industry alone": (
        {"industryCodes": "software", "primaryIndustriesOnly": True},
        lambda c: c.industries[0].id == "software",
    ),
    "primary industry not asked for": (
        {"industryCodes": "software", "primaryIndustriesOnly": False},
        lambda c: industry(c, "software"),
    ),
    "industry by words": (
        {"industryKeywords": "software AND security OR banking"},
        lambda c: (
            any("security" in i.name.lower() for i in c.industries)
            and any("software" in i.name.lower().split() for i in c.industries)
        )
        or any("banking" in i.name.lower().split() for i in c.industries),
    ),
    "SIC code": ({"sicCodes": "5399"}, lambda c: any(code.id == "5399" for i in c.industries for code in i.sic)),
    "NAICS code": (
        {"naicsCodes": ["455219"]},
        lambda c: any(code.id == "455219" for i in c.industries for code in i.naics),
    ),
    "technology": ({"techAttributeTagList": "131.202"}, lambda c: has_tag(c, ("131", "202"))),
    "technology by wildcard": ({"techAttributeTagList": "*.202.1"}, lambda c: has_tag(c, (None, "202", "1"))),
    "escaped wildcard": ({"techAttributeTagList": r"131.\\\*"}, lambda c: has_tag(c, ("131",))),
    "type": ({"companyType": "public,Non-Profit"}, lambda c: c.kind in ("public", "npo")),
    "ranking": ({"companyRanking": "fortune.500"}, lambda c: "Fortune 500" in c.ranking),
    "business model": ({"businessModel": ["B2G"]}, lambda c: "B2G" in c.business_model),
    "business models": (
        {"businessModel": "B2C,B2G"},
        lambda c: not {"B2C", "B2G"}.isdisjoint(c.business_model),
    ),
    "every business model": ({"businessModel": "All", "country": "Japan"}, lambda c: c.country == "Japan"),
    "sub-units": (
        {"subUnitTypes": "Division,Subsidiary"},
        lambda c: c.sub_unit_type in ("Division", "Subsidiary"),
    ),
    "structure": (
        {"companyStructureIncludedSubUnitTypes": "Division"},
        lambda c: c.sub_unit_type in (None, "Division"),
    ),
    "certified": ({"certified": 1}, lambda c: c.is_certified),
    "not certified": ({"certified": 0}, lambda c: not c.is_certified),
    "living": (
        {"excludeDefunctCompanies": True, "country": "Canada"},
        lambda c: not c.is_defunct and c.country == "Canada",
    ),
    "living or not": ({"excludeDefunctCompanies": False, "country": "Canada"}, lambda c: c.country == "Canada"),
    "all at once": (
        {"country": "United States", "employeeRangeMin": "50", "industryCodes": "software"},
        lambda c: c.country == "United States" and (c.employees or 0) >= 50 and industry(c, "software"),
    ),
}  # fmt: skip


def named(world: World, wanted: Meets) -> Company:
    return next(c for c in world.companies.values() if wanted(c))


def a_ticker(world: World) -> tuple[Body, Meets]:
    ticker = named(world, lambda c: c.ticker is not None).ticker
    return {"companyTicker": [str(ticker).lower()]}, lambda c: c.ticker == ticker


def a_parent(world: World) -> tuple[Body, Meets]:
    parent = named(world, lambda c: c.parent_id is not None).parent_id
    return {"parentId": str(parent)}, lambda c: c.parent_id == parent


def a_hashtag(world: World) -> tuple[Body, Meets]:
    wanted = {"Hiring", "Publicly Traded"}
    return {
        "hashTagString": "hiring,Publicly Traded"
    }, lambda c: not wanted.isdisjoint(tag.name for tag in world.profile_of(c.id).hashtags)


def a_description(world: World) -> tuple[Body, Meets]:
    company = named(world, lambda c: bool(world.profile_of(c.id).descriptions))
    name, city = company.name.split()[0], company.city
    return {"companyDescription": f"{city.upper()}, {name}"}, lambda c: any(
        name in text and city in text for text in world.profile_of(c.id).descriptions
    )


def a_zip_code(world: World) -> tuple[Body, Meets]:
    code = named(world, lambda c: c.country == "Canada" and c.zip_code is not None).zip_code
    return {"zipCode": str(code).lower().replace(" ", "")}, lambda c: c.zip_code == code


def a_street(world: World) -> tuple[Body, Meets]:
    words = str(named(world, lambda c: c.street is not None).street).split(maxsplit=1)[1]
    return {"street": words.upper()}, lambda c: c.street is not None and c.street.endswith(f" {words}")


def an_address(world: World) -> tuple[Body, Meets]:
    company = named(world, lambda c: c.street is not None)
    return (
        {"address": f"{company.street}, {company.city}"},
        lambda c: (
            (c.street, c.city)
            == (
                company.street,
                company.city,
            )
        ),
    )


def of_a_person(world: World) -> tuple[Body, Meets]:
    return {"country": "Japan", "locationSearchType": "Person"}, lambda c: any(
        p.country == "Japan" for p in world.contacts_of(c.id)
    )


def of_a_person_or_the_headquarters(world: World) -> tuple[Body, Meets]:
    return {
        "country": "Japan",
        "locationSearchType": "PersonOrHQ",
    }, lambda c: c.country == "Japan" or any(p.country == "Japan" for p in world.contacts_of(c.id))


def of_the_headquarters(world: World) -> tuple[Body, Meets]:
    return {"country": "Japan", "locationSearchType": "HQ"}, lambda c: c.country == "Japan"


DRAWN = (
    a_ticker, a_parent, a_hashtag, a_description, a_zip_code, a_street, an_address, of_a_person,
    of_a_person_or_the_headquarters, of_the_headquarters,
)  # fmt: skip


@pytest.mark.parametrize("name", SIMPLE)
def test_a_company_criterion_is_obeyed(reader: Caller, name: str) -> None:
    body, meets = SIMPLE[name]
    expected = [company.id for company in reader.sandbox.world.companies.values() if meets(company)]
    assert 0 < len(expected) < 1_000
    assert reader.every_id("/search/company", body) == expected


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_a_criterion_with_a_value_of_the_world_is_obeyed(
    reader: Caller, draw: Callable[[World], tuple[Body, Meets]]
) -> None:
    world = reader.sandbox.world
    body, meets = draw(world)
    expected = [company.id for company in world.companies.values() if meets(company)]
    assert 0 < len(expected) < 1_000
    assert reader.every_id("/search/company", body) == expected


@pytest.mark.parametrize("name", [name for name, (body, _) in SIMPLE.items() if "businessModel" not in body])
def test_the_signals_of_a_search_are_those_of_the_companies_that_meet_its_criteria(reader: Caller, name: str) -> None:
    body, meets = SIMPLE[name]
    world, now = reader.sandbox.world, reader.sandbox.now()
    answer = reader.post("/search/intent", {**body, "topics": [topic.name for topic in world.lists.topics], "rpp": 1})
    assert answer["totalResults"] == sum(meets(world.companies[s.company_id]) for s in world.signals(now))


@pytest.mark.parametrize("path", ["/search/company", "/search/contact"])
@pytest.mark.parametrize(
    "body",
    [
        {"engagementStartDate": "2026-01-01"},
        {"engagementStartDate": "2026-01-01", "engagementEndDate": "2026-06-30", "engagementType": ["email"]},
        {"engagementType": ["phone", "online meeting"]},
    ],
)
def test_an_account_without_engagements_finds_nobody_by_them(reader: Caller, path: str, body: Body) -> None:
    assert reader.post(path, {**body, "country": "Germany"})["totalResults"] == 0


def test_the_topmost_parent_is_told_from_the_parent(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=1_500))
    companies = caller.sandbox.world.companies.values()
    below = named(caller.sandbox.world, lambda c: c.parent_id not in (None, c.ultimate_parent_id))
    by_top = [c.id for c in companies if c.ultimate_parent_id == below.ultimate_parent_id]
    by_parent = [c.id for c in companies if c.parent_id == below.ultimate_parent_id]
    assert below.id in by_top
    assert below.id not in by_parent
    assert caller.every_id("/search/company", {"ultimateParentId": below.ultimate_parent_id}) == by_top
    assert caller.every_id("/search/company", {"parentId": [below.ultimate_parent_id]}) == by_parent


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-1, 120)
    | st.sampled_from([10**400, 3.0, "", " ", ",", "7", "9" * 5_000, "a,b", "*", "OR", "2026-01-31", "0001-01-01", []])
    | st.lists(st.sampled_from(["7", "B2B", "email", "", "1"]), max_size=2)
    | st.text(max_size=4)
)


@pytest.mark.parametrize("operation_id", ["search.company", "search.contact", "search.intent"])
def test_whatever_a_criterion_says_is_answered_or_refused(reader: Caller, operation_id: str) -> None:
    operation = contract()[operation_id]
    names = st.sampled_from(sorted((operation.body or {})["properties"]))
    said = {"topics": ["Lead Scoring"]} if operation_id == "search.intent" else {}

    @settings(max_examples=150, deadline=None)
    @given(body=st.dictionaries(names, VALUES, min_size=1, max_size=3))
    def holds(body: Body) -> None:
        reader.seconds += 0.1
        assert reader.send("POST", operation.path, {"country": "Ireland", **said, **body}).status in (200, 400)

    holds()


def test_no_criterion_of_a_company_is_left_untried(reader: Caller) -> None:
    tried = {name for body, _ in SIMPLE.values() for name in body}
    tried |= {name for draw in DRAWN for name in draw(reader.sandbox.world)[0]}
    tried |= {"ultimateParentId", "engagementStartDate", "engagementEndDate", "engagementType"}
    documented = set((contract()["search.company"].body or {})["properties"]) - PAGING - ELSEWHERE
    assert documented - tried == set()
