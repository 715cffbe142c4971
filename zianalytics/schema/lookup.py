"""Look-ups and usage: lists of valid values, what an account may ask for, and what the service counted."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

# docs/assumptions.md, "look-up answers"
LOOKUP_VALUE = Record(
    name="look-up value",
    key=("id",),
    columns=(
        Column("id", pl.String(), "The value to pass."),
        Column("name", pl.String(), "What it stands for."),
    ),
)

INTENT_TOPIC = Record(
    name="intent topic",
    key=("name",),
    columns=(
        Column("name", pl.String(), "The topic, as `topics` takes it."),
        Column("category", pl.String(), "Category of the topic."),
        Column("department", pl.String(), "Department that reads up on it."),
        Column("job_function", pl.String(), "Job function that reads up on it."),
        Column("description", pl.String(), "What the topic is about."),
    ),
)

TECHNOLOGY = Record(
    name="technology",
    key=("id",),
    columns=(
        Column("id", pl.String(), "The tag to pass: parent category, category and vendor, with dots between them."),
        Column("name", pl.String(), "Name of the product."),
        Column("vendor", pl.String(), "Who makes it."),
        Column("parent_category", pl.String(), "Category above its category."),
        Column("category", pl.String(), "What kind of product it is."),
    ),
)

INPUT_FIELD = Record(
    name="input field",
    key=("field_name",),
    columns=(
        Column("field_name", pl.String(), "The service's own name of the field."),
        Column("field_type", pl.String(), "Its type, where the service says so."),
        Column("description", pl.String(), "What it means."),
        Column("access_granted", pl.Boolean(), "Whether the account may use it; null where the service does not say."),
    ),
)

OUTPUT_FIELD = Record(name="output field", key=INPUT_FIELD.key, columns=INPUT_FIELD.columns)

LOOKUP_AGES = Record(
    name="held look-up",
    key=("lookup", "asked_with"),
    columns=(
        Column("lookup", pl.String(), "The look-up, as you call it behind `zi.`."),
        Column("asked_with", pl.String(), "What narrowed it; null for the whole list."),
        Column("rows", pl.Int64(), "How many rows it has."),
        Column("received", pl.Datetime("us", "UTC"), "When the service answered it."),
        Column("age", pl.Duration("us"), "How long ago that is, by the service's time."),
    ),
)

ENTITLEMENT = Record(
    name="entitlement",
    key=("operation", "direction", "field_name"),
    columns=(
        Column("operation", pl.String(), "What it is about, as you call it behind `zi.`."),
        Column("direction", pl.String(), '"call": the operation itself; "input" or "output": one field of it.'),
        Column("field_name", pl.String(), "The service's own name of the field; null for the operation itself."),
        Column("column", pl.String(), "Our columns for it, as `fields=` takes them; null where there is none."),
        Column("access_granted", pl.Boolean(), "Whether the account may use it; null where nothing says so."),
        Column("source", pl.String(), "How that is known."),
    ),
)

USAGE = Record(
    name="usage",
    key=("limit_type",),
    columns=(
        Column("limit_type", pl.String(), "Which meter."),
        Column("description", pl.String(), "What it counts."),
        Column("limit", pl.Int64(), "How much the account has in all; null when it has no limit."),
        Column("current_usage", pl.Int64(), "How much is used."),
        Column("usage_remaining", pl.Int64(), "How much is left."),
    ),
)
