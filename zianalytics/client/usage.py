"""What the service itself has counted: now, over time, and where it leads."""

from __future__ import annotations

from dataclasses import astuple
from itertools import groupby

import polars as pl

from zianalytics.api.spec import Fetcher
from zianalytics.api.table import Account
from zianalytics.client.call import Caller
from zianalytics.client.metered.projection import project
from zianalytics.journal import Journal
from zianalytics.schema.usage import HISTORY, PROJECTION
from zianalytics.tab import offered


class Usage(Fetcher[[]]):
    """The five limits of an account: call it for what is used and left now; `zi.usage`."""

    def __init__(self, caller: Caller, journal: Journal) -> None:
        super().__init__(Account.usage, caller)
        self._notes, self._alarm = journal.usage, caller.alarm

    def __repr__(self) -> str:
        return f"{super().__repr__()}\n{offered(self, 'zi.usage', 'history', 'projection', 'warn_at')}"

    def history(self) -> pl.DataFrame:
        """What the service has said of each limit over time; sends nothing.

        It says so with every metered reply, and what it says is kept with the reply, by all clients of this account on
        this home: the first count of all, then a row a limit and minute in which a count moved, and one on each day on
        which it was heard of.

        Returns
        -------
        polars.DataFrame
            Oldest first: at, limit_type, current_usage, limit (null when it has no limit), source ("header" of a
            metered reply, or "look-up": a call of `zi.usage()`, or one that a paid call makes by itself).

        Examples
        --------
        >>> zi.usage.history().columns
        ['at', 'limit_type', 'current_usage', 'limit', 'source']
        """
        rows = [(one.at, one.limit_type, one.used, one.allowed, one.source) for one in self._notes.history()]
        return pl.DataFrame(rows, schema=HISTORY, orient="row")

    def projection(self) -> pl.DataFrame:
        """The day on which each limit is reached, if it goes on as in the last weeks; sends nothing.

        The pace is what was used between the newest snapshot in `history()` and the last one that is at least 28 days
        older (the first of all, where none is), divided by the days between the two: days without use count. A count
        that is less than half of the one before it has begun anew, and is all use since; any smaller fall is no use.
        It begins at the newest snapshot, so call `zi.usage()` first to begin today; and it does not know when the
        allowance is renewed.

        Returns
        -------
        polars.DataFrame
            One row per limit: limit_type, used, limit, per_day, runs_out_on, and basis: the days that the pace rests
            on, or why there is no day.

        Examples
        --------
        >>> zi.usage.projection().columns
        ['limit_type', 'used', 'limit', 'per_day', 'runs_out_on', 'basis']
        """
        by_limit = groupby(
            sorted(self._notes.history(), key=lambda one: one.limit_type), key=lambda one: one.limit_type
        )
        rows = [astuple(project(list(snapshots))) for _, snapshots in by_limit]
        return pl.DataFrame(rows, schema=PROJECTION, orient="row")

    def warn_at(self, *percents: float) -> None:
        """Warn at these thresholds from now on, in this client; 80, 90 and 100 percent where nothing is said.

        The warning is `errors.LimitNear`. It comes between requests, once for a limit and threshold in a process, and
        again when the count has begun anew.

        Parameters
        ----------
        percents
            How much of a limit is used, each from 1 to 100; none, to warn of nothing.

        Raises
        ------
        RequestRefused
            One of them is no such percentage.

        Examples
        --------
        >>> zi.usage.warn_at(75, 95)
        """
        self._alarm.warn_at(percents)
