"""Contacts: the preview that search gives (no e-mail, no phone), and the whole record that enrichment gives."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

_TEXTS = pl.List(pl.String())
_CODES = pl.List(pl.Struct({"id": pl.String(), "name": pl.String()}))

_ACCURACY = Column(
    "contact_accuracy_score", pl.Int64(), "How likely the contact is reachable and still employed there.", "70 to 99"
)

CONTACT_PREVIEW = Record(
    name="contact preview",
    key=("contact_id",),
    columns=(
        Column("contact_id", pl.Int64(), "ZoomInfo's id of the contact."),
        Column("first_name", pl.String(), "First name."),
        Column("middle_name", pl.String(), "Middle name."),
        Column("last_name", pl.String(), "Last name."),
        Column("job_title", pl.String(), "Job title at the current employer."),
        _ACCURACY,
        Column("company_id", pl.Int64(), "ZoomInfo's id of the current employer."),
        Column("company_name", pl.String(), "Name of the current employer."),
        Column("valid_date", pl.Datetime("us", "UTC"), "When the record was last validated."),
        Column("last_updated_date", pl.Datetime("us", "UTC"), "When the record was last changed."),
        Column("has_email", pl.Boolean(), "An e-mail address is held."),
        Column("has_supplemental_email", pl.Boolean(), "A further e-mail address is held."),
        Column("has_direct_phone", pl.Boolean(), "A direct phone number is held."),
        Column("has_mobile_phone", pl.Boolean(), "A mobile phone number is held."),
        Column("has_company_phone", pl.Boolean(), "The employer's phone number is held."),
        Column("has_company_street", pl.Boolean(), "The employer's street is held."),
        Column("has_company_state", pl.Boolean(), "The employer's state is held."),
        Column("has_company_zip_code", pl.Boolean(), "The employer's postal code is held."),
        Column("has_company_country", pl.Boolean(), "The employer's country is held."),
        Column("has_company_revenue", pl.Boolean(), "The employer's revenue is held."),
        Column("has_company_employee_count", pl.Boolean(), "The employer's headcount is held."),
        Column("has_company_industry", pl.Boolean(), "The employer's industry is held."),
        Column("is_direct_phone_do_not_call", pl.Boolean(), "The direct phone is flagged do-not-call."),
        Column("is_mobile_phone_do_not_call", pl.Boolean(), "The mobile phone is flagged do-not-call."),
    ),
)

CONTACT = Record(
    name="contact",
    key=("contact_id",),
    firmographics=(
        "contact_id", "company_id", "company_name", "company_website", "company_revenue_usd", "company_employee_count",
        "company_primary_industry", "company_industries", "company_type", "company_city", "company_state",
        "company_country",
    ),
    minimal=("contact_id", "first_name", "last_name", "company_id", "company_name"),
    default=(
        "contact_id", "first_name", "last_name", "email", "phone", "mobile_phone", "job_title", "management_level",
        "contact_accuracy_score", "company_id", "company_name", "country", "is_direct_phone_do_not_call",
        "is_mobile_phone_do_not_call", "valid_date", "last_updated_date",
    ),
    columns=(
        Column("contact_id", pl.Int64(), "ZoomInfo's id of the contact."),
        Column("salutation", pl.String(), "Form of address."),
        Column("first_name", pl.String(), "First name."),
        Column("middle_name", pl.String(), "Middle name."),
        Column("last_name", pl.String(), "Last name."),
        Column("suffix", pl.String(), "Suffix to the name."),
        Column("email", pl.String(), "Work e-mail address."),
        Column("has_canadian_email", pl.Boolean(), "The e-mail address belongs to a Canadian domain."),
        Column("hashed_emails", _TEXTS, "Hashes of the e-mail addresses."),
        Column("phone", pl.String(), "Direct phone number."),
        Column("is_direct_phone_do_not_call", pl.Boolean(), "The direct phone is flagged do-not-call."),
        Column("mobile_phone", pl.String(), "Mobile phone number."),
        Column("is_mobile_phone_do_not_call", pl.Boolean(), "The mobile phone is flagged do-not-call."),
        Column("street", pl.String(), "Street of the work address."),
        Column("city", pl.String(), "City of the work address."),
        Column("region", pl.String(), "Region of the work address."),
        Column("state", pl.String(), "State or province of the work address."),
        Column("zip_code", pl.String(), "Postal code of the work address."),
        Column("country", pl.String(), "Country of the work address."),
        Column("continent", pl.String(), "Continent of the work address."),
        Column("metro_area", pl.String(), "Metro area of the work address."),
        Column("is_within_eu", pl.Boolean(), "The work address is in Europe."),
        Column("is_within_california", pl.Boolean(), "The work address is in California."),
        Column("is_within_canada", pl.Boolean(), "The work address is in Canada."),
        Column("has_moved", pl.Boolean(), "The contact left the company that ZoomInfo still names."),
        Column("job_title", pl.String(), "Job title at the current employer."),
        Column(
            "job_function",
            pl.List(pl.Struct({"name": pl.String(), "department": pl.String()})),
            "Job functions at the current employer.",
        ),
        Column("management_level", _TEXTS, "Management levels."),
        _ACCURACY,
        Column("position_start_date", pl.Date(), "Day on which the current employment began."),
        Column("years_of_experience", pl.String(), "Years of overall experience, as ZoomInfo's range in words."),
        Column("tech_skills", _TEXTS, "Technology skills."),
        Column(
            "education",
            pl.List(
                pl.Struct(
                    {
                        "school": pl.String(),
                        "degree": pl.Struct({"degree": pl.String(), "area_of_study": pl.String()}),
                    }
                )
            ),
            "Schools and degrees.",
        ),
        Column(
            "employment_history",
            pl.List(
                pl.Struct(
                    {
                        "job_title": pl.String(),
                        "management_level": pl.List(pl.String()),
                        "from_date": pl.Date(),
                        "to_date": pl.Date(),
                        "company": pl.Struct(
                            {
                                "company_id": pl.Int64(),
                                "company_name": pl.String(),
                                "company_phone": pl.String(),
                                "company_website": pl.String(),
                            }
                        ),
                    }
                )
            ),
            "Positions held before, newest first.",
        ),
        Column("external_urls", pl.List(pl.Struct({"type": pl.String(), "url": pl.String()})), "Profiles elsewhere."),
        Column("picture_url", pl.String(), "Address of a picture."),
        Column("valid_date", pl.Datetime("us", "UTC"), "When the record was last validated."),
        Column("last_updated_date", pl.Datetime("us", "UTC"), "When the record was last changed."),
        Column("notice_provided_date", pl.Date(), "Day on which the contact was told of being in the database."),
        Column("company_id", pl.Int64(), "ZoomInfo's id of the current employer."),
        Column("company_name", pl.String(), "Name of the current employer."),
        Column("company_website", pl.String(), "Website of the current employer."),
        Column("company_division", pl.String(), "Division the contact works in."),
        Column("company_phone", pl.String(), "Phone number of the employer."),
        Column("company_fax", pl.String(), "Fax number of the employer."),
        Column("company_street", pl.String(), "Street of the employer."),
        Column("company_city", pl.String(), "City of the employer."),
        Column("company_state", pl.String(), "State or province of the employer."),
        Column("company_zip_code", pl.String(), "Postal code of the employer."),
        Column("company_country", pl.String(), "Country of the employer."),
        Column("company_continent", pl.String(), "Continent of the employer."),
        Column("company_revenue_usd", pl.Int64(), "Revenue of the employer.", "US dollars a year"),
        Column("company_revenue_range", pl.String(), "Revenue of the employer, as ZoomInfo's range in words."),
        Column("company_employee_count", pl.Int64(), "Headcount of the employer."),
        Column("company_employee_range", pl.String(), "Headcount of the employer, as ZoomInfo's range in words."),
        Column("company_type", pl.String(), "Private, public, npo, education, government or other."),
        Column("company_ticker", pl.String(), "Stock ticker symbol of the employer."),
        Column("company_ranking", _TEXTS, "Rankings that list the employer."),
        Column("company_primary_industry", _TEXTS, "Top-level industry of the employer."),
        Column("company_industries", _TEXTS, "All industries of the employer."),
        Column("company_sic_codes", _CODES, "Standard Industrial Classification codes of the employer."),
        Column("company_naics_codes", _CODES, "NAICS codes of the employer."),
        Column("company_descriptions", pl.List(pl.Struct({"description": pl.String()})), "About the employer."),
        Column("company_logo_url", pl.String(), "Address of the employer's logo."),
        Column(
            "company_social_media_urls",
            pl.List(pl.Struct({"type": pl.String(), "url": pl.String(), "follower_count": pl.String()})),
            "The employer's profiles on social networks.",
        ),
        Column("is_company_defunct", pl.Boolean(), "Whether the employer has ceased to exist."),
        Column("location_company_id", pl.Int64(), "ZoomInfo's id of the company at the contact's location."),
        Column("engagements", pl.String(), "Engagements with the contact, as JSON."),
    ),
)  # fmt: skip
