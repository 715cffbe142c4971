"""Intent: who reads up on which topic, how eagerly, and since when."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

INTENT_SIGNAL = Record(
    name="intent signal",
    key=("signal_id",),
    columns=(
        Column("signal_id", pl.String(), "ZoomInfo's id of the signal."),
        Column("company_id", pl.Int64(), "ZoomInfo's id of the company."),
        Column("company_name", pl.String(), "Company name."),
        Column("company_website", pl.String(), "Address of the company's website."),
        Column("topic", pl.String(), "Intent topic."),
        Column("category", pl.String(), "Category of the topic."),
        Column("signal_score", pl.Int64(), "Interest beside the company's own baseline.", "60 to 100"),
        Column("audience_strength", pl.String(), "Size of the group that reads, A (largest) to E."),
        Column("signal_date", pl.Datetime("us", "UTC"), "When the signal was identified."),
        Column("is_new_signal", pl.Boolean(), "Whether the signal is new."),
        Column("trend", pl.Int64(), "Change of the score beside the signal before."),
        Column("has_other_topic_consumption", pl.Boolean(), "The company reads more on other topics, too."),
        Column(
            "recommended_contacts",
            pl.List(
                pl.Struct(
                    {
                        "contact_id": pl.Int64(),
                        "first_name": pl.String(),
                        "last_name": pl.String(),
                        "job_title": pl.String(),
                        "job_function": pl.List(pl.Struct({"name": pl.String(), "department": pl.String()})),
                    }
                )
            ),
            "Contacts at the company whose work is near the topic.",
        ),
    ),
)
