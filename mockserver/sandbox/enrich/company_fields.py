"""The output fields of the company enrichment, each read off a company and its profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from mockserver.sandbox.enrich.catalogued import hashtags_as_json, headcounts_as_json, technologies_as_json
from mockserver.sandbox.words import iso_day, per_cent, thousands, us_time
from mockserver.world import Company, Profile, World, band_of
from mockserver.world.catalogue import Industry

_DEPARTMENTS = {
    "C-Suite": "cSuite",
    "Finance": "finance",
    "Human Resources": "humanResources",
    "Sales": "sales",
    "Operations": "operations",
    "Information Technology": "informationTechnology",
    "Engineering & Technical": "engineeringAndTechnical",
    "Marketing": "marketing",
    "Legal": "legal",
    "Medical & Health": "medicalAndHealth",
}
_BUDGETS = {
    "marketingBudget": "Marketing",
    "financeBudget": "Finance",
    "itBudget": "Information Technology",
    "hrBudget": "Human Resources",
}

ADDRESS = {
    "companyStreet": "street",
    "companyCity": "city",
    "companyState": "state",
    "companyZipCode": "zipCode",
    "companyCountry": "country",
}
"""The parts of a company's address, by their names in an input and in an answer."""


class Seen(msgspec.Struct, gc=False):
    """A company as an enrichment looks at it, and the input that meant it (empty when none)."""

    company: Company
    world: World
    said: Mapping[str, Any]
    _profile: Profile | None = None

    @property
    def profile(self) -> Profile:
        """What only an enrichment shows."""
        if self._profile is None:
            self._profile = self.world.profile_of(self.company.id)
        return self._profile

    @property
    def parent(self) -> Company | None:
        """Its parent."""
        return None if self.company.parent_id is None else self.world.companies[self.company.parent_id]

    @property
    def top(self) -> Company | None:
        """Its topmost parent."""
        top = self.company.ultimate_parent_id
        return None if top is None else self.world.companies[top]


def records_of(fields: Iterable[str], companies: Sequence[Seen]) -> Iterator[msgspec.Struct]:
    """The fields that are asked for, in that order, of one company after the other."""
    row, reads = _row(tuple(fields))
    if len(companies) == 1:
        return iter([row(*[read(companies[0]) for read in reads])])
    # Field by field: each reads its part of all companies while its code is at hand.
    return map(row, *[[read(company) for company in companies] for read in reads])


@lru_cache(256)
def _row(fields: tuple[str, ...]) -> tuple[Callable[..., msgspec.Struct], Sequence[Callable[[Seen], Any]]]:
    """What holds these fields, and what reads each: a struct is filled in and written faster than a dict."""
    readers = {name: FIELDS[name] for name in fields}
    return msgspec.defstruct("Row", [(name, Any) for name in readers], gc=False), tuple(readers.values())


def codes(industries: tuple[Industry, ...]) -> list[dict[str, str]]:
    """Industries with their codes."""
    return [{"id": industry.id, "name": industry.name} for industry in industries]


def sic_codes(company: Company) -> list[dict[str, str]]:
    """The SIC codes of a company's industries."""
    return [{"id": i, "name": n} for i, n in {v.id: v.name for i in company.industries for v in i.sic}.items()]


def naics_codes(company: Company) -> list[dict[str, str]]:
    """The NAICS codes of a company's industries."""
    return [{"id": i, "name": n} for i, n in {v.id: v.name for i in company.industries for v in i.naics}.items()]


def social_pages(profile: Profile) -> list[dict[str, str]]:
    """A company's pages on social networks."""
    return [
        {"type": page.kind, "url": page.url, "followerCount": "" if page.followers is None else str(page.followers)}
        for page in profile.social_pages
    ]


def employee_range(company: Company, world: World) -> str:
    """The range of a company's headcount, in words."""
    return "" if company.employees is None else band_of(world.lists.employee_ranges, company.employees).name


def revenue_range(company: Company, world: World) -> str:
    """The range of a company's revenue, in words."""
    return "" if company.revenue_usd is None else band_of(world.lists.revenue_ranges, company.revenue_usd).name


def _sub_industry(seen: Seen) -> list[dict[str, str]]:
    sub = seen.company.primary_sub_industry
    return [] if sub is None else codes((sub,))


def _competitors(seen: Seen) -> list[dict[str, Any]]:
    rivals = enumerate([seen.world.companies[company_id] for company_id in seen.profile.competitors], start=1)
    return [
        {"rank": rank, "id": c.id, "name": c.name, "website": c.website or "", "employeeCount": c.employees}
        for rank, c in rivals
    ]


def _location_match(seen: Seen) -> dict[str, Any] | None:
    """The company's office that the input's address describes, part by part."""
    address = {part: str(seen.said[name]) for name, part in ADDRESS.items() if name in seen.said}
    if not address:
        return None
    for office in seen.world.offices_of(seen.company.id):
        place = {
            "street": office.street or "",
            "city": office.city,
            "state": office.state or "",
            "zipCode": office.zip_code or "",
            "country": office.country,
        }
        if all(place[part].casefold() == said.casefold() for part, said in address.items()):
            return {"companyId": seen.company.id, "address": place, "addressStatus": "CURRENT"}
    return None


