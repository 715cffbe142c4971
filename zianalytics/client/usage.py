"""What the service itself has counted, on the three meters that we keep, too."""

from __future__ import annotations

import polars as pl

from zianalytics.schema.meters import Meters

# docs/assumptions.md, "limitType of /lookup/usage"
_METERS = {"uniqueIdLimit": "credits", "recordLimit": "records", "requestLimit": "requests"}


def counted(usage: pl.DataFrame) -> Meters:
    """The counts in a frame of `zi.usage()`; a meter that it lacks counts 0."""
    used = dict(usage.select("limit_type", pl.col("current_usage").fill_null(0)).rows())
    return Meters(**{meter: used[limit] for limit, meter in _METERS.items() if limit in used})
