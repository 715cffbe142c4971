"""When a limit runs out at the pace of the last weeks: decided from its snapshots alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from zianalytics.schema.usage import Snapshot

WINDOW = timedelta(days=28)  # four weeks: each day of the week counts alike
LEAST = timedelta(days=1)
FARTHEST_DAYS = 3_650


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Where one limit is going.

    Attributes
    ----------
    used, limit
        As the newest snapshot has them; a limit of None is not set.
    per_day
        The pace: use a day, days without use included. None where too little is known.
    runs_out_on
        The day on which the limit is reached at that pace. None where it is not, or cannot be told.
    basis
        What the pace rests on, or why there is none.
    """

    limit_type: str
    used: int | None
    limit: int | None
    per_day: float | None
    runs_out_on: date | None
    basis: str


def project(snapshots: Sequence[Snapshot]) -> Projection:
    """The projection of one limit.

    The pace is what was used between the newest snapshot and the last one that is at least 28 days older (the first of
    all, where none is), divided by the days between the two. Of each day its last count is taken. A count that is less
    than half of the one before it has begun anew, and is all use since; any other fall is a correction, or a reply that
    was overtaken, and no use. The projection begins at the newest snapshot, and does not know when the allowance is
    renewed.

    Parameters
    ----------
    snapshots
        Those of one limit, oldest first; at least one.
    """
    newest = snapshots[-1]

    def said(basis: str, *, per_day: float | None = None, runs_out_on: date | None = None) -> Projection:
        return Projection(
            limit_type=newest.limit_type,
            used=newest.used,
            limit=newest.allowed,
            per_day=per_day,
            runs_out_on=runs_out_on,
            basis=basis,
        )

    if newest.used is None:
        return said("the service does not say how much is used")
    left = None if newest.allowed is None else newest.allowed - newest.used
    if left is not None and left <= 0:
        return said("it is used up", runs_out_on=newest.at.date())
    closing = considered(snapshots)
    (begun, _), (ended, _) = closing[0], closing[-1]
    if ended - begun < LEAST:
        return said("counts of less than a day say nothing of a pace")
    per_day = sum(_used(before, after) for (_, before), (_, after) in pairwise(closing)) / ((ended - begun) / LEAST)
    basis = f"counts from {begun:%Y-%m-%d} to {ended:%Y-%m-%d}"
    if left is None:
        return said(f"no limit is set; {basis}", per_day=per_day)
    if not per_day:
        return said(f"nothing was used; {basis}", per_day=per_day)
    if left / per_day > FARTHEST_DAYS:
        return said(f"it lasts more than ten years; {basis}", per_day=per_day)
    return said(basis, per_day=per_day, runs_out_on=(newest.at + timedelta(days=left / per_day)).date())


def considered(snapshots: Sequence[Snapshot]) -> list[tuple[datetime, int]]:
    """The counts that the pace of a limit rests on: the last of each day, and the first of all where it is among them.

    Parameters
    ----------
    snapshots
        Those of one limit, oldest first.
    """
    counts = [(one.at, one.used) for one in snapshots if one.used is not None]
    closing = {at.date(): (at, used) for at, used in counts}
    ends = sorted({*counts[:1], *closing.values()})
    return ends[max((n for n, (at, _) in enumerate(ends) if at <= snapshots[-1].at - WINDOW), default=0) :]


# docs/assumptions.md, "renewal of allowances"
def has_begun_anew(before: int, after: int) -> bool:
    """Whether a count that followed another is one of a new allowance; else a fall is a correction, or came late."""
    return after < before / 2


def _used(before: int, after: int) -> int:
    if after >= before:
        return after - before
    return after if has_begun_anew(before, after) else 0
