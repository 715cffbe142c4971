"""Bulk jobs: what each is to do, how far the clock has brought it, and which of its pages came off."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Any, Literal

from mockserver.state.store import Call, Store

Status = Literal["Queued", "In_Progress", "Completed", "Failed"]

# docs/assumptions.md, "pace of a bulk job"
QUEUED, A_PAGE = timedelta(seconds=1), timedelta(seconds=0.5)
LIFETIME = timedelta(hours=24)
MOST_ACTIVE = 5


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for; it does not change.

    Attributes
    ----------
    operation
        Id of the operation that began it.
    job_type, entity_type
        "preview" or "redeem"; "company" or "contact".
    page_size
        Entries on a page.
    found
        Ids of the records that a search found; None for an enrichment.
    inputs
        Inputs of an enrichment.
    output_fields
        Fields that were asked for.
    request_id
        The request that began it.
    """

    id: str
    operation: str
    job_type: str
    entity_type: str
    page_size: int
    begun_at: datetime
    request_id: str
    found: Sequence[int] | None = None
    inputs: Sequence[Mapping[str, Any]] = ()
    output_fields: Sequence[str] = ()

    @property
    def total(self) -> int:
        """Records in all."""
        return len(self.inputs if self.found is None else self.found)

    @property
    def pages(self) -> int:
        """Pages in all."""
        return -(-self.total // self.page_size)

    def page(self, number: int) -> slice:
        """Where a page stands in the whole."""
        return slice((number - 1) * self.page_size, number * self.page_size)

    def ready_at(self, number: int) -> datetime:
        """When a page comes off."""
        return self.begun_at + QUEUED + number * A_PAGE

    def ends_at(self) -> datetime:
        """When its last page comes off."""
        return self.ready_at(self.pages)

    def is_over(self, now: datetime) -> bool:
        """Whether its results are gone."""
        return now >= self.begun_at + LIFETIME


class Jobs:
    """Every job of an account, durable as it is begun and page by page."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs = {job.id: job for job in map(_job, store.jobs())}
        self._came_off: dict[str, dict[int, bool]] = {job_id: {} for job_id in self._jobs}
        for job_id, number, is_good in store.job_pages():
            self._came_off[job_id][number] = is_good

    def next_id(self, generation: int, asked: bytes) -> str:
        """The id of the next job: 40 digits, the same on every run that asks the same in the same order."""
        seed = f"{generation} {len(self._jobs)} ".encode() + asked
        return sha1(seed, usedforsecurity=False).hexdigest()

    def begin(self, job: Job) -> None:
        """Write a new job down."""
        self._store.keep_job(job.id, json.dumps(asdict(job), default=datetime.isoformat))
        self._jobs[job.id], self._came_off[job.id] = job, {}

    def newest(self) -> Job:
        """The job that was begun last."""
        return next(reversed(self._jobs.values()))

    def get(self, job_id: str, now: datetime) -> Job | None:
        """The job with an id, unless it never was or its results are gone."""
        job = self._jobs.get(job_id)
        return None if job is None or job.is_over(now) else job

    def active(self, now: datetime) -> Sequence[Job]:
        """The jobs that are not at their end."""
        return [job for job in self._jobs.values() if now < job.ends_at()]

    def due(self, now: datetime) -> Iterator[tuple[Job, int]]:
        """The pages that the clock has reached and that have not come off, in the order of their moments."""
        waiting = [
            (job.ready_at(number), job, number)
            for job in self._jobs.values()
            for number in range(len(self._came_off[job.id]) + 1, job.pages + 1)
            if job.ready_at(number) <= now
        ]
        for _, job, number in sorted(waiting, key=lambda one: (one[0], one[1].begun_at, one[2])):
            yield job, number

    def came_off(self, job: Job, number: int, call: Call | None) -> None:
        """Write down that a page came off, with what it cost; None for one that failed."""
        self._store.keep_page(job.id, number, call)
        self._came_off[job.id][number] = call is not None

    def good_pages(self, job: Job) -> Sequence[int]:
        """The pages that can be fetched."""
        return [number for number, is_good in sorted(self._came_off[job.id].items()) if is_good]

    def status(self, job: Job, now: datetime) -> Status:
        """Where a job stands."""
        if now < job.begun_at + QUEUED:
            return "Queued"
        if now < job.ends_at():
            return "In_Progress"
        return "Completed" if all(self._came_off[job.id].values()) else "Failed"

    def forget(self) -> None:
        """Begin again without jobs."""
        self._store.forget_jobs()
        self._jobs, self._came_off = {}, {}


def _job(text: str) -> Job:
    held = json.loads(text)
    return Job(**held | {"begun_at": datetime.fromisoformat(held["begun_at"])})
