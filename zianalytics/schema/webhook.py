"""Webhooks: where changes are sent, and what a delivery was."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.column import Column, Record

_TIME = pl.Datetime("us", "UTC")
_ID = Column("webhook_id", pl.Int64(), "ZoomInfo's id of the webhook.")
_TARGET = Column("target_url", pl.String(), "Where deliveries go.")
_CREATED = Column("created_date", _TIME, "When it was made.")
_TOKEN = Column("verification_token", pl.String(), "What each delivery carries.")
_SUBSCRIPTIONS = Column(
    "subscriptions",
    pl.List(
        pl.Struct(
            {
                "subscription_id": pl.Int64(),
                "object_type": pl.String(),
                "event_type": pl.String(),
                "is_full_payload": pl.Boolean(),
                "created_date": _TIME,
                "modified_date": _TIME,
            }
        )
    ),
    "What is sent: whose changes, and whether whole records or what has changed alone.",
)
_WHOLE = (
    _ID,
    Column("title", pl.String(), "What it is called."),
    Column("is_enabled", pl.Boolean(), "Whether anything is sent."),
    _TARGET,
    _CREATED,
    _SUBSCRIPTIONS,
)

WEBHOOK = Record(name="webhook", key=("webhook_id",), columns=_WHOLE)

NEW_WEBHOOK = Record(name="new webhook", key=("webhook_id",), columns=(*_WHOLE, _TOKEN))

ENDED_WEBHOOK = Record(
    name="ended webhook",
    key=("webhook_id",),
    columns=(_ID, _TARGET, _CREATED, Column("status", pl.String(), "What has become of it."), _SUBSCRIPTIONS),
)

NEW_TOKEN = Record(name="new token", key=("verification_token",), columns=(_TOKEN,))

TARGET_CHECK = Record(
    name="target check",
    key=("message",),
    columns=(
        Column("message", pl.String(), "What the target said, or why it was not reached."),
        Column("is_success", pl.Boolean(), "The target took the sample."),
        Column("response_code", pl.Int64(), "Its HTTP status; null when it was not reached."),
    ),
)

SUBSCRIPTION_TYPES = Record(
    name="subscription types",
    key=("object_types",),
    columns=(
        Column("object_types", pl.List(pl.String()), "Whose changes can be sent."),
        Column("event_types", pl.List(pl.String()), "Which events there are."),
    ),
)
