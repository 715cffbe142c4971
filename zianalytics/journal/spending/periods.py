"""Days, weeks and months after which a standing budget counts from 0: those of UTC, weeks from Monday on."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Literal, get_args

Per = Literal["day", "week", "month"]
PERIODS: tuple[Per, ...] = get_args(Per)
NOW_IN_WORDS = {"day": "today", "week": "this week", "month": "this month"}


def began(per: Per, at: datetime) -> datetime:
    """The first moment of the period that `at` lies in.

    Examples
    --------
    >>> began("week", datetime(2031, 3, 1, 9, 0, tzinfo=UTC)).isoformat()
    '2031-02-24T00:00:00+00:00'
    """
    day = at.astimezone(UTC).date()
    if per == "week":
        day -= timedelta(days=day.weekday())
    elif per == "month":
        day = day.replace(day=1)
    return datetime.combine(day, time(), UTC)


def ends(per: Per, at: datetime) -> datetime:
    """The first moment after the period that `at` lies in.

    Examples
    --------
    >>> ends("month", datetime(2031, 12, 24, tzinfo=UTC)).isoformat()
    '2032-01-01T00:00:00+00:00'
    """
    first = began(per, at)
    longest = {"day": 1, "week": 7, "month": 31}[per]
    return began(per, first + timedelta(days=longest))
