from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zianalytics.transport.retry import retry_after, wait_before_retry

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)


def wait(status: int | None, attempt: int = 0, *, may_pay: bool = False, **more: float | bool) -> float | None:
    return wait_before_retry(status, attempt=attempt, jitter=1.0, may_pay=may_pay, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("may_pay", [False, True])
@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 422, 501, 505])
def test_what_a_retry_cannot_help_is_final(status: int, may_pay: bool) -> None:
    assert wait(status, may_pay=may_pay) is None


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_passing_failure_is_retried_only_when_nothing_can_be_paid_twice(status: int) -> None:
    assert [wait(status, n) for n in range(4)] == [1.0, 2.0, None, None]
    assert wait(status, may_pay=True) is None


@pytest.mark.parametrize("may_pay", [False, True])
def test_a_429_was_not_carried_out_and_is_always_retried(may_pay: bool) -> None:
    waits = [wait(429, n, may_pay=may_pay) for n in range(9)]
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, None, None]


def test_the_wait_that_was_asked_for_goes_before_ours() -> None:
    assert wait(429, 3, retry_after_s=2.5) == 2.5
    assert wait(503, 0, retry_after_s=2.5) == 2.5


def test_a_request_that_may_have_been_paid_is_not_sent_again() -> None:
    assert wait(None, may_pay=True) is None


def test_a_free_request_without_answer_is_sent_three_times() -> None:
    assert [wait(None, n) for n in range(3)] == [1.0, 2.0, None]


def test_a_request_of_which_not_a_byte_left_is_sent_again_soon_whatever_it_costs() -> None:
    assert [wait(None, n, may_pay=True, sent=False) for n in range(3)] == [0.25, 0.5, None]


def test_jitter_shortens_our_wait_and_not_the_one_asked_for() -> None:
    assert wait_before_retry(503, attempt=1, jitter=0.5, may_pay=False) == 1.0
    assert wait_before_retry(429, attempt=1, jitter=0.5, may_pay=False, retry_after_s=7.0) == 7.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        (" 2.5 ", 2.5),
        ("3600", 60.0),
        ("86400", 60.0),
        ("86401", None),
        ("9" * 400, None),
        ("0", None),
        ("-5", None),
        ("1e3", None),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("٣", None),
        ("Sat, 01 Mar 2031 12:00:20 GMT", 20.0),
        ("Sat, 01 Mar 2031 13:00:00 GMT", 60.0),
        ("Sat, 01 Mar 2031 11:59:00 GMT", None),
        ("Sat, 01 Mar 2041 12:00:00 GMT", None),
        ("Sat, 99 Mar 2031 12:00:00 GMT", None),
    ],
)
def test_retry_after_is_capped_and_refused_when_it_makes_no_sense(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, now=NOON) == seconds
