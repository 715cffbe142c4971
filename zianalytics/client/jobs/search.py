"""Searches that are carried out as jobs: what matches is listed, or counted, allowed and redeemed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl

from zianalytics.api.enterprise import body
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.api.table import Search
from zianalytics.client.jobs.at_service import Jobs
from zianalytics.client.jobs.book import Begun
from zianalytics.client.jobs.submitted import Submitted
from zianalytics.client.means import Means
from zianalytics.client.metered.budget import limits_of
from zianalytics.client.metered.counts import try_to_hear
from zianalytics.client.metered.exchange import together
from zianalytics.client.search.searches import Searches
from zianalytics.errors import (
    MoreCharged,
    NotAllAnswered,
    RequestRefused,
    ResultsCut,
    warn,
)
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote, quote_lines

# docs/assumptions.md, "records of a bulk search"
MOST_RECORDS = 200_000
_NARROW = "narrow the criteria"
_COUNTED_BY: Mapping[str, Operation[...]] = {"company": Search.companies, "contact": Search.contacts}


def _what_is_held(operation: Operation[...]) -> str:
    """How it is known what of a redemption costs nothing."""
    noun = operation.name.rpartition(".")[2]
    return (
        f"what is held costs nothing: zi.bulk.preview.{noun} lists who matches, free of credits, and "
        f"zi.enrich.{noun}.quote of that list knows what is new"
    )


class SearchJobs:
    """Prices, begins and reads the searches that are jobs."""

    def __init__(self, means: Means, searches: Searches, jobs: Jobs) -> None:
        self._journal, self._exchange, self._budget = means.journal, means.exchange, means.budget
        self._suppression, self._usage = means.suppression, means.usage
        self._searches, self._jobs = searches, jobs

    def quote(self, operation: JobOperation[...], request: Any, *, run: str | None = None) -> Quote:
        """What a job costs at most; sends nothing, unless nothing is said of how much it may cost: then it is counted.

        Parameters
        ----------
        run
            The run that the call would belong to: a job that was begun in it is paid already.
        """
        line = {"operation": operation.name, "entity": operation.cost.entity}
        if job := self._begun_in(run):
            line |= {"what": f"job {job.id}", "status": "held", "why": "begun, and paid as its pages come"}
            return Quote(operation.name, quote_lines([line | {"credits": 0, "records": 0}]))
        if operation.kind == "preview":
            line |= {"what": "everything that matches", "status": "free", "why": "a preview costs its requests alone"}
            return Quote(operation.name, quote_lines([line | {"credits": 0, "records": 0}]), 1)
        limits = limits_of(request)
        given = [n for n in (limits.credits, limits.records) if n is not None]
        if given:
            most, what = min(given), f"up to {min(given):,} records"
        else:
            self._budget.permit(operation.name, operation.cost, Meters(requests=1), limits, smaller=_NARROW)
            most = self._worst(operation, request).records
            what = f"{most:,} records that match now"
        line |= {"what": what, "status": "new", "why": f"at most: each may be new; {_what_is_held(operation)}"}
        return Quote(operation.name, quote_lines([line | {"credits": most, "records": most}]), 2)

    def submit(self, operation: JobOperation[...], request: Any, *, run: str | None = None) -> Submitted:
        """Begin the job, or take up the one that asks the same and is not fetched whole.

        Parameters
        ----------
        run
            The run that the call belongs to: a job that was begun in it is taken up, fetched or not.
        """
        if begun := self._begun_in(run):
            return self.again(begun)
        asked = body(operation, request)
        for job in self._jobs.under_way():
            if (job.operation, job.intent.request) == (operation, asked) and self._jobs.lives(job):
                return self.again(job)
        requests = Meters(requests=1 if operation.kind == "preview" else 2)
        self._budget.permit(operation.name, operation.cost, requests, limits_of(request), smaller=_NARROW)
        if operation.kind == "redeem":
            try_to_hear(self._usage)  # a reading in front of it, by which its windows can be known to be ours
        worst = self._worst(operation, request)
        sent = "Nothing was sent" if operation.kind == "preview" else "Nothing was begun: they were only counted"
        smaller = _NARROW if operation.kind == "preview" else f"{_NARROW}. {_what_is_held(operation).capitalize()}"
        caps = self._budget.permit(
            operation.name, operation.cost, worst, limits_of(request), sent=sent, smaller=smaller
        )
        if operation.kind == "redeem" and not worst.records:
            return Submitted(self._jobs, (), partial(self._read, operation, None, request.fields))
        self._jobs.make_room(1)
        call = self._journal.ledger.begin(operation.name, worst, at=self._exchange.now(), caps=caps, run=run)
        finished = False
        try:
            fields = [] if operation.kind == "preview" else [one.name for one in operation.record.pick(request.fields)]
            job = self._jobs.begin(operation, call, asked, worst, fields=fields)
            finished = True
        finally:
            self._journal.ledger.end(call, finished=finished)
        return self.again(job)

    def again(self, job: Begun) -> Submitted:
        """A job that was begun."""
        return Submitted(self._jobs, [job], partial(self._read, job.operation, job, job.intent.fields or None))

    def _begun_in(self, run: str | None) -> Begun | None:
        calls = self._journal.runs.calls(run) if run else set()
        return next((job for job in self._jobs.known() if job.intent.call in calls), None) if calls else None

    def _worst(self, operation: JobOperation[...], request: Any) -> Meters:
        """What the job costs at most: of a redemption, everything that matches is counted first, by one request."""
        if operation.kind == "preview":
            return Meters(requests=1)
        matching = self._searches.count(_COUNTED_BY[operation.record.name], request.as_search())
        if matching > MOST_RECORDS:
            raise RequestRefused(
                f"{operation.name}: {matching:,} records match, and a job redeems {MOST_RECORDS:,} at most. Nothing "
                "was begun. Narrow the criteria, for instance by country or size, and redeem the parts."
            )
        return Meters(credits=matching, records=matching, requests=1)

    def _read(
        self, operation: JobOperation[...], job: Begun | None, fields: str | Sequence[str] | None
    ) -> pl.DataFrame:
        """What the pages hold, in their order."""
        pages = self._jobs.pages(job) if job else {}
        bodies = {page.number: page.body for page in pages.values()}
        decoded = together(operation.page, bodies, dict.fromkeys(bodies))
        decoded.warn(operation.page)
        names = [column.name for column in operation.record.pick(fields)]
        if job:
            self._say_what_is_missing(job, decoded.frame.height)
        return self._suppression.without(decoded.frame.select(*names, "extra"))

    def _say_what_is_missing(self, job: Begun, rows: int) -> None:
        there_are, worst = self._jobs.progress(job).total_records, job.intent.worst
        if there_are > rows:
            warn(
                NotAllAnswered(
                    f"{job.operation.name}: {there_are - rows:,} of {there_are:,} records are not here: their pages "
                    "failed, as when a limit of the account is reached, or are gone a day after the job began. What is "
                    "here is kept. zi.usage() shows what is left."
                )
            )
        if there_are >= MOST_RECORDS:
            warn(
                ResultsCut(
                    f"{job.operation.name}: a job finds {MOST_RECORDS:,} records at most, so more may match. Narrow "
                    "the criteria, for instance by country or size, and join the parts."
                )
            )
        if job.operation.kind == "redeem" and rows > worst.records:
            warn(
                MoreCharged(
                    f"{job.operation.name}: {rows - worst.records:,} records more matched than when they were counted, "
                    "and they were charged. zi.ledger has each."
                )
            )
