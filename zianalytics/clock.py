"""Server time: the wall clock, and how far the service is from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# `Date` counts whole seconds and a reply takes time to arrive: a smaller difference says nothing.
NOISE_S = 1.5
# A date beyond them is a mistake, and would end windows, or never end them.
BELIEVABLE_YEARS = range(2020, 2100)


class ServerClock:
    """The time as the service tells it, learnt from the `Date` of its replies.

    It rules when a token expires and when a record's window ends, so that a wrong wall clock does no harm and a
    sandbox whose clock was moved is believed. docs/assumptions.md, "server time".

    Parameters
    ----------
    wall
        Seconds since 1970, as `time.time` gives them.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self.wall = wall
        self.offset_s = 0.0

    def __repr__(self) -> str:
        return f"ServerClock(offset_s={self.offset_s:.1f})"

    def now(self) -> datetime:
        """The service's time, with time zone UTC."""
        return datetime.fromtimestamp(self.wall() + self.offset_s, UTC)

    def learn(self, date_header: str) -> None:
        """Take over the service's time from a `Date` header; one that is no date of our time teaches nothing."""
        try:
            told = parsedate_to_datetime(date_header)
        except (ValueError, OverflowError):
            return
        if told.year not in BELIEVABLE_YEARS:
            return
        # The header cut the fraction off: half a second is the middle of what it may have been.
        told_s = told.replace(tzinfo=told.tzinfo or UTC).timestamp() + 0.5
        offset_s = told_s - self.wall()
        if abs(offset_s - self.offset_s) > NOISE_S:
            self.offset_s = offset_s
