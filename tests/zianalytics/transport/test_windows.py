from __future__ import annotations

import pytest

from zianalytics.transport.windows import (
    SCALING,
    SIGN_IN,
    STANDARD,
    Window,
    Windows,
    limit_told,
    names_the_second,
    windows_in_force,
)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (0, STANDARD),
        (1500, STANDARD),
        (25, STANDARD),
        (2000, SCALING),
        (33, SCALING),
        (600, (Window(25, 1.0), Window(600, 60.0))),
        (1800, STANDARD),
        (54_000, STANDARD),
    ],
)
def test_a_documented_limit_tells_the_bundle_and_any_other_can_only_lower_the_minute(told: int, kept: Windows) -> None:
    assert windows_in_force(STANDARD, told=told, is_wide=False) == kept


def test_what_is_kept_beside_the_bundles_is_lowered_and_never_exchanged() -> None:
    fast = (Window(1_000, 1.0), Window(1_000_000, 60.0))
    assert windows_in_force(fast, told=2000, is_wide=False) == (Window(1_000, 1.0), Window(2_000, 60.0))
    assert windows_in_force(SIGN_IN, told=2000, is_wide=False) == SIGN_IN


def test_a_wide_second_is_two_and_leaves_the_minute() -> None:
    assert windows_in_force(STANDARD, told=2000, is_wide=True) == (Window(33, 2.0), Window(2000, 60.0))


@pytest.mark.parametrize(
    ("header", "limit"),
    [
        ("600", 600),
        (" 600 ", 600),
        ("", 0),
        (" ", 0),
        ("-1", 0),
        ("0", 0),
        ("many", 0),
        ("1.5", 0),
        ("٣", 0),
        ("9" * 40, 0),
    ],
)
def test_a_limit_is_read_where_it_is_a_number_and_known(header: str, limit: int) -> None:
    assert limit_told({"x-ratelimit-limit": header}) == limit
    assert limit_told({}) == 0


@pytest.mark.parametrize(
    ("headers", "is_named"),
    [
        ({"x-ratelimit-rejected-bucket": "second"}, True),
        ({"x-ratelimit-rejected-bucket": " Second "}, True),
        ({"x-ratelimit-rejected-bucket": "hour", "x-ratelimit-remaining": "7"}, False),
        ({"x-ratelimit-remaining": "7"}, True),
        ({"x-ratelimit-remaining": "0"}, False),
        ({"x-ratelimit-remaining": "-1"}, False),
        ({"x-ratelimit-remaining": ""}, False),
        ({}, False),
    ],
    ids=["named", "named loosely", "another", "minute has room", "minute is full", "not known", "blank", "silent"],
)
def test_a_refusal_names_the_second_or_says_that_the_minute_has_room(headers: dict[str, str], is_named: bool) -> None:
    assert names_the_second(headers) is is_named
