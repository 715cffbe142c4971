"""The one clock of a sandbox: starts where it is told, runs with the machine's monotonic one, and can be moved on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(9990, 1, 1, tzinfo=UTC)
"""Between these everything that is reckoned from the present, years before and after it, is a date."""


def in_range(moment: datetime) -> datetime:
    """The same moment, when a sandbox can live there.

    Raises
    ------
    ValueError
        It is too early or too late.
    """
    if not EARLIEST <= moment < LATEST:
        raise ValueError(
            f"A sandbox's clock shows the years {EARLIEST.year} to {LATEST.year - 1}, not {moment:%Y-%m-%d}."
        )
    return moment


class Clock:
    """Sandbox time. It never goes back.

    Parameters
    ----------
    start
        The aware instant at which it begins, within `in_range`.
    monotonic
        Where elapsed seconds come from.
    """

    def __init__(self, start: datetime, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._start = in_range(start.astimezone(UTC))
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
            `days` is negative, or the clock cannot show that day; it stays where it is.
        """
        if days < 0:
            raise ValueError(f"The clock cannot go back by {-days} days. Pass a positive number of days.")
        try:
            in_range(self.now() + timedelta(days=days))
        except OverflowError as exc:
            raise ValueError(f"{days} days are more than the calendar has.") from exc
        self._moved += timedelta(days=days)
        return self.now()


@lru_cache(4096)
def a_year_after(moment: datetime) -> datetime:
    """The same day and time twelve months later; the 28th after a 29 February."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, day=28)
