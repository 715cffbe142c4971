"""What was submitted in one call, as the user holds it: how far it is, and its frame once it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import polars as pl

from zianalytics.client.jobs.at_service import Jobs
from zianalytics.client.jobs.book import Begun
from zianalytics.client.jobs.progress import Progress

STATUS = pl.Schema(
    {
        "job_id": pl.String(),
        "operation": pl.String(),
        "status": pl.String(),
        "total_records": pl.Int64(),
        "total_pages": pl.Int64(),
        "fetchable_pages": pl.Int64(),
        "fetched_pages": pl.Int64(),
        "begun_at": pl.Datetime("us", "UTC"),
        "expires_at": pl.Datetime("us", "UTC"),
    }
)


class Submitted:
    """The jobs of one call. `zi.bulk.job(id)` gives one again, in another process, too."""

    def __init__(self, jobs: Jobs, begun: Sequence[Begun], read: Callable[[], pl.DataFrame]) -> None:
        self._jobs, self._begun, self._read = jobs, tuple(begun), read

    @property
    def ids(self) -> tuple[str, ...]:
        """The service's ids of the jobs; none when everything was held."""
        return tuple(job.id for job in self._begun)

    def status(self) -> pl.DataFrame:
        """How far it is, one row per job; a request each for those that are not fetched whole.

        Returns
        -------
        polars.DataFrame
            job_id, operation, status ("Queued", "In_Progress", "Completed", "Failed"; "Gone" when the service does not
            know it any more), total_records, total_pages, fetchable_pages, fetched_pages, begun_at, expires_at (when
            its results are gone).
        """
        return progress_of(self._jobs, {job: self._now(job) for job in self._begun})

    def frame(self) -> pl.DataFrame:
        """What it found: waits for it, and fetches each page as it comes off.

        It can be interrupted at any time: what was fetched is kept, and a further call, of any process, goes on.

        Returns
        -------
        polars.DataFrame
            The frame that the direct call gives.
        """
        self._jobs.finish(self._begun)
        return self._read()

    def _now(self, job: Begun) -> Progress | None:
        return self._jobs.ask(job) if self._jobs.is_open(job) else self._jobs.progress(job)

    def __repr__(self) -> str:
        return f"<Job {', '.join(self.ids) or 'of nothing: everything was held'}>"


def progress_of(jobs: Jobs, now: Mapping[Begun, Progress | None]) -> pl.DataFrame:
    """One row per job; one that the service does not know any more is "Gone"."""
    rows: list[tuple[str, str, str, int | None, int | None, int | None, int, datetime, datetime]] = []
    for job, said in now.items():
        known = (
            (said.status, said.total_records, said.total_pages, len(said.pages)) if said else ("Gone", None, None, 0)
        )
        rows.append((job.id, job.operation.name, *known, len(jobs.pages(job)), job.begun_at, job.expires_at))
    return pl.DataFrame(rows, schema=STATUS, orient="row")
