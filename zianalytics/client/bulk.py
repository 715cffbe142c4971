"""Bulk: searches and enrichments by the thousand, as jobs that outlive the process that began them."""

from __future__ import annotations

import polars as pl

from zianalytics.api.describe import nearest
from zianalytics.api.jobs import Job
from zianalytics.api.table import BulkEnrich, BulkPreview, BulkRedeem
from zianalytics.client.call import Caller
from zianalytics.client.jobs.submitted import progress_of
from zianalytics.errors import RequestRefused


class Bulk:
    """Jobs for long lists: up to 200,000 records of a search, 10,000 inputs of an enrichment a job.

    `preview` lists who matches and redeems nothing. `redeem` pays for everything that matches, once it was counted and
    allowed. `enrich` pays for what you name and do not hold. Each waits for its job and gives the frame of the direct
    call; `.submit()` beside each gives the job at once. They belong to the Scaling bundle.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller, self._jobs = caller, caller.jobs
        self.preview = BulkPreview(caller)
        """Everything that matches, listed; free of credits and records."""
        self.redeem = BulkRedeem(caller)
        """Everything that matches, paid for."""
        self.enrich = BulkEnrich(caller)
        """Whole records of what you name."""

    def job(self, job_id: str) -> Job:
        """A job again by its id, whichever process of this account began it.

        Parameters
        ----------
        job_id : str
            As `.ids` of the job, or `zi.bulk.jobs()`, shows it.

        Raises
        ------
        RequestRefused
            No such job was begun from this home.
        """
        known = {job.id: job for job in self._jobs.known()}
        if job_id not in known:
            raise RequestRefused(
                f"No job {nearest(job_id, list(known))} was begun from this home. Nothing was sent. See zi.bulk.jobs()."
            )
        return self._caller.again(known[job_id])

    def jobs(self) -> pl.DataFrame:
        """The jobs of which not everything is fetched, the oldest first; sends nothing.

        Returns
        -------
        polars.DataFrame
            job_id, operation, status and total_records, total_pages, fetchable_pages as last heard, fetched_pages,
            begun_at, expires_at (when its results are gone; from then on the status is "Gone").
        """
        return progress_of(self._jobs, {job: self._jobs.progress_now(job) for job in self._jobs.under_way()})

    def resume(self) -> pl.DataFrame:
        """Wait for all jobs that are not fetched whole, the oldest first, and keep what they found.

        Returns
        -------
        polars.DataFrame
            As of `jobs`. The frame of each is `zi.bulk.job(id).frame()`, which needs nothing more.
        """
        jobs = self._jobs.under_way()
        self._jobs.finish(jobs)
        return progress_of(self._jobs, {job: self._jobs.progress(job) for job in jobs})

    def __repr__(self) -> str:
        return "\n".join(repr(one) for one in (self.preview, self.redeem, self.enrich))
