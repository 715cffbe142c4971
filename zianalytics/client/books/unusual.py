"""Days on which far more was spent than usual, and what made them so: decided from the ledger's rows alone."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import median

import polars as pl

LEAST_DAYS = 5
"""With fewer days of spending nothing is usual yet."""
SPREADS = 5
"""How many spreads above the median are unusual."""
_SIGMA = 1.4826
"""What the median distance from the median is multiplied by, to be the standard deviation of a normal spread."""

UNUSUAL = pl.Schema(
    {
        "day": pl.Date(),
        "meter": pl.String(),
        "amount": pl.Int64(),
        "usual": pl.Float64(),
        "limit": pl.Float64(),
        "endpoint": pl.String(),
        "who": pl.String(),
        "source": pl.String(),
        "share": pl.Float64(),
    }
)
_CAUSE = ("endpoint", "who", "source")

Cause = tuple[str | None, ...]


def unusual_days(charges: pl.DataFrame) -> pl.DataFrame:
    """The days that stand out on the meter of credits or records.

    A day stands out where it is above the median of all days with spending by more than five spreads, and more than
    twice the median. Half of the days may be out of order before the rule is. Its cause is the endpoint, person and
    source that were furthest above their own median of these days.

    Parameters
    ----------
    charges
        As `Statements.ledger` gives them.
    """
    found = [row for meter in ("credits", "records") for row in _of_meter(charges, meter)]
    return pl.DataFrame(sorted(found, key=lambda row: (row[0], row[1])), schema=UNUSUAL, orient="row")


def _of_meter(charges: pl.DataFrame, meter: str) -> list[tuple[object, ...]]:
    spent = (
        charges.filter(pl.col(meter) > 0)
        .group_by(pl.col("charged_at").dt.date().alias("day"), *_CAUSE)
        .agg(pl.col(meter).sum())
    )
    of_day: dict[date, Counter[Cause]] = {}
    for day, endpoint, who, source, amount in spent.sort("day", *_CAUSE, nulls_last=True).rows():
        of_day.setdefault(day, Counter())[endpoint, who, source] = amount
    if len(of_day) < LEAST_DAYS:
        return []
    totals = {day: sum(causes.values()) for day, causes in of_day.items()}
    usual = median(totals.values())
    spread = _SIGMA * median(abs(total - usual) for total in totals.values())
    limit = usual + max(SPREADS * spread, usual)
    rows: list[tuple[object, ...]] = []
    for day, total in totals.items():
        if total > limit:
            causes = of_day[day]
            above = {one: amount - median(others[one] for others in of_day.values()) for one, amount in causes.items()}
            cause = max(above, key=lambda one: above[one])
            rows.append((day, meter, total, float(usual), limit, *cause, causes[cause] / total))
    return rows
