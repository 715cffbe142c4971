"""News and scoops: what is written about companies, and what their people let known."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

_TIME = pl.Datetime("us", "UTC")
_TEXTS = pl.List(pl.String())

_ARTICLE = (
    Column("url", pl.String(), "Address of the article."),
    Column("title", pl.String(), "Title of the article."),
    Column("page_date", _TIME, "When it was published."),
    Column("categories", _TEXTS, "Categories of the article."),
    Column(
        "companies",
        pl.List(pl.Struct({"company_id": pl.Int64(), "company_name": pl.String()})),
        "Companies that it is about.",
    ),
    Column("domain", pl.String(), "Site of the article."),
    Column("image_url", pl.String(), "Address of its image."),
)

NEWS_PREVIEW = Record(name="news preview", key=("url",), columns=_ARTICLE)

NEWS_ARTICLE = Record(
    name="news article",
    key=("url",),
    columns=(*_ARTICLE, Column("description", pl.String(), "What the article tells.")),
)

SCOOP = Record(
    name="scoop",
    key=("scoop_id",),
    columns=(
        Column("scoop_id", pl.Int64(), "ZoomInfo's id of the scoop."),
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company."),
        Column("company_name", pl.String(), "Company name."),
        Column("original_published_date", _TIME, "When it was first published."),
        Column("published_date", _TIME, "When it was published or last updated."),
        Column("types", pl.List(pl.Struct({"type_id": pl.Int64(), "type": pl.String()})), "Types of the scoop."),
        Column("topics", _TEXTS, "Topics of the scoop."),
        Column("description", pl.String(), "What the scoop tells."),
        Column("update_text", pl.String(), "What was updated."),
        Column("link", pl.String(), "Address of the source."),
        Column("link_text", pl.String(), "Words of that link."),
        Column("contacts", _TEXTS, "Names of the people it is about."),
    ),
)
