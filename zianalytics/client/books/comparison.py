"""What the service counted beside what we did, difference by difference: decided from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import polars as pl

from zianalytics.client.metered.projection import has_begun_anew
from zianalytics.journal import METERS, Look

COMPARISON = pl.Schema(
    {"meter": pl.String(), "line": pl.String(), "amount": pl.Int64(), "at_most": pl.Int64(), "why": pl.String()}
)
BEFORE = "counted before"
OURS = "charged by us"
UNANSWERED = "sent and never answered"
RESERVED = "still reserved"
ELSEWHERE = "spent elsewhere"
ALONE = "charged by us alone"
COUNTED = "counted by the service"
UNTOLD = "not told"
DIFFERENCES = frozenset({UNANSWERED, ELSEWHERE, ALONE})
"""The lines of which there are none where the service counted exactly what we did."""


@dataclass(frozen=True)
class Pending:
    """The most that requests without an end may have cost on each meter.

    Attributes
    ----------
    unanswered
        Sent, and no usable answer came.
    reserved
        Under way: somebody waits for the answer, or a job goes on.
    """

    unanswered: dict[str, int]
    reserved: dict[str, int]


def compared(looks: Sequence[Look], now: Look, pending: Pending) -> pl.DataFrame:
    """One row per meter and reason; of each meter the rows above "counted by the service" add up to it.

    Parameters
    ----------
    looks
        What was counted before, at moments at which nothing of ours was under way, oldest first.
    now
        What is counted now.
    """
    rows = [row for meter in METERS for row in _of_meter(meter, [*looks, now], pending)]
    return pl.DataFrame(rows, schema=COMPARISON, orient="row")


Row = tuple[str, str, int | None, int | None, str]


def _of_meter(meter: str, looks: Sequence[Look], pending: Pending) -> list[Row]:
    at_most = {UNANSWERED: pending.unanswered.get(meter, 0), RESERVED: pending.reserved.get(meter, 0)}
    counted = looks[-1].counted.get(meter)
    if counted is None:
        return [(meter, UNTOLD, None, None, "the service does not say what it has counted")]
    told = [(one.at, count, one.ours[meter]) for one in looks if (count := one.counted.get(meter)) is not None]
    began = max((n for n, (one, other) in enumerate(pairwise(told), 1) if has_begun_anew(one[1], other[1])), default=0)
    first, last = told[began], told[-1]
    ours = last[2] - first[2]
    steps = [(b[1] - a[1]) - (b[2] - a[2]) for a, b in pairwise(told[began:])]
    alone = _alone(looks, since=first[0]) if meter == "credits" else 0
    rest = sum(steps) - alone
    unanswered = min(max(rest, 0), at_most[UNANSWERED])
    reserved = min(max(rest, 0) - unanswered, at_most[RESERVED])
    elsewhere = max(rest, 0) - unanswered - reserved
    others = sum(one for one in steps if one > 0)
    before, why_before = _before(told, began)
    rows: list[Row] = [
        (meter, BEFORE, first[1], before, why_before),
        (meter, OURS, ours, ours, f"by the ledger, since {_day(first[0])}"),
        (meter, UNANSWERED, unanswered, at_most[UNANSWERED], _WHY[UNANSWERED]),
        (meter, RESERVED, reserved, at_most[RESERVED], _WHY[RESERVED]),
        (meter, ELSEWHERE, elsewhere, others, _elsewhere(elsewhere, others)),
        (meter, ALONE, alone + min(rest, 0), alone + min(rest, 0), _WHY[ALONE]),
        (meter, COUNTED, counted, counted, f"as it says on {_day(last[0])}"),
    ]
    always = {BEFORE, OURS, ELSEWHERE, COUNTED} if any((counted, ours, *at_most.values())) else {COUNTED}
    return [row for row in rows if row[1] in always or row[2] or row[3]]


def _alone(looks: Sequence[Look], *, since: datetime) -> int:
    """The credits that only we have charged for certain: the service counted all our records beside them, and no other.

    Elsewhere a count that is too low may be one that comes late.
    """
    alone = 0
    for one, other in pairwise(look for look in looks if look.at >= since):
        grown = {}
        for meter in ("credits", "records"):
            before, after = one.counted.get(meter), other.counted.get(meter)
            if before is not None and after is not None:
                grown[meter] = (after - before) - (other.ours[meter] - one.ours[meter])
        if grown.get("records") == 0:
            alone += min(grown.get("credits", 0), 0)
    return alone


def _before(told: Sequence[tuple[datetime, int, int]], began: int) -> tuple[int, str]:
    """How much of what was counted before the comparison begins may be ours, and what is known of it."""
    at, count, ours = told[began]
    if not began:
        may = min(count, ours)
        unknown = f"; we had charged {ours:,} by then, and whose the others are cannot be known" if ours else ""
        return may, f"when it was first asked, on {_day(at)}{unknown}"
    last, _, had = told[began - 1]
    return min(count, ours - had), (
        f"the count has begun anew between {_day(last)} and {_day(at)}, where the comparison begins; in that time we "
        f"charged {ours - had:,}, on which side of it cannot be known"
    )


def _elsewhere(elsewhere: int, others: int) -> str:
    told = "by others of the organisation, on any ZoomInfo surface: the limits are common to all"
    if others > elsewhere:
        told += "; the amount is the least and at_most the most, since other lines may hide some of it"
    return told


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


_WHY = {
    UNANSWERED: "at most; run the same call again, and it is asked again: no second credit, its records anew",
    RESERVED: "requests under way and jobs that go on, at most",
    ALONE: "the ledger has more than the service: a record that somebody else redeemed first costs no credit, a lost "
    "request counts as charged until it is known, or the service counts late",
}
