"""Bulk jobs as the journal knows them: which were begun, what of them is kept, and what they were charged for it.

What a job may cost is reserved before it is begun and stays so until all its pages are kept. The reply with its id is
durable before anybody reads it, so a job that was begun can be looked after by any process of the account.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from zianalytics.api.enterprise import job_id
from zianalytics.api.jobs import JobOperation
from zianalytics.api.table import JOBS, PAGES, JobCalls
from zianalytics.client.jobs.progress import Progress, entries_on, first_entry, found_on
from zianalytics.client.metered.exchange import Exchange, Kept, read_again
from zianalytics.client.metered.settled import charges_of
from zianalytics.errors import AnswerUnreadable
from zianalytics.frames.decode import decode
from zianalytics.journal import Intent, Journal, Settlement

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Begun:
    """A job that was begun.

    Attributes
    ----------
    intent
        The request that began it, with what it asks.
    begun_at
        When the service said that it has begun.
    request_id
        The service's id of that request.
    """

    id: str
    operation: JobOperation[...]
    intent: Intent
    begun_at: datetime
    request_id: str | None

    @property
    def expires_at(self) -> datetime:
        """When its results are gone."""
        return self.begun_at + LIFETIME


class JobBook:
    """The jobs of an account, by what is kept of them; sends nothing."""

    def __init__(self, journal: Journal, exchange: Exchange) -> None:
        self._journal, self._exchange = journal, exchange

    def known(self) -> list[Begun]:
        """Every job that was begun from this journal, oldest first."""
        found = []
        for reply in self._journal.replies_to(list(JOBS)):
            if reply.intent is not None:
                with suppress(AnswerUnreadable):
                    operation = JOBS[reply.operation]
                    named = job_id(operation, reply.body)
                    found.append(Begun(named, operation, reply.intent, reply.received, reply.request_id))
        return found

    def under_way(self) -> list[Begun]:
        """The jobs of which not everything is fetched yet, oldest first; what others left half done is done first."""
        jobs = {one.id: one for one in self.known() if self.is_open(one)}
        for one in self._journal.open_intents():
            operation = one.intent.operation
            if operation in PAGES and one.reply is not None and (job := jobs.get(one.intent.asked[0])):
                self.show(job, one.intent, read_again(PAGES[operation], one.reply), self.progress(job))
            elif operation in PAGES or (operation in JOBS and one.reply is None and not JOBS[operation].cost.may_pay):
                self._journal.release(one.intent.id)
        return [job for job in jobs.values() if not self._is_all_kept(job)]

    def _is_all_kept(self, job: Begun) -> bool:
        """Whether a job is over as far as was heard last, and all its pages are kept: then it ends here."""
        now = self.progress(job)
        kept = self._journal.statements.parts(job.operation.page.name, job.id)
        if not now.is_over or not set(now.pages) <= kept.keys():
            return False
        self._journal.settle(Settlement(intent=job.intent.id, charged_at=job.begun_at))
        return True

    def lives(self, job: Begun) -> bool:
        """Whether its results are not gone, as far as the service's time is known."""
        return not self._exchange.has_heard or job.expires_at > self._exchange.now()

    def is_open(self, job: Begun) -> bool:
        """Whether not everything of it is fetched."""
        return self._journal.statements.state(job.intent.id) in ("open", "unknown")

    def progress(self, job: Begun) -> Progress:
        """How far a job was when it was last asked after."""
        replies = [one for one in self._journal.replies_to([JobCalls.status.name]) if _is_about(one.intent, job)]
        return read_progress(replies[-1].body) if replies else Progress("Queued", 0, 0, ())

    def progress_now(self, job: Begun) -> Progress | None:
        """The same; None for one whose results are gone by the time as it is known here."""
        return self.progress(job) if job.expires_at > self._exchange.now() else None

    def pages(self, job: Begun) -> dict[int, Kept]:
        """The pages of a job that are kept, by their numbers."""
        page, found = job.operation.page, {}
        for number, intent in self._journal.statements.parts(page.name, job.id).items():
            if reply := self._journal.reply_to(intent):
                found[number] = read_again(page, reply)
        return found

    def show(self, job: Begun, intent: Intent, kept: Kept, now: Progress) -> None:
        """Charge the job for what a page shows; a page that was shown before is not charged again."""
        first = first_entry(int(intent.asked[1]), entries_on(kept), now)
        self._journal.settle(
            Settlement(
                intent=intent.id,
                charged_at=job.begun_at,
                reply=kept.number,
                request_id=job.request_id,
                charges=charges_of(job.operation, job.intent, kept.rows),
                found=found_on(job.operation, job.intent, kept, first),
                part_of=job.intent.id,
                answers=job.operation.kept_as,
            )
        )


def _is_about(intent: Intent | None, job: Begun) -> bool:
    return intent is not None and intent.asked == (job.id,)


def read_progress(told: bytes) -> Progress:
    """What a reply says of how far a job is."""
    [row] = decode(JobCalls.status, [told]).frame.rows(named=True)
    return Progress(
        row["status"] or "", row["total_records"] or 0, row["total_pages"] or 0, tuple(row["successful_pages"] or ())
    )
