"""What the service itself has counted, on the three meters that we keep, too."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from zianalytics.schema.meters import Meters, Pool

# docs/assumptions.md, "`limitType` of `/lookup/usage`"
_METERS: Mapping[Pool, Mapping[str, str]] = {
    "api": {"uniqueIdLimit": "credits", "recordLimit": "records", "requestLimit": "requests"},
    "websights": {"websightsRecordLimit": "records", "websightsRequestLimit": "requests"},
}


def counted(usage: pl.DataFrame, pool: Pool = "api") -> Meters:
    """The counts of a pool in a frame of `zi.usage()`; a meter that it lacks counts 0."""
    used = dict(usage.select("limit_type", pl.col("current_usage").fill_null(0)).rows())
    return Meters(**{meter: used[limit] for limit, meter in _METERS[pool].items() if limit in used})
