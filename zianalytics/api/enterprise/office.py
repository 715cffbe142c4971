"""What Master Data calls the columns of a location: `zi_c_` or `zi_es_` and our name, with these exceptions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from zianalytics.schema.office import LOCATION

_EXCEPTIONS = {
    "is_inactive": "zi_c_inactive_flag",
    "website_status": "zi_c_url_status",
    "website_last_updated": "zi_c_url_last_updated",
    "websites_alt": "zi_c_urls_alt",
    "website_confidence_score": "zi_c_url_confidence_score",
    "employee_count": "zi_c_employees",
    "company_employee_count": "zi_c_company_employees",
    "revenue_usd": "zi_c_revenue",
    "company_revenue_usd": "zi_c_company_revenue",
    "total_funding_usd": "zi_c_total_funding_amount",
    "latest_funding_usd": "zi_c_latest_funding_amount",
    "latest_funding_age_years": "zi_c_latest_funding_age",
    "primary_industry": "zi_c_industry_primary",
    "primary_sub_industry": "zi_c_sub_industry_primary",
    "estimated_age_years": "zi_c_estimated_age",
    "founded_year": "zi_c_year_founded",
    "location_count": "zi_c_num_locations",
    "keyword_count": "zi_c_num_keywords",
    "investor_count": "zi_c_num_of_investors",
    "funding_round_count": "zi_c_num_funding_rounds",
    "one_year_employee_growth_rate": "zi_c_employee_growth_1yr",
    "two_year_employee_growth_rate": "zi_c_employee_growth_2yr",
    "release_month": "zi_c_release_date",
}


def _wire(name: str) -> str:
    if name in _EXCEPTIONS:
        return _EXCEPTIONS[name]
    if name.startswith("match_"):
        return f"zi_match_reason.zi_{name}"
    if name.endswith("_contact_count"):
        return f"zi_c_{name.removesuffix('_contact_count')}_contacts"
    wire = re.sub(r"\bwebsite$|_website$", lambda found: found[0].replace("website", "url"), name)
    wire = re.sub(r"zip_code$", "zip", wire)
    return f"zi_{wire}" if wire.startswith("es_") else f"zi_c_{wire}"


OFFICE_NAMES: Mapping[str, str] = {name: _wire(name) for name in LOCATION.names}
"""Where each column of a location stands in an answer."""

_FITS = {"exact": "E", "fuzzy": "F", "different": "D", "missing": "M"}
_PARTS = {
    "company_name": "zi_c_name",
    "company_website": "zi_c_url",
    "phone": "zi_c_phone",
    "building_name": "bldg_name",
    "building_number": "bldg_number",
    "city": "zi_c_city",
    "state": "zi_c_state",
    "zip_code": "zi_c_zip",
    "country": "zi_c_country",
    "business_type": "biz_type",
}


def ways_to_fit(ways: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Ways in which an office may fit, as the service takes them."""
    return [{_PARTS.get(part, part): _FITS.get(fit, fit) for part, fit in way.items()} for way in ways]
