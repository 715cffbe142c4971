"""Where days, weeks and months of UTC begin and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.journal.spending.periods import PERIODS, Per, began, ends

SOMEWHERE = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("per", "at", "first", "after"),
    [
        ("day", datetime(2031, 2, 28, 23, 59, 59, tzinfo=UTC), (2031, 2, 28), (2031, 3, 1)),
        ("day", datetime(2031, 2, 28, 16, 0, tzinfo=SOMEWHERE), (2031, 3, 1), (2031, 3, 2)),
        ("week", datetime(2031, 3, 2, 23, 59, tzinfo=UTC), (2031, 2, 24), (2031, 3, 3)),
        ("week", datetime(2031, 3, 3, 0, 0, tzinfo=UTC), (2031, 3, 3), (2031, 3, 10)),
        ("week", datetime(2032, 1, 1, 12, 0, tzinfo=UTC), (2031, 12, 29), (2032, 1, 5)),
        ("month", datetime(2032, 2, 29, 12, 0, tzinfo=UTC), (2032, 2, 1), (2032, 3, 1)),
        ("month", datetime(2031, 12, 31, 23, 0, tzinfo=UTC), (2031, 12, 1), (2032, 1, 1)),
    ],
    ids=["last second", "another zone", "Sunday", "Monday", "across a year", "leap day", "December"],
)
def test_periods_are_those_of_utc_and_weeks_begin_on_monday(
    per: Per, at: datetime, first: tuple[int, int, int], after: tuple[int, int, int]
) -> None:
    assert began(per, at) == datetime(*first, tzinfo=UTC)
    assert ends(per, at) == datetime(*after, tzinfo=UTC)


@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31)), per=st.sampled_from(PERIODS))
def test_every_moment_lies_in_one_period_and_the_next_begins_where_it_ends(at: datetime, per: Per) -> None:
    moment = at.replace(tzinfo=UTC)
    assert began(per, moment) <= moment < ends(per, moment)
    assert began(per, ends(per, moment)) == ends(per, moment)
    assert began(per, ends(per, moment) - timedelta(microseconds=1)) == began(per, moment)
