"""Visitors: the company, or the provider, behind an IP address."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

IP_MATCH = Record(
    name="IP match",
    key=("ip_address",),
    minimal=("ip_address", "company_id", "name", "website"),
    columns=(
        Column("ip_address", pl.String(), "The address that was looked up."),
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company; null when the address is a provider's."),
        Column("name", pl.String(), "Company name."),
        Column("website", pl.String(), "Address of the company's website."),
        Column("confidence_score", pl.Float64(), "How sure it is that the address is the company's.", "0.3 to 1"),
        Column("employee_count", pl.Int64(), "Approximate number of people employed."),
        Column("revenue_usd", pl.Int64(), "Approximate revenue.", "US dollars a year"),
        Column("industries", pl.List(pl.String()), "All industries of the company."),
        Column("street", pl.String(), "Street of the primary address."),
        Column("city", pl.String(), "City of the primary address."),
        Column("state", pl.String(), "State or province of the primary address."),
        Column("zip_code", pl.String(), "Postal code of the primary address."),
        Column("country", pl.String(), "Country of the primary address."),
        Column("ticker", pl.String(), "Stock ticker symbol, of public companies."),
        Column("visitor_country_code", pl.String(), "Country in which the address is used, by its two letters."),
        Column("visitor_province", pl.String(), "State or province in which the address is used."),
        Column("visitor_latitude", pl.Float64(), "Where the address is used.", "degrees"),
        Column("visitor_longitude", pl.Float64(), "Where the address is used.", "degrees"),
        Column("provider_name", pl.String(), "Who provides access by the address, when it is no company's."),
        Column("provider_domain", pl.String(), "Domain of the provider."),
        Column("provider_type", pl.String(), "Kind of provider."),
        Column("provider_first_ip", pl.String(), "First address of the provider's range."),
        Column("provider_last_ip", pl.String(), "Last address of the provider's range."),
    ),
)
