"""Bulk jobs as the service knows them: begun, asked after, fetched page by page as they come off, and ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import uuid4

from tqdm.auto import tqdm

from zianalytics.api.bulk import JobAsked, JobPage
from zianalytics.api.enterprise import body, job_id
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.api.table import JOBS, JobCalls
from zianalytics.client.jobs.book import Begun, JobBook, read_progress
from zianalytics.client.jobs.progress import Progress, entries_on
from zianalytics.client.metered.budget import Budget
from zianalytics.client.metered.exchange import Exchange, Kept
from zianalytics.client.metered.pool import fan_out
from zianalytics.errors import MalformedRequest, RequestRefused, ResultsExpire, warn
from zianalytics.journal import Allowance, Call, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

SOON = timedelta(hours=6)
MOST_ACTIVE = 5
A_NEW_ONE = timedelta(seconds=1)
LONGEST_WAIT_S = 30.0


def wait_before_asking(asked_in_vain: int) -> float:
    """Seconds until a job is asked after again, when so many times in a row nothing had come off."""
    return min(1.5**asked_in_vain, LONGEST_WAIT_S)


class Jobs(JobBook):
    """Looks after the jobs of an account."""

    def __init__(
        self,
        journal: Journal,
        exchange: Exchange,
        budget: Budget,
        *,
        progress: bool,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(journal, exchange)
        self._budget, self._progress, self._sleep = budget, progress, sleep

    def rescue(self) -> None:
        """Fetch what other jobs have found and what is gone soon, and say so."""
        now = self._exchange.now()
        if soon := [job for job in self.under_way() if now < job.expires_at < now + SOON]:
            self.finish(soon, wait=False)
            left = [f"{job.id} ({job.operation.name}, {job.expires_at:%Y-%m-%d %H:%M} UTC)" for job in soon]
            warn(
                ResultsExpire(
                    f"Results of bulk jobs are gone a day after they began, and these were near it: {', '.join(left)}. "
                    "What could be fetched is fetched and kept; zi.bulk.jobs() shows what is not."
                )
            )

    def begin(
        self,
        operation: JobOperation[...],
        call: Call,
        request: bytes,
        worst: Meters,
        *,
        asked: Sequence[str] = (),
        ids: Sequence[int | None] = (),
        fields: Sequence[str] = (),
    ) -> Begun:
        """Begin a job, at most one a second; its price is reserved and its id is kept when this returns."""
        sent = [job.begun_at for job in self.known()]
        sent += [intent.at for intent in self._journal.ledger.unknown() if intent.operation in JOBS]
        if sent and (wait := A_NEW_ONE - (self._exchange.now() - max(sent))) > timedelta():
            self._sleep(wait.total_seconds())
        intent = Intent(
            id=str(uuid4()),
            call=call.id,
            operation=operation.name,
            request=request,
            worst=worst,
            at=self._exchange.now(),
            asked=tuple(asked),
            ids=tuple(ids),
            fields=tuple(fields),
        )
        kept = self._exchange.begin(operation, intent)
        return Begun(job_id(operation, kept.body), operation, intent, kept.received, kept.request_id)

    def make_room(self, wanted: int) -> None:
        """Refuse jobs that would be more than the service works on at a time.

        Raises
        ------
        RequestRefused
            With the ids of those that are active.
        """
        ours = [job for job in self.under_way() if self.lives(job)]
        if len(ours) + wanted <= MOST_ACTIVE:
            return
        active = [job.id for job in ours if (said := self.ask(job)) is not None and not said.is_over]
        if len(active) + wanted > MOST_ACTIVE:
            raise RequestRefused(
                f"The service works on {MOST_ACTIVE} jobs at a time; {len(active)} are active and {wanted} more are "
                f"asked for. Nothing was begun. Wait for them by zi.bulk.resume(), or pass fewer rows. They are "
                f"{', '.join(active) or '(none)'}."
            )

    def ask(self, job: Begun) -> Progress | None:
        """How far a job is; None when the service does not know it any more."""
        row = JobCalls.status
        try:
            kept = self._request(row, body(row, JobAsked(job_id=job.id)), (job.id,), settle=self._heard)
        except MalformedRequest:
            return None
        return read_progress(kept.body)

    def finish(self, jobs: Sequence[Begun], *, wait: bool = True) -> None:
        """Fetch the pages of jobs as they come off, the oldest job first, until all are over.

        Parameters
        ----------
        wait
            Whether to wait for what has not come off; else what can be fetched now is fetched.
        """
        waiting = sorted((job for job in jobs if self.is_open(job)), key=lambda job: job.begun_at)
        in_vain, totals = 0, dict[str, int]()
        with tqdm(desc="bulk", unit="row", disable=not self._progress or not waiting, leave=False) as bar:
            while waiting:
                moved = False
                for job in list(waiting):
                    now = self.ask(job)
                    if now is None:
                        waiting.remove(job)
                        self._gone(job)
                        continue
                    totals[job.id] = now.total_records
                    bar.total = sum(totals.values())
                    came = self._fetch(job, now)
                    bar.update(came)
                    moved |= came > 0
                    if now.is_over:
                        self._journal.settle(Settlement(intent=job.intent.id, charged_at=job.begun_at))
                        waiting.remove(job)
                in_vain = 0 if moved else in_vain + 1
                if not wait:
                    return
                if waiting:
                    self._sleep(wait_before_asking(in_vain))

    def _fetch(self, job: Begun, now: Progress) -> int:
        """Fetch and keep what came off and is not kept yet; returns how many rows that were."""
        kept = self._journal.statements.parts(job.operation.page.name, job.id)
        missing = [number for number in now.pages if number not in kept]
        outcome = fan_out(
            [partial(self._page, job, number, now) for number in missing],
            at_once=self._exchange.at_once,
            between=self._exchange.alarm.speak,
            title=job.id,
            sizes=[1] * len(missing),
            progress=False,
        )
        for failure in outcome.failures:
            raise failure
        return sum(outcome.results.values())

    def _page(self, job: Begun, number: int, now: Progress) -> int:
        page = job.operation.page
        asked = (job.id, str(number))
        kept = self._request(
            page,
            body(page, JobPage(job_id=job.id, page=number)),
            asked,
            settle=lambda intent, kept: self.show(job, intent, kept, now),
        )
        return entries_on(kept)

    def _heard(self, intent: Intent, kept: Kept) -> None:
        self._journal.settle(
            Settlement(intent=intent.id, charged_at=kept.received, reply=kept.number, request_id=kept.request_id)
        )

    # docs/assumptions.md, "a job whose results are lost with their day"
    def _gone(self, job: Begun) -> None:
        """The service does not know a job any more; what it may have been charged stays in doubt, and is told."""
        if not job.operation.cost.may_pay:
            self._journal.release(job.intent.id)
            return
        warn(
            ResultsExpire(
                f"The service does not know job {job.id} ({job.operation.name}) any more; results are gone a day after "
                "a job began. What was fetched is kept. What else it may have cost stays reserved: "
                "zi.ledger.unanswered(); zia reconcile ends it by what the service has counted. Records that it "
                "redeemed cost no second credit when they are asked again by id."
            )
        )

    def _request(
        self,
        operation: Operation[...],
        request: bytes,
        asked: tuple[str, ...],
        *,
        settle: Callable[[Intent, Kept], None],
    ) -> Kept:
        """One request about a job: counted, kept and settled."""
        worst, at = Meters(requests=1), self._exchange.now()
        caps = self._budget.permit(operation.name, operation.cost, worst, Allowance())
        call = self._journal.ledger.begin(operation.name, worst, at=at, caps=caps)
        finished = False
        try:
            intent = Intent(
                id=str(uuid4()),
                call=call.id,
                operation=operation.name,
                request=request,
                worst=worst,
                at=at,
                asked=asked,
            )
            kept = self._exchange.ask(operation, intent)
            if settle is None:
                self._journal.settle(
                    Settlement(
                        intent=intent.id, charged_at=kept.received, reply=kept.number, request_id=kept.request_id
                    )
                )
            else:
                settle(intent, kept)
            finished = True
        finally:
            self._journal.ledger.end(call, finished=finished)
        return kept
