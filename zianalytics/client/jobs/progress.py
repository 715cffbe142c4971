"""How far a job is, and which of its inputs a page answers: decided from values alone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from zianalytics.api.jobs import JobOperation
from zianalytics.client.metered.exchange import Kept
from zianalytics.journal import Found, Intent

_OVER = frozenset({"Completed", "Failed"})


@dataclass(frozen=True)
class Progress:
    """What the service says of a job.

    Attributes
    ----------
    pages
        The numbers of those that can be fetched.
    """

    status: str
    total_records: int
    total_pages: int
    pages: tuple[int, ...]

    @property
    def is_over(self) -> bool:
        """Whether no further page will come off."""
        return self.status in _OVER


def entries_on(kept: Kept) -> int:
    """How many entries a page has: records, or answers to inputs."""
    return 1 + max((row.input_row for row in kept.rows if row.input_row is not None), default=-1)


def first_entry(page: int, entries: int, now: Progress) -> int:
    """The index, in the whole, of the first entry of a page.

    All pages but the last are of one size, which is not said: docs/assumptions.md, "page size of a bulk job".

    Parameters
    ----------
    page
        Its number, from 1.
    entries
        How many it has.
    now
        How far the job is, with the number of pages and records in all.
    """
    return now.total_records - entries if page >= now.total_pages else (page - 1) * entries


def found_on(operation: JobOperation[...], intent: Intent, kept: Kept, first: int) -> tuple[Found, ...]:
    """What a page says about inputs, so that later calls are answered from it; a preview says nothing of the kind.

    Parameters
    ----------
    intent
        The request that began the job.
    first
        The index, among the inputs of the job, of the first entry of the page.
    """
    if operation.kind == "preview":
        return ()
    key = operation.record.key[0]
    found: dict[int, Found] = {}
    for row in kept.rows:
        if row.input_row is None or row.input_row in found:
            continue
        asked = json.dumps({key: int(row.record_id)}) if operation.kind == "redeem" and row.record_id else None
        if operation.kind == "enrich" and first + row.input_row < len(intent.asked):
            asked = intent.asked[first + row.input_row]
        if asked is not None:
            found[row.input_row] = Found(
                input_row=row.input_row, asked=asked, record_id=row.record_id, status=row.status or "matched"
            )
    return tuple(found.values())
