"""Who carries operations out: answers from the journal what is held, and asks the service for the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import polars as pl

from zianalytics.api.enterprise import body, endless, limits_in, path, query
from zianalytics.api.jobs import JobOperation, opened
from zianalytics.api.spec import Operation
from zianalytics.api.wire import WireRequest
from zianalytics.client.budget import Budget
from zianalytics.client.checks import Checks
from zianalytics.client.enrich import Enrichments
from zianalytics.client.enrich_jobs import EnrichJobs
from zianalytics.client.exchange import Exchange, Sender
from zianalytics.client.job_book import Begun
from zianalytics.client.jobs import Jobs
from zianalytics.client.limits import counted
from zianalytics.client.listings import Listings
from zianalytics.client.recovery import Recovery
from zianalytics.client.search import Searches
from zianalytics.client.search_jobs import SearchJobs
from zianalytics.client.submitted import Submitted
from zianalytics.client.suppression import Suppression
from zianalytics.clock import ServerClock
from zianalytics.errors import AnswerRefused, AnswerUnreadable, NotAnswered, RequestRefused
from zianalytics.frames.decode import Decoded
from zianalytics.journal import Journal
from zianalytics.schema.meters import Meters, Pool
from zianalytics.schema.quote import Quote
from zianalytics.settings import LIVE


class Caller:
    """The `api.spec.Caller` of a client.

    Parameters
    ----------
    sender
        Carries requests: a `transport.Session`.
    journal
        Keeps what was paid for.
    clock
        The service's time, learnt by the sender.
    budget
        What may be spent.
    operations
        The table, by name.
    progress
        Whether calls of several requests show a bar.
    sleep
        How to wait some seconds between two questions after a job.
    base_url
        Where the service is, for requests that are shown.
    """

    def __init__(
        self,
        sender: Sender,
        journal: Journal,
        clock: ServerClock,
        budget: Budget,
        operations: Mapping[str, Operation[...]],
        *,
        progress: bool = True,
        sleep: Callable[[float], None] = time.sleep,
        base_url: str = LIVE,
    ) -> None:
        self._journal, self._base_url = journal, base_url
        self._exchange = Exchange(sender, journal, clock)
        self.alarm = self._exchange.alarm
        """Speaks when an allowance comes to its end."""
        self._usage = operations["usage"]
        recovery = Recovery(journal, self._exchange, self._counted, operations)
        self._searches = Searches(journal, self._exchange, recovery, budget, progress=progress)
        self._listings = Listings(journal, self._exchange, recovery, budget, self._counted, progress=progress)
        self._suppression = Suppression(journal.people, clock)
        self._enrichments = Enrichments(
            journal, self._exchange, recovery, budget, self._suppression, self._counted, progress=progress
        )
        self._checks = Checks(journal, self._exchange, recovery, budget, self._suppression, progress=progress)

        self.jobs = Jobs(journal, self._exchange, budget, progress=progress, sleep=sleep)
        """The jobs of the account."""
        self._search_jobs = SearchJobs(journal, self._exchange, budget, self._suppression, self._searches, self.jobs)
        self._enrich_jobs = EnrichJobs(
            journal, self._exchange, recovery, budget, self._suppression, self._counted, self.jobs
        )

    def submit(self, operation: JobOperation[...], request: Any) -> Submitted:
        """The job that `request` asks for, begun; results of others that expire soon are fetched first."""
        if self.jobs.under_way() and not self._exchange.has_heard:
            self._counted("api")  # whether results are gone is judged by the service's time
        self.jobs.rescue()
        if operation.kind == "redeem":
            with suppress(NotAnswered, AnswerRefused, AnswerUnreadable):
                self._counted("api")  # a reading in front of it, by which its windows can be known to be ours
        work = self._enrich_jobs if operation.kind == "enrich" else self._search_jobs
        return work.submit(operation, request)

    def again(self, job: Begun) -> Submitted:
        """A job that was begun."""
        work = self._enrich_jobs if job.operation.kind == "enrich" else self._search_jobs
        return work.again(job)

    def fetch(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """The rows that `request` asks for, without people who are suppressed."""
        self._journal.check_open()
        frame = self._fetched(operation, request)
        self.alarm.speak()
        return frame

    def _fetched(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        if isinstance(operation, JobOperation):
            return self.submit(operation, request).frame()
        if operation.paging and operation.long:
            return self._suppression.without(self._listings.fetch(operation, request))
        if operation.paging:
            return self._suppression.without(self._searches.fetch(operation, request))
        if operation.cost.may_pay:
            found = self._enrichments.fetch(operation, request)
            return self._suppression.without(found) if operation.long else found
        if operation.cost.counts_requests:
            return self._checks.fetch(operation, request)
        decoded = self._look_up() if operation is self._usage else self._exchange.ask_free(operation, request)
        decoded.warn(operation)
        return decoded.frame.drop("reply", "input_row", "match_status")

    def whole(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """All rows of a search; none at all, but an error, where a page of it fails."""
        self._journal.check_open()
        return self._suppression.without(self._searches.fetch(operation, request, whole=True))

    def quote(self, operation: Operation[...], request: Any) -> Quote:
        """What `fetch` would cost at most; sends nothing."""
        self._journal.check_open()
        if isinstance(operation, JobOperation):
            enriches = operation.kind == "enrich"
            return (self._enrich_jobs.job_quote if enriches else self._search_jobs.quote)(operation, request)
        if operation.paging:
            return (self._listings if operation.long else self._searches).quote(operation, request)
        if operation.cost.may_pay:
            return self._enrichments.quote(operation, request)
        return self._checks.quote(operation, request)

    def count(self, operation: Operation[...], request: Any) -> int:
        """How many rows `request` matches in all."""
        rows = self._searches.count(operation, request)
        self.alarm.speak()
        return rows

    def shown(self, operation: Operation[...], request: Any) -> WireRequest:
        """What `fetch` would send where nothing is held; sends nothing."""
        self._journal.check_open()
        bodies = self._bodies(operation, request)
        if not bodies:
            raise RequestRefused(
                f"{operation.name} would send no request: nothing is left to ask for. Nothing was sent. Pass inputs "
                "that are not suppressed, and a limit of 1 row or more."
            )
        first, *others = (
            WireRequest(
                operation=operation.name,
                method=operation.enterprise.method,
                base_url=self._base_url,
                path=path(operation, request),
                query=query(operation, request),
                body=said.decode(),
                number=number,
                of=len(bodies),
            )
            for number, said in enumerate(bodies, 1)
        )
        return replace(first, following=tuple(others))

    def _bodies(self, operation: Operation[...], request: Any) -> list[bytes]:
        if isinstance(operation, JobOperation):
            if operation.kind != "enrich":
                return [body(operation, request)]
            request = replace(request, of=opened(request.of))
        if operation.paging:
            return (self._listings if operation.long else self._searches).bodies(operation, request)
        if operation.cost.may_pay:
            return self._enrichments.bodies(operation, request)
        if operation.cost.counts_requests:
            return self._checks.bodies(operation, request)
        return [body(operation, request)]

    def _counted(self, pool: Pool) -> Meters:
        """What the service has counted; the journal compares it with what it has itself."""
        standing = self._journal.ledger.standing()
        usage = self._look_up().frame
        self._journal.ledger.compare(standing, counted(usage))
        return counted(usage, pool)

    def _look_up(self) -> Decoded:
        """What the service says of the limits of the account."""
        decoded = self._exchange.ask_free(self._usage, self._usage.request())
        decoded = replace(decoded, frame=endless(decoded.frame))
        self._exchange.hear(limits_in(decoded.frame), source="look-up")
        return decoded
