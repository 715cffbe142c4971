"""How companies are built: the family that one belongs to, the people of its departments, its locations."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

HIERARCHY = Record(
    name="hierarchy",
    key=("company_id",),
    columns=(
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company."),
        Column(
            "parentage",
            pl.List(
                pl.Struct(
                    {
                        "company_id": pl.Int64(),
                        "name": pl.String(),
                        "city": pl.String(),
                        "state": pl.String(),
                        "sub_unit_type": pl.String(),
                        "sub_unit_description": pl.String(),
                        "acquired_by_date": pl.Date(),
                    }
                )
            ),
            "Companies above it, the nearest first; what the one below is to each, and when it was bought.",
        ),
        Column(
            "family_tree",
            pl.List(
                pl.Struct(
                    {
                        "company_id": pl.Int64(),
                        "parent_company_id": pl.Int64(),
                        "level": pl.Int64(),
                        "name": pl.String(),
                        "city": pl.String(),
                        "state": pl.String(),
                        "sub_unit_type_id": pl.Int64(),
                        "sub_unit_type": pl.String(),
                    }
                )
            ),
            "The whole family, from its topmost company (level 1) down, each behind its parent.",
        ),
    ),
)

ORG_CHART = Record(
    name="org chart",
    key=("company_id", "contact_id"),
    columns=(
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company."),
        Column("company_name", pl.String(), "Company name."),
        Column("contact_id", pl.Int64(), "ZoomInfo's id of the contact."),
        Column("first_name", pl.String(), "First name."),
        Column("middle_name", pl.String(), "Middle name."),
        Column("last_name", pl.String(), "Last name."),
        Column("job_title", pl.String(), "Job title."),
        Column("department", pl.String(), "Department, as in zi.lookup.departments()."),
        Column("job_function", pl.String(), "Job function."),
        Column("org_chart_tier", pl.Int64(), "Place in the department, 1 being the highest."),
        Column("org_chart_sub_tier", pl.Int64(), "Place inside the tier."),
        Column("contact_accuracy_score", pl.Int64(), "How likely the contact is reachable there.", "75 to 99"),
        Column("has_email", pl.Boolean(), "An e-mail address is held."),
        Column("has_direct_phone", pl.Boolean(), "A direct phone number is held."),
        Column("is_direct_phone_do_not_call", pl.Boolean(), "The direct phone is flagged do-not-call."),
        Column("last_updated_date", pl.Datetime("us", "UTC"), "When the record was last changed."),
    ),
)

COMPANY_LOCATION = Record(
    name="company location",
    key=("company_id",),
    columns=(
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company."),
        Column("location_name", pl.String(), "Name of the company there, which can be that of a subsidiary."),
        Column("street", pl.String(), "Street."),
        Column("city", pl.String(), "City."),
        Column("state", pl.String(), "State or province."),
        Column("zip_code", pl.String(), "Postal code."),
        Column("country", pl.String(), "Country."),
        Column("phone", pl.String(), "Phone number."),
        Column("fax", pl.String(), "Fax number."),
        Column("employee_count", pl.Int64(), "People employed there."),
        Column("sub_unit_type", pl.String(), "Kind of sub-unit: headquarters, division, subsidiary and so on."),
        Column("address_status", pl.String(), "Whether the address was verified."),
    ),
)