def _funding(seen: Seen) -> list[dict[str, Any]]:
    return [
        {
            "date": iso_day(r.on),
            "type": r.kind,
            "amount": thousands(r.amount_usd),
            "investors": list(r.investors),
        }
        for r in seen.company.funding
    ]


def _total_funding(seen: Seen) -> int | None:
    amounts = [r.amount_usd for r in seen.company.funding if r.amount_usd is not None]
    return thousands(sum(amounts)) if amounts else None


def _growth(seen: Seen) -> dict[str, Any] | None:
    company = seen.company
    if not company.employee_history:
        return None
    return {
        "oneYearGrowthRate": per_cent(company.growth_1y),
        "twoYearGrowthRate": per_cent(company.growth_2y),
        "employeeGrowthDataPoints": headcounts_as_json(seen.world.quarters, company.employee_history),
    }


def _budgets(seen: Seen) -> dict[str, int | None]:
    budgets = seen.profile.department_budgets_usd
    return {name: thousands(budgets.get(department)) for name, department in _BUDGETS.items()}


def _last_round(seen: Seen) -> Any:
    return max(seen.company.funding, key=lambda r: r.on, default=None)


# docs/assumptions.md, "missing values"
FIELDS: Mapping[str, Callable[[Seen], Any]] = {
    "id": lambda s: s.company.id,
    "ticker": lambda s: s.company.ticker or "",
    "name": lambda s: s.company.name,
    "website": lambda s: s.company.website or "",
    "domainList": lambda s: list(s.company.domains),
    "logo": lambda s: s.profile.logo or "",
    "socialMediaUrls": lambda s: social_pages(s.profile),
    "revenue": lambda s: thousands(s.company.revenue_usd),
    "employeeCount": lambda s: s.company.employees,
    "numberOfContactsInZoomInfo": lambda s: s.company.contact_count,
    "phone": lambda s: s.company.phone or "",
    "fax": lambda s: s.company.fax or "",
    "street": lambda s: s.company.street or "",
    "city": lambda s: s.company.city,
    "state": lambda s: s.company.state or "",
    "zipCode": lambda s: s.company.zip_code or "",
    "country": lambda s: s.company.country,
    "continent": lambda s: s.company.continent,
    "companyStatus": lambda s: "Inactive" if s.company.is_defunct else "Active",
    "companyStatusDate": lambda s: iso_day(s.company.status_since),
    "descriptionList": lambda s: [{"description": text} for text in s.profile.descriptions],
    "sicCodes": lambda s: sic_codes(s.company),
    "naicsCodes": lambda s: naics_codes(s.company),
    "competitors": _competitors,
    "ultimateParentId": lambda s: s.company.ultimate_parent_id,
    "ultimateParentName": lambda s: s.top.name if s.top else "",
    "ultimateParentRevenue": lambda s: thousands(s.top.revenue_usd) if s.top else None,
    "ultimateParentEmployees": lambda s: s.top.employees if s.top else None,
    "subUnitCodes": lambda s: list(s.profile.sub_unit_codes),
    "subUnitType": lambda s: s.company.sub_unit_type or "",
    "subUnitIndustries": lambda s: [i.name for i in s.company.industries] if s.company.sub_unit_type else [],
    "primaryIndustry": lambda s: [s.company.primary_industry.name],
    "primaryIndustryCode": lambda s: codes((s.company.primary_industry,)),
    "primarySubIndustryCode": _sub_industry,
    "industries": lambda s: [i.name for i in s.company.industries],
    "industryCodes": lambda s: codes(s.company.industries),
    "parentId": lambda s: s.company.parent_id,
    "parentName": lambda s: s.parent.name if s.parent else "",
    "locationCount": lambda s: s.company.office_count,
    "locationMatch": _location_match,
    "metroArea": lambda s: s.company.metro_area or "",
    "lastUpdatedDate": lambda s: us_time(s.company.updated_at),
    "createdDate": lambda s: us_time(s.company.created_at),
    "certificationDate": lambda s: iso_day(s.company.certified_on),
    "certified": lambda s: s.company.is_certified,
    "hashtags": lambda s: hashtags_as_json(s.profile.hashtags),
    "products": lambda s: list(s.profile.products),
    "techAttributes": lambda s: technologies_as_json(s.company.technologies),
    "revenueRange": lambda s: revenue_range(s.company, s.world),
    "employeeRange": lambda s: employee_range(s.company, s.world),
    "companyFunding": _funding,
    "recentFundingAmount": lambda s: thousands(r.amount_usd) if (r := _last_round(s)) else None,
    "recentFundingDate": lambda s: iso_day(r.on) if (r := _last_round(s)) else "",
    "totalFundingAmount": _total_funding,
    "employeeGrowth": _growth,
    "type": lambda s: s.company.kind,
    "foundedYear": lambda s: "" if s.company.founded_year is None else str(s.company.founded_year),
    "businessModel": lambda s: list(s.company.business_model),
    "isDefunct": lambda s: s.company.is_defunct,
    "departmentBudgets": _budgets,
    # docs/assumptions.md, "`employeeCountByDepartment`"
    "employeeCountByDepartment": lambda s: {
        _DEPARTMENTS[name]: count for name, count in s.profile.department_counts.items()
    },
    # docs/assumptions.md, "engagements"
    "engagements": lambda _: [],
}
