"""What we counted, as far as the journal alone can tell: statements, what stands out, what ends soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.enterprise import METERS
from zianalytics.api.table import OPERATIONS
from zianalytics.client.books.expiry import ending, renewal
from zianalytics.client.books.statement import summed, words
from zianalytics.client.books.unusual import unusual_days
from zianalytics.client.metered.projection import LEAST, considered, project
from zianalytics.client.people.suppression import Suppression
from zianalytics.clock import ServerClock
from zianalytics.errors import RequestRefused
from zianalytics.journal import Journal

_UNANSWERED = pl.Schema(
    {
        "sent_at": pl.Datetime("us", "UTC"),
        "endpoint": pl.String(),
        "inputs": pl.Int64(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
        "intent_id": pl.String(),
    }
)
FORECAST = pl.Schema(
    {
        "limit_type": pl.String(),
        "used": pl.Int64(),
        "limit": pl.Int64(),
        "per_day": pl.Float64(),
        "ours_per_day": pl.Float64(),
        "runs_out_on": pl.Date(),
        "basis": pl.String(),
    }
)
_POOLS = {name: row.cost.pool for name, row in OPERATIONS.items()}
_ENTITIES = {name: row.cost.listed or row.cost.entity for name, row in OPERATIONS.items()}


class Books:
    """The ledger of an account, record by record; reading it sends nothing and costs nothing."""

    def __init__(self, journal: Journal, clock: ServerClock, *, credit_price: Decimal | None = None) -> None:
        self._journal, self._clock, self._credit_price = journal, clock, credit_price

    @property
    def _today(self) -> date:
        now = self._clock.now()
        return max(now, self._journal.last_received() or now).date()

    def frame(self) -> pl.DataFrame:
        """One row per charged record, oldest first.

        Returns
        -------
        polars.DataFrame
            charged_at; who (ZOOMINFO_WHO, else the user of JupyterHub, else that of the machine: all who share an
            account are one user to the service); source (ZOOMINFO_SOURCE, else the notebook or script, by its name
            alone); endpoint (as it is called behind `zi.`), entity, id; request_id (the service's own; null where the
            charge was learnt by asking again); credits, records; managed_until (a day; null for what has no window);
            intent_id, call and run: the request, the call that sent it, and the first call of which it is a part, where
            several finished what one began. A charge of before this was kept has no who and no source.

            Where a list about a company is paid by the row (intent, news, scoops, locations), the credit that redeems
            the company is a row of its own, and each of its rows is one with its own id; that of a location is not
            told. Earlier versions wrote one row for all of them, with their number in records.

        Examples
        --------
        >>> zi.ledger.frame().columns[:6]
        ['charged_at', 'who', 'source', 'endpoint', 'entity', 'id']
        """
        return self._journal.statements.ledger()

    @checked("zi.ledger.statement")
    def statement(self, *, by: str | Sequence[str] = ("day", "endpoint")) -> pl.DataFrame:
        """What was spent, summed; requests that cost nothing else are among it.

        A request counts on the day of its charge, in UTC.

        Parameters
        ----------
        by
            One or more of "day", "week" (its Monday), "month" (its first day), "endpoint", "entity", "who", "source",
            "call" and "run"; none, for one row of all.

        Returns
        -------
        polars.DataFrame
            The columns of `by`, in their order and sorted by them; credits, records, requests.

        Raises
        ------
        RequestRefused
            A word is none of these.

        Examples
        --------
        >>> zi.ledger.statement(by=["month", "who"]).columns
        ['month', 'who', 'credits', 'records', 'requests']
        """
        statements = self._journal.statements
        return summed(statements.ledger(), statements.requests(), words(by), _ENTITIES)

    def unusual(self) -> pl.DataFrame:
        """The days on which far more was spent than usual, with what made them so.

        A day stands out on the meter of credits, or of records, where it is more than twice the median of all days with
        spending, and above that median by more than five spreads. (The spread is 1.4826 times the median distance from
        the median, which a few odd days cannot move.) With fewer than five days of spending none does.

        Returns
        -------
        polars.DataFrame
            day, meter, amount, usual (the median), limit (above which a day stands out); endpoint, who and source: what
            was furthest above its own median; share: its part of the amount, from 0 to 1.

        Examples
        --------
        >>> zi.ledger.unusual().columns[:5]
        ['day', 'meter', 'amount', 'usual', 'limit']
        """
        return unusual_days(self._journal.statements.ledger())

    def forecast(self) -> pl.DataFrame:
        """The pace of spending on each limit, the whole organisation's and ours, and the day on which it ends there.

        It is `zi.usage.projection()` with our part of the pace beside it, over the same days.

        Returns
        -------
        polars.DataFrame
            One row per limit: limit_type, used, limit, per_day, ours_per_day, runs_out_on, basis. A limit of which the
            service has not spoken yet is not there.

        Examples
        --------
        >>> zi.ledger.forecast().columns[3:6]
        ['per_day', 'ours_per_day', 'runs_out_on']
        """
        by_limit = groupby(
            sorted(self._journal.usage.history(), key=lambda one: one.limit_type), key=lambda one: one.limit_type
        )
        spent = self._by_limit()
        rows = []
        for limit_type, told in by_limit:
            snapshots = list(told)
            ahead = project(snapshots)
            ours = None
            if ahead.per_day is not None:
                (begun, _), *_, (ended, _) = considered(snapshots)
                within = pl.col("charged_at").is_between(begun, ended, closed="right")
                amount = spent.filter(within, pl.col("limit_type") == limit_type)["amount"].sum()
                ours = float(amount) / ((ended - begun) / LEAST)
            pace = (ahead.per_day, ours, ahead.runs_out_on, ahead.basis)
            rows.append((limit_type, ahead.used, ahead.limit, *pace))
        return pl.DataFrame(rows, schema=FORECAST, orient="row")

    def _by_limit(self) -> pl.DataFrame:
        """What we spent, when and on which limit."""
        named = {f"{pool} {meter}": limit for limit, (pool, meter) in METERS.items()}
        pool = pl.col("endpoint").replace_strict(_POOLS, default="api", return_dtype=pl.String)
        rows = pl.concat([self._journal.statements.ledger(), self._journal.statements.requests()], how="diagonal")
        return (
            rows.unpivot(["credits", "records", "requests"], index=["charged_at", "endpoint"], value_name="amount")
            .with_columns(pl.concat_str(pool, "variable", separator=" ").alias("limit_type"))
            .with_columns(pl.col("limit_type").replace_strict(named, default=None, return_dtype=pl.String))
        )

    @checked("zi.ledger.expiring")
    def expiring(self, *, days: int = 30, ended_days: int = 30) -> pl.DataFrame:
        """The records whose twelve months end within some days, or have ended within some, the first to end first.

        Parameters
        ----------
        days
            From today on, by the service's time.
        ended_days
            Those that have ended within so many days, and were not renewed, are there, too; 0 for none of them.

        Returns
        -------
        polars.DataFrame
            entity ("company", "contact" or "location"), id, name (where it is held), charged_on, managed_until (the
            first day on which it costs a credit again), days_left (0 or less: it has ended), status ("managed" or
            "lapsed"), is_certain (False where somebody else may have redeemed it first, so that the window may end
            sooner). Nobody who is suppressed is there.

        Raises
        ------
        RequestRefused
            A number of days is below 0.

        Examples
        --------
        >>> zi.ledger.expiring(days=30).columns[4:]
        ['managed_until', 'days_left', 'status', 'is_certain']
        """
        for name, value in (("days", days), ("ended_days", ended_days)):
            if type(value) is not int or not 0 <= value <= _FARTHEST:
                raise RequestRefused(
                    f"{name}={value!r} is not a whole number from 0 to {_FARTHEST}. Nothing was sent. Pass 30 for a "
                    "month."
                )
        found = ending(self._journal, today=self._today, days=days, ended_days=ended_days)
        people = found.select(pl.when(pl.col("entity") == "contact").then("id").alias("contact_id"))
        shown = Suppression(self._journal.people, self._clock).without(people.with_row_index())["index"]
        return found.with_row_index().filter(pl.col("index").is_in(shown.implode())).drop("index")

    @checked("zi.ledger.renewal_plan")
    def renewal_plan(self, *, days: int = 30, ended_days: int = 30) -> pl.DataFrame:
        """What it costs to have the records again that `expiring` names: before their windows end, or after.

        * "refresh": inside the window a record is asked for again at no credit. ZoomInfo does not say that this moves
          the end of the window, so that the plan does not count on it.
        * "renew": from `managed_until` on (day 365 after the purchase), a record costs a credit, and is managed for
          twelve months from then. The service may end a window at the hour of the purchase: before that hour of this
          first day it may charge nothing, and renew nothing.

        Both cost a record each. A refresh is worth it for values that are newer than yours; a renewal, for records that
        you will ask for in the year after. What is held can be read without either.

        Parameters
        ----------
        days, ended_days
            As of `expiring`.

        Returns
        -------
        polars.DataFrame
            One row per choice and entity, of each choice the first to end first: choice, entity, count, first_day and
            last_day (of a refresh: the last on which all windows are open; of a renewal: the first on which one may be
            paid, and the first on which all may), credits (at most), records, requests; money (the credits at
            `credit_price=`), where the client was given one; what.

        Raises
        ------
        RequestRefused
            A number of days is below 0.

        Examples
        --------
        >>> zi.ledger.renewal_plan(days=60).columns[:3]
        ['choice', 'entity', 'count']
        """
        return renewal(self.expiring(days=days, ended_days=ended_days), credit_price=self._credit_price)

    def unanswered(self) -> pl.DataFrame:
        """One row per request that was sent and never answered, with the most that it may have cost.

        Run the enrichment again that sent it, and it is asked again: that costs its records, and no second credit. Once
        its window is over, or everything that it asked was answered otherwise, it counts as charged and is gone here. A
        search that is paid by the row is asked anew, and its lost page stays here: it may have been charged.

        The request that began a bulk job is here until the job's last page is kept. `zi.ledger.reconcile()` brings all
        of it to an end.
        """
        self._journal.ledger.sweep()
        rows = [
            (one.at, one.operation, len(one.asked), one.worst.credits, one.worst.records, one.id)
            for one in self._journal.ledger.unknown()
        ]
        return pl.DataFrame(rows, schema=_UNANSWERED, orient="row")


_FARTHEST = 3_650
