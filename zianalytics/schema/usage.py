"""What the service says of a limit, what is kept of it, and what follows from it: values and columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

Source = Literal["header", "look-up"]


@dataclass(frozen=True, kw_only=True)
class LimitTold:
    """How far one limit is used up, as the service told it.

    Attributes
    ----------
    limit_type
        "uniqueIdLimit" (credits), "recordLimit", "requestLimit", "websightsRecordLimit", "websightsRequestLimit".
    used
        The count; None where it cannot be told.
    allowed
        How much there is in all; None where there is no limit.
    """

    limit_type: str
    used: int | None
    allowed: int | None


@dataclass(frozen=True, kw_only=True)
class Snapshot(LimitTold):
    """The same at a moment of the service's time."""

    at: datetime
    source: Source


HISTORY = pl.Schema(
    {
        "at": pl.Datetime("us", "UTC"),
        "limit_type": pl.String(),
        "current_usage": pl.Int64(),
        "limit": pl.Int64(),
        "source": pl.String(),
    }
)
PROJECTION = pl.Schema(
    {
        "limit_type": pl.String(),
        "used": pl.Int64(),
        "limit": pl.Int64(),
        "per_day": pl.Float64(),
        "runs_out_on": pl.Date(),
        "basis": pl.String(),
    }
)
