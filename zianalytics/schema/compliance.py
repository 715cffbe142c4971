"""What ZoomInfo says of a person to whom privacy rules apply."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

PERSON_CHECK = Record(
    name="compliance check",
    key=("contact_id",),
    columns=(
        Column("contact_id", pl.Int64(), "ZoomInfo's id of the contact."),
        Column("first_name", pl.String(), "First name."),
        Column("last_name", pl.String(), "Last name."),
        Column("job_title", pl.String(), "Present job title."),
        Column("company_name", pl.String(), "Name of the present employer."),
        Column("emails", pl.List(pl.String()), "Present e-mail addresses."),
        Column("past_emails", pl.List(pl.String()), "Earlier e-mail addresses."),
        Column(
            "employment_history",
            pl.List(pl.Struct({"company_name": pl.String(), "job_title": pl.String()})),
            "Where they have worked.",
        ),
        Column("notice_provided_date", pl.Date(), "Day on which they were told of being in the database."),
        Column("has_moved", pl.Boolean(), "They have left the company that ZoomInfo still names."),
        Column("is_within_eu", pl.Boolean(), "The work address is in Europe."),
        Column("is_within_california", pl.Boolean(), "The work address is in California."),
        Column("is_within_canada", pl.Boolean(), "The work address is in Canada."),
        Column("has_canadian_email", pl.Boolean(), "An e-mail address belongs to a Canadian domain."),
        Column("looks_like_eu", pl.Boolean(), "The work address appears to be in Europe."),
        Column("looks_like_california", pl.Boolean(), "The work address appears to be in California."),
        Column("looks_like_canada", pl.Boolean(), "The work address appears to be in Canada."),
    ),
)
