"""Criteria about companies: each is a keyword of the searches that share it, told once.

Money is in US dollars, growth in per cent. A criterion that takes a list means any of its values, and takes them
also as one text, with commas between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated as A
from typing import Literal, TypeAlias

from zianalytics.api.describe import Doc
from zianalytics.api.filters import Ids, Request, Texts
from zianalytics.api.listed import Listed
from zianalytics.errors import RequestRefused

WhosePlace: TypeAlias = Literal["hq", "person", "person_or_hq", "person_and_hq", "person_then_hq"]
BusinessModel: TypeAlias = Literal["B2B", "B2C", "B2G"]
Engagement: TypeAlias = Literal["email", "phone", "online meeting"]


@dataclass(frozen=True, kw_only=True)
class Place(Request):
    """Where the company has its primary address, and where its people work."""

    country: A[
        Texts,
        Doc("Countries of the primary address, as in zi.lookup.countries(), any; other text goes with a warning."),
        Listed("countries", is_free=True),
    ] = None
    state: A[
        Texts,
        Doc("States or provinces (US, Canada), as in zi.lookup.states(), any, or other text; not with `country`."),
        Listed("states", is_free=True),
    ] = None
    continent: A[
        Texts,
        Doc("Continents of the primary address, as in zi.lookup.continents(); any of them."),
        Listed("continents"),
    ] = None
    metro_region: A[
        Texts, Doc("Metro areas (US, Canada), as in zi.lookup.metro_areas(); any of them."), Listed("metro_areas")
    ] = None
    excluded_regions: A[
        Texts, Doc("Metro areas to leave out, as in zi.lookup.metro_areas()."), Listed("metro_areas")
    ] = None
    zip_code: A[str | None, Doc("Postal code of the primary address.")] = None
    zip_code_radius_miles: A[int | None, Doc("Miles around `zip_code`.")] = None
    street: A[str | None, Doc("Words of the street.")] = None
    address: A[str | None, Doc("Words of the address, its parts separated by commas.")] = None
    location_search_type: A[
        WhosePlace | None,
        Doc("Whose place the others mean: that of the company (unless told), or of the people who work there."),
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        # docs/assumptions.md, "`country` and `state` together"
        if self.country and self.state:
            raise RequestRefused(
                "country= and state= exclude each other: the service would return all states of the country. "
                "Nothing was sent. Pass state= alone."
            )
        self._needs("zip_code_radius_miles", "zip_code")
        self._none_below_0("zip_code_radius_miles")


@dataclass(frozen=True, kw_only=True)
class Size(Request):
    """How large the company is, and how it is funded."""

    employee_range_min: A[int | None, Doc("People employed, at least.")] = None
    employee_range_max: A[int | None, Doc("People employed, at most.")] = None
    revenue_min_usd: A[int | None, Doc("Annual revenue in US dollars, at least.")] = None
    revenue_max_usd: A[int | None, Doc("Annual revenue in US dollars, at most.")] = None
    employee_ranges: A[
        Texts, Doc("Ranges of headcount, as in zi.lookup.employee_ranges(); any of them."), Listed("employee_ranges")
    ] = None
    revenue_ranges: A[
        Texts, Doc("Ranges of revenue, as in zi.lookup.revenue_ranges(); any of them."), Listed("revenue_ranges")
    ] = None
    contact_count_min: A[int | None, Doc("Contacts that ZoomInfo has of the company, at least.")] = None
    contact_count_max: A[int | None, Doc("Contacts that ZoomInfo has of the company, at most.")] = None
    funding_min_usd: A[int | None, Doc("A round of funding in US dollars, at least; in whole thousands.")] = None
    funding_max_usd: A[int | None, Doc("A round of funding in US dollars, at most; in whole thousands.")] = None
    funding_start_date: A[date | None, Doc("First day of a round of funding.")] = None
    funding_end_date: A[date | None, Doc("Last day of a round of funding.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._none_below_0(*(one for one in vars(Size)["__annotations__"] if one.endswith(("_min", "_max", "_usd"))))
        for least, most in (
            ("employee_range_min", "employee_range_max"),
            ("revenue_min_usd", "revenue_max_usd"),
            ("contact_count_min", "contact_count_max"),
            ("funding_min_usd", "funding_max_usd"),
            ("funding_start_date", "funding_end_date"),
        ):
            self._order(least, most)
        for name in ("funding_min_usd", "funding_max_usd"):
            amount = getattr(self, name)
            if amount is not None and amount % 1000:
                raise RequestRefused(
                    f"{name}={amount} is not a whole number of thousands, in which the service counts funding. "
                    f"Nothing was sent. Pass {amount // 1000 * 1000} or {-(-amount // 1000) * 1000}."
                )


@dataclass(frozen=True, kw_only=True)
class Growth(Request):
    """How fast the company grows."""

    one_year_employee_growth_rate_min: A[float | None, Doc("Growth of headcount in a year, at least, in per cent.")] = (
        None
    )
    one_year_employee_growth_rate_max: A[float | None, Doc("Growth of headcount in a year, at most, in per cent.")] = (
        None
    )
    two_year_employee_growth_rate_min: A[
        float | None, Doc("Growth of headcount in two years, at least, in per cent.")
    ] = None
    two_year_employee_growth_rate_max: A[
        float | None, Doc("Growth of headcount in two years, at most, in per cent.")
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._order("one_year_employee_growth_rate_min", "one_year_employee_growth_rate_max")
        self._order("two_year_employee_growth_rate_min", "two_year_employee_growth_rate_max")


@dataclass(frozen=True, kw_only=True)
class Firmographics(Place, Size):
    """What kind of company it is."""

    industry_codes: A[
        Texts, Doc("Industry codes, as in zi.lookup.industries(); any of them."), Listed("industries")
    ] = None
    primary_industries_only: A[bool | None, Doc("Whether `industry_codes` mean the first industry alone.")] = None
    industry_keywords: A[str | None, Doc('Words of industries, joined by AND or OR: "software AND security".')] = None
    sic_codes: A[
        Texts, Doc("SIC codes of four digits, as in zi.lookup.sic_codes(); any of them."), Listed("sic_codes")
    ] = None
    naics_codes: A[Texts, Doc("NAICS codes, as in zi.lookup.naics_codes(); any of them."), Listed("naics_codes")] = None
    tech_attribute_tags: A[
        Texts,
        Doc('Technologies in use, as in zi.lookup.tech_products(): "333.202.28", or "333.202.*"; any of them.'),
        Listed("tech_products", tags=True),
    ] = None
    hashtags: A[Texts, Doc("Hashtags of the company, as in zi.lookup.hashtags(); any of them."), Listed("hashtags")] = (
        None
    )
    company_description: A[str | None, Doc("Words of the company's description; all of them.")] = None
    company_type: A[
        Texts, Doc("Kinds of company, as in zi.lookup.company_types(); any of them."), Listed("company_types")
    ] = None
    company_ranking: A[
        Texts,
        Doc("Lists that rank the company, as in zi.lookup.company_rankings(); any of them."),
        Listed("company_rankings"),
    ] = None
    sub_unit_types: A[
        Texts,
        Doc("Only sub-units of these kinds, as in zi.lookup.sub_unit_types(); any of them."),
        Listed("sub_unit_types"),
    ] = None
    included_sub_unit_types: A[
        Texts,
        Doc("Kinds of sub-unit, as in zi.lookup.sub_unit_types(), that are in beside other companies."),
        Listed("sub_unit_types"),
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._needs("primary_industries_only", "industry_codes")


@dataclass(frozen=True, kw_only=True)
class Vitality(Request):
    """Whether the company is known to be alive."""

    certified: A[bool | None, Doc("Whether activity was confirmed within the past 12 months.")] = None
    exclude_defunct_companies: A[bool | None, Doc("Whether companies that ceased to exist are left out.")] = None


@dataclass(frozen=True, kw_only=True)
class Engagements(Request):
    """What the account has had to do with the company or person, by its own connected systems."""

    engagement_start_date: A[date | None, Doc("First day of an engagement.")] = None
    engagement_end_date: A[date | None, Doc("Last day of an engagement; needs `engagement_start_date`.")] = None
    engagement_type: A[
        Engagement | Sequence[Engagement] | None, Doc('"email", "phone" or "online meeting"; any of them.')
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._needs("engagement_end_date", "engagement_start_date")
        self._order("engagement_start_date", "engagement_end_date")


@dataclass(frozen=True, kw_only=True)
class CompanyNames(Request):
    """Which company it is."""

    company_id: A[Ids, Doc("ZoomInfo's ids of companies; any of them.")] = None
    company_name: A[str | None, Doc("Company name.")] = None
    company_website: A[str | None, Doc("Address of the company's website.")] = None
    parent_id: A[Ids, Doc("Ids of companies whose direct sub-units are wanted; any of them.")] = None
    ultimate_parent_id: A[Ids, Doc("Ids of companies at whose top-most place sub-units hang; any of them.")] = None


@dataclass(frozen=True, kw_only=True)
class Ticker(Request):
    """Under which name the company is traded."""

    company_ticker: A[Texts, Doc("Stock ticker symbols; any of them.")] = None


@dataclass(frozen=True, kw_only=True)
class CompanyFilters(CompanyNames, Ticker, Firmographics, Growth):
    """Everything that searches for companies and for people take of a company."""
