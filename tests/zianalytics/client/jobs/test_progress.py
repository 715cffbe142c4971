"""Which inputs a page answers follows from its number, its size and the totals, whichever pages there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.client.jobs.at_service import wait_before_asking
from zianalytics.client.jobs.progress import Progress, first_entry


@given(total=st.integers(1, 12_000), size=st.integers(1, 1_000))
def test_every_page_knows_its_first_entry_by_itself(total: int, size: int) -> None:
    starts = range(0, total, size)
    now = Progress("Completed", total, len(starts), tuple(range(1, len(starts) + 1)))
    for page, start in enumerate(starts, 1):
        assert first_entry(page, min(size, total - start), now) == start


@pytest.mark.parametrize(
    ("status", "is_over"), [("Queued", False), ("In_Progress", False), ("Completed", True), ("Failed", True)]
)
def test_a_job_is_over_when_it_completed_or_failed(status: str, is_over: bool) -> None:
    assert Progress(status, 0, 0, ()).is_over is is_over


def test_waits_grow_up_to_half_a_minute() -> None:
    assert [round(wait_before_asking(n), 2) for n in (0, 1, 2, 8, 9, 50)] == [1.0, 1.5, 2.25, 25.63, 30.0, 30.0]
