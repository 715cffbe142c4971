"""Offices: one location of a company as Master Data describes it, with the companies above it."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

USD = "US dollars"
USD_A_YEAR = "US dollars a year"
CONFIDENCE = "0.2 to 1"

_TEXT, _WHOLE, _NUMBER, _FLAG, _DAY = pl.String(), pl.Int64(), pl.Float64(), pl.Boolean(), pl.Date()
_TEXTS, _NUMBERS = pl.List(pl.String()), pl.List(pl.Float64())
_DEPARTMENTS = {"tech": "technology", "hr": "human resources", "social": "social media"}


def _address(prefix: str, whose: str) -> tuple[Column, ...]:
    """The address of a company above the location."""
    return (
        Column(f"{prefix}_name", _TEXT, f"Name of {whose}."),
        Column(f"{prefix}_website", _TEXT, f"Website of {whose}."),
        Column(f"{prefix}_street", _TEXT, f"Street of {whose}."),
        Column(f"{prefix}_street_2", _TEXT, f"Second line of the street of {whose}."),
        Column(f"{prefix}_city", _TEXT, f"City of {whose}."),
        Column(f"{prefix}_state", _TEXT, f"State or province of {whose}."),
        Column(f"{prefix}_zip_code", _TEXT, f"Postal code of {whose}."),
        Column(f"{prefix}_country", _TEXT, f"Country of {whose}."),
    )


def _relative(prefix: str, whose: str) -> tuple[Column, ...]:
    """A company above the location: its ids and its address."""
    return (
        Column(f"{prefix}_company_id", _WHOLE, f"ZoomInfo's id of {whose}."),
        Column(f"es_{prefix}_ecid", _WHOLE, f"EverString's company id of {whose}."),
        Column(f"es_{prefix}_location_id", _TEXT, f"EverString's location id of {whose}."),
        *_address(prefix, whose),
    )


LOCATION = Record(
    name="location",
    key=("location_id",),
    minimal=("location_id", "company_id", "name", "country"),
    default=(
        "location_id", "company_id", "name", "website", "is_hq", "street", "city", "state", "zip_code", "country",
        "phone", "employee_count", "revenue_usd", "primary_industry", "match_score",
    ),
    columns=(
        Column("location_id", _WHOLE, "ZoomInfo's id of the location."),
        Column("company_id", _WHOLE, "ZoomInfo's id of the company whose headquarters stand above the location."),
        Column("es_ecid", _WHOLE, "EverString's id of the company."),
        Column("es_location_id", _TEXT, "EverString's id of the location."),
        Column("name", _TEXT, "Name of the company at the location."),
        Column("name_display", _TEXT, "Name in everyday use."),
        Column("names_other", _TEXT, "Another name of the company."),
        Column("legal_entity_type", _TEXT, "Legal form: Inc, LLC and so on."),
        Column("tier_grade", _TEXT, "Overall quality of the record.", "A to C"),
        Column("is_hq", _FLAG, "Whether the location is the headquarters."),
        Column("is_inactive", _FLAG, "Whether the company is inactive."),
        Column("website", _TEXT, "Website of the company."),
        Column("websites_alt", _TEXTS, "All websites related to the company."),
        Column("website_status", _TEXT, "VALID, INVALID, PARKED or REDIRECT."),
        Column("website_last_updated", _DAY, "Day of the last update of the website."),
        Column("street", _TEXT, "Street of the location."),
        Column("street_2", _TEXT, "Second line of the street."),
        Column("city", _TEXT, "City of the location."),
        Column("state", _TEXT, "State or province of the location."),
        Column("zip_code", _TEXT, "Postal code of the location."),
        Column("country", _TEXT, "Country of the location."),
        Column("cbsa_name", _TEXT, "Core-based statistical area of the location."),
        Column("county", _TEXT, "County of the location."),
        Column("latitude", _NUMBER, "Latitude of the location.", "degrees"),
        Column("longitude", _NUMBER, "Longitude of the location.", "degrees"),
        Column("verified_address", _TEXT, "Whether post can be delivered to the address."),
        Column("phone", _TEXT, "Phone number of the location."),
        Column("fax", _TEXT, "Fax number of the location."),
        Column("employee_range", _TEXT, "People employed at the location, as a band."),
        Column("employee_count", _WHOLE, "People employed at the location."),
        Column("revenue_range", _TEXT, "Revenue of the location, as a band."),
        Column("revenue_usd", _WHOLE, "Revenue of the location.", USD_A_YEAR),
        Column("primary_industry", _TEXT, "Top-level industry."),
        Column("primary_sub_industry", _TEXT, "Top-level sub-industry."),
        Column("industries", _TEXTS, "All industries."),
        Column("sub_industries", _TEXTS, "All sub-industries."),
        Column("es_industry", _TEXT, "Industry in EverString's own words."),
        Column("es_industries_top3", _TEXTS, "The three likeliest industries in EverString's own words."),
        Column("naics2", _TEXT, "Primary NAICS code of two digits."),
        Column("naics4", _TEXT, "Primary NAICS code of four digits."),
        Column("naics6", _TEXT, "Primary NAICS code of six digits."),
        Column("naics_top3", _TEXTS, "The three likeliest NAICS codes."),
        Column("sic2", _TEXT, "Primary SIC code of two digits."),
        Column("sic3", _TEXT, "Primary SIC code of three digits."),
        Column("sic4", _TEXT, "Primary SIC code of four digits."),
        Column("sic_top3", _TEXTS, "The three likeliest SIC codes."),
        Column("estimated_age_years", _WHOLE, "Estimated age of the company.", "years"),
        Column("founded_year", _WHOLE, "Year in which the company was founded."),
        Column("is_b2b", _FLAG, "Whether it sells to businesses."),
        Column("is_b2c", _FLAG, "Whether it sells to consumers."),
        Column("is_small_business", _FLAG, "Whether fewer than 500 people work there."),
        Column("is_public", _FLAG, "Whether the company is public."),
        Column("ein", _TEXT, "Employer Identification Number."),
        Column("ticker", _TEXT, "Stock ticker symbol."),
        Column("tickers_alt", _TEXTS, "Further ticker symbols."),
        Column("has_mobile_app", _FLAG, "Whether its website links to a mobile app."),
        Column("currency_code", _TEXT, "Currency of the company."),
        Column("location_count", _WHOLE, "Number of locations of the company."),
        Column("es_hq_ecid", _WHOLE, "EverString's company id of the headquarters."),
        Column("es_hq_location_id", _TEXT, "EverString's location id of the headquarters."),
        *_address("company", "the headquarters"),
        Column("company_cbsa_name", _TEXT, "Core-based statistical area of the headquarters."),
        Column("company_county", _TEXT, "County of the headquarters."),
        Column("company_latitude", _NUMBER, "Latitude of the headquarters.", "degrees"),
        Column("company_longitude", _NUMBER, "Longitude of the headquarters.", "degrees"),
        Column("company_verified_address", _TEXT, "Whether post can be delivered to the headquarters."),
        Column("company_employee_range", _TEXT, "People employed by the whole company, as a band."),
        Column("company_employee_count", _WHOLE, "People employed by the whole company."),
        Column("company_revenue_range", _TEXT, "Revenue of the whole company, as a band."),
        Column("company_revenue_usd", _WHOLE, "Revenue of the whole company.", USD_A_YEAR),
        Column("company_phone", _TEXT, "Phone number of the headquarters."),
        Column("company_fax", _TEXT, "Fax number of the headquarters."),
        Column("linkedin_url", _TEXT, "Profile on LinkedIn."),
        Column("facebook_url", _TEXT, "Profile on Facebook."),
        Column("twitter_url", _TEXT, "Profile on Twitter."),
        Column("yelp_url", _TEXT, "Profile on Yelp."),
        Column("keywords", _TEXTS, "Keywords drawn from the company's website."),
        Column("top_keywords", _TEXTS, "The ten foremost keywords."),
        Column("keyword_count", _WHOLE, "Number of keywords."),
        Column("one_year_employee_growth_rate", _NUMBER, "Growth of the headcount in one year.", "per cent"),
        Column("two_year_employee_growth_rate", _NUMBER, "Growth of the headcount in two years.", "per cent"),
        Column("es_growth", _TEXT, "Overall growth in a month beside the industry, in words."),
        Column("es_employee_growth", _NUMBER, "Growth of the headcount in a month beside the industry."),
        Column("es_revenue_growth", _NUMBER, "Growth of revenue in a month beside the industry."),
        Column("es_percent_employee_growth", _NUMBER, "The same of the headcount.", "per cent"),
        Column("es_percent_revenue_growth", _NUMBER, "The same of revenue.", "per cent"),
        Column("name_confidence_score", _NUMBER, "Confidence in the name.", CONFIDENCE),
        Column("website_confidence_score", _NUMBER, "Confidence in the website.", CONFIDENCE),
        Column("address_confidence_score", _NUMBER, "Confidence in the address.", CONFIDENCE),
        Column("phone_confidence_score", _NUMBER, "Confidence in the phone number.", CONFIDENCE),
        Column("employees_confidence_score", _NUMBER, "Confidence in the band of people employed.", CONFIDENCE),
        Column("revenue_confidence_score", _NUMBER, "Confidence in the band of revenue.", CONFIDENCE),
        Column("es_industry_confidence_score", _NUMBER, "Confidence in EverString's industry.", CONFIDENCE),
        Column("naics_confidence_score", _NUMBER, "Confidence in the NAICS codes.", CONFIDENCE),
        Column("sic_confidence_score", _NUMBER, "Confidence in the SIC codes.", CONFIDENCE),
        Column("es_industries_top3_confidence_scores", _NUMBERS, "Confidence in those three industries.", CONFIDENCE),
        Column("naics_top3_confidence_scores", _NUMBERS, "Confidence in those three NAICS codes.", CONFIDENCE),
        Column("sic_top3_confidence_scores", _NUMBERS, "Confidence in those three SIC codes.", CONFIDENCE),
        Column("hr_contact_count", _WHOLE, "Contacts held in human resources."),
        Column("sales_contact_count", _WHOLE, "Contacts held in sales."),
        Column("marketing_contact_count", _WHOLE, "Contacts held in marketing."),
        Column("finance_contact_count", _WHOLE, "Contacts held in finance."),
        Column("c_suite_contact_count", _WHOLE, "Contacts held in the C-suite."),
        Column("engineering_contact_count", _WHOLE, "Contacts held in engineering."),
        Column("it_contact_count", _WHOLE, "Contacts held in IT."),
        Column("operations_contact_count", _WHOLE, "Contacts held in operations."),
        Column("legal_contact_count", _WHOLE, "Contacts held in legal."),
        Column("medical_contact_count", _WHOLE, "Contacts held in medical professions."),
        Column("tech_ids", _TEXTS, "Ids of technologies in use."),
        Column("latest_funding_age_years", _WHOLE, "Time since the last funding round.", "years"),
        Column("investor_count", _WHOLE, "Number of investors."),
        Column("investor_names", _TEXTS, "Names of the investors."),
        Column("funding_strength", _TEXT, "Strength of the funding: Low, Medium, High."),
        Column("funding_type", _TEXTS, "Kinds of funding received."),
        Column("total_funding_usd", _WHOLE, "Funding to date.", USD),
        Column("latest_funding_usd", _WHOLE, "Amount of the latest funding round.", USD),
        Column("latest_funding_date", _DAY, "Day of the latest funding round."),
        Column("funding_round_count", _WHOLE, "Number of funding rounds."),
        Column("is_fortune_100", _FLAG, "Whether it is a Fortune 100 company."),
        Column("is_fortune_500", _FLAG, "Whether it is a Fortune 500 company."),
        Column("is_s_and_p_500", _FLAG, "Whether it is an S&P 500 company."),
        Column("is_domestic_hq", _FLAG, "Whether it is the highest location in its country."),
        Column("is_ultimate_parent", _FLAG, "Whether no company stands above it."),
        Column("is_subsidiary", _FLAG, "Whether it is a subsidiary."),
        Column("is_franchisor", _FLAG, "Whether it gives franchises."),
        Column("is_franchisee", _FLAG, "Whether it holds a franchise."),
        Column("is_immediate_parent", _FLAG, "Whether it is an immediate parent."),
        Column("hierarchy_code", _TEXT, "Level in the hierarchy, as a code."),
        Column("hierarchy_level", _WHOLE, "Level in the hierarchy, as a number."),
        Column("parent_child_confidence_score", _NUMBER, "Confidence in the link to the parent.", CONFIDENCE),
        *_relative("immediate_parent", "the immediate parent"),
        *_relative("domestic_parent", "the highest company in the same country"),
        Column("domestic_parent_location_id", _WHOLE, "ZoomInfo's location id of the highest company in the country."),
        *_relative("ultimate_parent", "the ultimate parent"),
        *_relative("franchisor", "the franchisor"),
        *(
            Column(f"{department}_{measure}", _TEXT, f"{measure.capitalize()} of {words}: Low, Medium, High.")
            for measure, departments in (
                ("spend", ("tech", "hr", "sales", "marketing", "finance")),
                ("strength", ("tech", "hr", "sales", "marketing", "finance")),
                ("sophistication", ("tech", "hr", "sales", "marketing", "social", "finance")),
            )
            for department in departments
            for words in (_DEPARTMENTS.get(department, department),)
        ),
        Column("last_updated_date", _DAY, "Day of the last change to the record."),
        Column("release_month", _TEXT, "Month of the data release, as YYYYMM."),
        Column("match_score", _WHOLE, "How well the input was matched."),
        Column("match_name", _TEXT, "Name under which the input was matched."),
        *(
            Column(f"match_reason_{part}", _TEXT, f"How {part.replace('_', ' ')} was matched.")
            for part in (
                "building_name", "building_number", "business_type", "city", "company_phone", "country", "directional",
                "name", "road_name", "road_type", "state", "unit", "website", "zip",
            )
        ),
    ),
)  # fmt: skip
