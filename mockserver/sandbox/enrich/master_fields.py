"""The output fields of company-master, read off an office, its company and their relatives.

What has no value is left out of the answer; flags are digits as text; money is in thousands of US dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mockserver.sandbox.words import thousands
from mockserver.world import Company, Office, Profile, Standing, World, band_of

_PEOPLE = {
    "zi_c_hr_contacts": "Human Resources",
    "zi_c_sales_contacts": "Sales",
    "zi_c_marketing_contacts": "Marketing",
    "zi_c_finance_contacts": "Finance",
    "zi_c_c_suite_contacts": "C-Suite",
    "zi_c_engineering_contacts": "Engineering & Technical",
    "zi_c_it_contacts": "Information Technology",
    "zi_c_operations_contacts": "Operations",
    "zi_c_legal_contacts": "Legal",
    "zi_c_medical_contacts": "Medical & Health",
}
_STRONG, _SOME = 50_000_000, 5_000_000  # total funding in US dollars that counts as High, and as Medium


@dataclass(frozen=True, slots=True)
class Seen:
    """An office as an enrichment looks at it on a day, and how it was matched."""

    office: Office
    world: World
    today: date
    reason: Mapping[str, str]

    @property
    def company(self) -> Company:
        """The company that works there."""
        return self.world.companies[self.office.company_id]

    @property
    def profile(self) -> Profile:
        """What any enrichment shows of the company."""
        return self.world.profile_of(self.office.company_id)

    @property
    def standing(self) -> Standing:
        """What this one alone shows of it."""
        return self.world.standing_of(self.office.company_id)


def master_record(seen: Seen, fields: list[str]) -> dict[str, Any]:
    """The fields that were asked for and have a value, in the order asked for."""
    known = _facts(seen)
    if not _PEOPLE.keys().isdisjoint(fields):
        known |= _people(seen)
    return {name: known[name] for name in fields if known.get(name) not in (None, "", [], {})}


def _facts(seen: Seen) -> dict[str, Any]:
    """Every field by name but those about people; None or empty where there is no value."""
    world, company, office = seen.world, seen.company, seen.office
    hq = world.offices_of(company.id)[0]
    return {
        **_identity(seen, hq),
        **{f"zi_c_{name}": value for name, value in _place(office, company, world).items()},
        **{f"zi_c_company_{name}": value for name, value in _place(hq, company, world).items()},
        "zi_c_company_id": company.id,
        **_trade(company),
        **_age_and_pages(seen),
        **_growth(seen),
        **_confidence(seen.standing),
        **_funding(company, seen.today),
        **_family(seen),
        **{f"zi_c_{name}": grade for name, grade in seen.standing.grades.items()},
        "zi_match_reason": dict(seen.reason),
    }


def _flag(is_set: bool) -> str:
    return "1" if is_set else "0"


def _identity(seen: Seen, hq: Office) -> dict[str, Any]:
    company, office, standing = seen.company, seen.office, seen.standing
    return {
        "zi_c_location_id": office.id,
        "zi_es_ecid": office.ecid,
        "zi_es_location_id": office.es_location_id,
        "zi_c_is_hq": _flag(office.is_hq),
        "zi_c_tier_grade": standing.tier_grade,
        "zi_c_name_display": company.name,
        "zi_c_legal_entity_type": company.legal_form,
        "zi_es_hq_ecid": hq.ecid,
        "zi_es_hq_location_id": hq.es_location_id,
        "zi_c_names_other": ", ".join(standing.other_names),
        "zi_c_ein": standing.ein,
        "zi_c_currency_code": standing.currency,
        "zi_c_num_locations": company.office_count,
        "zi_c_last_updated_date": office.updated_on.isoformat(),
        "zi_c_release_date": f"{seen.today:%Y%m}",
    }


def _place(office: Office, company: Company, world: World) -> dict[str, Any]:
    lists = world.lists
    return {
        "name": office.name,
        "url": company.website,
        "street": office.street,
        "street_2": office.street_2,
        "city": office.city,
        "state": office.state,
        "zip": office.zip_code,
        "country": office.country,
        "cbsa_name": office.metro_area,
        "county": office.county,
        "latitude": office.latitude,
        "longitude": office.longitude,
        "verified_address": _flag(office.is_verified),
        "employee_range": None if office.employees is None else band_of(lists.employee_ranges, office.employees).name,
        "employees": office.employees,
        "revenue_range": None if office.revenue_usd is None else band_of(lists.revenue_ranges, office.revenue_usd).name,
        "revenue": thousands(office.revenue_usd),
        "phone": office.phone,
        "fax": office.fax,
    }


def _trade(company: Company) -> dict[str, Any]:
    tops = [i.name for i in company.industries if i.parent_id is None]
    subs = [i.name for i in company.industries if i.parent_id is not None]
    naics = [code.id for i in company.industries for code in i.naics]
    sic = [code.id for i in company.industries for code in i.sic]
    return {
        "zi_c_industry_primary": company.primary_industry.name,
        "zi_c_sub_industry_primary": next(iter(subs), None),
        "zi_c_industries": tops,
        "zi_c_sub_industries": subs,
        "zi_es_industry": company.primary_industry.name,
        "zi_es_industries_top3": [i.name for i in company.industries][:3],
        **{f"zi_c_naics{n}": naics[0][:n] if naics else None for n in (2, 4, 6)},
        "zi_c_naics_top3": naics[:3],
        **{f"zi_c_sic{n}": sic[0][:n] if sic else None for n in (2, 3, 4)},
        "zi_c_sic_top3": sic[:3],
        "zi_c_is_b2b": _flag("B2B" in company.business_model),
        "zi_c_is_b2c": _flag("B2C" in company.business_model),
        "zi_c_tech_ids": [t.product.tag for t in company.technologies],
        "zi_c_is_public": _flag(company.kind == "public"),
        "zi_c_ticker": company.ticker,
        "zi_c_is_fortune_100": _flag("Fortune 100" in company.ranking),
        "zi_c_is_fortune_500": _flag("Fortune 500" in company.ranking),
        "zi_c_is_s_and_p_500": _flag("S&P 500" in company.ranking),
    }


def _age_and_pages(seen: Seen) -> dict[str, Any]:
    company, office, profile, standing = seen.company, seen.office, seen.profile, seen.standing
    pages = {page.kind.casefold().replace("_", ""): page.url for page in profile.social_pages}
    founded, checked = company.founded_year, standing.website_checked_on
    return {
        "zi_c_estimated_age": None if founded is None else seen.today.year - founded,
        "zi_c_year_founded": None if founded is None else str(founded),
        **{f"zi_c_{kind}_url": pages.get(kind) for kind in ("linkedin", "facebook", "twitter", "yelp")},
        "zi_c_keywords": [tag.name for tag in profile.hashtags],
        "zi_c_top_keywords": [tag.name for tag in profile.hashtags][:10],
        "zi_c_num_keywords": len(profile.hashtags),
        "zi_c_url_status": standing.website_status,
        "zi_c_urls_alt": list(company.domains),
        "zi_c_url_last_updated": None if checked is None else checked.isoformat(),
        "zi_c_inactive_flag": _flag(company.is_defunct),
        "zi_c_is_small_business": None if office.employees is None else _flag(office.employees < 500),
        "zi_c_has_mobile_app": _flag(standing.has_mobile_app),
    }


def _growth(seen: Seen) -> dict[str, Any]:
    company, month = seen.company, seen.standing.monthly_growth
    word = None if month is None else "High" if month > 0.01 else "Low" if month < 0 else "Medium"
    return {
        "zi_c_employee_growth_1yr": None if company.growth_1y is None else round(company.growth_1y * 100, 2),
        "zi_c_employee_growth_2yr": None if company.growth_2y is None else round(company.growth_2y * 100, 2),
        "zi_es_growth": word,
        "zi_es_employee_growth": month,
        "zi_es_revenue_growth": month,
        "zi_es_percent_employee_growth": None if month is None else round(month * 100, 2),
        "zi_es_percent_revenue_growth": None if month is None else round(month * 100, 2),
    }


def _confidence(standing: Standing) -> dict[str, Any]:
    sure = standing.confidence
    plain = ("name", "url", "address", "phone", "employees", "revenue", "naics", "sic", "parent_child")
    return {
        **{f"zi_c_{name}_confidence_score": sure[name] for name in plain},
        "zi_es_industry_confidence_score": sure["industry"],
        "zi_es_industries_top3_confidence_scores": [sure["industry"]],
        "zi_c_naics_top3_confidence_scores": [sure["naics"]],
        "zi_c_sic_top3_confidence_scores": [sure["sic"]],
    }


def _people(seen: Seen) -> dict[str, Any]:
    """How many people are in the departments; all of the company are drawn for it."""
    departments = [person.department for person in seen.world.contacts_of(seen.company.id)]
    return {name: departments.count(department) for name, department in _PEOPLE.items()}


def _funding(company: Company, today: date) -> dict[str, Any]:
    rounds = sorted(company.funding, key=lambda r: r.on)
    if not rounds:
        return {}
    last, investors = rounds[-1], list(dict.fromkeys(name for r in rounds for name in r.investors))
    total = sum(r.amount_usd or 0 for r in rounds)
    return {
        "zi_c_latest_funding_age": (today - last.on).days // 365,
        "zi_c_num_of_investors": len(investors),
        "zi_c_investor_names": investors,
        "zi_c_funding_strength": "High" if total >= _STRONG else "Medium" if total >= _SOME else "Low",
        "zi_c_funding_type": list(dict.fromkeys(r.kind for r in rounds)),
        "zi_c_total_funding_amount": thousands(total) if total else None,
        "zi_c_latest_funding_amount": thousands(last.amount_usd),
        "zi_c_latest_funding_date": last.on.isoformat(),
        "zi_c_num_funding_rounds": len(rounds),
    }


def _family(seen: Seen) -> dict[str, Any]:
    world, company = seen.world, seen.company
    parent = world.companies.get(company.parent_id) if company.parent_id else None
    top = world.companies.get(company.ultimate_parent_id) if company.ultimate_parent_id else None
    home = parent if parent is not None and parent.country == company.country else None
    return {
        "zi_c_is_domestic_hq": _flag(seen.office.is_country_hq),
        "zi_c_is_ultimate_parent": _flag(parent is None and bool(world.subsidiaries_of(company.id))),
        "zi_c_is_subsidiary": _flag(parent is not None),
        "zi_c_is_franchisor": _flag(seen.standing.is_franchisor),
        "zi_c_is_franchisee": _flag(False),
        "zi_c_hierarchy_code": seen.standing.hierarchy_code,
        "zi_c_hierarchy_level": seen.standing.hierarchy_level,
        "zi_c_is_immediate_parent": _flag(bool(world.subsidiaries_of(company.id))),
        **_relative("immediate_parent", parent, world),
        **_relative("domestic_parent", home, world),
        **_relative("ultimate_parent", top, world),
    }


def _relative(kind: str, company: Company | None, world: World) -> dict[str, Any]:
    """The fields about a relative, at its headquarters."""
    if company is None:
        return {}
    hq = world.offices_of(company.id)[0]
    return {
        f"zi_c_{kind}_company_id": company.id,
        f"zi_es_{kind}_ecid": hq.ecid,
        f"zi_es_{kind}_location_id": hq.es_location_id,
        f"zi_c_{kind}_location_id": str(hq.id),
        f"zi_c_{kind}_name": company.name,
        f"zi_c_{kind}_url": company.website,
        f"zi_c_{kind}_street": hq.street,
        f"zi_c_{kind}_street_2": hq.street_2,
        f"zi_c_{kind}_city": hq.city,
        f"zi_c_{kind}_zip": hq.zip_code,
        f"zi_c_{kind}_state": hq.state,
        f"zi_c_{kind}_country": hq.country,
    }
