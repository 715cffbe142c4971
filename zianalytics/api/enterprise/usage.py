"""What replies and look-ups say of the account's limits."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from zianalytics.schema.meters import Pool
from zianalytics.schema.usage import LimitTold

# docs/assumptions.md, "`limitType` of `/lookup/usage`"
LIMITS: Mapping[Pool, Mapping[str, str]] = {
    "api": {"credits": "uniqueIdLimit", "records": "recordLimit", "requests": "requestLimit"},
    "websights": {"records": "websightsRecordLimit", "requests": "websightsRequestLimit"},
}
"""Which limit of the account is which of our meters."""

METERS: Mapping[str, tuple[Pool, str]] = {
    limit: (pool, meter) for pool, limits in LIMITS.items() for meter, limit in limits.items()
}
"""Which of our meters, of which pool, is a limit of the account."""

# docs/assumptions.md, "headers of limits"
_HEADERS = {
    "unique-id": LIMITS["api"]["credits"],
    "record": LIMITS["api"]["records"],
    "request": LIMITS["api"]["requests"],
    "websights-api-record": LIMITS["websights"]["records"],
    "websights-api-request": LIMITS["websights"]["requests"],
}
_WHOLE = re.compile(r"\d{1,18}", re.ASCII)
NO_LIMIT = 2_147_483_647  # docs/assumptions.md, "a limit that is not set"


def limits_told(headers: Mapping[str, str]) -> tuple[LimitTold, ...]:
    """The limits that a reply tells of in its headers (names in lower case); one that cannot be read is left out."""
    told = []
    for name, limit_type in _HEADERS.items():
        allowed, remaining = (
            headers.get(f"x-usage-{name}-limit-{what}", "").strip() for what in ("limit", "remaining")
        )
        if allowed == "-1":
            told.append(LimitTold(limit_type=limit_type, used=None, allowed=None))
        elif _WHOLE.fullmatch(allowed) and _WHOLE.fullmatch(remaining) and int(remaining) <= int(allowed):
            used = int(allowed) - int(remaining)
            told.append(
                LimitTold(limit_type=limit_type, used=used, allowed=None if int(allowed) >= NO_LIMIT else int(allowed))
            )
    return tuple(told)


def limits_in(usage: pl.DataFrame) -> tuple[LimitTold, ...]:
    """The limits in the frame of a look-up, as `endless` leaves it."""
    rows = usage.select("limit_type", "current_usage", "limit").drop_nulls("limit_type").rows()
    return tuple(LimitTold(limit_type=limit_type, used=used, allowed=allowed) for limit_type, used, allowed in rows)


def endless(usage: pl.DataFrame) -> pl.DataFrame:
    """The frame of a look-up, where a limit that is not set is null, and what is left of it, too."""
    is_set = pl.col("limit").is_between(0, NO_LIMIT, closed="left")
    return usage.with_columns(pl.when(is_set).then(pl.col("limit", "usage_remaining")))
