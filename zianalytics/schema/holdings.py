"""What a company holds, one row each: technologies and hashtags."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

_COMPANY = Column("company_id", pl.Int64(), "ZoomInfo's id of the company.")

TECHNOLOGY_IN_USE = Record(
    name="technology in use",
    key=("company_id", "tag"),
    columns=(
        _COMPANY,
        Column("tag", pl.String(), "Tag of the technology: parent category, category, vendor, with dots between them."),
        Column("product", pl.String(), "Name of the product."),
        Column("vendor", pl.String(), "Who makes it."),
        Column("category_parent", pl.String(), "Category above its category."),
        Column("category", pl.String(), "What kind of product it is."),
        Column("attribute", pl.String(), "The product in ZoomInfo's own words."),
        Column("first_seen", pl.Date(), "Day on which it was first seen there."),
        Column("last_seen", pl.Date(), "Day on which it was last seen there."),
        Column("website", pl.String(), "Website of the product."),
        Column("domain", pl.String(), "Domain of the vendor."),
        Column("logo_url", pl.String(), "Address of its logo."),
        Column("description", pl.String(), "What the product does."),
    ),
)

HASHTAG = Record(
    name="hashtag",
    key=("company_id", "tag"),
    columns=(
        _COMPANY,
        Column("tag", pl.String(), "The hashtag."),
        Column("label", pl.String(), "The hashtag in words."),
        Column("display_label", pl.String(), "The hashtag as it is shown."),
        Column("description", pl.String(), "What it means."),
        Column("group_name", pl.String(), "Group of the hashtag."),
        Column("parent_category", pl.String(), "Category above it."),
        Column("search_string", pl.String(), "The word to search for."),
        Column("is_hidden", pl.Boolean(), "Whether it is not shown."),
        Column("is_categorized", pl.Boolean(), "Whether it belongs to a category."),
        Column("score", pl.Float64(), "Score of the hashtag."),
        Column("score_unit", pl.String(), "Unit of the score."),
        Column("display_score", pl.String(), "Whether the score is shown."),
        Column("inverse_score_base", pl.Float64(), "What the score is subtracted from."),
        Column("score_multiplier", pl.Float64(), "What the score is multiplied by."),
        Column("priority", pl.Int64(), "Rank among the hashtags."),
        Column("external_id", pl.String(), "Id of the hashtag elsewhere."),
    ),
)
