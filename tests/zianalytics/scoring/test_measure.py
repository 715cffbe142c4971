from __future__ import annotations

from statistics import mean, variance

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


@pytest.mark.parametrize(
    ("value", "wins", "losses", "interval"),
    [
        (0.8, 15, 35, (0.631, 0.899)),
        (0.8, 150, 350, (0.754, 0.838)),
        (0.5, 10, 10, (0.274, 0.726)),
        (1.0, 5, 15, (0.745, 1.0)),
        (1.0, 50, 50, (0.960, 1.0)),
        (0.0, 5, 15, (0.0, 0.255)),
    ],
    ids=["50 deals", "500 deals", "chance", "no pair wrong", "no pair wrong of many", "each pair wrong"],
)
def test_the_interval_of_an_auc_is_that_of_newcombe_and_never_a_point(
    value: float, wins: int, losses: int, interval: tuple[float, float]
) -> None:
    low, high = measure.auc_interval(value, wins, losses)
    assert (round(low, 3), round(high, 3)) == interval
    for edge in {low, high} - {0.0, 1.0}:  # where the standard error of the edge itself is 1.96 times in the distance
        half = (wins + losses) / 2 - 1
        variance = edge * (1 - edge) * (1 + half * (1 - edge) / (2 - edge) + half * edge / (1 + edge))
        assert abs(value - edge) == pytest.approx(1.96 * (variance / wins / losses) ** 0.5)


def test_the_lead_over_a_rival_is_that_of_delong() -> None:
    won = pl.Series([True] * 4 + [False] * 4)
    score, rival = pl.Series([9, 8, 7, 4, 5, 3, 2, 1]), pl.Series([9, 3, 7, 4, 5, 8, 2, 1])
    # Pairs in order: 15 and 11 of 16. Ahead by 0, 2, 1, 1 quarters at the wins, and by 1, 3, 0, 0 at the losses: the
    # variances are 1/24 and 1/8, each over 4.
    low, high = measure.auc_lead(score, rival, won) or (0.0, 0.0)
    assert low == pytest.approx(0.25 - 1.96 * (1 / 24) ** 0.5)
    assert high == pytest.approx(0.25 + 1.96 * (1 / 24) ** 0.5)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), min_size=4, max_size=40))
def test_the_lead_is_the_mean_of_pairs_and_its_margin_their_spread(rows: list[tuple[int, int, bool]]) -> None:
    wins, losses = [r for r in rows if r[2]], [r for r in rows if not r[2]]
    score, rival, won = (pl.Series(column) for column in zip(*rows, strict=True))
    interval = measure.auc_lead(score, rival, won)
    if min(len(wins), len(losses)) < 2:
        assert interval is None
        return

    def ordered(a: int, b: int) -> float:
        return 1.0 if a > b else 0.5 if a == b else 0.0

    leads = [[ordered(w[0], x[0]) - ordered(w[1], x[1]) for x in losses] for w in wins]
    error = variance([mean(row) for row in leads]) / len(wins)
    error += variance([mean(column) for column in zip(*leads, strict=True)]) / len(losses)
    lead = mean(mean(row) for row in leads)
    assert interval == pytest.approx((lead - 1.96 * error**0.5, lead + 1.96 * error**0.5), abs=1e-9)


def test_an_order_has_no_lead_over_itself() -> None:
    score = pl.Series([0.9, 0.2, 0.5, 0.4])
    assert measure.auc_lead(score, score, pl.Series([True, True, False, False])) == (0.0, 0.0)
