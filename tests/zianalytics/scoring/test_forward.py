from __future__ import annotations

from datetime import date, timedelta

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


def test_a_deal_without_an_opening_day_is_refused() -> None:
    with pytest.raises(RequestRefused, match="Some rows have no opened_on"):
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


def test_a_window_with_fewer_than_five_of_either_outcome_is_left_out() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(100)]
    won = [n > 90 for n in range(100)]
    assert list(folds(days, days, won)) == []
