"""Where a limit is going: the pace, the day, and the reasons why there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.client.metered.projection import Projection, project
from zianalytics.schema.usage import Snapshot

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


def snapshot(days: float, used: int | None, allowed: int | None = 5_000) -> Snapshot:
    at = NOW + timedelta(days=days)
    return Snapshot(limit_type="uniqueIdLimit", used=used, allowed=allowed, at=at, source="header")


def going(*counts: tuple[float, int | None], allowed: int | None = 5_000) -> Projection:
    """The projection of counts, each so many days after `NOW`."""
    return project([snapshot(days, used, allowed) for days, used in counts])


def test_a_steady_pace_tells_the_day() -> None:
    assert going((0, 0), (10, 1_000)) == Projection(
        limit_type="uniqueIdLimit",
        used=1_000,
        limit=5_000,
        per_day=100.0,
        runs_out_on=date(2031, 4, 20),  # 4,000 more take 40 days from 11 March
        basis="counts from 2031-03-01 to 2031-03-11",
    )


def test_days_without_use_slow_the_pace() -> None:
    assert going((0, 0), (1, 100), (20, 100)).per_day == 5.0


def test_the_first_day_counts_from_its_first_count() -> None:
    assert going((0, 0), (0.25, 100), (2, 100)).per_day == 50.0


def test_only_the_last_four_weeks_count() -> None:
    long_ago = going((0, 0), (60, 3_000), (74, 3_000), (102, 3_280))
    assert (long_ago.per_day, long_ago.basis) == (10.0, "counts from 2031-05-14 to 2031-06-11")


def test_a_gap_longer_than_that_is_taken_whole() -> None:
    assert going((0, 0), (100, 1_000)).per_day == 10.0


def test_a_count_that_began_anew_is_all_use_since() -> None:
    assert going((0, 4_000), (1, 4_900), (2, 100)).per_day == (900 + 100) / 2


@pytest.mark.parametrize("fallen", [4_899, 2_450], ids=["overtaken", "corrected"])
def test_a_smaller_fall_is_no_use(fallen: int) -> None:
    assert going((0, 4_800), (1, 4_900), (2, fallen)).per_day == 50.0


def test_of_each_day_the_last_count_is_taken() -> None:
    """Replies that overtake each other within a day do not add up to use."""
    wobbling = [(1 + n / 100, 500 + n % 2) for n in range(50)]
    assert going((0, 0), *wobbling, (2, 600)).per_day == 300.0


@pytest.mark.parametrize(
    ("counts", "allowed", "basis"),
    [
        ([(0, 10)], 5_000, "counts of less than a day say nothing of a pace"),
        ([(0, 10), (0.9, 20)], 5_000, "counts of less than a day say nothing of a pace"),
        ([(0, None)], None, "the service does not say how much is used"),
        ([(0, 10), (2, 10)], 5_000, "nothing was used; counts from 2031-03-01 to 2031-03-03"),
        ([(0, 10), (2, 12)], None, "no limit is set; counts from 2031-03-01 to 2031-03-03"),
        ([(0, 0), (2, 2)], 5_000, "it lasts more than ten years; counts from 2031-03-01 to 2031-03-03"),
    ],
    ids=["one", "one-day", "not-told", "unused", "no-limit", "ten-years"],
)
def test_where_there_is_no_day_the_basis_says_why(
    counts: list[tuple[float, int | None]], allowed: int | None, basis: str
) -> None:
    told = going(*counts, allowed=allowed)
    assert (told.runs_out_on, told.basis) == (None, basis)


def test_what_is_used_up_ran_out_when_it_was_last_told() -> None:
    told = going((0, 4_000), (3, 5_000))
    assert (told.runs_out_on, told.per_day, told.basis) == (date(2031, 3, 4), None, "it is used up")


def test_a_limit_that_was_raised_is_the_newest() -> None:
    told = project([snapshot(0, 0, 100), snapshot(10, 100, 100), snapshot(20, 200, 1_000)])
    assert (told.limit, told.runs_out_on) == (1_000, date(2031, 6, 9))  # 800 more at 10 a day


STEPS = st.lists(st.tuples(st.integers(1, 60 * 24 * 40), st.integers(0, 10_000)), min_size=1, max_size=40)


@given(STEPS, st.one_of(st.none(), st.integers(0, 10_000)))
def test_any_counts_have_a_projection_that_is_not_before_them(
    steps: list[tuple[int, int]], allowed: int | None
) -> None:
    days, snapshots = 0.0, []
    for minutes, used in steps:
        days += minutes / 1_440
        snapshots.append(snapshot(days, used, allowed))
    told = project(snapshots)
    assert told.basis
    assert told.per_day is None or told.per_day >= 0
    if told.runs_out_on is not None:
        assert snapshots[-1].at.date() <= told.runs_out_on <= snapshots[-1].at.date() + timedelta(days=3_651)
        assert allowed is not None


@given(st.integers(1, 500), st.integers(2, 27), st.integers(1, 3_000))
def test_an_even_pace_is_found_exactly(per_day: int, days: int, left: int) -> None:
    allowed = per_day * days + left
    told = going(*((n, per_day * n) for n in range(days + 1)), allowed=allowed)
    assert told.per_day == per_day
    assert told.runs_out_on == (NOW + timedelta(days=days + left / per_day)).date()


@given(st.lists(st.integers(0, 200), min_size=2, max_size=27), st.integers(1, 26))
def test_where_a_count_begins_anew_the_pace_stays(uses: list[int], cut: int) -> None:
    """Renewing an allowance after a day of much use is told apart from use, whatever came before."""
    cut = min(cut, len(uses) - 1)
    before, after = [10_000], [0]
    for n, use in enumerate(uses):
        (before if n < cut else after).append((before if n < cut else after)[-1] + use)
    whole = [10_000]
    for use in uses:
        whole.append(whole[-1] + use)
    renewed = [*before, *after[1:]]  # the first count after the renewal has the use of its day
    allowed = 100_000
    straight = going(*enumerate(whole), allowed=allowed)
    anew = going(*enumerate(renewed), allowed=allowed)
    assert anew.per_day == straight.per_day


@given(st.integers(1, 400), st.integers(0, 400))
def test_more_that_is_left_never_runs_out_earlier(per_day: int, more: int) -> None:
    first, second = (going((0, 0), (5, 5 * per_day), allowed=5 * per_day + 100 + n).runs_out_on for n in (0, more))
    assert first is not None
    assert second is None or first <= second
