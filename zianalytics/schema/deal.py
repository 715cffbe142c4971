"""Closed deals: what came of it when an account was called on. From the user's own CRM, never from ZoomInfo."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

DEAL = Record(
    name="deal",
    key=("deal_id",),
    columns=(
        Column("deal_id", pl.String(), "The CRM's own id of the deal."),
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company; null when it was not matched."),
        Column("company_name", pl.String(), "Company name, as the CRM has it."),
        Column("website", pl.String(), "Address of the company's website, as the CRM has it."),
        Column("amount_usd", pl.Int64(), "Value of the deal.", "US dollars"),
        Column("outcome", pl.String(), "won or lost."),
        Column("opened_on", pl.Date(), "Day on which the deal was opened."),
        Column("closed_on", pl.Date(), "Day on which the deal was closed."),
    ),
)
