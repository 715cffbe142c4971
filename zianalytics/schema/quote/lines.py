"""The lines of a quote: one per input, why it costs what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import polars as pl

LineStatus = Literal[
    "new", "managed", "held", "duplicate", "unanswered", "listed", "open_ended", "free", "at_least",
    "invalid_input", "opted_out",
]  # fmt: skip
LINES = pl.Schema(
    {
        "operation": pl.String(),
        "input_row": pl.Int64(),
        "what": pl.String(),
        "by": pl.String(),
        "entity": pl.String(),
        "id": pl.Int64(),
        "status": pl.String(),
        "why": pl.String(),
        "managed_until": pl.Date(),
        "days_left": pl.Int64(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
    }
)
SENT = ("new", "managed", "listed")
"""The statuses of lines that a call would ask and pay for."""


def quote_lines(rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """A frame with the columns of `Quote.lines`, one row per mapping; absent keys are null."""
    told = list(rows)
    return pl.DataFrame({name: [row.get(name) for row in told] for name in LINES}, schema=LINES)


def shared_once(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with each record's price left on its first line only.

    A second line of the same operation asks nothing new; one of another operation that redeems the same record finds
    it under management and costs its own record, without a credit.
    """
    charged = pl.col("id").is_not_null() & pl.col("status").is_in(["new", "managed"])
    duplicate = charged & (charged.cum_sum().over("operation", "entity", "id") > 1)
    redeems = pl.col("id").is_not_null() & pl.col("status").is_in(["new", "listed"]) & (pl.col("credits") > 0)
    redeemed = redeems & (redeems.cum_sum().over("entity", "id") > 1)
    now_managed = redeemed & (pl.col("status") == "new")
    return lines.with_columns(
        status=pl.when(duplicate)
        .then(pl.lit("duplicate"))
        .when(now_managed)
        .then(pl.lit("managed"))
        .otherwise("status"),
        why=pl.when(duplicate)
        .then(pl.lit("the same record as an earlier line"))
        .when(redeemed)
        .then(pl.lit("redeemed by an earlier line"))
        .otherwise("why"),
        credits=pl.when(duplicate | redeemed).then(0).otherwise("credits"),
        records=pl.when(duplicate).then(0).otherwise("records"),
    )
