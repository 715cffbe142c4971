"""What a look-up of usage says of our meters."""

from __future__ import annotations

import polars as pl

from zianalytics.api.enterprise import LIMITS
from zianalytics.schema.meters import Meters, Pool


def told(usage: pl.DataFrame) -> dict[str, int | None]:
    """The counts of both pools in a frame of `zi.usage()`, as the journal names them; None where one is not told."""
    used = dict(usage.select("limit_type", "current_usage").rows())
    named = {meter: used.get(limit) for meter, limit in LIMITS["api"].items()}
    return named | {f"ip_{meter}": used.get(limit) for meter, limit in LIMITS["websights"].items()}


def counted(usage: pl.DataFrame, pool: Pool = "api") -> Meters:
    """The counts of a pool in a frame of `zi.usage()`; a meter that it lacks counts 0."""
    used = dict(usage.select("limit_type", pl.col("current_usage").fill_null(0)).rows())
    return Meters(**{meter: used[limit] for meter, limit in LIMITS[pool].items() if limit in used})
