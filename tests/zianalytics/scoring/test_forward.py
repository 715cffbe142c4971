from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.errors import RequestRefused
from zianalytics.scoring.forward import folds, split

DAYS = st.lists(st.integers(0, 60), min_size=1, max_size=80).map(
    lambda ns: [date(2026, 1, 1) + timedelta(days=n) for n in sorted(ns)]
)


def test_the_later_third_begins_on_a_day_of_its_own() -> None:
    days = [date(2026, 1, d) for d in (1, 2, 3, 4, 4, 4, 5, 6)]
    earlier, later = split(pl.DataFrame({"opened_on": days}))
    assert earlier["opened_on"].to_list() == days[:3]
    assert later["opened_on"].to_list() == days[3:]


def test_a_deal_that_was_open_when_the_later_ones_began_is_in_neither_part() -> None:
    deals = pl.DataFrame(
        {
            "opened_on": [date(2026, 1, d) for d in (1, 2, 3, 4, 5, 6)],
            "closed_on": [date(2026, 1, d) for d in (2, 5, 4, 9, 9, 9)],
        }
    )
    earlier, later = split(deals, closed_on="closed_on")
    assert later["opened_on"].to_list() == [date(2026, 1, 5), date(2026, 1, 6)]
    # Of the four earlier ones, one closed on the very day and one after it.
    assert earlier["opened_on"].to_list() == [date(2026, 1, 1), date(2026, 1, 3)]
    with pytest.raises(RequestRefused, match="no column 'ended'"):
        split(deals, closed_on="ended")


def test_a_day_of_closing_beside_a_time_of_opening_may_be_any_time_of_that_day() -> None:
    deals = pl.DataFrame(
        {
            "opened_on": [datetime(2026, 1, d, 15) for d in (1, 2, 3, 4, 5, 6)],
            "closed_on": [date(2026, 1, d) for d in (2, 5, 4, 9, 9, 9)],
        }
    )
    earlier, later = split(deals, closed_on="closed_on")
    assert earlier["opened_on"].to_list() == [datetime(2026, 1, 1, 15), datetime(2026, 1, 3, 15)]
    assert later["opened_on"].to_list() == [datetime(2026, 1, 5, 15), datetime(2026, 1, 6, 15)]


def test_a_day_is_that_of_the_time_zone() -> None:
    late = pl.Series([datetime(2026, 1, d, 23) for d in (1, 2, 3)]).dt.replace_time_zone("America/New_York")
    deals = pl.DataFrame({"opened_on": late, "closed_on": [date(2026, 1, d) for d in (1, 3, 9)]})
    # The last was opened on the third in New York, when it was the fourth in London.
    earlier, _ = split(deals, closed_on="closed_on")
    assert earlier["closed_on"].to_list() == [date(2026, 1, 1)]


@pytest.mark.parametrize("share", [5, 1, 0, -0.2, "0.5", None, True, float("nan")], ids=str)
def test_a_share_that_leaves_nothing_on_one_side_is_refused(share: Any) -> None:
    with pytest.raises(RequestRefused, match=r"share is .*\. Nothing was split\. .*more than 0, less than 1"):
        split(pl.DataFrame({"opened_on": [date(2026, 1, 1), date(2026, 1, 2)]}), share=share)


def test_deals_that_all_lie_on_one_side_are_refused() -> None:
    one_day = pl.DataFrame({"opened_on": [date(2026, 1, 5)] * 4})
    with pytest.raises(RequestRefused, match=r"None of 4 deals was opened before 2026-01-05, .* Nothing was split"):
        split(one_day)
    still_open = pl.DataFrame({"opened_on": [date(2026, 1, d) for d in (1, 2, 3)], "closed_on": [date(2026, 2, 1)] * 3})
    with pytest.raises(RequestRefused, match=r"None of 3 deals was opened and closed before 2026-01-03"):
        split(still_open, closed_on="closed_on")
    with pytest.raises(RequestRefused, match=r"There are no deals\. Nothing was split"):
        split(one_day.clear())


def test_a_deal_without_an_opening_day_is_refused() -> None:
    with pytest.raises(RequestRefused, match="Some deals have no opened_on"):
        split(pl.DataFrame({"opened_on": [date(2026, 1, 1), None]}))
    with pytest.raises(RequestRefused, match="no column 'day'"):
        split(pl.DataFrame({"opened_on": [date(2026, 1, 1)]}), opened_on="day")


@given(DAYS)
def test_no_fold_learns_from_a_deal_of_the_day_it_predicts_or_later(days: list[date]) -> None:
    won = [n % 2 == 0 for n in range(len(days))]
    for fold in folds(days, days, won):
        assert max(days[i] for i in fold.learn) < min(days[i] for i in fold.predict)


@given(DAYS)
def test_each_later_deal_is_predicted_at_most_once(days: list[date]) -> None:
    predicted = [i for fold in folds(days, days, [n % 2 == 0 for n in range(len(days))]) for i in fold.predict]
    assert len(predicted) == len(set(predicted))


def test_a_deal_still_open_when_the_fold_begins_is_not_learnt_from() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(100)]
    known = [day + timedelta(days=20) for day in days]
    won = [n % 2 == 0 for n in range(100)]
    for fold in folds(days, known, won):
        assert max(known[i] for i in fold.learn) < days[fold.predict[0]]
    assert [len(fold.learn) for fold in folds(days, known, won)] == [20, 32, 44, 56, 68]


def test_a_deal_of_which_nobody_knows_when_it_ended_is_learnt_from_in_no_fold() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(100)]
    known = [day if n % 2 else None for n, day in enumerate(days)]
    won = [n % 4 < 2 for n in range(100)]
    found = list(folds(days, known, won))
    assert [len(fold.learn) for fold in found] == [20, 26, 32, 38, 44]
    assert {n % 2 for fold in found for n in fold.learn} == {1}


def test_a_window_with_fewer_than_five_of_either_outcome_is_left_out() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(100)]
    won = [n > 90 for n in range(100)]
    assert list(folds(days, days, won)) == []
