"""Who carries operations out: answers from the journal what is held, and asks the service for the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any, Protocol

import polars as pl

from zianalytics.api.enterprise import body, path, query
from zianalytics.api.filters import Lookup
from zianalytics.api.jobs import JobOperation, opened
from zianalytics.api.single import Single
from zianalytics.api.spec import Operation
from zianalytics.api.wire import WireRequest
from zianalytics.client.enrich.checks import Checks
from zianalytics.client.enrich.enrichments import Enrichments
from zianalytics.client.enrich.listings import Listings
from zianalytics.client.enrich.single import FORMS_WAIT_S, Singles
from zianalytics.client.jobs.at_service import Jobs
from zianalytics.client.jobs.book import Begun
from zianalytics.client.jobs.enrich import EnrichJobs
from zianalytics.client.jobs.search import SearchJobs
from zianalytics.client.jobs.submitted import Submitted
from zianalytics.client.lists.granted import Granted
from zianalytics.client.lists.looked_up import LookedUp
from zianalytics.client.lists.valid import Valid
from zianalytics.client.means import Means
from zianalytics.client.metered.budget import Budget, limits_of
from zianalytics.client.metered.counts import Counts
from zianalytics.client.metered.exchange import Exchange, Sender
from zianalytics.client.people.suppression import Suppression
from zianalytics.client.quotes.redemption import Redemptions
from zianalytics.client.quotes.surroundings import Surroundings, with_inputs
from zianalytics.client.reconciliation import Reconciliation
from zianalytics.client.recovery.left_open import Recovery
from zianalytics.client.search.searches import Searches
from zianalytics.clock import ServerClock
from zianalytics.errors import BudgetExceeded, NotEntitled, RequestRefused
from zianalytics.journal import HeldLists, Journal
from zianalytics.schema.quote import Quote
from zianalytics.settings import LIVE, NOBODY, Spender


class _Worker(Protocol):
    """Carries out the calls of one kind."""

    def fetch(self, operation: Operation[...], request: Any, *, run: str | None = None) -> pl.DataFrame: ...
    def quote(self, operation: Operation[...], request: Any, *, run: str | None = None) -> Quote: ...
    def bodies(self, operation: Operation[...], request: Any) -> list[bytes]: ...


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
    spender
        Whom the ledger names beside each charge.
    per_minute
        How many requests a minute the account may make, as far as is known.
    credit_price
        What a credit costs, for quotes.
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
        spender: Spender = NOBODY,
        per_minute: Callable[[], int] | None = None,
        credit_price: Decimal | None = None,
    ) -> None:
        self._journal, self._budget, self._base_url = journal, budget, base_url
        self._exchange = Exchange(sender, journal, clock, spender)
        self.alarm = self._exchange.alarm
        """Speaks when an allowance comes to its end."""
        self.remembered = self._exchange.remembered
        """What was decoded for frames, for the warehouse."""
        self._counts = Counts(journal, self._exchange, operations["usage"])
        counted = self._counts.of
        self._exchange.counted, budget.learn_time = counted, self._counts.learn_time
        held = HeldLists(journal.folder / "lookups")
        self.looked_up = LookedUp(self._exchange, held, operations)
        """The look-ups of the account."""
        self.granted = Granted(self.looked_up, held, journal, operations)
        """What the account may use."""
        self._valid = Valid(self.looked_up)
        recovery = Recovery(journal, self._exchange, counted, operations)
        self._suppression = Suppression(journal.people, clock)
        means = Means(journal, self._exchange, recovery, budget, self._suppression, counted, progress)
        self._searches, self._listings = Searches(means), Listings(means)
        self._enrichments, self._checks = Enrichments(means), Checks(means)
        self._singles = Singles(
            journal,
            self._enrichments,
            self._suppression,
            fitting=lambda operation, request: self._fitting(operation, request, lambda _=False: False),
            fetch=self._one_paid,
        )
        self.jobs = Jobs(journal, self._exchange, budget, progress=progress, sleep=sleep)
        """The jobs of the account."""
        self._search_jobs = SearchJobs(means, self._searches, self.jobs)
        self._enrich_jobs = EnrichJobs(means, self.jobs)
        self.reconciliation = Reconciliation(means, self.jobs)
        """Ends what has no end."""
        self.credit_price = credit_price
        """What a credit costs; None where nobody has said."""
        self._surroundings = Surroundings(journal, self._exchange, budget, per_minute, credit_price)
        self._redemptions = Redemptions(
            journal,
            self._exchange,
            budget,
            operations,
            self.quote,
            self.fetch,
            recovery.settle_kept,
            self._counts.learn_time,
            credit_price,
        )
        if journal.was_damaged:  # what the replies prove is charged before anything else happens; nothing is sent
            recovery.settle_kept(may_ask=False)
            self.jobs.under_way()

    def submit(self, operation: JobOperation[...], request: Any, *, run: str | None = None) -> Submitted:
        """The job that `request` asks for, begun; results of others that expire soon are fetched first."""
        request = self._checked(operation, request)
        with self._noting(operation):
            return self._submit(operation, request, run)

    def _submit(self, operation: JobOperation[...], request: Any, run: str | None) -> Submitted:
        if self.jobs.under_way() and not self._exchange.has_heard:
            self._counts.of("api")  # whether results are gone is judged by the service's time
        self.jobs.rescue()
        work = self._enrich_jobs if operation.kind == "enrich" else self._search_jobs
        return work.submit(operation, request, run=run)

    def again(self, job: Begun) -> Submitted:
        """A job that was begun."""
        work = self._enrich_jobs if job.operation.kind == "enrich" else self._search_jobs
        return work.again(job)

    def fetch(self, operation: Operation[...], request: Any, *, run: str | None = None) -> pl.DataFrame:
        """The rows that `request` asks for, without people who are suppressed.

        Parameters
        ----------
        run
            The run that the call belongs to, when it pays what was approved; None for one of its own.
        """
        self._journal.check_open()
        frame = self._fetched(operation, request, run)
        self.alarm.speak()
        return frame

    def one(self, operation: Operation[...], request: Single) -> dict[str, Any]:
        """The record that `request` names; where it is held, nothing is sent."""
        self._journal.check_open()
        found = self._singles.one(operation, request)
        self.alarm.speak()
        return found

    def _one_paid(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        with self._noting(operation):
            return self._enrichments.fetch(operation, self._checked(operation, request), waits_s=FORMS_WAIT_S)

    def _fetched(self, operation: Operation[...], request: Any, run: str | None = None) -> pl.DataFrame:
        if isinstance(operation, JobOperation):
            return self.submit(operation, request, run=run).frame()
        if isinstance(request, Lookup):
            return self.looked_up.fetch(operation, request)
        with self._noting(operation):
            return self._answered(operation, self._checked(operation, request), run)

    def _answered(self, operation: Operation[...], request: Any, run: str | None) -> pl.DataFrame:
        if operation.cost.is_free:
            is_usage = operation is self._counts.usage
            decoded = self._counts.look_up() if is_usage else self._exchange.ask_free(operation, request)
            decoded.warn(operation)
            return decoded.frame.drop("reply", "input_row", "match_status")
        found = self._worker(operation).fetch(operation, request, run=run)
        is_list = operation.paging or operation.long  # else each input keeps its row
        return self._suppression.without(found) if is_list else found

    def _worker(self, operation: Operation[...]) -> _Worker:
        """Who answers a call that is metered and no job."""
        if operation.paging:
            return self._listings if operation.long else self._searches
        return self._enrichments if operation.cost.may_pay else self._checks

    def whole(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """All rows of a search; none at all, but an error, where a page of it fails."""
        self._journal.check_open()
        return self._suppression.without(self._searches.fetch(operation, request, whole=True))

    def at_once(self) -> int:
        """How many requests are to be under way at a time."""
        return self._exchange.at_once()

    def speak(self) -> None:
        """Warn of what was noticed of limits."""
        self.alarm.speak()

    def quote(self, operation: Operation[...], request: Any, *, run: str | None = None) -> Quote:
        """What `fetch` would cost at most; sends nothing, but for a value that a shipped list lacks."""
        self._journal.check_open()
        request = with_inputs(operation, self._checked(operation, request, asks=False))
        return self._surroundings.complete(operation, request, self._priced(operation, request, run))

    def redeem(self, quote: Quote) -> tuple[pl.DataFrame, ...]:
        """The frames of the calls that a quote has priced, paid by what it approves."""
        self._journal.check_open()
        return self._redemptions.redeem(quote)

    def _priced(self, operation: Operation[...], request: Any, run: str | None = None) -> Quote:
        if isinstance(operation, JobOperation):
            if operation.kind == "enrich":
                return self._enrich_jobs.job_quote(operation, request, run=run)
            return self._search_jobs.quote(operation, request, run=run)
        return self._worker(operation).quote(operation, request, run=run)

    def count(self, operation: Operation[...], request: Any) -> int:
        """How many rows `request` matches in all."""
        self._journal.check_open()
        with self._noting(operation):
            rows = self._searches.count(operation, self._checked(operation, request))
        self.alarm.speak()
        return rows

    def shown(self, operation: Operation[...], request: Any) -> WireRequest:
        """What `fetch` would send where nothing is held; sends nothing, and lets through what no list at hand knows."""
        self._journal.check_open()
        request = self._fitting(operation, request, lambda _=False: False)
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
        if operation.cost.is_free:
            return [body(operation, request)]
        return self._worker(operation).bodies(operation, request)

    def check_open(self) -> None:
        """Raise `ClientClosed` once the client is closed."""
        self._journal.check_open()

    def limits(self) -> pl.DataFrame:
        """What the service says of the limits of the account, by a free request."""
        self._journal.check_open()
        return self._counts.look_up().frame

    def _checked(self, operation: Operation[...], request: Any, *, asks: bool = True) -> Any:
        """The request with values as their lists have them and without fields that the account lacks.

        Parameters
        ----------
        asks
            Whether lists that are not held are asked for; else only one of which a shipped list lacks a value is.
        """

        def may_ask(is_shipped: bool = False) -> bool:
            return self._would_send(operation, request) if asks else is_shipped

        return self._fitting(operation, request, may_ask)

    def _fitting(self, operation: Operation[...], request: Any, may_ask: Callable[..., bool]) -> Any:
        fit = self._valid.criteria(operation, request, may_ask=may_ask)
        fit = self.granted.fields(operation, fit, may_ask=may_ask)
        return self._valid.inputs(operation, fit, may_ask=may_ask)

    def _would_send(self, operation: Operation[...], request: Any) -> bool:
        """Whether a call is likely to send anything; one that is refused for its price or size asks no list, either."""
        if isinstance(operation, JobOperation) or not operation.cost.counts_requests:
            return True
        try:
            worst = self._priced(operation, request).total
            self._budget.permit(operation.name, operation.cost, worst, limits_of(request))
        except (RequestRefused, BudgetExceeded):
            return False
        return worst.requests > 0

    @contextmanager
    def _noting(self, operation: Operation[...]) -> Iterator[None]:
        try:
            yield
        except NotEntitled as refusal:
            self.granted.note(operation, at=self._exchange.now(), refusal=refusal)
            raise
        if not operation.cost.counts_requests:  # of the others the journal keeps the replies
            self.granted.note(operation, at=self._exchange.now())
