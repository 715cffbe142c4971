"""Companies: the preview that search gives, and the whole record that enrichment gives."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

USD = "US dollars"
USD_A_YEAR = "US dollars a year"

_TEXTS = pl.List(pl.String())
_CODES = pl.List(pl.Struct({"id": pl.String(), "name": pl.String()}))

COMPANY_PREVIEW = Record(
    name="company preview",
    key=("company_id",),
    columns=(
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company."),
        Column("name", pl.String(), "Company name."),
    ),
)

COMPANY = Record(
    name="company",
    key=("company_id",),
    minimal=("company_id", "name", "website"),
    firmographics=(
        "company_id", "name", "website", "revenue_usd", "revenue_range", "employee_count", "employee_range",
        "primary_industry", "industries", "sic_codes", "naics_codes", "company_type", "founded_year", "city", "state",
        "country", "employee_growth", "location_count", "parent_id", "ultimate_parent_id",
    ),
    default=(
        "company_id", "name", "website", "revenue_usd", "employee_count", "primary_industry", "city", "state",
        "country", "company_type", "founded_year", "employee_growth", "company_funding", "tech_attributes",
        "last_updated_date",
    ),
    columns=(
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company."),
        Column("name", pl.String(), "Company name."),
        Column("website", pl.String(), "Address of the company's website."),
        Column("ticker", pl.String(), "Stock ticker symbol, of public companies."),
        Column("revenue_usd", pl.Int64(), "Approximate revenue.", USD_A_YEAR),
        Column("revenue_range", pl.String(), "Revenue, as ZoomInfo's range in words."),
        Column("employee_count", pl.Int64(), "Approximate number of people employed."),
        Column("employee_range", pl.String(), "Number of people employed, as ZoomInfo's range in words."),
        Column("primary_industry", _TEXTS, "Top-level industry."),
        Column("primary_industry_code", _CODES, "Top-level industry with its code."),
        Column("primary_sub_industry_code", _CODES, "Top-level sub-industry with its code."),
        Column("industries", _TEXTS, "All industries of the company."),
        Column("industry_codes", _CODES, "All industries of the company with their codes."),
        Column("sic_codes", _CODES, "Standard Industrial Classification codes."),
        Column("naics_codes", _CODES, "North American Industry Classification System codes."),
        Column("company_type", pl.String(), "Private, public, npo, education, government or other."),
        Column("business_model", _TEXTS, "B2B, B2C, B2G."),
        Column("founded_year", pl.Int64(), "Year in which the company was founded."),
        Column("company_status", pl.String(), "Status of the company."),
        Column("company_status_date", pl.Date(), "Day of the last change of status."),
        Column("is_defunct", pl.Boolean(), "Whether the company has ceased to exist."),
        Column("is_certified", pl.Boolean(), "Whether ZoomInfo confirmed activity in the last 12 months."),
        Column("certification_date", pl.Date(), "Day of that confirmation."),
        Column("street", pl.String(), "Street of the primary address."),
        Column("city", pl.String(), "City of the primary address."),
        Column("state", pl.String(), "State or province of the primary address."),
        Column("zip_code", pl.String(), "Postal code of the primary address."),
        Column("country", pl.String(), "Country of the primary address."),
        Column("continent", pl.String(), "Continent of the primary address."),
        Column("metro_area", pl.String(), "Metro area of the primary address."),
        Column("phone", pl.String(), "Phone number of the primary address."),
        Column("fax", pl.String(), "Fax number of the primary address."),
        Column("domains", _TEXTS, "All web domains of the company."),
        Column("logo_url", pl.String(), "Address of the company's logo."),
        Column(
            "social_media_urls",
            pl.List(pl.Struct({"type": pl.String(), "url": pl.String(), "follower_count": pl.String()})),
            "Profiles on social networks.",
        ),
        Column("descriptions", pl.List(pl.Struct({"description": pl.String()})), "Descriptions of the company."),
        Column("products", _TEXTS, "Products of the company."),
        Column(
            "hashtags",
            pl.List(
                pl.Struct(
                    {
                        "tag": pl.String(),
                        "label": pl.String(),
                        "display_label": pl.String(),
                        "group": pl.String(),
                        "parent_category": pl.String(),
                        "search_string": pl.String(),
                        "description": pl.String(),
                    }
                )
            ),
            "Hashtags of the company.",
        ),
        Column(
            "competitors",
            pl.List(
                pl.Struct(
                    {
                        "company_id": pl.Int64(),
                        "name": pl.String(),
                        "website": pl.String(),
                        "rank": pl.Int64(),
                        "employee_count": pl.Int64(),
                    }
                )
            ),
            "Competitors, by rank.",
        ),
        Column("parent_id", pl.Int64(), "ZoomInfo's id of the parent company."),
        Column("parent_name", pl.String(), "Name of the parent company."),
        Column("ultimate_parent_id", pl.Int64(), "ZoomInfo's id of the ultimate parent company."),
        Column("ultimate_parent_name", pl.String(), "Name of the ultimate parent company."),
        Column("ultimate_parent_revenue_usd", pl.Int64(), "Revenue of the ultimate parent company.", USD_A_YEAR),
        Column("ultimate_parent_employee_count", pl.Int64(), "People employed by the ultimate parent company."),
        Column("sub_unit_type", pl.String(), "Kind of sub-unit: division, subsidiary and so on."),
        Column("sub_unit_codes", _TEXTS, "Codes of the sub-unit."),
        Column("sub_unit_industries", _TEXTS, "Industries of the sub-unit."),
        Column("location_count", pl.Int64(), "Number of offices."),
        Column("contact_count", pl.Int64(), "Number of ZoomInfo contacts at the company."),
        Column(
            "tech_attributes",
            pl.List(
                pl.Struct(
                    {
                        "tag": pl.String(),
                        "category_parent": pl.String(),
                        "category": pl.String(),
                        "vendor": pl.String(),
                        "product": pl.String(),
                        "attribute": pl.String(),
                        "website": pl.String(),
                        "first_seen": pl.Date(),
                        "last_seen": pl.Date(),
                    }
                )
            ),
            "Technology products in use, by category, vendor and product.",
        ),
        Column(
            "company_funding",
            pl.List(
                pl.Struct({"date": pl.Date(), "type": pl.String(), "amount_usd": pl.Int64(), "investors": _TEXTS})
            ),
            "Funding rounds.",
            USD,
        ),
        Column("recent_funding_usd", pl.Int64(), "Amount of the most recent funding round.", USD),
        Column("recent_funding_date", pl.Date(), "Day of the most recent funding round."),
        Column("total_funding_usd", pl.Int64(), "Funding to date.", USD),
        Column(
            "employee_growth",
            pl.Struct(
                {
                    "one_year_growth_rate": pl.Float64(),
                    "two_year_growth_rate": pl.Float64(),
                    "data_points": pl.List(pl.Struct({"label": pl.String(), "employee_count": pl.Int64()})),
                }
            ),
            "Growth in one and two years, and the headcount by quarter.",
            "per cent",
        ),
        Column(
            "department_budgets",
            pl.Struct(
                {
                    "marketing_usd": pl.Int64(),
                    "finance_usd": pl.Int64(),
                    "it_usd": pl.Int64(),
                    "hr_usd": pl.Int64(),
                }
            ),
            "Estimated budgets of departments.",
            USD_A_YEAR,
        ),
        Column(
            "employee_count_by_department",
            pl.List(pl.Struct({"department": pl.String(), "employee_count": pl.Int64()})),
            "People employed, by department.",
        ),
        Column("location_match", pl.String(), "Address that matched the input, as JSON."),
        Column("engagements", pl.String(), "Engagements with the company, as JSON."),
        Column("created_date", pl.Date(), "Day on which ZoomInfo created the record."),
        Column("last_updated_date", pl.Date(), "Day on which ZoomInfo last changed the record."),
    ),
)  # fmt: skip
