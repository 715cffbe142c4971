"""What a quote is likely to cost: how many of its inputs will match, judged by those that were answered before.

The interval is Wilson's for a finite population. Of `n` inputs to come and `m` that were answered, of which `x`
matched, the `y` to come that will match are those for which a score test at 95 % does not tell the shares apart:

    (x/m - y/n)^2 <= z^2 * r * (1 - r) * (1/m + 1/n),   r = (x + y) / (m + n)

It is Wilson's own interval with z^2 * n / (m + n) in the place of z^2, so that it holds for the count itself, and
closes when nothing is left to come. It supposes that those answered are like those to come, as a seeded pilot makes
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import fmean, stdev

import polars as pl

_Z = 1.959963984540054


@dataclass(frozen=True)
class Range:
    """How many it is likely to be, between two bounds that hold in 95 of 100 cases on average.

    Examples
    --------
    >>> Range(5, 8, 9) + Range(1, 1, 1)
    Range(low=6, likely=9, high=10)
    """

    low: int
    likely: int
    high: int

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def __str__(self) -> str:
        return f"{self.likely:,} ({self.low:,} to {self.high:,})" if self.low < self.high else f"{self.likely:,}"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How inputs of one kind were answered before, in this account's journal.

    Attributes
    ----------
    operation, by
        Of which operation, and what the inputs named: "company_website", or "city+company_name".
    asked, matched
        How many different ones were answered, and how many of them with a record.
    rows
        Of a list, how many rows each of them brought, whatever they named.
    """

    operation: str
    by: str = ""
    asked: int
    matched: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Likely:
    """What a quote is likely to cost.

    Attributes
    ----------
    credits, records
        Counts, each with its interval.
    """

    credits: Range
    records: Range


def to_match(coming: int, seen: Seen) -> Range:
    """How many of some inputs to come will match; `seen` must have at least one answer.

    Examples
    --------
    >>> to_match(75, Seen(operation="enrich.companies", by="company_website", asked=25, matched=20))
    Range(low=43, likely=60, high=71)
    """
    share, whole = seen.matched / seen.asked, seen.asked + coming
    k = _Z**2 * coming / (whole * seen.asked)
    spread = sqrt(k * share * (1 - share) + k * k / 4)
    low, high = (whole * (share + k / 2 + sign * spread) / (1 + k) - seen.matched for sign in (-1, 1))
    likely = round(coming * share)
    return Range(min(likely, max(0, floor(low + 1e-9))), likely, max(likely, min(coming, ceil(high - 1e-9))))


def to_come(coming: int, most: int, rows: Sequence[int]) -> Range:
    """How many rows some lists to come will bring, `most` at most, by how many others brought.

    The interval is that of a sum of as many draws, whose mean is known from the others; of fewer than five of them it
    is all that may be.

    Examples
    --------
    >>> to_come(10, 50, [5, 0, 3, 2, 5, 3])
    Range(low=10, likely=30, high=50)
    """
    likely = min(most, round(coming * fmean(rows)))
    if len(rows) < _FEWEST:
        return Range(0, likely, most)
    spread = _Z * stdev(rows) * sqrt(coming + coming * coming / len(rows))
    return Range(max(0, floor(likely - spread)), likely, min(most, ceil(likely + spread)))


_FEWEST = 5


def likely_cost(lines: pl.DataFrame, seen: Sequence[Seen]) -> Likely | str:
    """What the lines are likely to cost, or why that cannot be told."""
    known: Mapping[tuple[str, str], Seen] = {(one.operation, one.by): one for one in seen}
    open_ = lines.filter(
        pl.col("status").is_in(["new", "listed", "open_ended"]), (pl.col("credits") > 0) | (pl.col("records") > 0)
    )
    certain = int(lines["records"].sum()) - int(open_["records"].sum())
    credits, records = Range(0, 0, 0), Range(certain, certain, certain)
    groups = open_.group_by("operation", "by", maintain_order=True).agg(pl.len(), pl.col("credits", "records").sum())
    for operation, by, coming, most_credits, most_records in groups.rows():
        listed = known.get((operation, ""))
        if by is None and listed is not None and listed.rows:
            credits += to_match(most_credits, listed) if most_credits else Range(0, 0, 0)
            records += to_come(coming, most_records, listed.rows)
            continue
        if by is None:
            return f"how many rows {operation} brings is not known before"
        told = known.get((operation, by))
        if told is None or not told.asked:
            return f"no input of {operation} by {by.replace('+', ' and ')} was answered before; .pilot(25) finds out"
        matching = to_match(coming, told)
        credits += matching if most_credits else Range(0, 0, 0)
        records += matching if most_records else Range(0, 0, 0)
    return Likely(credits=credits, records=records)
