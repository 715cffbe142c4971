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


@pytest.mark.parametrize("days", [365 * 8_000, 10**9, 10**30])
def test_it_cannot_be_moved_beyond_the_calendar_and_stays_where_it_is(days: int) -> None:
    clock = Clock(START, monotonic=lambda: 0.0)
    with pytest.raises(ValueError, match=r"the years 2000 to 9989|more than the calendar has"):
        clock.advance(days)
    assert clock.now() == START


@pytest.mark.parametrize("start", [datetime(1999, 12, 31, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)])
def test_it_starts_in_a_year_that_has_others_around_it(start: datetime) -> None:
    with pytest.raises(ValueError, match="the years 2000 to 9989"):
        Clock(start)


@pytest.mark.parametrize(
    ("moment", "later"),
    [
        (datetime(2026, 10, 1, 9, tzinfo=UTC), datetime(2027, 10, 1, 9, tzinfo=UTC)),
        (datetime(2028, 2, 29, 9, tzinfo=UTC), datetime(2029, 2, 28, 9, tzinfo=UTC)),
    ],
)
def test_twelve_months_end_on_the_same_day(moment: datetime, later: datetime) -> None:
    assert a_year_after(moment) == later
