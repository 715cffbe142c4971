"""The clock starts where it is told, runs, can be moved on, and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockserver.state.clock import Clock, a_year_after

START = datetime(2026, 10, 1, 9, tzinfo=UTC)


def test_it_runs_with_the_machine_and_is_moved_by_days() -> None:
    seconds = [100.0]
    clock = Clock(START, monotonic=lambda: seconds[0])
    assert clock.now() == START
    seconds[0] = 160.0
    assert clock.now() == datetime(2026, 10, 1, 9, 1, tzinfo=UTC)
    assert clock.advance(366) == datetime(2027, 10, 2, 9, 1, tzinfo=UTC)


def test_it_cannot_be_moved_back() -> None:
    with pytest.raises(ValueError, match="cannot go back by 3 days"):
        Clock(START).advance(-3)


@pytest.mark.parametrize(
    ("moment", "later"),
    [
        (datetime(2026, 10, 1, 9, tzinfo=UTC), datetime(2027, 10, 1, 9, tzinfo=UTC)),
        (datetime(2028, 2, 29, 9, tzinfo=UTC), datetime(2029, 2, 28, 9, tzinfo=UTC)),
    ],
)
def test_twelve_months_end_on_the_same_day(moment: datetime, later: datetime) -> None:
    assert a_year_after(moment) == later
