from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from zianalytics.scoring import measure

SCORED = st.lists(st.tuples(st.integers(0, 8).map(lambda n: n / 8), st.booleans()), min_size=2, max_size=60)


def test_half_of_the_tied_pairs_count_as_ordered() -> None:
    assert measure.auc(pl.Series([0.1, 0.5, 0.5, 0.9]), pl.Series([False, True, False, True])) == 0.875


def test_a_constant_score_has_auc_one_half_and_lift_one() -> None:
    score, won = pl.Series([0.3] * 50), pl.Series([True] * 15 + [False] * 35)
    assert measure.auc(score, won) == 0.5
    assert measure.lift(score, won) == pytest.approx(1.0)
    assert measure.pr_auc(score, won) == pytest.approx(0.3)


def test_lift_is_the_win_rate_of_the_best_tenth_over_that_of_all() -> None:
    score = pl.Series([n / 20 for n in range(20)])
    won = pl.Series([False] * 14 + [True, False, True, False, True, True])
    assert measure.lift(score, won) == pytest.approx(1.0 / 0.2)


def test_a_tie_at_the_edge_of_the_best_counts_by_its_share() -> None:
    score, won = pl.Series([0.9, 0.5, 0.5, 0.1]), pl.Series([False, True, False, False])
    assert measure.wins_among(score, won, 2) == 0.5


def test_without_wins_or_without_losses_nothing_can_be_told() -> None:
    score = pl.Series([0.1, 0.2])
    assert measure.auc(score, pl.Series([False, False])) is None
    assert measure.auc(score, pl.Series([True, True])) is None
    assert measure.pr_auc(score, pl.Series([False, False])) is None
    assert measure.lift(score, pl.Series([False, False])) is None
    empty = pl.Series([], dtype=pl.Boolean)
    assert measure.brier(pl.Series([], dtype=pl.Float64), empty) is None


@given(SCORED)
def test_auc_precision_and_brier_agree_with_an_outside_witness(scored: list[tuple[float, bool]]) -> None:
    score, won = pl.Series([s for s, _ in scored]), pl.Series([w for _, w in scored])
    if won.all() or not won.any():
        return
    assert measure.auc(score, won) == pytest.approx(roc_auc_score(won.to_list(), score.to_list()))
    assert measure.pr_auc(score, won) == pytest.approx(average_precision_score(won.to_list(), score.to_list()))
    assert measure.brier(score, won) == pytest.approx(brier_score_loss(won.to_list(), score.to_list()))


def test_the_interval_of_an_auc_narrows_with_more_deals() -> None:
    low, high = measure.auc_interval(0.8, 15, 35)
    assert (round(low, 2), round(high, 2)) == (0.65, 0.95)
    narrow_low, narrow_high = measure.auc_interval(0.8, 150, 350)
    assert low < narrow_low < 0.8 < narrow_high < high
