from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zianalytics.clock import ServerClock

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)


def clock_at(moment: datetime) -> ServerClock:
    return ServerClock(wall=moment.timestamp)


def test_before_any_reply_the_wall_clock_is_believed() -> None:
    assert clock_at(NOON).now() == NOON


def test_a_service_that_lives_a_year_later_is_believed() -> None:
    clock = clock_at(NOON)
    clock.learn("Mon, 01 Mar 2032 12:00:00 GMT")
    assert clock.now() == datetime(2032, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)


def test_a_difference_within_the_noise_of_the_header_moves_nothing() -> None:
    clock = clock_at(NOON)
    clock.learn("Sat, 01 Mar 2031 12:00:01 GMT")
    assert clock.offset_s == 0.0


@pytest.mark.parametrize(
    "header",
    [
        "", "yesterday", "Sat, 99 Mar 2031 12:00:00 GMT", "-1", "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 01 Jan 2100 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)  # fmt: skip
def test_a_header_that_is_no_date_of_our_time_teaches_nothing(header: str) -> None:
    clock = clock_at(NOON)
    clock.learn(header)
    assert clock.now() == NOON


@example(timedelta(seconds=3))
@given(st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000)))
def test_server_time_is_never_further_off_than_the_noise(ahead: timedelta) -> None:
    clock = clock_at(NOON)
    clock.learn(format_datetime(NOON + ahead, usegmt=True))
    assert abs(clock.now() - (NOON + ahead)) <= timedelta(seconds=1.5)


def test_the_repr_names_the_offset() -> None:
    clock = clock_at(NOON)
    clock.learn("Sat, 01 Mar 2031 13:00:00 GMT")
    assert repr(clock) == "ServerClock(offset_s=3600.5)"
