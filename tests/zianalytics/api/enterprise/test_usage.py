"""What replies and look-ups say of limits."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.api.enterprise import endless, limits_in, limits_told
from zianalytics.schema.usage import LimitTold


def headers(allowed: str, remaining: str, name: str = "unique-id") -> dict[str, str]:
    return {f"x-usage-{name}-limit-limit": allowed, f"x-usage-{name}-limit-remaining": remaining}


@pytest.mark.parametrize(
    ("name", "limit_type"),
    [
        ("unique-id", "uniqueIdLimit"),
        ("record", "recordLimit"),
        ("request", "requestLimit"),
        ("websights-api-record", "websightsRecordLimit"),
        ("websights-api-request", "websightsRequestLimit"),
    ],
)
def test_what_is_used_is_what_is_not_left(name: str, limit_type: str) -> None:
    assert limits_told(headers("5000", "4980", name)) == (LimitTold(limit_type=limit_type, used=20, allowed=5_000),)


def test_a_reply_tells_of_several_limits_in_one_order() -> None:
    said = headers("500", "1", "request") | headers("9", "9", "record") | {"x-request-id": "r-1"}
    assert [(one.limit_type, one.used) for one in limits_told(said)] == [("recordLimit", 0), ("requestLimit", 499)]


@pytest.mark.parametrize(
    ("allowed", "remaining"),
    [
        pytest.param("", "", id="blank"),
        pytest.param("5000", "", id="nothing-left-said"),
        pytest.param("", "4980", id="no-limit-said"),
        pytest.param("5000", "-1", id="not-known"),
        pytest.param("5000", "many", id="words"),
        pytest.param("\u0665\u0660", "20", id="digits-of-another-script"),
        pytest.param("10", "11", id="more-than-all"),
        pytest.param("1" * 19, "0", id="larger-than-any"),
    ],
)
def test_what_cannot_be_read_teaches_nothing(allowed: str, remaining: str) -> None:
    assert limits_told(headers(allowed, remaining)) == ()


def test_a_limit_that_is_not_set_has_a_count_where_it_can_be_told() -> None:
    assert limits_told(headers("2147483647", "2147483640")) == (
        LimitTold(limit_type="uniqueIdLimit", used=7, allowed=None),
    )
    assert limits_told(headers("-1", "-1")) == (LimitTold(limit_type="uniqueIdLimit", used=None, allowed=None),)


def test_a_look_up_says_the_same_with_nulls_for_what_is_not_set() -> None:
    frame = pl.DataFrame(
        {
            "limit_type": ["uniqueIdLimit", "requestLimit", "recordLimit", None],
            "limit": [5_000, 2_147_483_647, -1, 1],
            "current_usage": [20, 7, None, 1],
            "usage_remaining": [4_980, 2_147_483_640, -1, 0],
        }
    )
    shown = endless(frame)
    assert shown["limit"].to_list() == [5_000, None, None, 1]
    assert shown["usage_remaining"].to_list() == [4_980, None, None, 0]
    assert limits_in(shown) == (
        LimitTold(limit_type="uniqueIdLimit", used=20, allowed=5_000),
        LimitTold(limit_type="requestLimit", used=7, allowed=None),
        LimitTold(limit_type="recordLimit", used=None, allowed=None),
    )


@given(allowed=st.text(max_size=12), remaining=st.text(max_size=12))
def test_no_header_breaks_a_reply(allowed: str, remaining: str) -> None:
    for one in limits_told(headers(allowed, remaining)):
        assert one.used is None or 0 <= one.used < 10**18
