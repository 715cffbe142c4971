"""Bulk jobs: how far one is, and which columns jobs answer."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from zianalytics.schema.column import Column, Record
from zianalytics.schema.company import COMPANY
from zianalytics.schema.contact import CONTACT

JOB_STATUS = Record(
    name="job status",
    key=("status",),
    columns=(
        Column("status", pl.String(), '"Queued", "In_Progress", "Completed" or "Failed".'),
        Column("job_type", pl.String(), '"preview" or "redeem".'),
        Column("entity_type", pl.String(), '"company" or "contact".'),
        Column("total_records", pl.Int64(), "Records in all; 0 while the job waits."),
        Column("total_pages", pl.Int64(), "Pages in all; 0 while the job waits."),
        Column("successful_page_count", pl.Int64(), "Pages that can be fetched."),
        Column("successful_pages", pl.List(pl.Int64()), "Their numbers."),
    ),
)


def _without(record: Record, column: str) -> Record:
    """The record as jobs answer it: docs/assumptions.md, "`companyDescriptionList`, `descriptionList` in a job"."""
    return replace(
        record,
        columns=tuple(one for one in record if one.name != column),
        default=tuple(name for name in record.default if name != column),
    )


COMPANY_OF_A_JOB = _without(COMPANY, "descriptions")
CONTACT_OF_A_JOB = _without(CONTACT, "company_descriptions")
