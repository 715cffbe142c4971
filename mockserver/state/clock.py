"""The one clock of a sandbox: starts where it is told, runs with the machine's monotonic one, and can be moved on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Sandbox time. It never goes back.

    Parameters
    ----------
    start
        The aware instant at which it begins.
    monotonic
        Where elapsed seconds come from.
    """

    def __init__(self, start: datetime, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._start = start.astimezone(UTC)
        self._monotonic = monotonic
        self._began = monotonic()
        self._moved = timedelta()

    def now(self) -> datetime:
        """The present instant of the sandbox, in UTC."""
        return self._start + self._moved + timedelta(seconds=self._monotonic() - self._began)

    def advance(self, days: int) -> datetime:
        """Move the clock on by whole days and return the new present.

        Raises
        ------
        ValueError
            `days` is negative.
        """
        if days < 0:
            raise ValueError(f"The clock cannot go back by {-days} days. Pass a positive number of days.")
        self._moved += timedelta(days=days)
        return self.now()


def a_year_after(moment: datetime) -> datetime:
    """The same day and time twelve months later; the 28th after a 29 February."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, day=28)
